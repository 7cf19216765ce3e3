/** Callbacks that call the manager again: nothing is lost, counted twice, or left behind. */
import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  type Handle,
  ManagerDisposedError,
  MemorySource,
  ResourceExistsError,
  ResourceLoadError,
  ResourceManager,
  type ResourceManagerOptions,
  Text,
} from "../mod.ts";
import { guardAgainstLeaks, leakOnPurpose } from "./_guard.ts";
import { bench, Thing } from "./_thing.ts";
import { turns } from "./_turns.ts";

guardAgainstLeaks();

const FILES = { "a.thing": "a", "b.thing": "b", "p.thing": "a.thing" };

/** A manager, and the keys of the leaks that it reports. */
function managerOf(options: ResourceManagerOptions = {}) {
  const leaks: string[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "a", "b.txt": "bb" }),
    leaks: { onLeak: ({ key }) => leaks.push(key) },
    ...options,
  });
  return { mgr, leaks };
}

function assertSound(mgr: ResourceManager): void {
  const { resources, idleCount, bytes, idleBytes } = mgr.cacheStats();
  const all = Object.values(resources);
  const idle = all.filter(({ state }) => state === "idle");
  const sum = (list: typeof all) => list.reduce((total, each) => total + each.bytes, 0);
  assertEquals([idleCount, idleBytes, bytes], [idle.length, sum(idle), sum(all)]);
}

Deno.test("add() throws when an unload callback adds another value under the same key", () => {
  const { mgr } = managerOf({ idle: "keep" });
  using _mgr = mgr;
  let inner: Handle<string> | undefined;
  mgr.add("k", "v1", { unload: () => void (inner = mgr.add("k", "v2", { byteLength: 10 })) })
    [Symbol.dispose]();
  assertThrows(() => mgr.add("k", "v3", { byteLength: 10 }), ResourceExistsError);
  assertEquals([inner?.value, mgr.size, mgr.bytes], ["v2", 1, 10]);
  inner?.[Symbol.dispose]();
  assertEquals([mgr.unloadUnused(), mgr.bytes], [1, 0]);
});

Deno.test("add() throws when an unload callback disposes the manager, and keeps nothing", () => {
  const { mgr } = managerOf({ idle: "keep" });
  mgr.add("k", "v1", { unload: () => mgr[Symbol.dispose]() })[Symbol.dispose]();
  assertThrows(() => mgr.add("k", "v2"), ManagerDisposedError);
  assertEquals([mgr.size, mgr.bytes], [0, 0]);
});

Deno.test("load() loads a resource again that the check of its type has unloaded", () => {
  using b = bench(FILES, { idle: "keep" });
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  let times = 0;
  const Meddling = {
    name: "Meddling",
    [Symbol.hasInstance](value: unknown): value is Thing {
      if (times++ === 0) b.mgr.unloadUnused();
      return value instanceof Thing;
    },
  };
  using handle = b.mgr.load("a.thing", Meddling);
  assertEquals([handle.value.unloads, b.loader.log.length], [0, 3]);
  times = 0;
  handle[Symbol.dispose]();
  const Other = { ...Meddling };
  assertEquals(b.mgr.get("a.thing", Other), undefined);
  assertSound(b.mgr);
});

Deno.test("load() shares a value that its loader has added under the same key, and discards its own", () => {
  let rival: Handle<Thing> | undefined;
  const mgr: ResourceManager = new ResourceManager({
    source: new MemorySource({ "x.t": "" }),
    loaders: [{
      name: "t",
      extensions: [".t"],
      load() {
        rival ??= mgr.add("x.t", new Thing("added", ""));
        return new Thing("loaded", "");
      },
      unload: (thing: Thing) => thing.key === "loaded" && rival?.[Symbol.dispose]() || undefined,
    }],
  });
  using _mgr = mgr;
  using handle = mgr.load("x.t", Thing);
  assertEquals(handle.value.key, "added");
  assertSound(mgr);
});

Deno.test("a scope that is disposed during its own load keeps no reference", () => {
  using b = bench(FILES);
  const scope = b.mgr.scope("s");
  using _load = b.mgr.on("load", () => scope.dispose());
  assertThrows(() => scope.load("a.thing", Thing), ReferenceError, 'the scope "s" is disposed');
  assertEquals([b.mgr.size, b.loader.log], [0, ["+a.thing", "-a.thing"]]);
});

Deno.test("a leak whose report disposes the manager is reported once", () => {
  leakOnPurpose();
  const leaks: string[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: {
      onLeak({ key }) {
        leaks.push(key);
        mgr[Symbol.dispose]();
      },
    },
  });
  for (let i = 0; i < 3; i++) mgr.load("a.txt", Text);
  mgr[Symbol.dispose]();
  assertEquals([leaks.length, mgr.cacheStats().leaks], [3, 3]);
});

Deno.test("a manager that is disposed in its own callbacks reports no handle that was never returned", () => {
  const ends: ((mgr: ResourceManager) => void)[] = [
    (mgr) => { // in a load listener, before there is a handle
      mgr.on("load", () => mgr[Symbol.dispose]());
      assertThrows(() => mgr.load("a.txt", Text), ManagerDisposedError);
    },
    (mgr) => { // while the parent of a resource is unloaded
      mgr.registerLoader({
        name: "p",
        extensions: [".p"],
        load: (_, context) => [context.load("a.txt", Text)],
        unload: () => mgr[Symbol.dispose](),
      });
      mgr.load("x.p", Array)[Symbol.dispose]();
    },
    (mgr) => { // while the dependent of a resource is loaded
      mgr.registerLoader({
        name: "q",
        extensions: [".q"],
        load(_, context) {
          context.load("a.txt", Text);
          mgr[Symbol.dispose]();
          return [];
        },
      });
      assertThrows(() => mgr.load("x.q", Array), ManagerDisposedError);
    },
  ];
  for (const end of ends) {
    const source = new MemorySource({ "a.txt": "a", "x.p": "", "x.q": "" });
    const { mgr, leaks } = managerOf({ source });
    end(mgr);
    assertEquals([mgr.disposed, leaks, mgr.size, mgr.bytes], [true, [], 0, 0]);
  }
});

Deno.test("a reload that disposes the manager reports no leak of an idle resource", () => {
  let ends = false;
  const { mgr, leaks } = managerOf({ idle: "keep" });
  using _warnings = mgr.on("warning", () => {}); // text has a loader already
  mgr.registerLoader({
    name: "t",
    extensions: [".txt"],
    load() {
      if (ends) mgr[Symbol.dispose]();
      return "text";
    },
  });
  mgr.load("a.txt", Text)[Symbol.dispose]();
  ends = true;
  using _errors = mgr.on("error", () => {});
  assertThrows(() => mgr.reload("a.txt"), ManagerDisposedError);
  assertEquals([leaks, mgr.size], [[], 0]);
});

Deno.test("a parent is unloaded completely before its dependencies, even if those are evicted at once", () => {
  const log: string[] = [];
  const { mgr } = managerOf({ idle: { maxEntries: 0 } });
  using _mgr = mgr;
  using _unload = mgr.on("unload", ({ key }) => log.push(`unloaded ${key}`));
  using _warnings = mgr.on("warning", () => {}); // text has a loader already
  mgr.registerLoader({
    name: "p",
    extensions: [".txt"],
    load(_, context) {
      context.defer(() => log.push(`cleaned ${context.key}`));
      if (context.key === "a.txt") context.load("b.txt", Text);
      return context.key;
    },
    unload: (key) => void log.push(`unload ${key}`),
  });
  mgr.load("a.txt", Text)[Symbol.dispose]();
  assertEquals(log, [
    "unload a.txt",
    "cleaned a.txt",
    "unloaded a.txt",
    "unload b.txt",
    "cleaned b.txt",
    "unloaded b.txt",
  ]);
});

Deno.test("a resource that becomes idle in an unload callback is evicted too, if it exceeds the limit", () => {
  const { mgr } = managerOf({ idle: { maxEntries: 0 } });
  using _mgr = mgr;
  mgr.add("k", 1, { unload: () => mgr.load("b.txt", Text)[Symbol.dispose]() })[Symbol.dispose]();
  assertEquals([mgr.size, mgr.cacheStats().idleCount], [0, 0]);
});

Deno.test("reload() does not count as a use: idle resources keep their order and age, and have no holders", () => {
  using b = bench(FILES, { maxBytes: 10 });
  for (const name of ["a.thing", "b.thing"]) b.mgr.load(name, Thing)[Symbol.dispose]();
  let holders: unknown;
  using _reload = b.mgr.on("reload", () => holders = b.mgr.holders("a.thing"));
  b.source.set("a.thing", "a".repeat(9));
  b.mgr.reload("a.thing");
  assertEquals([holders, b.mgr.idleBytes], [[], 10]);
  using _more = b.mgr.add("more", 1, { byteLength: 1 });
  assertEquals([b.mgr.has("a.thing"), b.mgr.has("b.thing")], [false, true]);
  b.source.set("b.thing", "b".repeat(20));
  b.mgr.reload("b.thing");
  assertEquals(b.events.filter((event) => event.startsWith("overbudget")), []);
  assertEquals(b.mgr.has("b.thing"), false);
  assertSound(b.mgr);
});

Deno.test("a manager that is disposed by one unload waits for the asynchronous unloads of the others", async () => {
  const log: string[] = [];
  const { mgr } = managerOf({ idle: "keep" });
  let disposal: Promise<void> | undefined;
  mgr.add("a", 1, { unload: () => void (disposal = mgr[Symbol.asyncDispose]()) })[Symbol.dispose]();
  mgr.add("b", 2, { unload: () => turns().then(() => void log.push("b")) })[Symbol.dispose]();
  mgr.unloadUnused();
  await disposal;
  assertEquals(log, ["b"]);
});

Deno.test("a name that is indexed during its own load leads to the indexed key from then on", () => {
  const mgr: ResourceManager = new ResourceManager({
    source: new MemorySource({ "x.t": "", "dir/x.t": "" }),
    loaders: [{
      name: "t",
      extensions: [".t"],
      load(_, { key }) {
        mgr.indexDirectory("dir");
        return new Thing(key, "");
      },
    }],
  });
  using _mgr = mgr;
  using first = mgr.load("x.t", Thing);
  using second = mgr.load("x.t", Thing);
  assertEquals([first.key, second.key], ["x.t", "dir/x.t"]);
});

Deno.test("a source that lists odd keys, or fails to list, harms nothing", () => {
  const failure = new Error("disk");
  using mgr = new ResourceManager({ source: { list: () => ["./a//b.txt"] } });
  assertEquals(mgr.indexDirectory(), 2);
  using _b = mgr.add("b", "text");
  assertEquals(Object.keys(mgr.cacheStats().resources), ["a/b.txt"]);
  using out = new ResourceManager({ source: { list: () => ["../../etc/passwd.txt"] } });
  assertThrows(() => out.indexDirectory(), RangeError, "leads out of the root");
  using failing = new ResourceManager({
    source: {
      list() {
        throw failure;
      },
    },
  });
  const error = assertThrows(() => failing.indexDirectory("dir"), ResourceLoadError, "disk");
  assertStrictEquals(error.cause, failure);
});

Deno.test("any value that a loader throws becomes a ResourceLoadError with a message", () => {
  for (const thrown of [Object.create(null), undefined, Symbol("s"), 5]) {
    using mgr = new ResourceManager({
      source: new MemorySource({ "x.t": "" }),
      loaders: [{
        name: "t",
        extensions: [".t"],
        load() {
          throw thrown;
        },
      }],
    });
    const error = assertThrows(() => mgr.load("x.t", Thing), ResourceLoadError, "was thrown");
    assertStrictEquals(error.cause, thrown);
  }
});

Deno.test("a load with null as its type is refused before anything is read", () => {
  let reads = 0;
  using mgr = new ResourceManager({ source: { read: () => (reads++, new Uint8Array()) } });
  assertThrows(
    () => mgr.load("a.txt", null as never),
    TypeError,
    'Cannot use "a.txt" as null: that is not a type, use a class or a token such as Text',
  );
  assertEquals(reads, 0);
});
