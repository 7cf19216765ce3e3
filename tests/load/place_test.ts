/** What a source may do with `ReadOptions.pause`. */
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Bytes, type ReadOptions, ResourceManager, type Source } from "../../mod.ts";

type Read = (options: Required<ReadOptions>, key: string) => Promise<unknown>;

/** A source that logs its reads; each key may be read in its own way. */
function sourceOf(
  reads: Record<string, Read>,
  log: string[] = [],
): Source & { reads: Record<string, Read> } {
  return {
    reads,
    async readAsync(key, options) {
      log.push(key);
      await reads[key]?.(options as Required<ReadOptions>, key);
      log.push(`${key} ends`);
      return new Uint8Array(1);
    },
  };
}

function gate() {
  return Promise.withResolvers<void>();
}

Deno.test("ReadOptions.pause() lets others read meanwhile, and resolves to what it waited for", async () => {
  const log: string[] = [];
  const [a, b, value] = [gate(), gate(), {}];
  const source = sourceOf({
    "a.bin": async ({ pause }) => {
      assertStrictEquals(await pause(() => a.promise.then(() => value)), value);
      log.push("a.bin goes on");
    },
    "b.bin": () => b.promise,
  }, log);
  await using mgr = new ResourceManager({ source, maxConcurrency: 1 });
  using scene = mgr.scope("scene");
  const all = ["a.bin", "b.bin", "c.bin"].map((name) => scene.loadAsync(name, Bytes));
  a.resolve();
  await a.promise;
  b.resolve(); // a.bin gets a place only after c.bin, which lined up before it
  await Promise.all(all);
  assertEquals(log, [
    "a.bin",
    "b.bin",
    "b.bin ends",
    "c.bin",
    "c.bin ends",
    "a.bin goes on",
    "a.bin ends",
  ]);
});

Deno.test("ReadOptions.pause() lines up again by the priority of the load, also after that has risen", async () => {
  const log: string[] = [];
  const [a, b] = [gate(), gate()];
  const source = sourceOf({
    "a.bin": async ({ pause }) => await pause(() => a.promise),
    "b.bin": () => b.promise,
  }, log);
  await using mgr = new ResourceManager({ source, maxConcurrency: 1 });
  using scene = mgr.scope("scene");
  const loading = ["a.bin", "b.bin", "c.bin", "d.bin"].map((name) =>
    scene.loadAsync(name, Bytes, { priority: "low" })
  );
  a.resolve();
  await a.promise;
  loading.push(scene.loadAsync("a.bin", Bytes, { priority: "high" }));
  b.resolve();
  await Promise.all(loading);
  assertEquals(log.slice(2, 5), ["b.bin ends", "a.bin ends", "c.bin"]);
});

Deno.test("ReadOptions.pause() rejects as the wait does, and has a place again by then", async () => {
  const problem = new Error("busy");
  const source = sourceOf({
    "a.bin": async ({ pause }) => {
      const error = await assertRejects(() => pause(() => Promise.reject(problem)));
      assertStrictEquals(error, problem);
    },
    "b.bin": ({ pause }) => pause(() => Promise.reject(problem)),
  });
  await using mgr = new ResourceManager({ source, maxConcurrency: 1 });
  using _a = await mgr.loadAsync("a.bin", Bytes);
  await assertRejects(() => mgr.loadAsync("b.bin", Bytes), Error, 'Cannot load "b.bin": busy');
  using _c = await mgr.loadAsync("c.bin", Bytes);
});

Deno.test("ReadOptions.pause() rejects with the reason of the signal when nobody waits any more", async () => {
  const [wait, busy, seen] = [gate(), gate(), Promise.withResolvers<unknown>()];
  const source = sourceOf({
    "a.bin": ({ pause, signal }) =>
      pause(() => wait.promise).catch((error) => {
        seen.resolve([error, signal.reason]);
        throw error;
      }),
    "b.bin": () => busy.promise,
  });
  await using mgr = new ResourceManager({ source, maxConcurrency: 1 });
  const a = mgr.loadAsync("a.bin", Bytes);
  const b = mgr.loadAsync("b.bin", Bytes); // has the place
  wait.resolve();
  await wait.promise;
  await Promise.resolve();
  a[Symbol.dispose](); // it lines up for the place by now
  await assertRejects(() => a, DOMException);
  const [error, reason] = await seen.promise as [unknown, unknown];
  assertStrictEquals(error, reason);
  busy.resolve();
  using _b = await b;
  using _c = await mgr.loadAsync("c.bin", Bytes);
});

Deno.test("ReadOptions.pause() loses no place when it is called twice at once, or after the read", async () => {
  const late = gate();
  let pauseLater: Required<ReadOptions>["pause"];
  const source = sourceOf({
    "twice.bin": ({ pause }) =>
      pause(() => Promise.all([pause(() => Promise.resolve()), pause(() => Promise.resolve())])),
    "early.bin": ({ pause }) => {
      pauseLater = pause;
      void pause(() => late.promise); // the read does not wait for it
      return Promise.resolve();
    },
  });
  await using mgr = new ResourceManager({ source, maxConcurrency: 2 });
  using scene = mgr.scope("scene");
  await Promise.all(["twice.bin", "early.bin"].map((name) => scene.loadAsync(name, Bytes)));
  late.resolve();
  assertEquals(await pauseLater!(() => Promise.resolve(1)), 1);
  // Both places are free, and there are no more than two.
  let [now, most] = [0, 0];
  const counting: Read = async () => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
  };
  const names = Array.from({ length: 9 }, (_, i) => `${i}.bin`);
  for (const name of names) source.reads[name] = counting;
  await Promise.all(names.map((name) => scene.loadAsync(name, Bytes)));
  assertEquals(most, 2);
});

Deno.test("a source may load through its own manager while it pauses", async () => {
  const source: Source = {
    async readAsync(key, options) {
      if (key === "pack.bin") return Uint8Array.of(7);
      using pack = await options!.pause!(() => mgr.loadAsync("pack.bin", Bytes));
      return pack.value.slice();
    },
  };
  await using mgr: ResourceManager = new ResourceManager({ source, maxConcurrency: 2 });
  using scene = mgr.scope("scene");
  const all = Array.from({ length: 9 }, (_, i) => scene.loadAsync(`${i}.bin`, Bytes));
  for (const { value } of await Promise.all(all)) assertEquals(value, Uint8Array.of(7));
});

Deno.test("ReadOptions.pause() works in a reload too", async () => {
  const [wait, begun] = [gate(), gate()];
  let reads = 0;
  const source = sourceOf({
    "a.bin": async ({ pause }) => {
      if (++reads === 1) return;
      begun.resolve();
      await pause(() => wait.promise);
    },
  });
  await using mgr = new ResourceManager({ source, maxConcurrency: 1 });
  using a = await mgr.loadAsync("a.bin", Bytes);
  const reloading = mgr.reloadAsync("a.bin");
  await begun.promise;
  using _b = await mgr.loadAsync("b.bin", Bytes);
  wait.resolve();
  await reloading;
  assertEquals(a.version, 2);
});
