import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ManagerDisposedError, MemorySource, ResourceManager } from "../../mod.ts";
import { stripAnsiCode } from "../_ansi.ts";
import { bench, Thing } from "../_thing.ts";

const FILES = { "a.thing": "aaa", "b.thing": "b", "c.thing": "cc" };

Deno.test("Snapshot.compare() lists what is new or has grown, with its holders, the most bytes first", () => {
  using b = bench(FILES, { idle: "keep" });
  using _before = b.mgr.load("b.thing", Thing);
  b.mgr.load("c.thing", Thing)[Symbol.dispose]();
  using snapshot = b.mgr.snapshot("level 2");
  using scope = b.mgr.scope("boss");
  scope.load("a.thing", Thing);
  scope.load("b.thing", Thing);
  b.mgr.unload("c.thing");
  const { label, resources, references, bytes, grown } = snapshot.compare();
  assertEquals([label, resources, references, bytes], ["level 2", 0, 2, 1]);
  const holder = { label: "boss", handles: 1, manual: 0, stacks: [] };
  const rest = { handles: 1, manual: 0, stacks: [] };
  const common = { type: "Thing", state: "live", references: 1 } as const;
  assertEquals(grown, [
    { key: "a.thing", ...common, isNew: true, bytes: 3, holders: [holder] },
    { key: "b.thing", ...common, isNew: false, bytes: 0, holders: [holder, rest] },
  ]);
});

Deno.test("SnapshotComparison is shown as a table on the console", () => {
  using b = bench(FILES, { idle: "keep" });
  using snapshot = b.mgr.snapshot("level 2");
  const lines = () => stripAnsiCode(Deno.inspect(snapshot.compare())).split("\n");
  assertEquals(lines(), ['Since "level 2": 0 resources · 0 references · 0 B']);
  using _handle = b.mgr.load("a.thing", Thing);
  b.mgr.load("c.thing", Thing)[Symbol.dispose]();
  assertEquals(lines(), [
    'Since "level 2": +2 resources · +1 reference · +5 B',
    "key      type   state       refs  size",
    "a.thing  Thing  live   new    +1  +3 B",
    "c.thing  Thing  idle   new        +2 B",
  ]);
});

Deno.test("SnapshotComparison.toString() returns a table that fits into maxWidth and maxRows", () => {
  const name = "a/very/long/path/to/something.thing";
  using b = bench({ [name]: "aaa", "b.thing": "b" }, { idle: "keep" });
  using snapshot = b.mgr.snapshot("level 2");
  for (const each of [name, "b.thing"]) b.mgr.load(each, Thing)[Symbol.dispose]();
  const table = snapshot.compare().toString({ maxWidth: 50, maxRows: 1 });
  assertEquals(stripAnsiCode(table).split("\n"), [
    'Since "level 2": +2 resources · 0 references',
    "+4 B",
    "key                        type   state       size",
    "a/very/long/…ething.thing  Thing  idle   new  +3 B",
    "… 1 more",
  ]);
});

Deno.test("Snapshot.compare() has negative numbers when less is resident, and then nothing has grown", () => {
  using b = bench(FILES);
  const handle = b.mgr.load("a.thing", Thing);
  using snapshot = b.mgr.snapshot();
  handle[Symbol.dispose]();
  const comparison = snapshot.compare();
  assertEquals([comparison.resources, comparison.references, comparison.bytes], [-1, -1, -3]);
  assertEquals(
    stripAnsiCode(comparison.toString()),
    "Since the snapshot: -1 resource · -1 reference · -3 B",
  );
});

Deno.test("Snapshot raises no warning when it is disposed", () => {
  using b = bench(FILES);
  const warnings: string[] = [];
  using _sub = b.mgr.on("warning", ({ message }) => warnings.push(message));
  using rest = new DisposableStack();
  {
    using _unasked = b.mgr.snapshot("level 2");
    rest.use(b.mgr.load("a.thing", Thing));
  }
  assertEquals(warnings, []);
});

Deno.test("Snapshot.compare() throws after the disposal, and snapshot() after that of the manager", () => {
  using b = bench(FILES);
  const snapshot = b.mgr.snapshot("old");
  snapshot[Symbol.dispose]();
  snapshot[Symbol.dispose]();
  assertThrows(
    () => snapshot.compare(),
    ReferenceError,
    'Cannot compare with "old": the snapshot is disposed',
  );
  const unnamed = b.mgr.snapshot();
  unnamed[Symbol.dispose]();
  assertThrows(() => unnamed.compare(), ReferenceError, "Cannot compare: the snapshot is disposed");
  b.mgr[Symbol.dispose]();
  assertThrows(() => b.mgr.snapshot(), ManagerDisposedError);
});

Deno.test("a comparison shows what waits for a pump, because that still takes memory", () => {
  using mgr = new ResourceManager({ source: new MemorySource(), pacing: "pumped" });
  using before = mgr.snapshot("level 2");
  mgr.add("a", {}, { byteLength: 1_500_000, unload() {} })[Symbol.dispose]();
  const comparison = before.compare();
  assertEquals([comparison.bytes, comparison.queued], [
    0,
    { loads: 0, unloads: 1, bytes: 1_500_000 },
  ]);
  assertStringIncludes(comparison.toString(), "0 B · 0 loads and 1 unload (1.5 MB) wait");
  assertEquals(JSON.parse(JSON.stringify(comparison)).queued.unloads, 1);
  assertEquals(JSON.parse(JSON.stringify(mgr.cacheStats())).queued.unloads, 1);
  assertStringIncludes(Deno.inspect(mgr), "queued: { loads: 0, unloads: 1, bytes: 1500000 }");
  mgr.pump();
  assertEquals(before.compare().toString().includes("wait"), false);
  using immediate = new ResourceManager({ source: new MemorySource() });
  using plain = immediate.snapshot();
  assertEquals(plain.compare().queued, undefined);
});
