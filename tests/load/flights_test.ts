import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  type AsyncLoadContext,
  Bytes,
  isWithdrawn,
  type Loader,
  LoaderNotFoundError,
  type LoadTask,
  ManagerDisposedError,
  ResourceCycleError,
  ResourceLoadError,
  ResourceManager,
  type ResourceManagerOptions,
  ResourcePathError,
  ResourceTypeError,
  Text,
} from "../../mod.ts";
import { collectGarbage, GatedSource } from "../../src/testing.ts";
import { guardAgainstLeaks, leakOnPurpose } from "../_guard.ts";
import { bench, Other, Thing } from "../_thing.ts";
import { letThrough, turns } from "../_turns.ts";

guardAgainstLeaks();

const FILES = { "a.txt": "a", "b.txt": "bb", "c.txt": "ccc", "d.txt": "dddd" };

/** Loads things whose text names their dependencies, which load side by side. */
class NodeLoader implements Loader<Thing> {
  readonly name = "node";
  readonly extensions = [".node"];
  readonly log: string[] = [];
  readonly values: Thing[] = [];

  async loadAsync(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Thing> {
    const text = new TextDecoder().decode(bytes);
    const names = text.split("\n").filter(Boolean);
    await Promise.all(names.map((name) => context.loadAsync(name, Thing)));
    const thing = new Thing(context.key, text);
    this.values.push(thing);
    this.log.push(`+${context.key}`);
    return thing;
  }

  unload(thing: Thing): void {
    thing.unloads++;
    this.log.push(`-${thing.key}`);
  }
}

function gated(files: Record<string, string> = FILES, options: ResourceManagerOptions = {}) {
  const source = new GatedSource(files, { heedsSignals: false });
  const loader = new NodeLoader();
  const mgr = new ResourceManager({ source, loaders: [loader], ...options });
  return { source, loader, mgr, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

Deno.test("loadAsync() reads once for many waiters, which share one value", async () => {
  using g = gated();
  const tasks = Array.from({ length: 5 }, () => g.mgr.loadAsync("a.txt", Text));
  await letThrough(g.source);
  const handles = await Promise.all(tasks);
  assertEquals([g.source.reads, g.mgr.cacheStats().totalReferences], [["a.txt"], 5]);
  assertEquals(handles.map(({ value }) => value), ["a", "a", "a", "a", "a"]);
  for (const handle of handles) handle[Symbol.dispose]();
  assertEquals(g.mgr.size, 0);
});

Deno.test("loadAsync() of a resident resource reads nothing, and takes its reference at once", async () => {
  using g = gated();
  using first = g.mgr.load("a.txt", Text);
  const task = g.mgr.loadAsync("a.txt", Text);
  assertEquals(g.mgr.cacheStats().totalReferences, 2);
  using second = await task;
  using third = await g.mgr.loadAsync("./a.txt", Text);
  assertEquals([first.value, second.value, third.value], ["a", "a", "a"]);
  assertEquals(g.source.reads, ["a.txt"]);
});

Deno.test("using task, await using task and using the awaited handle release at the end of the block", async () => {
  using g = gated();
  {
    using task = g.mgr.loadAsync("a.txt", Text);
    await letThrough(g.source);
    assertEquals((await task).value, "a");
  }
  assertEquals(g.mgr.size, 0);
  {
    await using task = g.mgr.loadAsync("a.txt", Text);
    await letThrough(g.source);
    assertInstanceOf(task, Promise);
  }
  assertEquals(g.mgr.size, 0);
  {
    const task = g.mgr.loadAsync("a.txt", Text);
    await letThrough(g.source);
    using handle = await task;
    assertEquals(handle.value, "a");
  }
  assertEquals(g.mgr.size, 0);
});

Deno.test("loadAsync() never throws: the task rejects instead", async () => {
  leakOnPurpose();
  using g = gated(FILES, { leaks: { onLeak: () => {} } });
  using held = g.mgr.load("a.txt", Text);
  await assertRejects(() => g.mgr.loadAsync("../a.txt", Text), ResourcePathError);
  await assertRejects(() => g.mgr.loadAsync("a.none", Text), LoaderNotFoundError);
  await assertRejects(() => g.mgr.loadAsync("a.txt", Other), ResourceTypeError);
  await assertRejects(() => g.mgr.loadAsync("b.txt", null as never), TypeError);
  assertEquals([held.value, g.mgr.cacheStats().totalReferences], ["a", 1]);
  assertEquals(g.source.reads, ["a.txt"]);
  g.mgr[Symbol.dispose]();
  await assertRejects(() => g.mgr.loadAsync("b.txt", Text), ManagerDisposedError);
});

Deno.test("a load ends when its last waiter has left, and not before", async () => {
  using g = gated();
  const abort = new AbortController();
  const first = g.mgr.loadAsync("a.txt", Text, { signal: abort.signal });
  const second = g.mgr.loadAsync("a.txt", Text);
  const { signal } = await g.source.arrival("a.txt");
  abort.abort(new Error("enough"));
  await assertRejects(() => first, Error, "enough");
  assertEquals(signal?.aborted, false);
  second[Symbol.dispose]();
  assertEquals(signal?.aborted, true);
  const error = await assertRejects(() => second, DOMException);
  assertEquals(error.name, "AbortError");
  await letThrough(g.source);
  assertEquals([g.mgr.size, g.loader.log], [0, []]);
});

Deno.test("loadAsync() reads nothing if its signal is aborted already, and ignores an abort after the load", async () => {
  using g = gated();
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(() => g.mgr.loadAsync("a.txt", Text, { signal }), Error, "before");
  assertEquals(g.source.reads, []);
  const late = new AbortController();
  const task = g.mgr.loadAsync("a.txt", Text, { signal: late.signal });
  await letThrough(g.source);
  using handle = await task;
  late.abort();
  assertEquals(handle.value, "a");
});

Deno.test("a load that was withdrawn is started again by the next waiter, and its late result is dropped", async () => {
  using g = gated({ "a.node": "" });
  g.mgr.loadAsync("a.node", Thing)[Symbol.dispose]();
  const task = g.mgr.loadAsync("a.node", Thing);
  await letThrough(g.source);
  using handle = await task;
  await turns();
  assertEquals(handle.value.unloads, 0);
  assertEquals(g.loader.values.filter(({ unloads }) => unloads === 0).length, 1);
});

Deno.test("a failure reaches every waiter and is not cached", async () => {
  using g = gated();
  const tasks = [g.mgr.loadAsync("a.txt", Text), g.mgr.loadAsync("a.txt", Text)];
  g.source.fail("a.txt", new Error("disk"));
  const [first, second] = await Promise.all(
    tasks.map((task) => assertRejects(() => task, ResourceLoadError, 'Cannot load "a.txt": disk')),
  );
  assertStrictEquals(first, second);
  const again = g.mgr.loadAsync("a.txt", Text);
  await letThrough(g.source);
  using handle = await again;
  assertEquals([handle.value, g.source.reads], ["a", ["a.txt", "a.txt"]]);
});

Deno.test("waiters of different types get the value, or a ResourceTypeError, each for itself", async () => {
  using g = gated({ "a.node": "" });
  const wrong = g.mgr.loadAsync("a.node", Other);
  const right = g.mgr.loadAsync("a.node", Thing);
  await letThrough(g.source);
  await assertRejects(() => wrong, ResourceTypeError, 'its value is of type "Thing"');
  using handle = await right;
  assertEquals([handle.value.key, g.mgr.cacheStats().totalReferences], ["a.node", 1]);
  const alone = g.mgr.loadAsync("b.node", Other);
  await turns();
  assertEquals(g.source.reads.at(-1), "b.node");
  g.source.fail("b.node", new ResourceLoadError("b.node", "gone"));
  await assertRejects(() => alone, ResourceLoadError, "gone");
});

Deno.test("a value that fits the type of no waiter is unloaded", async () => {
  using g = gated({ "a.node": "" });
  const wrong = g.mgr.loadAsync("a.node", Other);
  await letThrough(g.source);
  await assertRejects(() => wrong, ResourceTypeError);
  assertEquals([g.loader.log, g.mgr.size], [["+a.node", "-a.node"], 0]);
});

Deno.test("a synchronous load does not wait: all waiters share its value, and the slower value is dropped", async () => {
  using g = gated();
  const task = g.mgr.loadAsync("a.txt", Text);
  const { signal } = await g.source.arrival("a.txt");
  using now = g.mgr.load("a.txt", Text);
  using later = await task;
  assertEquals([now.value, later.value, signal?.aborted], ["a", "a", true]);
  await letThrough(g.source);
  assertEquals(g.mgr.cacheStats().totalReferences, 2);
  assertEquals(g.mgr.size, 1);
});

Deno.test("add() while a load is under way gives its waiters the added value", async () => {
  using g = gated();
  const task = g.mgr.loadAsync("a.txt", Text);
  await turns();
  using added = g.mgr.add("a.txt", "added");
  using loaded = await task;
  assertEquals([added.value, loaded.value], ["added", "added"]);
  await letThrough(g.source);
});

Deno.test("dependencies load side by side, and stay as long as their dependent", async () => {
  using g = gated({ "p.node": "a.node\n./b.node", "a.node": "", "b.node": "" });
  const task = g.mgr.loadAsync("p.node", Thing);
  g.source.open("p.node");
  await turns();
  assertEquals(g.source.waiting.map(({ key }) => key), ["a.node", "b.node"]);
  await letThrough(g.source);
  const handle = await task;
  const { resources } = g.mgr.cacheStats();
  assertEquals(resources["p.node"]?.dependencies, ["a.node", "b.node"]);
  assertEquals(g.mgr.holders("a.node")[0]?.label, "p.node");
  handle[Symbol.dispose]();
  assertEquals(g.loader.log.slice(3), ["-p.node", "-b.node", "-a.node"]);
});

Deno.test("a load whose dependency fails releases the others", async () => {
  using g = gated({ "p.node": "a.node\nb.node", "a.node": "", "b.node": "" });
  const task = g.mgr.loadAsync("p.node", Thing);
  g.source.open("p.node");
  g.source.open("a.node");
  await turns();
  g.source.fail("b.node", new Error("disk"));
  const error = await assertRejects(() => task, ResourceLoadError);
  assertEquals([error.key, (error.cause as ResourceLoadError).key], ["p.node", "b.node"]);
  assertEquals([g.loader.log, g.mgr.size], [["+a.node", "-a.node"], 0]);
});

Deno.test("a load that is withdrawn withdraws from its dependencies", async () => {
  using g = gated({ "p.node": "a.node\nb.node", "a.node": "", "b.node": "" });
  const task = g.mgr.loadAsync("p.node", Thing);
  const other = g.mgr.loadAsync("b.node", Thing);
  g.source.open("p.node");
  const { signal: a } = await g.source.arrival("a.node");
  const { signal: b } = await g.source.arrival("b.node");
  task[Symbol.dispose]();
  await turns();
  assertEquals([a?.aborted, b?.aborted], [true, false]);
  await letThrough(g.source);
  using handle = await other;
  assertEquals([Object.keys(g.mgr.cacheStats().resources), handle.value.unloads], [["b.node"], 0]);
});

Deno.test("loads that wait for each other fail as a cycle, and do not hang", async () => {
  using g = gated({ "a.node": "b.node", "b.node": "a.node", "s.node": "s.node" });
  const tasks = [g.mgr.loadAsync("a.node", Thing), g.mgr.loadAsync("b.node", Thing)];
  await letThrough(g.source);
  const results = await Promise.allSettled(tasks);
  for (const result of results) {
    assert(result.status === "rejected");
    assertInstanceOf(result.reason, ResourceCycleError);
    assertEquals(new Set(result.reason.chain), new Set(["a.node", "b.node"]));
  }
  const self = g.mgr.loadAsync("s.node", Thing);
  await letThrough(g.source);
  const error = await assertRejects(() => self, ResourceCycleError);
  assertEquals([error.chain, g.mgr.size], [["s.node", "s.node"], 0]);
});

Deno.test("maxConcurrency limits reads, those of dependencies too, and every load ends", async () => {
  const names = Array.from({ length: 6 }, (_, i) => `leaf${i}.node`);
  const files = Object.fromEntries(names.map((name) => [name, ""]));
  for (let i = 0; i < 6; i++) files[`p${i}.node`] = names.join("\n");
  using g = gated(files, { maxConcurrency: 2 });
  const tasks = [0, 1, 2, 3, 4, 5].map((i) => g.mgr.loadAsync(`p${i}.node`, Thing));
  await letThrough(g.source);
  for (const handle of await Promise.all(tasks)) handle[Symbol.dispose]();
  assertEquals([g.source.mostAtOnce, g.mgr.size, g.source.reads.length], [2, 0, 12]);
});

Deno.test("urgent loads are read first, equal ones in their order, and a waiter can make one urgent", async () => {
  using g = gated(FILES, { maxConcurrency: 1 });
  const load = (name: string, priority: "high" | "normal" | "low") =>
    g.mgr.loadAsync(name, Text, { priority });
  const tasks = [load("a.txt", "low"), load("b.txt", "low"), load("c.txt", "normal")];
  tasks.push(load("d.txt", "low"), load("d.txt", "high"));
  await letThrough(g.source);
  for (const task of tasks) (await task)[Symbol.dispose]();
  assertEquals(g.source.reads, ["a.txt", "d.txt", "c.txt", "b.txt"]);
});

Deno.test("a load that leaves the queue is never read", async () => {
  using g = gated(FILES, { maxConcurrency: 1 });
  const first = g.mgr.loadAsync("a.txt", Text);
  g.mgr.loadAsync("b.txt", Text)[Symbol.dispose]();
  const third = g.mgr.loadAsync("c.txt", Text);
  await letThrough(g.source);
  for (const task of [first, third]) (await task)[Symbol.dispose]();
  assertEquals(g.source.reads, ["a.txt", "c.txt"]);
});

Deno.test("disposing a manager rejects its waiters, and asynchronous disposal waits for what is under way", async () => {
  const g = gated({ "a.node": "", "b.node": "" }, { maxConcurrency: 1 });
  const task = g.mgr.loadAsync("a.node", Thing);
  const queued = g.mgr.loadAsync("b.node", Thing);
  await turns();
  let done = false;
  const disposal = g.mgr[Symbol.asyncDispose]().then(() => done = true);
  const another = g.mgr[Symbol.asyncDispose]();
  await assertRejects(() => task, ManagerDisposedError);
  await assertRejects(() => queued, ManagerDisposedError);
  await turns();
  assertEquals(done, false);
  await letThrough(g.source);
  await Promise.all([disposal, another]);
  assertEquals([g.loader.values.filter(({ unloads }) => unloads !== 1), g.mgr.size], [[], 0]);
});

Deno.test("clear() by force withdraws loads under way, and without force leaves them", async () => {
  using g = gated();
  const task = g.mgr.loadAsync("a.txt", Text);
  const { signal } = await g.source.arrival("a.txt");
  g.mgr.clear();
  assertEquals(signal?.aborted, false);
  g.mgr.clear({ force: true });
  const error = await assertRejects(() => task, DOMException);
  assertEquals(error.name, "AbortError");
  await letThrough(g.source);
});

Deno.test("a load can be withdrawn from a loader that never settles, and fails if the loader throws or the source cannot read", async () => {
  const loaders: Loader<unknown>[] = [
    { name: "never", extensions: [".never"], loadAsync: () => new Promise(() => {}) },
    {
      name: "throws",
      extensions: [".throws"],
      loadAsync() {
        throw new Error("at once");
      },
    },
  ];
  const read = () => new Uint8Array();
  const mgr = new ResourceManager({ source: { read }, loaders });
  const never = mgr.loadAsync("x.never", Thing);
  await turns();
  never[Symbol.dispose]();
  await assertRejects(() => never, DOMException);
  await assertRejects(() => mgr.loadAsync("x.throws", Thing), ResourceLoadError, "at once");
  mgr[Symbol.dispose]();
  using none = new ResourceManager({ source: {} });
  await assertRejects(() => none.loadAsync("x.txt", Text), ResourceLoadError, "neither read nor");
});

Deno.test("a scope that is disposed withdraws its loads, and releases its handles", async () => {
  using g = gated();
  const scope = g.mgr.scope("level 1");
  const loaded = scope.loadAsync("a.txt", Text);
  await letThrough(g.source);
  assertEquals((await loaded).value, "a");
  assertEquals(g.mgr.holders("a.txt")[0]?.label, "level 1");
  const waiting = scope.loadAsync("b.txt", Text);
  scope.dispose();
  await assertRejects(() => waiting, DOMException);
  await assertRejects(
    () => scope.loadAsync("c.txt", Text),
    ReferenceError,
    '"level 1" is disposed',
  );
  await letThrough(g.source);
  assertEquals(g.mgr.size, 0);
});

Deno.test("reloadAsync() swaps values in place, then those of dependents, and keeps the old value when it fails", async () => {
  const files: Record<string, string> = { "p.node": "a.node", "a.node": "" };
  using g = gated(files);
  using _errors = g.mgr.on("error", () => {});
  const task = g.mgr.loadAsync("p.node", Thing);
  await letThrough(g.source);
  using p = await task;
  const reload = g.mgr.reloadAsync("a.node");
  await letThrough(g.source);
  await reload;
  assertEquals([p.version, g.mgr.cacheStats().resources["a.node"]?.version], [2, 2]);
  const failing = g.mgr.reloadAsync("p.node");
  g.source.fail("p.node", new Error("half written"));
  await assertRejects(() => failing, ResourceLoadError, "half written");
  assertEquals([p.version, p.value.unloads], [2, 0]);
  await assertRejects(() => g.mgr.reloadAsync("none.node"), ReferenceError);
  assertEquals(g.loader.values.filter(({ unloads }) => unloads === 0).length, 2);
});

Deno.test("reloadAsync() reports no error of a dependent that is unloaded while it is reloaded", async () => {
  using g = gated({ "p.node": "a.node", "a.node": "" });
  const errors: unknown[] = [];
  using _errors = g.mgr.on("error", ({ error }) => errors.push(error));
  const tasks = [g.mgr.loadAsync("p.node", Thing), g.mgr.loadAsync("a.node", Thing)];
  await letThrough(g.source);
  using _p = await tasks[0]!;
  using a = await tasks[1]!;
  const reload = g.mgr.reloadAsync("a.node");
  g.source.open("a.node");
  await g.source.arrival("p.node");
  g.mgr.unload("p.node", { force: true });
  await letThrough(g.source);
  await reload;
  assertEquals([a.version, g.mgr.has("p.node"), errors], [2, false, []]);
  const named = g.mgr.reloadAsync("a.node");
  g.mgr.unload("a.node", { force: true });
  await letThrough(g.source);
  await assertRejects(() => named, ReferenceError, "it is not resident");
});

Deno.test("a key may be loaded again while its old value is still unloading", async () => {
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  await using mgr = new ResourceManager({
    source: { read: () => new Uint8Array() },
    loaders: [{
      name: "slow",
      extensions: [".slow"],
      load: () => ({ id: log.push("made") }),
      async unload({ id }: { id: number }) {
        await gate.promise;
        log.push(`unloaded ${id}`);
      },
    }],
  });
  mgr.load("a.slow", Object)[Symbol.dispose]();
  using again = await mgr.loadAsync("a.slow", Object);
  assertEquals([again.value, log], [{ id: 2 }, ["made", "made"]]);
  gate.resolve();
  await turns();
  assertEquals([again.value, log.at(-1)], [{ id: 2 }, "unloaded 1"]);
});

Deno.test("a task that is collected with an open handle is a leak, and no other task is", async () => {
  leakOnPurpose();
  const leaks: string[] = [];
  using mgr = new ResourceManager({
    source: new GatedSource(FILES),
    leaks: { onLeak: ({ key }) => leaks.push(key) },
  });
  using held = mgr.load("b.txt", Text);
  (() => void mgr.loadAsync("b.txt", Text))();
  await collectGarbage({ until: () => leaks.length > 0, collections: 5 });
  assertEquals([leaks, held.value, mgr.cacheStats().totalReferences], [["b.txt"], "bb", 1]);
});

/** Loads what its text names, and does not wait for it. */
class LazyLoader extends NodeLoader {
  override loadAsync(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Thing> {
    const names = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
    for (const name of names) void context.loadAsync(name, Thing);
    return super.loadAsync(new Uint8Array(), context);
  }
}

Deno.test("a dependency that its loader does not await counts from the moment it is asked for", async () => {
  const source = new GatedSource({ "p.node": "c.node\nx.node", "c.node": "" });
  const loader = new LazyLoader();
  using mgr = new ResourceManager({ source, loaders: [loader] });
  const task = mgr.loadAsync("p.node", Thing);
  source.open("p.node");
  using p = await task;
  assertEquals(mgr.cacheStats().resources["p.node"]?.dependencies, ["c.node", "x.node"]);
  await letThrough(source); // x.node is missing, and nobody awaits it
  assertEquals(mgr.holders("c.node"), [{ label: "p.node", handles: 1, manual: 0, stacks: [] }]);
  const reload = mgr.reloadAsync("c.node");
  await letThrough(source);
  await reload;
  await letThrough(source);
  assertEquals([p.version, mgr.cacheStats().resources["c.node"]?.version], [2, 2]);
});

Deno.test("a dependency that is not awaited is withdrawn with its dependent", async () => {
  const source = new GatedSource({ "p.node": "c.node", "c.node": "" });
  const loader = new LazyLoader();
  using mgr = new ResourceManager({ source, loaders: [loader] });
  const task = mgr.loadAsync("p.node", Thing);
  source.open("p.node");
  const handle = await task;
  const { signal } = await source.arrival("c.node");
  handle[Symbol.dispose]();
  assertEquals([signal?.aborted, mgr.size], [true, 0]);
});

Deno.test("AsyncLoadContext.loadAsync() never throws, and a refused load does not count as a dependency", async () => {
  const seen: unknown[] = [];
  const loader: Loader<Thing> = {
    name: "odd",
    extensions: [".odd"],
    async loadAsync(_bytes, context) {
      for (const name of ["o.odd", "../out.odd", undefined as never]) {
        const task = context.loadAsync(name, Thing);
        seen.push(await task.catch(({ name }) => name));
      }
      context.dispose();
      seen.push(await context.loadAsync("late.odd", Thing).catch(({ message }) => message));
      return new Thing("o", "");
    },
  };
  using mgr = new ResourceManager({ source: { read: () => new Uint8Array() }, loaders: [loader] });
  using _odd = await mgr.loadAsync("o.odd", Thing);
  assertEquals(seen, [
    "ResourceCycleError",
    "ResourcePathError",
    "TypeError",
    'Cannot load "late.odd": the load of "o.odd" has ended',
  ]);
  assertEquals(mgr.cacheStats().resources["o.odd"]?.dependencies, []);
});

Deno.test("a load by the source itself does not wait for a place to read", async () => {
  for (const maxConcurrency of [1, 2, 16]) {
    const packs = new GatedSource({ "even.pack": "index.txt", "odd.pack": "", "index.txt": "" });
    let most = 0;
    let reading = 0;
    const mgr: ResourceManager = new ResourceManager({
      source: {
        async readAsync(key, options) {
          if (!key.endsWith(".txt") || key === "index.txt") {
            return await packs.readAsync(key, options);
          }
          most = Math.max(most, ++reading);
          using _pack = await mgr.loadAsync(parseInt(key) % 2 ? "odd.pack" : "even.pack", Array);
          reading--;
          return new Uint8Array(1);
        },
      },
      loaders: [{
        name: "pack",
        extensions: [".pack"],
        async loadAsync(bytes, context) {
          const name = new TextDecoder().decode(bytes);
          return name === "" ? [] : [await context.loadAsync(name, Text)];
        },
      }],
      maxConcurrency,
    });
    await using _mgr = mgr;
    const early = mgr.loadAsync("even.pack", Array, { priority: "low" });
    const tasks = Array.from({ length: 40 }, (_, i) => mgr.loadAsync(`${i}.txt`, Text));
    await letThrough(packs);
    for (const task of [early, ...tasks]) (await task)[Symbol.dispose]();
    assertEquals([most, mgr.size], [maxConcurrency, 0]);
  }
});

Deno.test("a load by a source that pauses takes the place that the source has left", async () => {
  const packs = new GatedSource({ "a.bin": "", "b.bin": "" });
  const mgr: ResourceManager = new ResourceManager({
    source: {
      async readAsync(key, options) {
        if (key === "a.bin" || key === "b.bin") return await packs.readAsync(key, options);
        using _pack = await options!.pause!(() => mgr.loadAsync("a.bin", Bytes));
        return new Uint8Array(1);
      },
    },
    maxConcurrency: 1,
  });
  await using _mgr = mgr;
  const tasks = ["1.bin", "2.bin", "b.bin"].map((name) => mgr.loadAsync(name, Bytes));
  await letThrough(packs);
  for (const task of tasks) (await task)[Symbol.dispose]();
  assertEquals([packs.reads, packs.mostAtOnce], [["a.bin", "b.bin"], 1]);
});

Deno.test("a load that a user begins in onProgress waits for a place like any other", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({
    source: {
      readAsync(key, options) {
        options?.onProgress?.(1, 2);
        return source.readAsync(key, options);
      },
    },
    maxConcurrency: 1,
  });
  const tasks = [] as LoadTask<string>[];
  const onProgress = ({ bytes }: { bytes?: number }) => {
    if (bytes === 1) tasks.push(mgr.loadAsync("b.txt", Text));
  };
  tasks.push(mgr.loadAsync("a.txt", Text, { onProgress }));
  await turns();
  assertEquals(source.reads, ["a.txt"]);
  await letThrough(source);
  for (const task of tasks) (await task)[Symbol.dispose]();
});

Deno.test("withdrawn loads name their keys, and nobody has to handle their rejections", async () => {
  leakOnPurpose(); // One handle is still open when the manager is disposed.
  using g = gated(FILES, { leaks: { onLeak: () => {} } });
  const abort = new AbortController();
  const messages: Promise<string>[] = [];
  const load = () => {
    const tasks = [g.mgr.loadAsync("a.txt", Text), g.mgr.scope().loadAsync("a.txt", Text)];
    messages.push(g.mgr.loadAsync("a.txt", Text).catch(({ message }) => message));
    return tasks;
  };
  for (const task of load()) task[Symbol.dispose]();
  g.mgr.clear({ force: true });
  assertEquals(await messages.pop(), 'Cannot load "a.txt": the cache was cleared');
  const task = g.mgr.loadAsync("b.txt", Text, { signal: abort.signal });
  abort.abort();
  assertEquals(await task.catch(isWithdrawn), true);
  void g.mgr.loadAsync("b.txt", Text, { signal: abort.signal });
  const left = g.mgr.loadAsync("c.txt", Text);
  left[Symbol.dispose]();
  const { message } = await assertRejects(() => left, DOMException);
  assertEquals(message, 'Cannot load "c.txt": the load was withdrawn');
  load();
  void g.mgr.load("d.txt", Text);
  g.mgr[Symbol.dispose]();
  assertEquals(await messages.pop(), 'Cannot load "a.txt": the manager is disposed');
  void g.mgr.loadAsync("a.txt", Text);
  await letThrough(g.source);
});

Deno.test("an unload that fails after a listener withdrew the only waiter goes to the error event", async () => {
  using b = bench({ "a.thing": "" });
  b.loader.stubborn.add("a.thing");
  const task = b.mgr.loadAsync("a.thing", Thing);
  using _load = b.mgr.on("load", () => task[Symbol.dispose]());
  await assertRejects(() => task, DOMException, "the load was withdrawn");
  await turns();
  assertEquals([b.errors.map(String), b.loader.log], [
    ["Error: a.thing is stubborn"],
    ["+a.thing", "-a.thing"],
  ]);
});

Deno.test("a load that ends with its manager quotes a key with quotes in it", async () => {
  const g = gated({ 'a"b.txt': "" });
  const task = g.mgr.loadAsync('a"b.txt', Text);
  g.mgr[Symbol.dispose]();
  const { message } = await assertRejects(() => task, ManagerDisposedError);
  assertEquals(message, String.raw`Cannot load "a\"b.txt": the manager is disposed`);
});
