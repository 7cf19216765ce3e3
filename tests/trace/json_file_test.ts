import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { MemorySource, ResourceManager } from "../../mod.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { startTrace } from "../../src/trace.ts";
import { jsonChunks, traceFile } from "../../src/trace/json_file.ts";
import { Recorder, type Recording } from "../../src/trace/recorder.ts";
import { emptyGame, FakeTime, hostileGame, largeGame, leak, SITE } from "./_recordings.ts";
import { smallGame, Thing, things } from "./_recordings.ts";
import { parseTrace } from "./_trace_format.ts";

/** A recording of some loads and disposals. */
function recorded(loads: number): Recording {
  using time = new FakeTime();
  using mgr = things(() => 10, { idle: "keep" });
  const recorder = new Recorder(cacheOf(mgr), 1_000_000);
  for (let i = 0; i < loads; i++) {
    mgr.load(`${i % 20}.png`, Thing)[Symbol.dispose]();
    time.wait(1);
  }
  recorder.stop();
  return recorder.recording();
}

Deno.test("the chunks of a trace together are the same as JSON.stringify() of it", () => {
  for (const trace of [emptyGame(), smallGame(), hostileGame(), largeGame(100, 20_000)]) {
    assertEquals([...trace.chunks()].join(""), JSON.stringify(trace));
  }
});

Deno.test("a file has less than 130 characters for each event of a game, and less than 100 for each hit", () => {
  const game = largeGame(2_000, 100_000);
  assertLess(JSON.stringify(game).length / game.events, 130);
  const hits = recorded(40_000);
  assertLess(JSON.stringify(traceFile(hits)).length / hits.length, 100);
});

Deno.test("no chunk is larger than two megabytes, however long the trace is", () => {
  let chunks = 0;
  for (const chunk of jsonChunks(recorded(40_000))) {
    assertLess(chunk.length, 2_000_000);
    chunks++;
  }
  assert(chunks > 15, `${chunks} chunks`);
});

Deno.test("the chunks of a running trace do not change after they were requested", () => {
  using time = new FakeTime();
  using mgr = things((key) => 10 + Number(key[0]), { maxBytes: 35 });
  using trace = startTrace(mgr, { maxEvents: 6000 });
  const play = (rounds: number) => {
    for (let i = 0; i < rounds; i++) {
      mgr.load(`${i % 5}.png`, Thing)[Symbol.dispose]();
      time.wait(0.7);
      if (i % 100 === 0) mgr.reload(`${i % 5}.png`);
      if (i % 500 === 0) leak(mgr, `${i % 5}.png`, "level", SITE);
    }
  };
  play(3000);
  const expected = JSON.stringify(trace);
  const chunks = trace.chunks();
  let text = "";
  for (const chunk of chunks) {
    text += chunk;
    play(2000);
  }
  assert(text === expected, "it has changed while it was read");
  parseTrace(text);
  const later = JSON.stringify(trace);
  assertEquals([JSON.parse(later).otherData.events, later === expected], [6000, false]);
});

Deno.test("traceFile() refuses a file longer than a string, and names the method that can write it", () => {
  const recording = recorded(2000);
  const { length } = JSON.stringify(traceFile(recording));
  assertThrows(
    () => traceFile(recording, length - 1),
    RangeError,
    `Cannot make one string of a trace of ${recording.length} events: ` +
      `its JSON is longer than ${length - 1} characters, write it in parts with trace.chunks()`,
  );
  traceFile(recording, length + 1000);
});

Deno.test("a file says how many events it has, and what the budget was", () => {
  using _time = new FakeTime();
  using mgr = new ResourceManager({ source: new MemorySource(), maxBytes: 1000 });
  using trace = startTrace(mgr);
  const { startTime, ...others } = trace.toJSON().otherData;
  assertEquals(others, {
    application: "Holdfast",
    events: 0,
    forgottenEvents: 0,
    maxBytes: 1000,
  });
  assertEquals(new Date(startTime as string).toISOString(), startTime);
});
