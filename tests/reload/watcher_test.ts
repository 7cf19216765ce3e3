import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  bytesLoader,
  Json,
  type LoadContext,
  type Loader,
  ManagerDisposedError,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  type ResourceManagerOptions,
  type Source,
  Text,
} from "../../mod.ts";
import { FakeClock } from "../_fake_clock.ts";
import { GatedSource } from "../../src/testing.ts";
import { letThrough, turns } from "../_turns.ts";
import { type Bench, bench, follow, Thing } from "../_thing.ts";

interface Watched extends Bench {
  readonly clock: FakeClock;
  /** Lets time pass, and waits for everything that follows from that. */
  pass(ms: number): Promise<void>;
  /** The events since the last call. */
  takeEvents(): string[];
}

function watched(files: Record<string, string>, options: ResourceManagerOptions = {}): Watched {
  const clock = new FakeClock();
  const b = bench(files, { idle: "keep", clock, ...options });
  return {
    ...b,
    clock,
    async pass(ms) {
      clock.advance(ms);
      for (let before = -1; before < b.events.length;) {
        before = b.events.length;
        await turns();
      }
    },
    takeEvents: () => b.events.splice(0),
  };
}

/** Loads things, and releases them so that they are idle. */
function preload(mgr: ResourceManager, ...keys: string[]): void {
  for (const key of keys) mgr.load(key, Thing)[Symbol.dispose]();
}

/** A gated source that reports changes when a test says so. */
class GatedWatch extends GatedSource {
  #onChange: ((key: string) => void) | undefined = undefined;

  watch(onChange: (key: string) => void): Disposable {
    this.#onChange = onChange;
    return { [Symbol.dispose]: () => void (this.#onChange = undefined) };
  }

  get isWatched(): boolean {
    return this.#onChange !== undefined;
  }

  changed(key: string): void {
    this.#onChange?.(key);
  }
}

function gated(files: Record<string, string>) {
  const clock = new FakeClock();
  const memory = new MemorySource(files);
  const source = new GatedWatch(memory, { heedsSignals: false });
  const mgr = new ResourceManager({ source, clock, loaders: [bytesLoader], idle: "keep" });
  const events: string[] = [];
  follow(mgr, events);
  const watcher = mgr.watch();
  return {
    clock,
    files: memory,
    source,
    mgr,
    events,
    watcher,
    async pass(ms: number) {
      clock.advance(ms);
      await turns();
    },
    [Symbol.asyncDispose]: () => mgr[Symbol.asyncDispose](),
  };
}

Deno.test("ResourceManager.watch() reloads a changed resource 50 ms after its last change", async () => {
  using w = watched({ "a.thing": "one" });
  using a = w.mgr.load("a.thing", Thing);
  using _watcher = w.mgr.watch();
  w.source.set("a.thing", "two");
  await w.pass(30);
  w.source.set("a.thing", "three");
  await w.pass(49);
  assertEquals([a.value.text, a.version], ["one", 1]);
  await w.pass(1);
  assertEquals([a.value.text, a.version], ["three", 2]);
  await w.pass(10_000);
  assertEquals([a.version, w.clock.pending], [2, 0]);
});

Deno.test("ResourceManager.watch() reloads a burst together, each resource once", async () => {
  const keys = Array.from({ length: 20 }, (_, i) => `${i}.thing`);
  using w = watched(Object.fromEntries(keys.map((key) => [key, ""])));
  preload(w.mgr, ...keys);
  using _watcher = w.mgr.watch({ debounce: 100 });
  w.takeEvents();
  for (const key of [...keys, ...keys, ...keys.toReversed()]) {
    w.source.set(key, "new");
    await w.pass(40);
  }
  assertEquals(w.takeEvents(), []);
  await w.pass(60);
  assertEquals(w.takeEvents().toSorted(), keys.map((key) => `reload ${key} 2`).toSorted());
});

Deno.test("ResourceManager.watch() sets no timer for keys that are not resident, nor for values that were added", async () => {
  using w = watched({ "a.thing": "", "b.thing": "" });
  using added = w.mgr.add("added.thing", new Thing("added.thing", "mine"));
  using _watcher = w.mgr.watch();
  for (const key of ["a.thing", "none.thing", "added.thing"]) w.source.set(key, "");
  assertEquals(w.clock.pending, 0);
  await w.pass(1_000);
  assertEquals([added.version, w.errors, w.mgr.size], [1, [], 1]);
});

Deno.test("ResourceManager.watch() reloads dependents once, after everything that they depend on", async () => {
  using w = watched({
    "game.thing": "left.thing\nright.thing",
    "left.thing": "low.thing",
    "right.thing": "low.thing",
    "low.thing": "",
  });
  preload(w.mgr, "game.thing");
  using _watcher = w.mgr.watch();
  w.takeEvents();
  w.source.set("right.thing", "low.thing\nnew");
  w.source.set("low.thing", "new");
  await w.pass(50);
  const reloads = w.takeEvents().filter((event) => event.startsWith("reload"));
  assertEquals([reloads.at(0), reloads.at(-1)], ["reload low.thing 2", "reload game.thing 2"]);
  assertEquals(reloads.length, 4);
});

Deno.test("ResourceManager.watch() keeps the old value while the new one is broken, and reports that once", async () => {
  using w = watched({ "a.thing": "good" });
  using a = w.mgr.load("a.thing", Thing);
  using _watcher = w.mgr.watch();
  const messages = () => w.errors.splice(0).map((error) => (error as Error).message);
  const write = async (text: string) => {
    w.source.set("a.thing", text);
    await w.pass(50);
  };
  await write("throw");
  assertEquals(messages(), ['Cannot load "a.thing": a.thing is broken']);
  await write("throw again");
  await write("throw once more");
  assertEquals([messages(), a.value.text, a.version], [[], "good", 1]);
  w.source.delete("a.thing");
  await w.pass(50);
  assertEquals(messages(), ['Cannot load "a.thing": the memory source has no such key']);
  await write("better");
  assertEquals([messages(), a.value.text, a.version], [[], "better", 2]);
  await write("throw");
  assertEquals(messages(), ['Cannot load "a.thing": a.thing is broken'], "it worked meanwhile");
});

Deno.test("ResourceManager.watch() does not reload what depends on a broken resource", async () => {
  using w = watched({ "p.thing": "a.thing", "a.thing": "" });
  preload(w.mgr, "p.thing");
  using _watcher = w.mgr.watch();
  w.takeEvents();
  w.source.set("a.thing", "throw");
  await w.pass(50);
  assertEquals([w.takeEvents(), w.errors.length], [[], 1]);
});

Deno.test("ResourceManager.watch() reloads a resource again that changes while it is being reloaded", async () => {
  const files = { "a.bin": "1" };
  await using g = gated(files);
  const a = g.mgr.loadAsync("a.bin", Uint8Array);
  await letThrough(g.source);
  g.files.set("a.bin", "2");
  g.source.changed("a.bin");
  await g.pass(50);
  assertEquals(g.source.waiting.length, 1);
  for (let i = 0; i < 3; i++) {
    g.source.changed("a.bin");
    await g.pass(50);
  }
  assertEquals(g.source.waiting.length, 1, "one read at a time");
  await letThrough(g.source);
  assertEquals((await a).version, 2);
  g.files.set("a.bin", "3");
  await g.pass(50);
  await letThrough(g.source);
  await g.pass(10_000);
  using handle = await a;
  assertEquals([handle.version, new TextDecoder().decode(handle.value)], [3, "3"]);
});

Deno.test("ResourceManager.watch() reloads one after another", async () => {
  const keys = ["a.bin", "b.bin", "c.bin"];
  await using g = gated({ "a.bin": "", "b.bin": "", "c.bin": "" });
  for (const key of keys) g.mgr.load(key, Uint8Array)[Symbol.dispose]();
  for (const key of keys) g.source.changed(key);
  await g.pass(50);
  await letThrough(g.source);
  assertEquals(g.source.mostAtOnce, 1);
  assertEquals(g.events.slice(-3), keys.map((key) => `reload ${key} 2`));
});

Deno.test("ResourceManager.watch() reloads a resource that changed while it was being loaded", async () => {
  await using g = gated({ "a.bin": "", "b.bin": "" });
  const loads = ["a.bin", "b.bin"].map((key) => g.mgr.loadAsync(key, Uint8Array));
  await turns();
  g.source.changed("a.bin");
  await letThrough(g.source);
  const [a, b] = await Promise.all(loads);
  await g.pass(50);
  await letThrough(g.source);
  assertEquals([a!.version, b!.version], [2, 1]);
  for (const handle of [a!, b!]) handle[Symbol.dispose]();
});

Deno.test("ResourceManager.watch() reloads a resource whose dependency was reloaded while it was being made", async () => {
  const clock = new FakeClock();
  const gate = Promise.withResolvers<void>();
  const pair: Loader<string[]> = {
    name: "pair",
    extensions: [".pair"],
    async loadAsync(_bytes, context) {
      const text = (await context.loadAsync("a.txt", Text)).value;
      await gate.promise;
      return [text];
    },
  };
  const source = new MemorySource({ "x.pair": "", "a.txt": "old" });
  await using mgr = new ResourceManager({ source, clock, loaders: [pair] });
  using _watcher = mgr.watch();
  const loading = mgr.loadAsync("x.pair", Array);
  await turns();
  source.set("a.txt", "new");
  clock.advance(50);
  await turns();
  gate.resolve();
  using x = await loading;
  assertEquals([x.value, x.version], [["old"], 1]);
  clock.advance(50);
  await turns();
  assertEquals([x.value, x.version], [["new"], 2]);
});

Deno.test("ResourceManager.watch() reloads a resource that was made without a file when the file appears or is repaired", async () => {
  const clock = new FakeClock();
  const orElse = (error: unknown) => error instanceof ResourceLoadError ? "none" : undefined;
  const one = (context: LoadContext, name: string) => {
    try {
      return context.load(name, Json).value;
    } catch (error) {
      return orElse(error);
    }
  };
  const names = ["./a.meta.json", "./b.meta.json"];
  const pictures: Loader<unknown[]> = {
    name: "picture",
    extensions: [".picture"],
    load: (_bytes, context) => names.map((name) => one(context, name)),
    loadAsync: (_bytes, context) =>
      Promise.all(
        names.map((name) => context.loadAsync(name, Json).then(({ value }) => value, orElse)),
      ),
  };
  for (const way of ["load", "loadAsync"] as const) {
    const source = new MemorySource({ "x/1.picture": "", "x/b.meta.json": "{" });
    await using mgr = new ResourceManager({ source, clock, loaders: [pictures] });
    using _watcher = mgr.watch();
    using picture =
      await (way === "load" ? mgr.load("x/1.picture", Array) : mgr.loadAsync("x/1.picture", Array));
    assertEquals(picture.value, ["none", "none"]);
    source.set("x/a.meta.json", "1");
    clock.advance(50);
    await turns();
    assertEquals([picture.value, picture.version], [[1, "none"], 2]);
    source.set("x/b.meta.json", "2");
    clock.advance(50);
    await turns();
    assertEquals([picture.value, picture.version], [[1, 2], 3]);
  }
});

Deno.test("ResourceManager.watch() throws when the source cannot watch", () => {
  const source: Source = { read: () => new Uint8Array() };
  using mgr = new ResourceManager({ source });
  const error = assertThrows(() => mgr.watch(), ResourceLoadError);
  assertEquals(
    error.message,
    'Cannot watch ".": its source cannot watch, call reload for what has changed',
  );
});

Deno.test("ResourceManager.watch() throws on a disposed manager, and for an invalid debounce", () => {
  const mgr = new ResourceManager({ source: new MemorySource() });
  const wanted = 'Cannot watch: "debounce" must be a number of milliseconds, 0 or more: received';
  for (const debounce of [-1, NaN, Infinity, "50", Symbol()] as number[]) {
    assertThrows(() => mgr.watch({ debounce }), RangeError, `${wanted} ${Deno.inspect(debounce)}`);
  }
  mgr[Symbol.dispose]();
  assertThrows(() => mgr.watch(), ManagerDisposedError, "Cannot watch: the manager is disposed");
});

Deno.test("disposing a manager ends its watchers, and disposing those later does nothing", async () => {
  await using g = gated({ "a.bin": "" });
  const a = g.mgr.loadAsync("a.bin", Uint8Array);
  await letThrough(g.source);
  (await a)[Symbol.dispose]();
  g.source.changed("a.bin");
  assertEquals([g.source.isWatched, g.clock.pending], [true, 1]);
  g.mgr[Symbol.dispose]();
  assertEquals([g.source.isWatched, g.clock.pending], [false, 0]);
  g.watcher[Symbol.dispose]();
  await g.watcher[Symbol.asyncDispose]();
});

Deno.test("disposing a manager while it reloads ends the reload, and reports no error", async () => {
  await using g = gated({ "a.bin": "" });
  const a = g.mgr.loadAsync("a.bin", Uint8Array);
  await letThrough(g.source);
  (await a)[Symbol.dispose]();
  const errors: unknown[] = [];
  g.mgr.on("error", ({ error }) => errors.push(error));
  g.source.changed("a.bin");
  await g.pass(50);
  const disposal = g.mgr[Symbol.asyncDispose]();
  assertEquals(g.source.waiting[0]?.signal?.aborted, true);
  await letThrough(g.source);
  await disposal;
  assertEquals(errors, []);
});

Deno.test("the asynchronous disposal of a watcher waits for the running reload, and no other begins", async () => {
  await using g = gated({ "a.bin": "", "b.bin": "" });
  const loads = ["a.bin", "b.bin"].map((key) => g.mgr.loadAsync(key, Uint8Array));
  await letThrough(g.source);
  for (const load of loads) (await load)[Symbol.dispose]();
  g.source.changed("a.bin");
  await g.pass(50);
  g.source.changed("b.bin");
  const log: string[] = [];
  const disposal = g.watcher[Symbol.asyncDispose]().then(() => log.push("disposed"));
  await turns();
  assertEquals([log, g.source.isWatched, g.clock.pending], [[], false, 0]);
  await letThrough(g.source);
  await disposal;
  assertEquals(g.events.slice(2), ["reload a.bin 2"]);
  await g.pass(1_000);
  assertEquals(g.source.reads, ["a.bin", "b.bin", "a.bin"]);
});

Deno.test("several watchers reload once, after the longest debounce, until the last is disposed", async () => {
  using w = watched({ "a.thing": "" });
  using a = w.mgr.load("a.thing", Thing);
  const first = w.mgr.watch({ debounce: 10 });
  const second = w.mgr.watch({ debounce: 80 });
  w.source.set("a.thing", "1");
  await w.pass(79);
  assertEquals(a.version, 1);
  await w.pass(1);
  assertEquals(a.version, 2);
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  w.source.set("a.thing", "2");
  await w.pass(10);
  assertEquals(a.version, 3);
  w.source.set("a.thing", "3");
  first[Symbol.dispose]();
  await w.pass(1_000);
  assertEquals([a.version, w.clock.pending], [3, 0]);
  using _third = w.mgr.watch();
  w.source.set("a.thing", "4");
  await w.pass(50);
  assertEquals([a.version, a.value.text], [4, "4"]);
});

Deno.test("ResourceManager.watch() reloads idle resources, and does not count that as a use", async () => {
  using w = watched({ "a.thing": "", "b.thing": "" }, { idle: { maxEntries: 2 } });
  preload(w.mgr, "a.thing", "b.thing");
  using _watcher = w.mgr.watch();
  w.source.set("a.thing", "new");
  await w.pass(50);
  assertEquals(w.mgr.cacheStats().resources["a.thing"]?.state, "idle");
  assertEquals((w.mgr.peek("a.thing") as Thing).text, "new");
  w.source.set("c.thing", "");
  preload(w.mgr, "c.thing");
  assertEquals(
    [w.mgr.has("a.thing"), w.mgr.has("b.thing")],
    [false, true],
    "a was idle for longer",
  );
});

Deno.test("ResourceManager.watch() forgets a resource that is unloaded before or during its reload", async () => {
  await using g = gated({ "a.bin": "", "b.bin": "" });
  const errors: unknown[] = [];
  g.mgr.on("error", ({ error }) => errors.push(error));
  const loads = ["a.bin", "b.bin"].map((key) => g.mgr.loadAsync(key, Uint8Array));
  await letThrough(g.source);
  for (const load of loads) (await load)[Symbol.dispose]();
  g.source.changed("a.bin");
  g.source.changed("b.bin");
  g.mgr.unload("a.bin");
  await g.pass(50);
  assertEquals(g.source.waiting.map(({ key }) => key), ["b.bin"]);
  g.mgr.unload("b.bin");
  await letThrough(g.source);
  assertEquals([errors, g.mgr.size], [[], 0]);
});

Deno.test("ResourceManager.watch() does not reload a resource that was unloaded and loaded again since it changed", async () => {
  using w = watched({ "a.thing": "old" });
  preload(w.mgr, "a.thing");
  using _watcher = w.mgr.watch();
  w.source.set("a.thing", "new");
  w.mgr.unload("a.thing");
  using a = w.mgr.load("a.thing", Thing);
  await w.pass(50);
  assertEquals([a.value.text, a.version], ["new", 1]);
});

Deno.test("a resource that never stops changing does not hold up the others for more than a second", async () => {
  using w = watched({ "log.thing": "", "a.thing": "" });
  using log = w.mgr.load("log.thing", Thing);
  using a = w.mgr.load("a.thing", Thing);
  using _watcher = w.mgr.watch();
  w.source.set("a.thing", "new");
  for (let ms = 0; ms < 1_100; ms += 25) {
    w.source.set("log.thing", `${ms}`);
    await w.pass(25);
  }
  assertEquals([a.version, log.version], [2, 1]);
  await w.pass(50);
  assertEquals([a.version, log.version], [2, 2]);
});

Deno.test("a clock that is set back does not keep a reload waiting", async () => {
  using w = watched({ "a.thing": "" }, { clock: undefined });
  let now = 1_000_000;
  let due: (() => void) | undefined;
  using mgr = new ResourceManager({
    source: w.source,
    loaders: [w.loader],
    clock: {
      now: () => now,
      after(_ms, run) {
        due = run;
        return { [Symbol.dispose]() {} };
      },
    },
  });
  using a = mgr.load("a.thing", Thing);
  using _watcher = mgr.watch();
  w.source.set("a.thing", "new");
  now -= 3_600_000;
  due?.();
  await turns();
  assertEquals(a.version, 2);
});

Deno.test("ResourceManager.watch() reloads with synchronous and asynchronous loaders and sources", async () => {
  const decode = (bytes: Uint8Array) => new Thing("", new TextDecoder().decode(bytes));
  const loaders: Loader<Thing>[] = [
    { name: "now", extensions: [".now"], load: decode },
    { name: "later", extensions: [".later"], loadAsync: (bytes) => Promise.resolve(decode(bytes)) },
  ];
  const memory = new MemorySource({ "a.now": "1", "a.later": "1" });
  const watch = memory.watch.bind(memory);
  const sources: Source[] = [
    { read: (key) => memory.read(key), watch },
    { readAsync: (key) => memory.readAsync(key), watch },
  ];
  for (const source of sources) {
    const clock = new FakeClock();
    await using mgr = new ResourceManager({ source, loaders, clock });
    using now = await mgr.loadAsync("a.now", Thing);
    using later = await mgr.loadAsync("a.later", Thing);
    using _watcher = mgr.watch();
    for (const key of ["a.now", "a.later"]) memory.set(key, "2");
    clock.advance(50);
    await turns();
    assertEquals([now.value.text, later.value.text], ["2", "2"]);
    for (const key of ["a.now", "a.later"]) memory.set(key, "1");
  }
});

Deno.test("errors of the source go to the error event, while it watches and when its watch ends", async () => {
  const lost = new Error("lost");
  const stuck = new Error("stuck");
  let fail: ((error: unknown) => void) | undefined;
  const source: Source = {
    read: () => new Uint8Array(),
    watch(_onChange, onError) {
      fail = onError;
      return {
        [Symbol.dispose]() {
          throw stuck;
        },
      };
    },
  };
  using mgr = new ResourceManager({ source });
  const errors: unknown[] = [];
  mgr.on("error", ({ error }) => errors.push(error));
  await using watcher = mgr.watch();
  fail?.(lost);
  assertStrictEquals(errors[0], lost);
  watcher[Symbol.dispose]();
  await turns();
  assertStrictEquals(errors[1], stuck);
});

Deno.test("the asynchronous disposal of a watcher waits for the source to end its watch", async () => {
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const source: Source = {
    read: () => new Uint8Array(),
    watch: () => ({
      [Symbol.dispose]: () => void log.push("dispose"),
      async [Symbol.asyncDispose]() {
        log.push("ending");
        await gate.promise;
        log.push("ended");
      },
    }),
  };
  await using mgr = new ResourceManager({ source });
  const disposal = mgr.watch()[Symbol.asyncDispose]().then(() => log.push("disposed"));
  await turns();
  assertEquals(log, ["ending"]);
  gate.resolve();
  await disposal;
  assertEquals(log, ["ending", "ended", "disposed"]);
});

Deno.test("a reload goes on to its end when a listener disposes the watcher", async () => {
  using w = watched({ "p.thing": "a.thing", "a.thing": "" });
  preload(w.mgr, "p.thing");
  const watcher = w.mgr.watch();
  using _end = w.mgr.on("reload", () => watcher[Symbol.dispose]());
  w.source.set("a.thing", "new");
  await w.pass(50);
  assertEquals(w.events.filter((event) => event.startsWith("reload")), [
    "reload a.thing 2",
    "reload p.thing 2",
  ]);
});

Deno.test("console.log of a watcher says whether it watches", () => {
  using mgr = new ResourceManager({ source: new MemorySource() });
  const watcher = mgr.watch();
  assertEquals(Deno.inspect(watcher), "Watcher { watching: true }");
  watcher[Symbol.dispose]();
  assertEquals(Deno.inspect(watcher), "Watcher { watching: false }");
});
