import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { MemorySource, ResourceManager, type Source, Text } from "../../mod.ts";
import { GatedSource } from "../../src/testing.ts";
import { turns } from "../_turns.ts";

const FILES = { "a.txt": "a", "b.txt": new Uint8Array([98]) };

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("GatedSource holds a read until the test lets it through", async () => {
  const source = new GatedSource(FILES);
  const log: string[] = [];
  const read = source.readAsync("a.txt").then((bytes) => log.push(textOf(bytes)));
  await turns();
  assertEquals([log, source.waiting.map(({ key }) => key)], [[], ["a.txt"]]);
  source.open("a.txt");
  assertEquals(source.waiting, []);
  await read;
  assertEquals(log, ["a"]);
});

Deno.test("GatedSource.open() and fail() decide one read each, the longest waiting first", async () => {
  const source = new GatedSource(FILES);
  const [first, second, third] = [1, 2, 3].map(() => source.readAsync("a.txt"));
  source.fail("a.txt", new Error("disk"));
  source.open("a.txt");
  await assertRejects(() => first!, Error, "disk");
  assertEquals(textOf(await second!), "a");
  assertEquals(source.waiting.length, 1);
  source.waiting[0]!.open();
  source.waiting[0]?.fail(new Error("too late"));
  assertEquals(textOf(await third!), "a");
});

Deno.test("GatedSource.open() and fail() decide reads that have not begun, in order", async () => {
  const source = new GatedSource(FILES);
  source.open("a.txt");
  source.fail("a.txt", new Error("disk"));
  assertEquals(textOf(await source.readAsync("a.txt")), "a");
  await assertRejects(() => source.readAsync("a.txt"), Error, "disk");
  source.readAsync("a.txt").catch(() => {});
  assertEquals(source.waiting.length, 1);
});

Deno.test("GatedSource.openAll() lets everything through until closeAll()", async () => {
  const source = new GatedSource(FILES);
  const waiting = [source.readAsync("a.txt"), source.readAsync("b.txt")];
  source.openAll();
  assertEquals((await Promise.all(waiting)).map(textOf), ["a", "b"]);
  assertEquals(textOf(await source.readAsync("a.txt")), "a");
  source.fail("a.txt", new Error("disk")); // decides the next read, although all are open
  await assertRejects(() => source.readAsync("a.txt"), Error, "disk");
  source.closeAll();
  source.readAsync("b.txt").catch(() => {});
  await turns();
  assertEquals(source.waiting.map(({ key }) => key), ["b.txt"]);
});

Deno.test("GatedSource.arrival() resolves to the read that waits, or to the next one", async () => {
  const source = new GatedSource(FILES);
  const early = [source.arrival("a.txt"), source.arrival("a.txt")];
  const read = source.readAsync("a.txt");
  const [first, second] = await Promise.all(early);
  assertStrictEquals(first, second);
  assertStrictEquals(first, await source.arrival("a.txt"));
  first!.fail(new Error("disk"));
  await assertRejects(() => read, Error, "disk");
});

Deno.test("GatedSource ends a read that is aborted while it waits, or before", async () => {
  const source = new GatedSource(FILES);
  const abort = new AbortController();
  const read = source.readAsync("a.txt", { signal: abort.signal });
  assertEquals(source.waiting[0]?.signal, abort.signal);
  abort.abort(new Error("enough"));
  assertEquals(source.waiting, []);
  await assertRejects(() => read, Error, "enough");
  source.open("b.txt"); // an aborted read does not use it up
  await assertRejects(() => source.readAsync("b.txt", { signal: abort.signal }), Error, "enough");
  assertEquals(textOf(await source.readAsync("b.txt")), "b");
});

Deno.test("GatedSource with heedsSignals: false answers after an abort", async () => {
  const source = new GatedSource(FILES, { heedsSignals: false });
  const abort = new AbortController();
  const read = source.readAsync("a.txt", { signal: abort.signal });
  abort.abort();
  source.open("a.txt");
  assertEquals(textOf(await read), "a");
});

Deno.test("GatedSource records all reads, and how many ran at once", async () => {
  const source = new GatedSource(FILES);
  assertEquals(textOf(source.read!("b.txt")), "b");
  const reads = [source.readAsync("a.txt"), source.readAsync("b.txt")];
  source.openAll();
  await Promise.all(reads);
  await source.readAsync("a.txt");
  assertEquals(source.reads, ["b.txt", "a.txt", "b.txt", "a.txt"]);
  assertEquals(source.mostAtOnce, 2);
});

Deno.test("GatedSource in front of another source has the members of that source", async () => {
  const memory = new GatedSource(new MemorySource(FILES));
  assertEquals([...memory.list!("")], ["a.txt", "b.txt"]);
  const seen: unknown[] = [];
  const behind: Source = {
    readAsync: (key, options) => {
      seen.push(key, options);
      return Promise.resolve(new Uint8Array(1));
    },
  };
  const gated = new GatedSource(behind);
  assertEquals([gated.read, gated.list], [undefined, undefined]);
  const options = { signal: new AbortController().signal, onProgress() {} };
  gated.open("x");
  await gated.readAsync("x", options);
  assertEquals(seen, ["x", options]);
  const sync = new GatedSource({ read: () => new Uint8Array(2) });
  sync.openAll();
  assertEquals((await sync.readAsync("y")).length, 2);
});

Deno.test("GatedSource lets a test look at a manager while it loads", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source, maxConcurrency: 1 });
  const tasks = [
    mgr.loadAsync("a.txt", Text, { priority: "low" }),
    mgr.loadAsync("b.txt", Text, { priority: "high" }),
  ];
  await source.arrival("a.txt");
  assert(source.waiting.length === 1 && mgr.size === 0);
  tasks[0]![Symbol.dispose]();
  source.open("b.txt");
  using b = await tasks[1]!;
  await assertRejects(() => tasks[0]!, DOMException);
  assertEquals([b.value, source.waiting], ["b", []]);
});
