/** Paced work: loaders and unloads wait for the pump; counts, bytes and events do not. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type AsyncLoadContext,
  type LoadContext,
  type Loader,
  MemorySource,
  ResourceManager,
  type ResourceManagerOptions,
  Text,
} from "../mod.ts";
import { FakeClock } from "./_fake_clock.ts";
import { turns } from "./_turns.ts";

class Thing {
  constructor(readonly key: string, readonly text: string) {}
}

const FILES = { "a.thing": "a", "b.thing": "b", "c.thing": "c", "d.thing": "d" };

/** A paced manager of things. Each of its callbacks takes 3 ms, and nothing else takes time. */
function paced(options: ResourceManagerOptions = {}, files: Record<string, string> = FILES) {
  const clock = new FakeClock();
  const source = new MemorySource(files);
  const log: string[] = [];
  const note = (line: string) => {
    log.push(line);
    clock.advance(3);
  };
  const things: Loader<Thing, ".thing"> = {
    name: "thing",
    extensions: [".thing"],
    load(bytes, context) {
      const text = new TextDecoder().decode(bytes);
      note(`+${context.key}`);
      for (const name of text.split(" ").filter((word) => word.endsWith(".thing"))) {
        context.load(name);
      }
      if (text.includes("deferred")) context.defer(() => note(`deferred ${context.key}`));
      if (text === "broken") throw new Error("it is broken");
      return new Thing(context.key, text);
    },
    unload: ({ key, text }) => {
      note(`-${key}`);
      if (text === "stubborn") throw new Error(`${key} is stubborn`);
    },
    byteLength: () => 10,
  };
  const errors: string[] = [];
  const mgr = new ResourceManager({
    source,
    loaders: [things],
    pacing: "pumped",
    clock,
    ...options,
  });
  mgr.on("error", ({ error }) => errors.push((error as Error).message));
  return { mgr, source, clock, errors, note, log: () => log.splice(0) };
}

Deno.test("a loader waits for the pump after its bytes have been read, and the most urgent one runs first", async () => {
  const { mgr, log } = paced();
  const low = mgr.loadAsync("a.thing", { priority: "low" });
  const normal = mgr.loadAsync("b.thing");
  const high = mgr.loadAsync("c.thing", { priority: "high" });
  await turns();
  assertEquals([log(), mgr.size, mgr.cacheStats().queued], [
    [],
    0,
    { loads: 3, unloads: 0, bytes: 0 },
  ]);
  assertEquals(mgr.pump({ maxMs: 0 }), 2); // one piece, however little time there is
  assertEquals(log(), ["+c.thing"]);
  await turns();
  assertEquals(mgr.has("c.thing"), true);
  mgr.loadAsync("a.thing", { priority: "high" })[Symbol.dispose](); // raises the priority for all waiters
  assertEquals(mgr.pump({ maxMs: 4 }), 0); // there is time left after 3 ms, not after 6
  assertEquals(log(), ["+a.thing", "+b.thing"]);
  for (const task of [low, normal, high]) (await task)[Symbol.dispose]();
  mgr[Symbol.dispose]();
});

Deno.test("ResourceManager.pump() stops when its time is up, and says how many are left", async () => {
  const { mgr, log } = paced();
  const names = ["a.thing", "b.thing", "c.thing", "d.thing"] as const;
  const level = mgr.loadAll(names);
  await turns();
  assertEquals([mgr.pump({ maxMs: 3 }), log()], [3, ["+a.thing"]]);
  assertEquals([mgr.pump(), log()], [1, ["+b.thing", "+c.thing"]]); // 4 ms by default
  assertEquals([mgr.pump({ maxMs: Infinity }), log()], [0, ["+d.thing"]]);
  assertEquals([mgr.pump(), log()], [0, []]);
  (await level)[Symbol.dispose]();
  assertEquals([mgr.size, mgr.bytes, mgr.cacheStats().queued], [
    0,
    0,
    { loads: 0, unloads: 4, bytes: 40 },
  ]);
  mgr.pump({ maxMs: 100 });
  assertEquals(log(), ["-d.thing", "-c.thing", "-b.thing", "-a.thing"]);
  mgr[Symbol.dispose]();
});

Deno.test("counts, bytes and events change at once, and only callbacks wait for the pump", () => {
  const { mgr, log } = paced({ maxBytes: 20 }, {
    ...FILES,
    "parent.thing": "a.thing b.thing deferred",
  });
  const events: string[] = [];
  mgr.on("unload", ({ key, reason }) => events.push(`${key} ${reason}`));
  const parent = mgr.load("parent.thing");
  assertEquals(log(), ["+parent.thing", "+a.thing", "+b.thing"]); // a synchronous load never waits
  parent[Symbol.dispose]();
  mgr.unloadUnused();
  assertEquals(events, ["parent.thing evicted", "b.thing unused", "a.thing unused"]);
  assertEquals([mgr.size, mgr.bytes, mgr.cacheStats().queued?.bytes, log()], [0, 0, 30, []]);
  assertEquals(mgr.pump({ maxMs: 100 }), 0);
  assertEquals(log(), ["-parent.thing", "deferred parent.thing", "-b.thing", "-a.thing"]);
  mgr[Symbol.dispose]();
});

Deno.test("a resource whose value waits for its unload can be loaded again, with another value", () => {
  const { mgr, log } = paced();
  const first = mgr.load("a.thing");
  const value = first.value;
  first[Symbol.dispose]();
  using again = mgr.load("a.thing", Thing);
  assert(again.value !== value);
  assertEquals(log(), ["+a.thing", "+a.thing"]);
  mgr.pump();
  assertEquals([log(), again.value.text], [["-a.thing"], "a"]);
});

Deno.test("loads and unloads take turns, so that neither waits for ever", async () => {
  const { mgr, log } = paced();
  for (const name of ["a.thing", "b.thing"]) mgr.load(name)[Symbol.dispose]();
  log();
  const tasks = ["c.thing", "d.thing"].map((name) => mgr.loadAsync(name));
  await turns();
  mgr.pump({ maxMs: 100 });
  assertEquals(log(), ["+c.thing", "-a.thing", "+d.thing", "-b.thing"]);
  await using _end = mgr;
  for (const task of tasks) (await task)[Symbol.dispose]();
});

Deno.test("a withdrawn load leaves the queue, and its loader never runs", async () => {
  const { mgr, log } = paced();
  const task = mgr.loadAsync("a.thing");
  const other = mgr.loadAsync("b.thing");
  await turns();
  task[Symbol.dispose]();
  await assertRejects(() => task, DOMException);
  assertEquals(mgr.cacheStats().queued?.loads, 1);
  mgr.pump({ maxMs: 100 });
  assertEquals(log(), ["+b.thing"]);
  (await other)[Symbol.dispose]();
  const late = mgr.loadAsync("c.thing");
  await turns();
  {
    using handle = mgr.load("c.thing"); // comes first, and is shared with the task
    assertEquals((await late).value, handle.value);
    late[Symbol.dispose]();
  }
  assertEquals(mgr.cacheStats().queued?.loads, 0);
  await mgr[Symbol.asyncDispose]();
});

Deno.test("a reload waits for the pump too, and so does the unload of the old value", async () => {
  const { mgr, log, source } = paced();
  using handle = mgr.load("a.thing", Thing);
  log();
  source.set("a.thing", "new");
  const reloaded = mgr.reloadAsync("a.thing");
  await turns();
  assertEquals([log(), handle.version], [[], 1]);
  mgr.pump();
  await reloaded;
  assertEquals([log(), handle.value.text, handle.version], [["+a.thing"], "new", 2]);
  mgr.pump();
  assertEquals(log(), ["-a.thing"]);
});

Deno.test("an error of a loader in the pump goes to its waiters, and one of unload to the error event", async () => {
  const { mgr, log, errors } = paced({}, { "a.thing": "stubborn", "b.thing": "broken" });
  mgr.load("a.thing")[Symbol.dispose](); // throws nothing: its unloading has yet to run
  const task = mgr.loadAsync("b.thing");
  await turns();
  mgr.pump({ maxMs: 100 });
  assertEquals([log(), errors], [["+a.thing", "+b.thing", "-a.thing"], ["a.thing is stubborn"]]);
  await assertRejects(() => task, Error, "it is broken");
  mgr[Symbol.dispose]();
});

Deno.test("the disposal of a manager runs the waiting unloads in order, and throws their errors", async () => {
  const { mgr, log } = paced({ idle: "keep" }, { ...FILES, "x.thing": "stubborn" });
  for (const name of ["x.thing", "a.thing"]) mgr.load(name)[Symbol.dispose]();
  mgr.unload("x.thing");
  const task = mgr.loadAsync("b.thing");
  await turns();
  log();
  const waiting = assertRejects(() => task, ReferenceError);
  assertThrows(() => mgr[Symbol.dispose](), Error, "x.thing is stubborn");
  assertEquals(log(), ["-x.thing", "-a.thing"]);
  await waiting;
  assertThrows(() => mgr.pump(), ReferenceError, "Cannot pump: the manager is disposed");
});

Deno.test("await using waits for asynchronous unloads that the pump has started", async () => {
  const ends: (() => void)[] = [];
  let unloaded = 0;
  const mgr = new ResourceManager({ source: new MemorySource(), pacing: "pumped" });
  const unload = () =>
    new Promise<void>((resolve) => ends.push(resolve)).then(() => void unloaded++);
  for (const name of ["a", "b"]) mgr.add(name, {}, { unload })[Symbol.dispose]();
  mgr.pump({ maxMs: 0 });
  const end = mgr[Symbol.asyncDispose]();
  assertEquals(ends.length, 2);
  for (const resolve of ends) resolve();
  await end;
  assertEquals(unloaded, 2);
});

Deno.test("ResourceManager.pump() does nothing in a callback of a pump", () => {
  const lefts: number[] = [];
  const mgr = new ResourceManager({ source: new MemorySource(), pacing: "pumped" });
  const unload = () => void lefts.push(mgr.pump({ maxMs: 100 }));
  for (const name of ["a", "b"]) mgr.add(name, {}, { unload })[Symbol.dispose]();
  assertEquals([mgr.pump({ maxMs: 100 }), lefts], [0, [1, 0]]);
  mgr[Symbol.dispose]();
});

Deno.test("ResourceManager.pump() refuses a bad time, and does nothing without pacing", () => {
  const { mgr } = paced();
  for (const maxMs of [-1, NaN, "soon" as never, "4" as never, null as never, 4n as never]) {
    assertThrows(() => mgr.pump({ maxMs }), RangeError, "a number of milliseconds, 0 or more");
  }
  using plain = new ResourceManager({ source: new MemorySource() });
  assertEquals([plain.pump(), plain.cacheStats().queued], [0, undefined]);
  assertThrows(() => new ResourceManager({ pacing: "later" as never }), RangeError, "pacing");
  mgr[Symbol.dispose]();
});

Deno.test("a manager that is never pumped warns once", () => {
  const { mgr } = paced();
  const warnings: string[] = [];
  mgr.on("warning", ({ message }) => warnings.push(message));
  const unload = () => {};
  for (let i = 0; i < 2_500; i++) mgr.add(`${i}`, {}, { unload })[Symbol.dispose]();
  assertEquals(warnings, [
    "1000 loads and unloads wait for the next pump: call pump() once a frame, or leave out pacing",
  ]);
  assertEquals(mgr.cacheStats().queued?.unloads, 2_500);
  mgr[Symbol.dispose]();
});

Deno.test("the context of a loader has the priority of its load", async () => {
  const seen: string[] = [];
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.x": "", "b.x": "" }),
    loaders: [{
      name: "x",
      extensions: [".x"],
      async loadAsync(_bytes, context: AsyncLoadContext) {
        seen.push(`${context.key} ${context.priority}`);
        if (context.key === "a.x") await context.loadAsync("b.x");
        return {};
      },
    }],
  });
  using _a = await mgr.loadAsync("a.x", { priority: "high" });
  assertEquals(seen, ["a.x high", "b.x high"]);
});

Deno.test("ResourceManager.maxBytes evicts at once when it is lowered, and can be removed", () => {
  const { mgr, log } = paced({ maxBytes: 40, pacing: "immediate" });
  const over: number[] = [];
  mgr.on("overbudget", ({ bytes, maxBytes }) => over.push(bytes, maxBytes));
  const held = mgr.load("d.thing");
  for (const name of ["a.thing", "b.thing", "c.thing"]) mgr.load(name)[Symbol.dispose]();
  log();
  mgr.maxBytes = 25;
  assertEquals([mgr.maxBytes, mgr.bytes, log()], [25, 20, ["-a.thing", "-b.thing"]]);
  mgr.maxBytes = 5; // less than the live bytes
  assertEquals([mgr.bytes, over, log()], [10, [10, 5], ["-c.thing"]]);
  mgr.maxBytes = undefined;
  mgr.load("a.thing")[Symbol.dispose]();
  assertEquals([mgr.bytes, mgr.maxBytes], [20, undefined]);
  for (const wrong of [0, -1, NaN]) {
    assertThrows(() => mgr.maxBytes = wrong, RangeError, 'Cannot set maxBytes: "maxBytes" must be');
  }
  held[Symbol.dispose]();
  mgr[Symbol.dispose]();
});

Deno.test("ResourceManager.trim() evicts idle resources, the oldest first, and no live ones", () => {
  const { mgr, log } = paced({ idle: "keep", pacing: "immediate" });
  using _held = mgr.load("d.thing");
  for (const name of ["a.thing", "b.thing", "c.thing"]) mgr.load(name)[Symbol.dispose]();
  log();
  assertEquals([mgr.trim(40), mgr.trim(35), log()], [0, 1, ["-a.thing"]]);
  assertEquals([mgr.trim(0), mgr.bytes, log()], [2, 10, ["-b.thing", "-c.thing"]]);
  assertEquals([mgr.trim(0), mgr.cacheStats().evictions], [0, 3]);
  for (const wrong of [-1, NaN, "40" as never]) {
    assertThrows(() => mgr.trim(wrong), RangeError, "bytes, 0 or more");
  }
});

Deno.test("unloads get their turn even if each pump has time for one piece only and loads wait", async () => {
  const { mgr, log } = paced();
  mgr.load("a.thing")[Symbol.dispose]();
  const tasks = ["b.thing", "c.thing", "d.thing"].map((name) => mgr.loadAsync(name));
  await turns();
  log();
  for (let frame = 0; frame < 2; frame++) mgr.pump({ maxMs: 0 });
  assertEquals(log(), ["+b.thing", "-a.thing"]);
  mgr.pump({ maxMs: Infinity });
  for (const task of tasks) (await task)[Symbol.dispose]();
  mgr[Symbol.dispose]();
});

Deno.test("a manager that is pumped does not warn about many unloads in one frame", () => {
  const { mgr } = paced();
  const warnings: string[] = [];
  mgr.on("warning", ({ message }) => warnings.push(message));
  mgr.pump();
  const unload = () => {};
  for (let i = 0; i < 2_500; i++) mgr.add(`${i}`, {}, { unload })[Symbol.dispose]();
  assertEquals(warnings, []);
  mgr[Symbol.dispose]();
});

Deno.test("a reload that waits for the pump does not update a value that is unloaded meanwhile", async () => {
  const updated: unknown[] = [];
  for (const pacing of ["pumped", "immediate"] as const) {
    const mgr = new ResourceManager({
      source: new MemorySource({ "a.x": "" }),
      pacing,
      loaders: [{
        name: "x",
        extensions: [".x"],
        load: () => ({}),
        update: (value: unknown) => void updated.push(value),
      }],
    });
    mgr.on("error", () => {});
    const handle = mgr.load("a.x");
    const reloaded = assertRejects(() => mgr.reloadAsync("a.x"), Error, "not resident");
    if (pacing === "pumped") await turns();
    handle[Symbol.dispose]();
    for (let i = 0; i < 3; i++) {
      await turns();
      mgr.pump({ maxMs: Infinity });
    }
    await reloaded;
    assertEquals(updated, []);
    mgr[Symbol.dispose]();
  }
});

Deno.test("disposal does not wait for a pump when a part is withdrawn as its whole arrives", async () => {
  for (let turn = 0; turn < 60; turn++) {
    const mgr = new ResourceManager({
      source: new MemorySource({ "a.x": "" }),
      pacing: "pumped",
      loaders: partLoaders(),
    });
    const task = mgr.loadAsync("a.x#b");
    task.catch(() => {});
    await turns();
    mgr.pump({ maxMs: Infinity }); // the whole
    for (let i = 0; i < turn; i++) await Promise.resolve();
    task[Symbol.dispose]();
    let ended = false;
    const end = mgr[Symbol.asyncDispose]().then(() => ended = true);
    await turns();
    assertEquals([turn, ended], [turn, true]);
    await end;
  }
});

Deno.test("a source that does not await its pause does not hold up the loaders", async () => {
  const { mgr, log } = paced({
    maxConcurrency: 1,
    source: {
      readAsync: async (key, options) => {
        if (key === "a.thing") void options!.pause!(() => Promise.resolve()).catch(() => {});
        for (let i = 0; i < 5; i++) await Promise.resolve();
        return new TextEncoder().encode(key[0]);
      },
    },
  });
  const tasks = ["a.thing", "b.thing", "c.thing", "d.thing"].map((name) => mgr.loadAsync(name));
  let served = 0;
  for (const task of tasks) task.then(() => served++);
  for (let i = 0; i < 8; i++) {
    await turns();
    mgr.pump({ maxMs: Infinity });
  }
  await turns();
  assertEquals([log().length, served, mgr.cacheStats().queued], [
    4,
    4,
    { loads: 0, unloads: 0, bytes: 0 },
  ]);
  for (const task of tasks) task[Symbol.dispose]();
  mgr[Symbol.dispose]();
});

Deno.test("a resource that a pump has made is resident when it returns, and a synchronous load shares it", async () => {
  const { mgr, log } = paced({ loaders: partLoaders() }, { "a.x": "", "b.x": "" });
  const loaded: string[] = [];
  mgr.on("load", ({ key }) => loaded.push(key));
  const tasks = ["a.x", "b.x#part"].map((name) => mgr.loadAsync(name));
  await turns();
  mgr.pump({ maxMs: Infinity });
  assertEquals(loaded, ["a.x", "b.x"]);
  using handle = mgr.load("a.x");
  await turns();
  mgr.pump({ maxMs: Infinity });
  assertEquals([loaded, mgr.has("b.x#part")], [["a.x", "b.x", "b.x#part"], true]);
  assertEquals((await tasks[0]!).value, handle.value);
  for (const task of tasks) task[Symbol.dispose]();
  assertEquals(log(), []);
});

/** Loads wholes, and makes their parts. */
function partLoaders(): Loader<unknown>[] {
  return [
    { name: "x", extensions: [".x"], load: () => ({}) },
    { name: "part", extensions: [".x#"], make: ({ part }: LoadContext) => ({ part }) },
  ];
}

Deno.test("a load that is withdrawn right after its turn unloads its value before its dependencies", async () => {
  const { mgr, log } = paced({}, { "a.thing": "deferred b.thing", "b.thing": "" });
  const task = mgr.loadAsync("a.thing");
  await turns();
  mgr.pump({ maxMs: 0 });
  task[Symbol.dispose]();
  await turns();
  mgr.pump({ maxMs: Infinity });
  assertEquals(log(), ["+a.thing", "+b.thing", "-a.thing", "deferred a.thing", "-b.thing"]);
  mgr[Symbol.dispose]();
});

Deno.test("a reload runs no loader when its resource was unloaded before its turn", async () => {
  const { mgr, log, source } = paced();
  const handle = mgr.load("a.thing");
  source.set("a.thing", "new");
  const reloaded = assertRejects(() => mgr.reloadAsync("a.thing"), Error, "not resident");
  await turns();
  handle[Symbol.dispose]();
  log();
  mgr.pump({ maxMs: Infinity });
  await reloaded;
  assertEquals(log(), ["-a.thing"]);
  mgr[Symbol.dispose]();
});

Deno.test("a manager that is never pumped does not warn again when waiting loads are withdrawn", async () => {
  const files = Object.fromEntries(Array.from({ length: 1_003 }, (_, i) => [`${i}.thing`, ""]));
  const { mgr } = paced({ maxConcurrency: 2_000 }, files);
  const warnings: string[] = [];
  mgr.on("warning", ({ message }) => warnings.push(message));
  const names = Object.keys(files);
  const tasks = names.slice(0, 999).map((name) => mgr.loadAsync(name));
  await turns();
  assertEquals(warnings.length, 0);
  for (const name of names.slice(999)) {
    const task = mgr.loadAsync(name);
    await turns();
    task[Symbol.dispose]();
  }
  assertEquals(warnings.length, 1);
  for (const task of tasks) task[Symbol.dispose]();
  mgr[Symbol.dispose]();
});

Deno.test("a clock that is set back ends a pump, unless its time is unlimited", async () => {
  const clock = {
    time: 0,
    now: () => clock.time -= 1_000,
    after: () => ({ [Symbol.dispose]() {} }),
  };
  const { mgr } = paced({ clock });
  const tasks = ["a.thing", "b.thing", "c.thing"].map((name) => mgr.loadAsync(name));
  await turns();
  assertEquals([mgr.pump({ maxMs: 4 }), mgr.pump({ maxMs: Infinity })], [2, 0]);
  for (const task of tasks) task[Symbol.dispose]();
  mgr[Symbol.dispose]();
});

Deno.test("an old value that was kept for a running loader releases its dependencies as soon as that is withdrawn", async () => {
  for (const pacing of ["immediate", "pumped"] as const) {
    const log: string[] = [];
    const source = new MemorySource({ "leaf.x": "", "middle.x": "leaf.x", "top.slow": "" });
    const gate = Promise.withResolvers<void>();
    const unload = ({ key }: Thing) => void log.push(key);
    const mgr = new ResourceManager({
      source,
      pacing,
      loaders: [{
        name: "x",
        extensions: [".x"],
        load(bytes: Uint8Array, context: LoadContext) {
          const name = new TextDecoder().decode(bytes);
          if (name !== "") context.load(name);
          return new Thing(`${context.key} ${name}`, "");
        },
        unload,
      }, {
        name: "slow",
        extensions: [".slow"],
        async loadAsync(_bytes: Uint8Array, context: AsyncLoadContext) {
          await context.loadAsync("middle.x");
          await gate.promise;
          return new Thing(context.key, "");
        },
        unload,
      }],
    });
    const task = mgr.loadAsync("top.slow");
    for (let i = 0; i < 3; i++) {
      await turns();
      mgr.pump({ maxMs: Infinity });
    }
    source.set("middle.x", ""); // no longer needs the leaf
    mgr.reload("middle.x");
    assertEquals(Object.keys(mgr.cacheStats().resources), ["leaf.x", "middle.x"]);
    task[Symbol.dispose]();
    assertEquals(mgr.size, 0);
    mgr.pump({ maxMs: Infinity });
    assertEquals(log, ["middle.x leaf.x", "leaf.x ", "middle.x "]);
    gate.resolve();
    await mgr[Symbol.asyncDispose]();
  }
});

Deno.test("a paced manager reads only as many files as the next pumps can load", async () => {
  const names = Array.from({ length: 300 }, (_, i) => `${i}.thing`);
  const { mgr } = paced(
    { maxConcurrency: 1 },
    Object.fromEntries(names.map((each) => [each, "text"])),
  );
  const states = () => Object.groupBy(mgr.pending(), ({ state }) => state);
  const given = names.slice(0, 200).map((name) => mgr.loadAsync(name));
  const kept = mgr.loadAll(names.slice(200));
  await until(() => (states().waiting?.length ?? 0) >= 128);
  await turns();
  assertEquals([states().waiting?.length, states().queued?.length], [129, 171]); // one more read had started
  for (let pump = 0; pump < 2; pump++) mgr.pump({ maxMs: 0 });
  await until(() => states().queued?.length === 170); // two loaders have run, so one more file is read
  for (const each of given) each[Symbol.dispose](); // also those that wait: others take their places
  await until(() => states().waiting?.length === 100);
  do {
    mgr.pump();
    await turns();
  } while (mgr.pending().length > 0);
  using all = await kept;
  assertEquals(Object.keys(all).length, 100);
});

Deno.test("a manager that is never pumped warns once even if most of its files are not read yet", async () => {
  const names = Array.from({ length: 1_200 }, (_, i) => `${i}.thing`);
  const { mgr } = paced({}, Object.fromEntries(names.map((each) => [each, "text"])));
  const warnings: string[] = [];
  mgr.on("warning", ({ message }) => warnings.push(message));
  const loading = mgr.loadAll(names);
  await until(() => mgr.pending().filter(({ state }) => state === "waiting").length >= 128);
  assertEquals(warnings.map((each) => each.slice(0, 37)), [
    "1000 loads and unloads wait for the n",
  ]);
  mgr[Symbol.dispose]();
  await assertRejects(() => loading);
});

/** Lets turns pass until `happened()`. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await turns();
}

/** A paced manager with a level to reload. Its loader awaits its parts, and then takes a turn. */
function watchedLevel() {
  const clock = new FakeClock();
  const source = new MemorySource({ "1.level": "", "other.txt": "" });
  const log: string[] = [];
  const levels: Loader<{ text: string }, ".level"> = {
    name: "level",
    extensions: [".level"],
    async loadAsync(bytes, context) {
      const names = new TextDecoder().decode(bytes).split(" ").filter((name) => name !== "");
      const { parts } = await context.loadAll({ parts: [names, Text] });
      const text = parts.map(({ value }) => value).join();
      return await context.turn(() => ({ text }), { uploadBytes: 100 });
    },
    unload: () => void log.push("unloaded"),
  };
  const mgr = new ResourceManager({ source, loaders: [levels], pacing: "pumped", clock });
  mgr.on("reload", ({ key }) => log.push(`reload ${key}`));
  return {
    mgr,
    log,
    async load() {
      const task = mgr.loadAsync("1.level");
      while (!mgr.has("1.level")) await turns().then(() => mgr.pump());
      return await task;
    },
    /** Saves the level, which now needs another file, so that its reload waits for a pump. */
    async change() {
      source.set("part.txt", "a part");
      source.set("1.level", "part.txt");
      clock.advance(50);
      await turns();
      assertEquals(mgr.cacheStats().queued?.loads, 1);
    },
  };
}

Deno.test("await using of a watcher waits for its running reload, and needs no pump", async () => {
  const w = watchedLevel();
  await using mgr = w.mgr;
  using level = await w.load();
  {
    await using _watcher = mgr.watch();
    await w.change();
  } // there is no pump from here on
  assertEquals([level.value.text, level.version], ["a part", 2]);
  assertEquals(w.log, ["reload 1.level", "unloaded"]); // the old value too
  const other = mgr.loadAsync("other.txt");
  await turns();
  assertEquals(mgr.has("other.txt"), false); // later loads still wait for a pump
  assert(mgr.pump({ maxMs: Infinity }) === 0);
  (await other)[Symbol.dispose]();
});

Deno.test("the disposal of a watcher in a pump needs no further pump", async () => {
  const w = watchedLevel();
  await using mgr = w.mgr;
  using level = await w.load();
  const watcher = mgr.watch();
  await w.change();
  let disposal: PromiseLike<void> | undefined;
  const unload = () => void (disposal = watcher[Symbol.asyncDispose]());
  mgr.add("end", {}, { unload })[Symbol.dispose]();
  while (disposal === undefined) mgr.pump({ maxMs: 0 });
  await disposal;
  assertEquals(level.version, 2);
});

Deno.test("await using of a manager whose reload waits for a pump ends, and unloads everything", async () => {
  const w = watchedLevel();
  {
    await using mgr = w.mgr;
    const level = await w.load();
    const watcher = mgr.watch();
    await w.change();
    level[Symbol.dispose]();
    watcher[Symbol.dispose]();
  }
  assertEquals(w.log, ["unloaded"]);
});
