import { assert, assertEquals, assertRejects } from "@std/assert";
import { type LoadProgress, ResourceLoadError, ResourceManager, Text } from "../../mod.ts";
import { GatedSource } from "../../src/testing.ts";
import { guardAgainstLeaks } from "../_guard.ts";
import { letThrough } from "../_turns.ts";

guardAgainstLeaks();

const FILES = { "a.txt": "a", "b.txt": "bb" };

Deno.test("loadAll() gives a handle by each name, and disposes them together", async () => {
  using mgr = new ResourceManager({ source: new GatedSource(FILES) });
  using _held = mgr.load("a.txt", Text);
  const bundle = mgr.loadAll({ first: ["a.txt", Text], second: ["./a.txt", Text] });
  {
    using loaded = await bundle;
    const text: string = loaded.first.value + loaded.second.value;
    assertEquals([text, Object.keys(loaded)], ["aa", ["first", "second"]]);
    assertEquals(mgr.cacheStats().totalReferences, 3);
  }
  assertEquals(mgr.cacheStats().totalReferences, 1);
});

Deno.test("loadAll() tells of progress by resources and by bytes where sizes are known", async () => {
  const source = {
    async readAsync(
      _key: string,
      options: { onProgress?(bytes: number, totalBytes?: number): void } = {},
    ) {
      options.onProgress?.(1, 3);
      await Promise.resolve();
      options.onProgress?.(3, 3);
      return new Uint8Array(3);
    },
  };
  await using mgr = new ResourceManager({ source });
  const seen: LoadProgress[] = [];
  const onProgress = (progress: LoadProgress) => seen.push(progress);
  using _loaded = await mgr.loadAll({ a: ["a.txt", Text], b: ["b.txt", Text] }, { onProgress });
  assertEquals(seen[0], { done: 0, total: 2 });
  assertEquals(seen.at(-1), { done: 2, total: 2, bytes: 6, totalBytes: 6 });
  assert(seen.every(({ bytes = 0, totalBytes = 6 }) => bytes <= totalBytes));
});

Deno.test("loadAll() waits for all, and then releases them if one has failed", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source });
  const bundle = mgr.loadAll({ a: ["a.txt", Text], x: ["x.txt", Text], y: ["../y", Text] });
  const failure = assertRejects(() => bundle, AggregateError);
  await letThrough(source);
  const { message, errors } = await failure;
  assertEquals(errors.length, 2);
  assert(message.startsWith('Cannot load 2 of 3 resources: Cannot load "x.txt": '), message);
  assert(errors.some((error) => error instanceof ResourceLoadError));
  assertEquals(mgr.size, 0);
});

Deno.test("loadAll() ends with the reason of its signal, and keeps nothing", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source });
  const abort = new AbortController();
  const bundle = mgr.loadAll({ a: ["a.txt", Text] }, { signal: abort.signal });
  abort.abort(new Error("enough"));
  await assertRejects(() => bundle, Error, "enough");
  await letThrough(source);
  assertEquals(mgr.size, 0);
});

Deno.test("loadAll() goes on when onProgress throws, and takes empty and odd bundles", async () => {
  using mgr = new ResourceManager({ source: { read: () => new Uint8Array() } });
  const errors: unknown[] = [];
  using _errors = mgr.on("error", ({ error }) => errors.push(error));
  const onProgress = () => {
    throw new Error("in onProgress");
  };
  using loaded = await mgr.loadAll({ ["__proto__"]: ["a.txt", Text] }, { onProgress });
  assertEquals([Object.keys(loaded), errors.length > 0], [["__proto__"], true]);
  const before = errors.length;
  using scope = mgr.scope();
  await scope.loadAll({ a: ["a.txt", Text] }, { onProgress });
  assertEquals(errors.length > before, true);
  using _none = await mgr.loadAll({});
  await assertRejects(() => mgr.loadAll(null as never), TypeError);
});

Deno.test("a scope's loadAll() gives the handles to the scope", async () => {
  using mgr = new ResourceManager({ source: { read: () => new Uint8Array() } });
  {
    using scope = mgr.scope("level 1");
    const { a } = await scope.loadAll({ a: ["a.txt", Text] });
    assertEquals([a.value, mgr.size], ["", 1]);
  }
  assertEquals(mgr.size, 0);
  const ended = mgr.scope();
  ended.dispose();
  await assertRejects(() => ended.loadAll({ a: ["a.txt", Text] }), AggregateError);
});
