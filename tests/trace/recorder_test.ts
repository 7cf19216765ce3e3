import { assert, assertEquals } from "@std/assert";
import { MemorySource, ResourceManager, Text } from "../../mod.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { Kind } from "../../src/trace/kind.ts";
import { REASONS, Recorder } from "../../src/trace/recorder.ts";
import { turns } from "../_turns.ts";
import { FakeTime, leak, SITE, Thing, things } from "./_recordings.ts";

const NAMES = Object.keys(Kind);

/** Each event as a line: time, kind, key, value. */
function linesOf(recorder: Recorder): string[] {
  const lines: string[] = [];
  for (const slice of recorder.log.slices()) {
    slice.forEach((time, kind, id, value) => {
      const key = recorder.lives.get(id)?.key;
      lines.push(`${time} ${NAMES[kind]} ${kind < Kind.leak ? key : ""} ${value}`);
    });
  }
  return lines;
}

Deno.test("Recorder records loads, counts, reloads, unloads, leaks and an exceeded budget", () => {
  using time = new FakeTime();
  using mgr = things((key) => key.length, { maxBytes: 6 });
  const recorder = new Recorder(cacheOf(mgr), 1000);
  const a = mgr.load("a.png", Thing);
  time.wait(1);
  mgr.reload("a.png");
  const b = mgr.load("b.png", Thing);
  time.wait(1);
  leak(mgr, "b.png", "scene", SITE);
  b[Symbol.dispose]();
  a[Symbol.dispose]();
  recorder.stop();
  assertEquals(linesOf(recorder), [
    "1000 load a.png 5",
    "1001 reload a.png 5",
    "1001 load b.png 5",
    "1001 overbudget  10",
    "1002 count b.png 2",
    "1002 count b.png 1",
    "1002 leak  0",
    "1002 count b.png 0",
    `1002 unload b.png ${REASONS.indexOf("evicted")}`,
    "1002 count a.png 0",
  ]);
  const { stack, label } = recorder.leaks.get(0)!;
  assertEquals([stack, label], [SITE, "scene"]);
});

Deno.test("Recorder knows the state before the oldest event that it keeps", () => {
  using mgr = things(() => 7, { idle: "keep" });
  using _held = mgr.load("held.png", Thing);
  mgr.acquire("held.png");
  const recorder = new Recorder(cacheOf(mgr), 4);
  using _gone = mgr.load("gone.png", Thing);
  mgr.reload("held.png");
  mgr.unload("gone.png", { force: true });
  mgr.release("held.png");
  leak(mgr, "held.png", "lost", SITE);
  leak(mgr, "held.png", "kept", SITE);
  using _new = mgr.load("new.png", Thing);
  const lives = [...recorder.lives.values()].map(({ key, refs, version, resident }) =>
    `${key} ${refs} v${version} ${resident ? "resident" : "loaded later"}`
  );
  assertEquals(lives, ["held.png 1 v2 resident", "new.png 1 v1 loaded later"]);
  assertEquals([...recorder.leaks.values()].map(({ label }) => label), ["kept"]);
  assertEquals([recorder.log.length, recorder.log.forgotten], [4, 7]);
  recorder.stop();
});

Deno.test("Recorder keeps at most as many lives as there are residents and events", () => {
  using mgr = things(() => 1);
  const recorder = new Recorder(cacheOf(mgr), 30);
  for (let i = 0; i < 1000; i++) mgr.load(`${i}.png`, Thing)[Symbol.dispose]();
  assert(recorder.lives.size <= 11, `${recorder.lives.size} lives`);
  recorder.stop();
});

Deno.test("Recorder.stop() ends the recording: later events are not recorded, and its end stays", () => {
  using time = new FakeTime();
  using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "a" }) });
  const recorder = new Recorder(cacheOf(mgr), 1000);
  assertEquals(recorder.running, true);
  time.wait(5);
  recorder.stop();
  recorder.stop();
  time.wait(5);
  mgr.load("a.txt", Text)[Symbol.dispose]();
  assertEquals([recorder.ended - recorder.started, recorder.log.length], [5, 0]);
  assertEquals(recorder.running, false);
});

Deno.test("Recorder does not listen to errors, which would change where they go", () => {
  using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "a" }) });
  const recorder = new Recorder(cacheOf(mgr), 1000);
  assertEquals(cacheOf(mgr).events.has("error"), false);
  recorder.stop();
  assertEquals(cacheOf(mgr).events.has("leak"), false);
});

Deno.test("Recorder records each turn of a loader and each unload that waits for a pump", async () => {
  const mgr = things((key) => key.length, { pacing: "pumped", unload() {} });
  const task = mgr.loadAsync("a.png", Thing);
  await turns();
  using time = new FakeTime();
  const recorder = new Recorder(cacheOf(mgr), 1000);
  const withdrawn = mgr.loadAsync("b.png", Thing);
  await turns();
  time.wait(1);
  withdrawn[Symbol.dispose]();
  mgr.pump();
  (await task)[Symbol.dispose]();
  time.wait(1);
  mgr[Symbol.dispose]();
  recorder.stop();
  const lines = linesOf(recorder).filter((line) => /queued/.test(line));
  assertEquals([recorder.waiting, lines], [{ loads: 1, unloads: 0, bytes: 0 }, [
    "1000 queuedLoads  2",
    "1001 queuedLoads  1",
    "1001 queuedLoads  0",
    "1001 queuedUnloads  5",
    "1002 queuedUnloads  0",
  ]]);
});
