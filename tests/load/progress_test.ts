import { assert, assertEquals } from "@std/assert";
import {
  Bytes,
  type Loader,
  type LoadProgress,
  MemorySource,
  ResourceManager,
  type Source,
  Text,
} from "../../mod.ts";
import { EventHub } from "../../src/contract/events.ts";
import { Progress } from "../../src/load/progress.ts";
import { GatedSource } from "../../src/testing.ts";
import { guardAgainstLeaks } from "../_guard.ts";
import { letThrough, turns } from "../_turns.ts";

guardAgainstLeaks();

/**
 * Loads the names in a list: with `=` synchronously, with `?` without waiting. The list is its
 * value.
 */
const listLoader: Loader<string[]> = {
  name: "list",
  extensions: [".list"],
  async loadAsync(bytes, context) {
    const names = new TextDecoder().decode(bytes).split(" ").filter(Boolean);
    for (const name of names) {
      if (name[0] === "=") context.load(name.slice(1), Object);
      else if (name[0] === "?") void context.loadAsync(name.slice(1), Object);
      else await context.loadAsync(name, Object);
    }
    return names;
  },
  load(bytes, context) {
    const names = new TextDecoder().decode(bytes).split(" ").filter(Boolean);
    for (const name of names) context.load(name, Object);
    return names;
  },
};

const FILES = {
  "level.list": "a.bin b.bin",
  "world.list": "level.list =sync.list a.bin",
  "sync.list": "c.bin",
  "lazy.list": "?c.bin",
  "broken.list": "a.bin nothing.bin",
  "a.bin": new Uint8Array(100),
  "b.bin": new Uint8Array(200),
  "c.bin": new Uint8Array(300),
};

/** Collects the reports, and checks that they never go back and are never complete too early. */
function bar() {
  const seen: LoadProgress[] = [];
  const onProgress = (progress: LoadProgress): void => {
    const { done, total, bytes = 0, totalBytes } = progress;
    const before = seen.at(-1);
    if (before !== undefined) {
      assert(done >= before.done && total >= before.total && bytes >= (before.bytes ?? 0));
    }
    assert(done <= total && bytes <= (totalBytes ?? Infinity));
    assert(bytes !== totalBytes || done === total);
    seen.push(progress);
  };
  return { seen, onProgress };
}

function progressOf(tell: (progress: LoadProgress) => void, ...parts: string[]): Progress {
  return new Progress(tell, parts, { events: new EventHub(), sizeOf: () => undefined });
}

function managerOf(source: Source = new MemorySource(FILES)): ResourceManager {
  return new ResourceManager({ source, loaders: [listLoader] });
}

Deno.test("loadAll() reports progress with everything that loaders turn out to need, each once", async () => {
  using mgr = managerOf();
  const { seen, onProgress } = bar();
  using _all = await mgr.loadAll(
    { world: ["world.list", Array], a: ["./a.bin", Bytes], again: ["a.bin", Bytes] },
    { onProgress },
  );
  assertEquals(seen[0], { done: 0, total: 2 });
  const bytes = [...Object.keys(mgr.cacheStats().resources)].reduce(
    (sum, key) => sum + (FILES[key as keyof typeof FILES].length),
    0,
  );
  assertEquals(mgr.size, 6);
  assertEquals(seen.at(-1), { done: 6, total: 6, bytes, totalBytes: bytes });
  assertEquals(seen.filter(({ done, total }) => done === total).length, 1);
});

Deno.test("loadAsync() reports progress to onProgress, on managers and scopes, from its start to its end", async () => {
  using mgr = managerOf();
  using scope = mgr.scope();
  const level = bar();
  await scope.loadAsync("level.list", Array, { onProgress: level.onProgress });
  assertEquals(level.seen[0], { done: 0, total: 1 });
  assertEquals(level.seen.at(-1), { done: 3, total: 3, bytes: 311, totalBytes: 311 });
  const resident = bar();
  using _level = await mgr.loadAsync("level.list", Array, resident);
  assertEquals(resident.seen, [{ done: 0, total: 1 }, { done: 1, total: 1 }]);
  const { seen, onProgress } = bar();
  for (const name of ["nothing.bin", "../out.bin", "a.none"]) {
    await mgr.loadAsync(name, Bytes, { onProgress }).catch(() => {});
    assertEquals(seen.splice(0), [{ done: 0, total: 1 }, { done: 1, total: 1 }]);
  }
});

Deno.test("totalBytes is reported while every size is known, but not while a loader may still ask for more", async () => {
  const source = new GatedSource({ "level.list": "a.bin", "a.bin": new Uint8Array(100) });
  let report = (_bytes: number, _total?: number): void => {};
  using mgr = managerOf({
    readAsync(key, options) {
      report = options!.onProgress!;
      return source.readAsync(key, { signal: options!.signal! });
    },
  });
  const { seen, onProgress } = bar();
  const last = () => seen.at(-1);
  const task = mgr.loadAsync("level.list", Array, { onProgress });
  await source.arrival("level.list");
  report(2, 5);
  assertEquals(last(), { done: 0, total: 1, bytes: 2, totalBytes: 5 });
  report(5, 5); // The loader may ask for more.
  assertEquals(last(), { done: 0, total: 1, bytes: 5 });
  source.open("level.list");
  await source.arrival("a.bin");
  assertEquals(last(), { done: 0, total: 2, bytes: 5 });
  report(40);
  assertEquals(last(), { done: 0, total: 2, bytes: 45 });
  report(60, 100);
  assertEquals(last(), { done: 0, total: 2, bytes: 65, totalBytes: 105 });
  source.open("a.bin");
  using _level = await task;
  assertEquals(last(), { done: 2, total: 2, bytes: 105, totalBytes: 105 });
  const { length } = seen;
  report(1, 1);
  assertEquals(seen.length, length);
});

Deno.test("progress goes back when a source reads a file again, by the bytes of that file alone", () => {
  const seen: LoadProgress[] = [];
  const progress = progressOf((each) => seen.push(each), "a", "b");
  progress.read("a", 80, 100);
  progress.read("b", 10, 20);
  progress.read("a", 0, 100);
  assertEquals(seen.at(-1), { done: 0, total: 2, bytes: 10, totalBytes: 120 });
  progress.read("a", 150, 100);
  assertEquals(seen.at(-1), { done: 0, total: 2, bytes: 160 });
  const { length } = seen;
  progress.read("a", NaN, 100);
  progress.read("c", 5, 5);
  progress.end("c");
  assertEquals(seen.length, length);
});

Deno.test("totalBytes is reported from the start when the source knows all sizes before it reads", async () => {
  const memory = new MemorySource(FILES);
  const asked: string[] = [];
  using mgr = managerOf({
    read: (key) => memory.read(key),
    size: (key) => (asked.push(key), memory.read(key).length),
  });
  using _resident = mgr.load("b.bin", Bytes);
  const { seen, onProgress } = bar();
  using _level = await mgr.loadAsync("level.list", Array, { onProgress });
  assertEquals(seen, [
    { done: 0, total: 1, bytes: 0, totalBytes: 11 },
    { done: 0, total: 1, bytes: 11 }, // the loader may ask for more
    { done: 0, total: 2, bytes: 11, totalBytes: 111 },
    { done: 0, total: 2, bytes: 111 },
    { done: 1, total: 2, bytes: 111 },
    { done: 2, total: 3, bytes: 111 },
    { done: 3, total: 3, bytes: 111, totalBytes: 111 },
  ]);
  assertEquals([...new Set(asked)], ["level.list", "a.bin", "b.bin"]);
});

Deno.test("a size that the read reports, or the bytes that it has read, replace the size that the source gave before", () => {
  const seen: LoadProgress[] = [];
  const sizeOf = (key: string) => key === "a" ? 100 : undefined;
  const options = { events: new EventHub(), sizeOf };
  const progress = new Progress((each) => seen.push(each), ["a"], options);
  progress.read("a", 10);
  progress.read("a", 20, 80);
  progress.read("a", 150);
  progress.expect("b");
  progress.read("a", 0);
  assertEquals(seen, [
    { done: 0, total: 1, bytes: 0, totalBytes: 100 },
    { done: 0, total: 1, bytes: 10, totalBytes: 100 },
    { done: 0, total: 1, bytes: 20, totalBytes: 80 },
    { done: 0, total: 1, bytes: 150 },
    { done: 0, total: 2, bytes: 150 },
    { done: 0, total: 2 },
  ]);
});

Deno.test("sizes that a source gives before it reads count only if they are whole numbers", async () => {
  const sizes: (() => number | undefined)[] = [
    () => undefined,
    () => NaN,
    () => -1,
    () => 0.5,
    () => {
      throw new Error("never seen");
    },
  ];
  for (const size of sizes) {
    using mgr = managerOf({ read: () => new Uint8Array(3), size });
    const { seen, onProgress } = bar();
    using _a = await mgr.loadAsync("a.bin", Bytes, { onProgress });
    assertEquals([seen[0], seen.at(-1)], [
      { done: 0, total: 1 },
      { done: 1, total: 1, bytes: 3, totalBytes: 3 },
    ]);
  }
});

Deno.test("a caller that joins a load under way gets the progress of what the load waits for", async () => {
  const source = new GatedSource(FILES);
  using mgr = managerOf(source);
  const first = mgr.loadAsync("level.list", Array);
  source.open("level.list");
  await source.arrival("a.bin");
  const { seen, onProgress } = bar();
  const second = mgr.loadAsync("level.list", Array, { onProgress });
  assertEquals(seen.at(-1), { done: 0, total: 2 });
  await letThrough(source);
  for (const task of [first, second]) (await task)[Symbol.dispose]();
  assertEquals([seen.at(-1)!.done, seen.at(-1)!.total], [3, 3]);
});

Deno.test("a load that fails counts as done, with everything that it asked for", async () => {
  using mgr = managerOf();
  const { seen, onProgress } = bar();
  await mgr.loadAll({ broken: ["broken.list", Array], c: ["c.bin", Bytes] }, { onProgress })
    .catch(() => {});
  assertEquals([seen.at(-1)!.done, seen.at(-1)!.total], [4, 4]);
});

Deno.test("no progress is reported after a load has settled, even if more is read", async () => {
  const source = new GatedSource(FILES);
  using mgr = managerOf(source);
  const { seen, onProgress } = bar();
  const task = mgr.loadAsync("lazy.list", Array, { onProgress });
  source.open("lazy.list");
  using _lazy = await task;
  assertEquals(seen.at(-1), { done: 1, total: 2, bytes: 6 });
  await letThrough(source);
  assertEquals([seen.at(-1)!.done, mgr.size], [1, 2]);
  const left = bar();
  const leaver = mgr.loadAsync("b.bin", Bytes, { onProgress: left.onProgress });
  await turns();
  leaver[Symbol.dispose]();
  await letThrough(source);
  assertEquals(left.seen, [{ done: 0, total: 1 }]);
});

Deno.test("what onProgress throws goes to the error event, and it is called without `this`", async () => {
  using mgr = managerOf();
  const errors: string[] = [];
  using _errors = mgr.on("error", ({ error }) => errors.push((error as Error).message));
  const receivers = new Set<unknown>();
  using _text = await mgr.loadAsync("a.bin", Bytes, {
    onProgress(this: unknown) {
      receivers.add(this);
      throw new Error("in onProgress");
    },
  });
  assertEquals([new Set(errors), receivers], [new Set(["in onProgress"]), new Set([undefined])]);
  assert(errors.length >= 2);
});

Deno.test("a synchronous load that ends first ends the progress of the slower one", async () => {
  const source = new GatedSource({ "a.txt": "a" });
  using mgr = managerOf(source);
  const { seen, onProgress } = bar();
  const task = mgr.loadAsync("a.txt", Text, { onProgress });
  await source.arrival("a.txt");
  using _now = mgr.load("a.txt", Text);
  using _later = await task;
  assertEquals(seen, [{ done: 0, total: 1 }, { done: 1, total: 1 }]);
  await letThrough(source);
});
