import { assertEquals } from "@std/assert";
import { MemorySource, ResourceManager, Text } from "../../mod.ts";
import type { Entry } from "../../src/cache/entry.ts";
import type { LeaseHolder } from "../../src/leaks/leases.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import type { Ask, Observer } from "../../src/cache/observers.ts";

const FILES = { "a.txt": "a", "b.txt": "b", "c.txt": "c", "1.pair": "", "2.pair": "" };

/** Logs each call. */
class Log implements Observer {
  readonly lines: string[] = [];

  inserted({ key, count }: Entry): void {
    this.lines.push(`+${key} ${count}`);
  }

  counted({ key, count }: Entry): void {
    this.lines.push(`${key} ${count}`);
  }

  swapped({ key, version }: Entry): void {
    this.lines.push(`${key} v${version}`);
  }

  retired({ key, fate }: Entry): void {
    this.lines.push(`-${key} ${fate}`);
  }
}

Deno.test("Observers see each change of a count, also by handles that were open before", () => {
  using mgr = new ResourceManager({ source: new MemorySource(FILES) });
  const before = mgr.load("a.txt", Text);
  const log = new Log();
  using _observing = cacheOf(mgr).observers.add(log);
  const clone = before.clone();
  mgr.acquire("a.txt");
  mgr.load("a.txt", Text)[Symbol.dispose]();
  mgr.release("a.txt");
  before[Symbol.dispose]();
  mgr.reload("a.txt");
  clone[Symbol.dispose]();
  const counts = [2, 3, 4, 3, 2, 1].map((count) => `a.txt ${count}`);
  assertEquals(log.lines, [...counts, "a.txt v2", "a.txt 0", "-a.txt released"]);
});

/** Also logs each request, and the scopes. */
class Asks extends Log {
  asked({ key }: Entry, { holder, blocks }: Ask): void {
    this.lines.push(`${holder?.label ?? "nobody"} ${blocks ? "blocks" : "asks"} for ${key}`);
  }

  entered({ label }: LeaseHolder): void {
    this.lines.push(`entered ${label}`);
  }

  left({ label }: LeaseHolder): void {
    this.lines.push(`left ${label}`);
  }
}

/** The lines that `Asks` logs during `run`, without those of `Log`. */
async function asksOf(run: (mgr: ResourceManager) => void | Promise<void>): Promise<string[]> {
  using mgr = new ResourceManager({
    source: new MemorySource(FILES),
    loaders: [{
      name: "pair",
      extensions: [".pair"],
      load: (_bytes, context) => context.load("a.txt", Text).value,
    }],
    idle: "keep",
  });
  mgr.load("b.txt", Text)[Symbol.dispose]();
  const log = new Asks();
  using _observing = cacheOf(mgr).observers.add(log);
  await run(mgr);
  return log.lines.filter((line) => !/^[-+]|\d$/.test(line));
}

Deno.test("Observers see which scope requests a resource, and whether the request blocks", async () => {
  const lines = await asksOf(async (mgr) => {
    using scene = mgr.scope("scene");
    scene.load("a.txt", Text);
    scene.load("a.txt", Text);
    await scene.loadAsync("a.txt", Text);
    await scene.loadAll({ b: ["b.txt", Text], c: ["c.txt", Text] });
    using _warm = mgr.load("b.txt", Text);
    using _task = await mgr.loadAsync("b.txt", Text);
    using _got = mgr.get("b.txt", Text);
    using _added = mgr.add("d", "D");
    mgr.with("b.txt", Text, () => {});
    using _clone = _warm.clone();
    mgr.acquire("b.txt");
  });
  assertEquals(lines, [
    "entered scene",
    "scene blocks for a.txt",
    "scene blocks for a.txt",
    "scene asks for a.txt",
    "scene asks for b.txt",
    "scene asks for c.txt",
    "nobody blocks for b.txt",
    "nobody asks for b.txt",
    "nobody asks for b.txt",
    "nobody asks for d",
    "nobody blocks for b.txt",
    "left scene",
  ]);
});

Deno.test("Observers see the request of a loader before the request for what it loads", async () => {
  const lines = await asksOf(async (mgr) => {
    using _pair = mgr.load("1.pair", Text);
    using _task = await mgr.loadAsync("2.pair", Text);
  });
  assertEquals(lines, [
    "1.pair blocks for a.txt",
    "nobody blocks for 1.pair",
    "2.pair blocks for a.txt",
    "nobody asks for 2.pair",
  ]);
});

Deno.test("Observers see the start and the end of a scope once, even if it is moved", async () => {
  const lines = await asksOf((mgr) => {
    const first = mgr.scope("scene");
    const second = first.move();
    first.dispose();
    second.load("b.txt", Text);
    second.dispose();
    second[Symbol.dispose]();
  });
  assertEquals(lines, ["entered scene", "scene blocks for b.txt", "left scene"]);
});

Deno.test("Observers see a resource as soon as it is resident, before listeners of the manager do", () => {
  using mgr = new ResourceManager({ source: new MemorySource(FILES), idle: "keep" });
  const log = new Log();
  using _observing = cacheOf(mgr).observers.add(log);
  using _listening = mgr.on("load", ({ key }) => {
    if (key === "a.txt") mgr.load("b.txt", Text)[Symbol.dispose]();
  });
  mgr.load("a.txt", Text)[Symbol.dispose]();
  mgr.unloadUnused();
  assertEquals(log.lines, [
    "+a.txt 1",
    "+b.txt 1",
    "b.txt 0",
    "a.txt 0",
    "-b.txt unused",
    "-a.txt unused",
  ]);
});

Deno.test("Observers do not change what becomes idle, live, evicted or unloaded by force", () => {
  const run = (observed: boolean) => {
    using mgr = new ResourceManager({ source: new MemorySource(FILES), maxBytes: 1 });
    using observing = new DisposableStack();
    if (observed) observing.use(cacheOf(mgr).observers.add(new Log()));
    const events: string[] = [];
    mgr.on("unload", ({ key, reason }) => events.push(`${key} ${reason}`));
    mgr.load("a.txt", Text)[Symbol.dispose]();
    events.push(`${mgr.idleBytes} idle`);
    const again = mgr.load("a.txt", Text);
    mgr.acquire("a.txt");
    const other = mgr.load("b.txt", Text);
    events.push(JSON.stringify(mgr.holders("a.txt")));
    mgr.unload("a.txt", { force: true });
    again[Symbol.dispose]();
    other[Symbol.dispose]();
    events.push(`${mgr.size} resident, ${mgr.idleBytes} idle`);
    return events;
  };
  assertEquals(run(true), run(false));
});

Deno.test("Observers.add() marks entries as observed until the last observer is removed", () => {
  using mgr = new ResourceManager({ source: new MemorySource(FILES), idle: "keep" });
  using _a = mgr.load("a.txt", Text);
  mgr.load("b.txt", Text)[Symbol.dispose]();
  const { entries, observers } = cacheOf(mgr);
  const states = () => [...entries].map(({ count, observed }) => `${count} ${observed}`);
  const [first, second] = [new Log(), new Log()];
  const observing = [observers.add(first), observers.add(second)];
  assertEquals(states(), ["1 true", "0 true"]);
  observing[0]![Symbol.dispose]();
  mgr.load("b.txt", Text)[Symbol.dispose]();
  observing[1]![Symbol.dispose]();
  assertEquals(states(), ["1 false", "0 false"]);
  mgr.load("b.txt", Text)[Symbol.dispose]();
  assertEquals([first.lines, second.lines], [[], ["b.txt 1", "b.txt 0"]]);
});
