import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertMatch,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type Handle,
  HandleDisposedError,
  Json,
  type Loader,
  LoaderNotFoundError,
  ManagerDisposedError,
  MemorySource,
  ReferenceCountError,
  ResourceExistsError,
  ResourceLoadError,
  ResourceManager,
  ResourceNotFoundError,
  ResourceNotLoadedError,
  ResourcePathError,
  ResourceTypeError,
  ResourceUnloadedError,
  Text,
} from "../mod.ts";
import { GatedSource } from "../src/testing.ts";
import { captured } from "./_console.ts";
import { FakeClock } from "./_fake_clock.ts";
import { guardAgainstLeaks, leakOnPurpose } from "./_guard.ts";
import { bench, Other, Thing } from "./_thing.ts";
import { turns } from "./_turns.ts";

guardAgainstLeaks();

const FILES = { "a.thing": "a", "b.thing": "bb", "c.thing": "ccc", "dir/d.thing": "dddd" };

function dispose(...handles: Disposable[]): void {
  for (const handle of handles) handle[Symbol.dispose]();
}

// The twelve tests of the project's first plan, with the names that they have there.

Deno.test("resource_caching: ResourceManager.load() returns the same value twice and reads once", () => {
  using b = bench(FILES);
  using first = b.mgr.load("a.thing", Thing);
  using second = b.mgr.load("a.thing", Thing);
  assertStrictEquals(first.value, second.value);
  assertNotStrictEquals(first, second);
  assertEquals(b.loader.log, ["+a.thing"]);
});

Deno.test("loader_selection: ResourceManager.load() chooses the loader by the longest extension", () => {
  const archive = { name: "archive", extensions: [".tar.gz"], load: () => new Other() };
  const gzip = { name: "gzip", extensions: [".GZ"], load: () => new Thing("gz", "") };
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.tar.gz": "", "y.gz": "", "z.TAR.GZ": "", "t.txt": "t" }),
    loaders: [archive, gzip],
  });
  using x = mgr.load("x.tar.gz", Other);
  using y = mgr.load("y.gz", Thing);
  using z = mgr.load("z.TAR.GZ", Other);
  using t = mgr.load("t.txt", Text);
  assert(x.value.other && z.value.other);
  assertEquals([y.value.key, t.value], ["gz", "t"]);
});

Deno.test("wrong_type_error: ResourceManager.load() throws and counts nothing when the value has another type", () => {
  using b = bench(FILES);
  using held = b.mgr.load("a.thing", Thing);
  const error = assertThrows(() => b.mgr.load("a.thing", Other), ResourceTypeError);
  assertEquals([error.key, error.expected, error.actual], ["a.thing", "Other", "Thing"]);
  assertEquals(error.message, 'Cannot use "a.thing" as "Other": its value is of type "Thing"');
  assertThrows(() => b.mgr.get("a.thing", Other), ResourceTypeError);
  assertEquals(b.mgr.cacheStats().resources["a.thing"]?.refCount, 1);
  assertEquals(held.value.key, "a.thing");
});

Deno.test("wrong_type_error: ResourceManager.load() unloads what it loaded when that has another type", () => {
  using b = bench({ "p.thing": "a.thing", "a.thing": "" });
  assertThrows(() => b.mgr.load("p.thing", Other), ResourceTypeError);
  assertEquals(b.loader.log, ["+a.thing", "+p.thing", "-p.thing", "-a.thing"]);
  assertEquals([b.mgr.size, b.mgr.bytes, b.mgr.has("a.thing")], [0, 0, false]);
});

Deno.test("indexing: ResourceManager.indexDirectory() lets file names and stems stand for paths", () => {
  using b = bench({ "chars/hero.thing": "h", "hero.thing": "root", "notes/x.unknown": "" });
  assertEquals(b.mgr.indexDirectory("chars"), 2);
  assertEquals(b.mgr.indexDirectory("chars"), 0);
  using byName = b.mgr.load("hero.thing", Thing);
  using byStem = b.mgr.load("hero", Thing);
  using byPath = b.mgr.load("./hero.thing", Thing);
  assertEquals([byName.key, byStem.key, byPath.key], [
    "chars/hero.thing",
    "chars/hero.thing",
    "hero.thing",
  ]);
  assertEquals(b.mgr.indexDirectory("notes"), 0);
});

Deno.test("reference_counting_basic: each load() adds a reference and each disposal releases one", () => {
  using b = bench(FILES);
  const handles = [1, 2, 3].map(() => b.mgr.load("a.thing", Thing));
  for (const left of [2, 1]) {
    dispose(handles[left]!);
    assertEquals(b.mgr.cacheStats().resources["a.thing"]?.refCount, left);
  }
  dispose(handles[0]!);
  assertFalse(b.mgr.has("a.thing"));
  assertEquals(b.loader.log, ["+a.thing", "-a.thing"]);
});

Deno.test("acquire_release: ResourceManager.acquire() keeps a resource that no handle holds", () => {
  using b = bench(FILES);
  const handle = b.mgr.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  dispose(handle);
  assert(b.mgr.has("a.thing"));
  b.mgr.release("a.thing");
  assertFalse(b.mgr.has("a.thing"));
});

Deno.test("acquire_unloaded_resource_error: ResourceManager.acquire() throws when the resource is not resident", () => {
  using b = bench(FILES);
  const error = assertThrows(() => b.mgr.acquire("./a.thing"), ResourceNotLoadedError);
  assertInstanceOf(error, ReferenceError);
  assertEquals(error.message, 'Cannot acquire "a.thing": it is not resident, load it first');
});

Deno.test("release_unloaded_resource_error: ResourceManager.release() throws when the resource is not resident", () => {
  using b = bench(FILES);
  assertThrows(() => b.mgr.release("a.thing"), ResourceNotLoadedError, "Cannot release");
});

Deno.test("release_zero_refcount_error: ResourceManager.release() never releases the reference of a handle", () => {
  using b = bench(FILES, { idle: "keep" });
  const first = b.mgr.load("a.thing", Thing);
  const second = first.clone();
  const error = assertThrows(() => b.mgr.release("a.thing"), ReferenceCountError);
  assertEquals(error.handles, 2);
  assertEquals(
    error.message,
    'Cannot release "a.thing": every acquire() was released already, 2 handles hold it, dispose those instead',
  );
  dispose(second);
  assertThrows(() => b.mgr.release("a.thing"), ReferenceCountError, "1 handle holds it");
  dispose(first);
  assertThrows(() => b.mgr.release("a.thing"), ReferenceCountError, "nothing holds it");
  assertEquals(b.mgr.cacheStats().totalReferences, 0);
});

Deno.test("unload_unused: ResourceManager.unloadUnused() unloads only idle resources", () => {
  using b = bench(FILES, { idle: "keep" });
  using held = b.mgr.load("a.thing", Thing);
  dispose(b.mgr.load("b.thing", Thing), b.mgr.load("c.thing", Thing));
  assertEquals(b.mgr.unloadUnused(), 2);
  assertEquals(b.mgr.unloadUnused(), 0);
  assertEquals(Object.keys(b.mgr.cacheStats().resources), [held.key]);
  assertEquals(b.loader.log.slice(-2), ["-b.thing", "-c.thing"]);
});

Deno.test("force_unload: ResourceManager.unload() unloads a live resource only by force", () => {
  using b = bench(FILES);
  using handle = b.mgr.load("a.thing", Thing);
  assertFalse(b.mgr.unload("a.thing"));
  assertEquals(handle.value.key, "a.thing");
  assert(b.mgr.unload("a.thing", { force: true }));
  assertFalse(b.mgr.unload("a.thing", { force: true }));
  assertThrows(
    () => handle.value,
    ResourceUnloadedError,
    "it was unloaded by force, load it again",
  );
});

Deno.test("cache_stats: ResourceManager.cacheStats() is a plain snapshot of every resource", () => {
  const clock = new FakeClock();
  using b = bench(FILES, { maxBytes: 100, clock });
  using _a = b.mgr.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  clock.advance(10);
  dispose(b.mgr.load("b.thing", Thing));
  clock.advance(10);
  dispose(b.mgr.load("a.thing", Thing));
  const { resources, ...totals } = b.mgr.cacheStats();
  assertEquals(totals, {
    resourceCount: 2,
    totalReferences: 2,
    bytes: 3,
    idleCount: 1,
    idleBytes: 2,
    reclaimableBytes: 2,
    maxBytes: 100,
    hits: 1,
    misses: 2,
    evictions: 0,
    leaks: 0,
  });
  const common = { type: "Thing", version: 1, dependencies: [] };
  assertEquals(Object.getPrototypeOf(resources), null);
  assertEquals({ ...resources }, {
    "a.thing": {
      ...common,
      refCount: 2,
      handles: 1,
      bytes: 1,
      state: "live",
      lastAccessed: 1_000_020,
    },
    "b.thing": {
      ...common,
      refCount: 0,
      handles: 0,
      bytes: 2,
      state: "idle",
      lastAccessed: 1_000_010,
    },
  });
  b.mgr.release("a.thing");
});

// Lifetimes.

Deno.test("ResourceManager.load() finds one entry by every spelling of its name", () => {
  using b = bench(FILES);
  using scope = b.mgr.scope();
  for (const name of ["dir/d.thing", "./dir/d.thing", "x/../dir/d.thing", "dir//d.thing"]) {
    assertEquals(scope.load(name, Thing).key, "dir/d.thing");
  }
  for (let i = 0; i < 20; i++) scope.load(`${"./".repeat(i)}dir/d.thing`, Thing);
  assertEquals([b.mgr.size, b.loader.log.length], [1, 1]);
  assert(b.mgr.unload("dir/d.thing", { force: true }));
  for (const name of ["dir/d.thing", "./dir/d.thing"]) assertFalse(b.mgr.has(name));
});

Deno.test("ResourceManager.load() makes a new entry after a forced unload, and old handles do not affect it", () => {
  using b = bench(FILES);
  const old = b.mgr.load("a.thing", Thing);
  const older = old.clone();
  b.mgr.unload("a.thing", { force: true });
  using fresh = b.mgr.load("a.thing", Thing);
  dispose(old, old, older);
  assertEquals(b.mgr.cacheStats().resources["a.thing"]?.refCount, 1);
  assertEquals(fresh.value.unloads, 0);
  assertThrows(() => old.value, HandleDisposedError);
});

Deno.test("ResourceManager.load() makes an idle resource live again without reading it", () => {
  using b = bench(FILES, { idle: "keep" });
  dispose(b.mgr.load("a.thing", Thing));
  assertEquals([b.mgr.idleBytes, b.mgr.bytes], [1, 1]);
  using _again = b.mgr.load("a.thing", Thing);
  assertEquals([b.mgr.idleBytes, b.mgr.bytes, b.loader.log.length], [0, 1, 1]);
  assertEquals(b.mgr.unloadUnused(), 0);
});

Deno.test("ResourceManager.load() leaves nothing behind when the source or the loader fails", () => {
  using b = bench({ "bad.thing": "a.thing\nthrow", "a.thing": "" });
  const missing = assertThrows(() => b.mgr.load("no.thing", Thing), ResourceLoadError);
  assertEquals(missing.message, 'Cannot load "no.thing": the memory source has no such key');
  const broken = assertThrows(() => b.mgr.load("bad.thing", Thing), ResourceLoadError);
  assertEquals(broken.message, 'Cannot load "bad.thing": bad.thing is broken');
  assertInstanceOf(broken.cause, Error);
  assertEquals(b.loader.log, ["+a.thing", "-a.thing"]);
  const { misses, totalReferences, resourceCount } = b.mgr.cacheStats();
  assertEquals([misses, totalReferences, resourceCount, b.errors.length], [3, 0, 0, 0]);
});

Deno.test("ResourceManager.load() throws LoaderNotFoundError for a file that no loader loads synchronously", () => {
  const later = { name: "later", extensions: [".later"], loadAsync: () => Promise.resolve(1) };
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.later": "", "x.none": "", ".txt": "" }),
    loaders: [later],
  });
  const error = assertThrows(() => mgr.load("x.none", Thing), LoaderNotFoundError);
  assertEquals(error.key, "x.none");
  assertStringIncludes(error.message, 'Cannot load "x.none": no loader for its extension');
  assertStringIncludes(error.message, ".json");
  assertThrows(() => mgr.load(".txt", Text), LoaderNotFoundError);
  assertThrows(() => mgr.load("dir.d/x", Text), LoaderNotFoundError, "call indexDirectory()");
  assertThrows(() => mgr.load("x.later", Thing), LoaderNotFoundError, "use loadAsync");
});

Deno.test("ResourceManager.load() throws a ResourceLoadError that names loadAsync when the source can't read", () => {
  using mgr = new ResourceManager({ source: {} });
  assertThrows(() => mgr.load("a.txt", Text), ResourceLoadError, "use loadAsync");
});

Deno.test("ResourceManager.reload() suggests reloadAsync when only that can read or decode", async () => {
  const readAsync = () => Promise.resolve(new Uint8Array());
  const later: Loader<Thing> = {
    name: "later",
    extensions: [".later"],
    loadAsync: () => Promise.resolve(new Thing("a.later", "")),
  };
  using mgr = new ResourceManager({ source: { readAsync }, loaders: [later] });
  using _text = await mgr.loadAsync("a.txt");
  using _late = await mgr.loadAsync("a.later");
  assertThrows(
    () => mgr.reload("a.txt"),
    ResourceLoadError,
    'Cannot load "a.txt": its source reads only asynchronously, use reloadAsync',
  );
  assertThrows(
    () => mgr.reload("a.later"),
    LoaderNotFoundError,
    'Cannot load "a.later": its loader "later" is asynchronous, use reloadAsync',
  );
});

Deno.test("ResourceManager.load() refuses a source that does not return bytes", () => {
  using mgr = new ResourceManager({ source: { read: () => "text" as never } });
  const error = assertThrows(() => mgr.load("a.txt", Text), ResourceLoadError);
  assertMatch(error.message, /returned a string, not a Uint8Array/);
});

Deno.test("ResourceManager.load() throws ResourceTypeError when the loader returns undefined", () => {
  const unloaded: unknown[] = [];
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.nil": "" }),
    loaders: [{
      name: "nil",
      extensions: [".nil"],
      load: () => undefined,
      unload: (value) => void unloaded.push(value),
    }],
  });
  assertThrows(
    () => mgr.load("x.nil", Thing),
    ResourceTypeError,
    'Cannot use "x.nil" as "Thing": its value is undefined, was a return forgotten?',
  );
  assertEquals([mgr.size, unloaded.length], [0, 0]);
});

Deno.test("ResourceManager.load() refuses a byteLength that is not a size, and unloads the value", () => {
  for (
    const size of [NaN, -1, Infinity, 1.5, 2 ** 53, "7" as never, 7n as never, undefined as never]
  ) {
    const thing = new Thing("t", "");
    using mgr = new ResourceManager({
      source: new MemorySource({ "x.t": "" }),
      loaders: [{
        name: "odd",
        extensions: [".t"],
        load: () => thing,
        byteLength: () => size,
        unload: (value: Thing) => void value.unloads++,
      }],
    });
    const error = assertThrows(() => mgr.load("x.t", Thing), ResourceLoadError);
    assertInstanceOf(error.cause, RangeError);
    assertEquals(
      error.message,
      `Cannot load "x.t": the loader "odd" returned ${size} as its byteLength, ` +
        "use a whole number from 0 to 9007199254740991",
    );
    assertEquals([thing.unloads, mgr.size, mgr.bytes], [1, 0, 0]);
  }
});

Deno.test("a loader's byteLength is asked once for each load and each reload", () => {
  let calls = 0;
  const byteLength = (text: string) => {
    calls++;
    return text.length;
  };
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.t": "" }),
    loaders: [{ name: "text", extensions: [".t"], load: () => "value", byteLength }],
  });
  using _first = mgr.load("a.t");
  using _second = mgr.load("a.t");
  assertEquals([calls, mgr.bytes, mgr.cacheStats().bytes], [1, 5, 5]);
  mgr.reload("a.t");
  assertEquals(calls, 2);
});

Deno.test("ResourceManager.load() checks an entry against each type once", () => {
  let checks = 0;
  const Checked = {
    name: "Checked",
    [Symbol.hasInstance](value: unknown): value is Thing {
      checks++;
      return value instanceof Thing;
    },
  };
  using b = bench(FILES);
  using scope = b.mgr.scope();
  scope.load("a.thing", Thing);
  for (let i = 0; i < 5; i++) {
    scope.load("a.thing", Checked);
    scope.load("a.thing", Thing);
  }
  assertEquals(checks, 1);
  assertEquals(b.mgr.cacheStats().resources["a.thing"]?.type, "Thing");
});

Deno.test("ResourceManager.load() accepts classes with private constructors and objects with a prototype as types", () => {
  class Hidden {
    private constructor() {}
    static make(): Hidden {
      return new Hidden();
    }
  }
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.h": "" }),
    loaders: [{ name: "h", extensions: [".h"], load: () => Hidden.make() }],
  });
  using handle: Handle<Hidden> = mgr.load("x.h", Hidden);
  using same = mgr.load("x.h", { name: "Hidden", prototype: Hidden.prototype });
  assertStrictEquals(handle.value, same.value);
  assertThrows(() => mgr.load("x.h", { name: "O", prototype: Other.prototype }), ResourceTypeError);
});

Deno.test("ResourceManager.load() refuses names that are not keys before anything is read", () => {
  let reads = 0;
  using mgr = new ResourceManager({
    source: { read: () => (reads++, new Uint8Array()) },
  });
  for (
    const name of ["", ".", "..", "../a.txt", "a/../../b.txt", "/a.txt", "C:/a.txt", "a\\b.txt"]
  ) {
    for (
      const use of [
        () => mgr.load(name, Text),
        () => mgr.get(name, Text),
        () => mgr.add(name, 1),
        () => mgr.acquire(name),
        () => mgr.has(name),
        () => mgr.unload(name),
        () => mgr.reload(name),
      ]
    ) assertThrows(use, ResourcePathError);
  }
  assertThrows(() => mgr.load("a\0.txt", Text), ResourcePathError, "NUL");
  assertThrows(() => mgr.load(undefined as never, Text), ResourcePathError, "it is not a string");
  assertEquals(reads, 0);
});

Deno.test("ResourceManager.load() accepts keys that plain objects inherit", () => {
  using b = bench({ "__proto__.thing": "", "constructor.thing": "" });
  using scope = b.mgr.scope();
  scope.load("__proto__.thing", Thing);
  scope.load("constructor.thing", Thing);
  using _proto = b.mgr.add("__proto__", new Thing("proto", ""));
  assertEquals(Object.keys(b.mgr.cacheStats().resources), [
    "__proto__.thing",
    "constructor.thing",
    "__proto__",
  ]);
});

// get(), add(), has(), peek(), holders().

Deno.test("ResourceManager.get() never loads", () => {
  using b = bench(FILES, { idle: "keep" });
  assertEquals(b.mgr.get("a.thing", Thing), undefined);
  assertThrows(() => b.mgr.get("a.thing", null as never), TypeError, "that is not a type");
  dispose(b.mgr.load("a.thing", Thing));
  using handle = b.mgr.get("./a.thing", Thing);
  assertEquals(handle?.value.key, "a.thing");
  assertEquals(b.mgr.idleBytes, 0);
});

Deno.test("ResourceManager.add() makes a value resident that load() shares", () => {
  using b = bench(FILES);
  const value = new Thing("made", "");
  let unloaded = 0;
  const handle = b.mgr.add("made", value, { byteLength: 10, unload: () => void unloaded++ });
  using shared = b.mgr.load("made", Thing);
  assertStrictEquals(shared.value, value);
  assertEquals([b.mgr.bytes, b.mgr.cacheStats().resources["made"]?.type], [10, "Thing"]);
  dispose(handle, shared);
  assertEquals([unloaded, b.mgr.size, b.mgr.bytes], [1, 0, 0]);
  assertEquals(b.events, ["load made", "unload made released"]);
});

Deno.test("ResourceManager.add() throws for a live key and replaces an idle one", () => {
  using b = bench(FILES, { idle: "keep" });
  const live = b.mgr.load("a.thing", Thing);
  const error = assertThrows(() => b.mgr.add("a.thing", new Other()), ResourceExistsError);
  assertEquals([error.key, error.refCount], ["a.thing", 1]);
  dispose(live);
  using added = b.mgr.add("a.thing", new Other());
  assert(added.value.other);
  assertEquals(b.events, ["load a.thing", "unload a.thing replaced", "load a.thing"]);
});

Deno.test("ResourceManager.add() refuses a bad size and undefined as a value", () => {
  using b = bench(FILES);
  for (const byteLength of [NaN, -1, Infinity, 1.5, 2 ** 53, 1.7e308, "7" as never]) {
    assertThrows(
      () => b.mgr.add("x", 1, { byteLength }),
      RangeError,
      'Cannot add "x": "byteLength" must be a whole number from 0 to 9007199254740991: ' +
        `received ${Deno.inspect(byteLength)}`,
    );
  }
  assertThrows(() => b.mgr.add("x", undefined), ResourceTypeError);
  assertEquals(b.mgr.size, 0);
});

Deno.test("ResourceManager.bytes stays exact for the largest sizes, and a load that would make it inexact is refused", () => {
  const loader = { name: "vast", extensions: [".vast"], load: () => ({}), byteLength: () => size };
  let size = Number.MAX_SAFE_INTEGER;
  const source = new MemorySource({ "1.vast": "", "2.vast": "", "x.txt": "12345" });
  using mgr = new ResourceManager({ source, loaders: [loader], idle: "keep" });
  {
    using _one = mgr.load("1.vast", Object);
    const refused = [
      () => mgr.add("a", 1, { byteLength: 1 }),
      () => mgr.load("x.txt", Text),
      () => mgr.load("2.vast", Object),
    ];
    for (const load of refused) assertThrows(load, Error, "a whole number from 0 to 0");
    using _empty = mgr.add("a", 1, { byteLength: 0 });
    assertEquals([mgr.bytes, mgr.idleBytes], [Number.MAX_SAFE_INTEGER, 0]);
  }
  assertEquals([mgr.bytes, mgr.idleBytes], [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
  assertEquals([mgr.clear(), mgr.bytes, mgr.idleBytes], [2, 0, 0]);
  size = Number.MAX_SAFE_INTEGER - 5;
  using _two = mgr.load("2.vast", Object);
  using _text = mgr.load("x.txt", Text);
  assertEquals([mgr.bytes, mgr.cacheStats().bytes], Array(2).fill(Number.MAX_SAFE_INTEGER));
  using _nothing = mgr.add("b", 1, { byteLength: -0 });
  assert(Object.is(mgr.cacheStats().resources["b"]?.bytes, 0));
});

Deno.test("ResourceManager.add() accepts values of every kind and disposes those that are disposable", () => {
  using b = bench(FILES);
  let disposed = 0;
  using scope = new DisposableStack();
  scope.use(b.mgr.add("text", "words"));
  scope.use(b.mgr.add("null", null));
  scope.use(b.mgr.add("bare", Object.create(null)));
  scope.use(b.mgr.add("disposable", { [Symbol.dispose]: () => void disposed++ }));
  using text = b.mgr.load("text", Text);
  assertEquals(text.value, "words");
  const types = Object.values(b.mgr.cacheStats().resources).map(({ type }) => type);
  assertEquals(types, ["string", "null", "object", "Object"]);
  scope.dispose();
  assertEquals(disposed, 1);
});

Deno.test("ResourceManager.has() and peek() do not count as uses", () => {
  using b = bench(FILES, { idle: { maxEntries: 2 } });
  dispose(b.mgr.load("a.thing", Thing), b.mgr.load("b.thing", Thing));
  assert(b.mgr.has("a.thing"));
  assertInstanceOf(b.mgr.peek("a.thing"), Thing);
  assertEquals(b.mgr.peek("c.thing"), undefined);
  dispose(b.mgr.load("c.thing", Thing));
  assertFalse(b.mgr.has("a.thing"));
});

Deno.test("ResourceManager.holders() returns scopes, dependents, other handles and acquires", () => {
  using b = bench({ "p.thing": "a.thing", "a.thing": "" });
  using scope = b.mgr.scope("level 1");
  using other = b.mgr.scope("level 1");
  using unnamed = b.mgr.scope();
  scope.load("a.thing", Thing);
  scope.load("a.thing", Thing);
  other.load("a.thing", Thing);
  unnamed.load("a.thing", Thing);
  using _parent = b.mgr.load("p.thing", Thing);
  using _loose = b.mgr.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  const holder = { handles: 1, manual: 0, stacks: [] };
  assertEquals(b.mgr.holders("a.thing"), [
    { ...holder, label: "level 1", handles: 2 },
    { ...holder, label: "level 1" },
    holder,
    { ...holder, label: "p.thing" },
    { ...holder, manual: 1 },
  ]);
  b.mgr.release("a.thing");
  assertEquals(b.mgr.holders("nothing"), []);
  scope.dispose();
  assertEquals(b.mgr.holders("a.thing").length, 4);
});

Deno.test("ResourceManager.unload() warns which holders a live resource has", () => {
  using b = bench(FILES);
  using scope = b.mgr.scope("level 1");
  scope.load("a.thing", Thing);
  using _one = b.mgr.load("a.thing", Thing);
  using _two = b.mgr.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  assertFalse(b.mgr.unload("a.thing"));
  assertEquals(
    b.events.at(-1)?.includes(
      'Cannot unload "a.thing": it is held by 1 handle of "level 1", 2 handles, 1 acquire not released',
    ),
    true,
  );
  b.mgr.release("a.thing");
});

// Names.

Deno.test("ResourceManager.indexDirectory() makes a name of two files ambiguous, and warns", () => {
  using b = bench({ "x/hero.thing": "", "y/hero.thing": "", "z/hero.thing": "" });
  using _early = b.mgr.load("x/hero.thing", Thing);
  assertEquals(b.mgr.indexDirectory(), 2);
  const error = assertThrows(() => b.mgr.load("hero", Thing), ResourcePathError);
  assertEquals(error.candidates, ["x/hero.thing", "y/hero.thing", "z/hero.thing"]);
  assertStringIncludes(error.message, '"x/hero.thing" and "y/hero.thing"');
  assertEquals(b.events.filter((event) => event.startsWith("warning")).length, 4);
  using path = b.mgr.load("y/hero.thing", Thing);
  assertEquals(path.key, "y/hero.thing");
});

Deno.test("a second ResourceManager.indexDirectory() replaces its names: a file may have moved", () => {
  using b = bench({ "chars/hero.thing": "", "chars/orc.thing": "" }, { idle: "keep" });
  assertEquals(b.mgr.indexDirectory(), 4);
  using old = b.mgr.load("hero", Thing);
  b.source.delete("chars/hero.thing");
  b.source.set("heroes/hero.thing", "");
  assertEquals(b.mgr.indexDirectory(), 0);
  using moved = b.mgr.load("hero", Thing);
  using orc = b.mgr.load("orc.thing", Thing);
  assertEquals([old.key, moved.key, orc.key], [
    "chars/hero.thing",
    "heroes/hero.thing",
    "chars/orc.thing",
  ]);
  assertEquals(b.events.filter((event) => event.startsWith("warning")), []);
  b.source.delete("heroes/hero.thing");
  b.mgr.indexDirectory();
  assertThrows(() => b.mgr.load("hero", Thing), LoaderNotFoundError);
  assertThrows(() => b.mgr.load("hero.thing", Thing), ResourceNotFoundError);
  assertEquals([b.mgr.has("heroes/hero.thing"), b.mgr.size], [true, 3]);
});

Deno.test("a second ResourceManager.indexDirectory() makes a name a path again when its file has moved", () => {
  using b = bench({ "hero.thing": "", "chars/hero.thing": "" }, { idle: "keep" });
  b.mgr.indexDirectory("chars");
  using indexed = b.mgr.load("hero.thing", Thing);
  using root = b.mgr.load("./hero.thing", Thing);
  b.source.delete("chars/hero.thing");
  b.source.set("chars/orc.thing", "");
  b.mgr.indexDirectory("chars");
  using again = b.mgr.load("hero.thing", Thing);
  assertEquals([indexed.key, root.key, again.key], [
    "chars/hero.thing",
    "hero.thing",
    "hero.thing",
  ]);
  assertEquals([again.value === root.value, b.mgr.size], [true, 2]);
  for (const handle of [indexed, root, again]) handle[Symbol.dispose]();
  assertEquals([b.mgr.clear(), b.mgr.size], [2, 0]);
});

Deno.test("a name that got another key while it was loading leads to that key afterwards", async () => {
  const files = new MemorySource({ "chars/hero.txt": "old", "heroes/hero.txt": "new" });
  const source = new GatedSource(files);
  await using mgr = new ResourceManager({ source });
  mgr.indexDirectory("chars");
  const task = mgr.loadAsync("hero", Text);
  files.delete("chars/hero.txt");
  files.set("chars/deep/hero.txt", "moved");
  await source.arrival("chars/hero.txt");
  mgr.indexDirectory("chars");
  files.set("chars/hero.txt", "old");
  source.open("chars/hero.txt");
  using old = await task;
  using moved = mgr.load("hero", Text);
  assertEquals([old.value, moved.key, moved.value], ["old", "chars/deep/hero.txt", "moved"]);
});

Deno.test("ResourceManager.indexDirectory() also applies to a name that was loaded as a path before", () => {
  using b = bench({ "hero.thing": "", "chars/hero.thing": "" });
  using root = b.mgr.load("hero.thing", Thing);
  b.mgr.indexDirectory("chars");
  using indexed = b.mgr.load("hero.thing", Thing);
  assertEquals([root.key, indexed.key], ["hero.thing", "chars/hero.thing"]);
});

Deno.test("ResourceManager.indexDirectory() reads subdirectories only when it is recursive", () => {
  using b = bench({ "a.thing": "", "deep/b.thing": "" });
  assertEquals(b.mgr.indexDirectory("", { recursive: false }), 2);
  assertEquals(b.mgr.indexDirectory(), 2);
});

Deno.test("ResourceManager.indexDirectory() throws when the source can't list or has no such directory", () => {
  using mgr = new ResourceManager({ source: {} });
  assertThrows(() => mgr.indexDirectory("x"), ResourceLoadError, "its source cannot list");
  using b = bench(FILES);
  assertThrows(
    () => b.mgr.indexDirectory("nowhere"),
    ResourceLoadError,
    'Cannot index "nowhere": the memory source has no such directory',
  );
  assertThrows(() => b.mgr.indexDirectory("../x"), ResourcePathError);
});

Deno.test("warnings go to the console without a listener, and a given loader replaces a built-in one silently", () => {
  const shout: Loader<string> = { name: "shout", extensions: [".txt"], load: () => "LOUD" };
  const whisper = { ...shout, name: "whisper", load: () => "quiet" };
  const source = new MemorySource({ "a.txt": "", "x/b.txt": "", "y/b.txt": "" });
  const printed = captured("warn", () => {
    using mgr = new ResourceManager({ source, loaders: [shout] });
    using a = mgr.load("a.txt", Text);
    assertEquals(a.value, "LOUD");
    mgr.registerLoader(whisper);
    mgr.unload("a.txt");
    mgr.unload("a.txt");
    mgr.indexDirectory();
    using _twice = new ResourceManager({ source, loaders: [shout, whisper] });
  });
  assertEquals(printed, [
    'Loader "whisper" replaces "shout" for ".txt"',
    'Cannot unload "a.txt": it is held by 1 handle',
    'Name "b.txt" is ambiguous, "y/b.txt" claims it too: load it by a path',
    'Name "b" is ambiguous, "y/b.txt" claims it too: load it by a path',
    'Loader "whisper" replaces "shout" for ".txt"',
  ]);
});

Deno.test("ResourceManager.registerLoader() replaces an earlier loader, and warns", () => {
  using b = bench({ "a.thing": "", "x.txt": "text" });
  b.mgr.registerLoader({ name: "shout", extensions: [".TXT"], load: () => "LOUD" });
  assertEquals(b.events, ['warning Loader "shout" replaces "text" for ".txt"']);
  using text = b.mgr.load("x.txt", Text);
  assertEquals(text.value, "LOUD");
});

// Reloading.

Deno.test("ResourceManager.reload() replaces the value of its handles, and unloads the old one afterwards", () => {
  using b = bench(FILES);
  using handle = b.mgr.load("a.thing", Thing);
  const old = handle.value;
  b.source.set("a.thing", "longer");
  b.mgr.reload("a.thing");
  assertEquals([handle.value.text, handle.version, old.unloads, b.mgr.bytes], ["longer", 2, 1, 6]);
  assertEquals(b.loader.log, ["+a.thing", "+a.thing", "-a.thing"]);
  assertEquals(b.events, ["load a.thing", "reload a.thing 2"]);
});

Deno.test("ResourceManager.reload() keeps the old value when the new one fails", () => {
  using b = bench(FILES);
  using handle = b.mgr.load("a.thing", Thing);
  b.source.set("a.thing", "throw");
  const error = assertThrows(() => b.mgr.reload("a.thing"), ResourceLoadError);
  assertEquals(b.errors, [error]);
  assertEquals([handle.value.text, handle.version, handle.value.unloads], ["a", 1, 0]);
});

Deno.test("ResourceManager.reload() keeps the old value when the new one is of another type", () => {
  let value: unknown = new Thing("x", "");
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.any": "" }),
    loaders: [{ name: "any", extensions: [".any"], load: () => value }],
  });
  using _errors = mgr.on("error", () => {});
  using handle = mgr.load("x.any", Thing);
  value = new Other();
  assertThrows(() => mgr.reload("x.any"), ResourceTypeError);
  assertInstanceOf(handle.value, Thing);
});

Deno.test("ResourceManager.reload() reloads dependents after what they depend on", () => {
  using b = bench({
    "top.thing": "left.thing\nright.thing",
    "left.thing": "base.thing",
    "right.thing": "base.thing",
    "base.thing": "",
  });
  using top = b.mgr.load("top.thing", Thing);
  b.events.length = 0;
  b.mgr.reload("base.thing");
  const order = b.events.map((event) => event.split(" ")[1]);
  assertEquals([order[0], order.at(-1), order.length], ["base.thing", "top.thing", 4]);
  assertEquals(top.version, 2);
  assertEquals(b.mgr.cacheStats().resources["base.thing"]?.refCount, 2);
});

Deno.test("ResourceManager.reload() continues after a dependent that fails, and throws the errors", () => {
  using b = bench({ "p.thing": "a.thing", "q.thing": "a.thing", "a.thing": "" });
  using p = b.mgr.load("p.thing", Thing);
  using q = b.mgr.load("q.thing", Thing);
  b.source.set("p.thing", "throw");
  assertThrows(() => b.mgr.reload("a.thing"), ResourceLoadError, "p.thing is broken");
  assertEquals([p.version, q.version], [1, 2]);
  b.source.set("q.thing", "throw");
  assertThrows(() => b.mgr.reload("a.thing"), AggregateError);
});

Deno.test("ResourceManager.reload() replaces dependencies", () => {
  using b = bench({ "p.thing": "a.thing\nb.thing", "a.thing": "", "b.thing": "", "c.thing": "" });
  using _p = b.mgr.load("p.thing", Thing);
  b.source.set("p.thing", "b.thing\nc.thing");
  b.mgr.reload("p.thing");
  const { resources } = b.mgr.cacheStats();
  assertEquals(resources["p.thing"]?.dependencies, ["b.thing", "c.thing"]);
  assertEquals(Object.keys(resources).sort(), ["b.thing", "c.thing", "p.thing"]);
});

Deno.test("ResourceManager.reload() counts the bytes of an idle resource, and evicts for the new size", () => {
  using b = bench({ "a.thing": "a", "b.thing": "b" }, { maxBytes: 10 });
  dispose(b.mgr.load("a.thing", Thing), b.mgr.load("b.thing", Thing));
  b.source.set("b.thing", "b".repeat(9));
  b.mgr.reload("b.thing");
  assertEquals([b.mgr.bytes, b.mgr.idleBytes], [10, 10]);
  b.source.set("b.thing", "b".repeat(10));
  b.mgr.reload("b.thing");
  assertEquals([b.mgr.bytes, b.mgr.idleBytes, b.mgr.has("a.thing")], [10, 10, false]);
});

Deno.test("ResourceManager.reload() throws for a resource that is not resident or was added", () => {
  using b = bench(FILES);
  assertThrows(() => b.mgr.reload("a.thing"), ResourceNotLoadedError, "Cannot reload");
  using _added = b.mgr.add("x.thing", new Thing("x", ""));
  assertThrows(() => b.mgr.reload("x.thing"), ResourceLoadError, "it was added, not loaded");
});

// Disposal.

Deno.test("ResourceManager[Symbol.dispose]() unloads everything, parents first, and reports open handles", () => {
  leakOnPurpose();
  const leaks: string[] = [];
  const b = bench({ "p.thing": "a.thing", "a.thing": "", "f.thing": "" }, {
    idle: "keep",
    leaks: { onLeak: ({ key, label }) => leaks.push(`${key} ${label}`) },
  });
  const scope = b.mgr.scope("level 1");
  scope.load("p.thing", Thing);
  const open = b.mgr.load("a.thing", Thing);
  const forced = b.mgr.load("f.thing", Thing);
  b.mgr.unload("f.thing", { force: true });
  b.loader.takeLog();
  b.mgr[Symbol.dispose]();
  b.mgr[Symbol.dispose]();
  assertEquals(b.loader.log, ["-p.thing", "-a.thing"]);
  assertEquals(leaks.sort(), ["a.thing undefined", "f.thing undefined", "p.thing level 1"]);
  assertEquals(b.mgr.cacheStats().leaks, 3);
  assertThrows(() => open.value, ResourceUnloadedError, "its manager is disposed");
  assertThrows(() => open.clone(), ManagerDisposedError);
  dispose(open, forced);
  scope.dispose();
});

Deno.test("after ResourceManager[Symbol.dispose]() only methods that look are allowed", () => {
  const b = bench(FILES);
  const weak = b.mgr.load("a.thing", Thing);
  const upgrade = weak.weak();
  const scope = b.mgr.scope("late");
  dispose(weak);
  dispose(b.mgr);
  const { mgr } = b;
  assertEquals([mgr.disposed, mgr.size, mgr.bytes, mgr.idleBytes], [true, 0, 0, 0]);
  assertEquals([mgr.has("a.thing"), mgr.peek("a.thing")], [false, undefined]);
  assertEquals([mgr.cacheStats().resourceCount, mgr.holders("a.thing")], [0, []]);
  assertEquals(upgrade.upgrade(), undefined);
  assertStringIncludes(Deno.inspect(mgr), "disposed: true");
  const refused: (() => unknown)[] = [
    () => mgr.load("a.thing", Thing),
    () => mgr.get("a.thing", Thing),
    () => mgr.add("a.thing", 1),
    () => mgr.scope(),
    () => scope.load("a.thing", Thing),
    () => mgr.acquire("a.thing"),
    () => mgr.release("a.thing"),
    () => mgr.unload("a.thing"),
    () => mgr.unloadUnused(),
    () => mgr.clear(),
    () => mgr.reload("a.thing"),
    () => mgr.indexDirectory(),
    () => mgr.registerLoader(b.loader),
  ];
  for (const use of refused) assertThrows(use, ManagerDisposedError, "the manager is disposed");
});

Deno.test("ResourceManager[Symbol.dispose]() throws a single error itself, and several as an AggregateError", () => {
  const one = bench(FILES, { idle: "keep" });
  dispose(one.mgr.load("a.thing", Thing), one.mgr.load("b.thing", Thing));
  one.loader.stubborn.add("a.thing");
  assertThrows(() => dispose(one.mgr), Error, "a.thing is stubborn");
  assertEquals(one.loader.log.slice(-2).sort(), ["-a.thing", "-b.thing"]);
  const two = bench(FILES, { idle: "keep" });
  dispose(two.mgr.load("a.thing", Thing), two.mgr.load("b.thing", Thing));
  two.loader.stubborn.add("a.thing").add("b.thing");
  const error = assertThrows(() => dispose(two.mgr), AggregateError);
  assertEquals(error.errors.length, 2);
});

Deno.test("ResourceManager[Symbol.asyncDispose]() waits for asynchronous unloads and rejects with their errors", async () => {
  const gate = Promise.withResolvers<void>();
  const mgr = new ResourceManager({ source: new MemorySource() });
  const log: string[] = [];
  using scope = new DisposableStack();
  scope.use(mgr.add("a", 1, { unload: () => gate.promise.then(() => void log.push("unloaded")) }));
  scope.use(mgr.add("b", 2, { unload: () => Promise.reject(new Error("b failed")) }));
  scope.use(
    mgr.add("c", { [Symbol.asyncDispose]: () => Promise.resolve(void log.push("disposed")) }),
  );
  scope.dispose();
  const disposal = mgr[Symbol.asyncDispose]();
  assertEquals([mgr.disposed, log], [true, ["disposed"]]);
  gate.resolve();
  await assertRejects(() => disposal, Error, "b failed");
  assertEquals(log, ["disposed", "unloaded"]);
  await mgr[Symbol.asyncDispose]();
});

Deno.test("the error of an asynchronous unload goes to the error event", async () => {
  using b = bench(FILES);
  dispose(b.mgr.add("x", 1, { unload: () => Promise.reject(new Error("late")) }));
  await turns();
  assertEquals((b.errors[0] as Error).message, "late");
});

Deno.test("console.log of a ResourceManager shows its counts", () => {
  using b = bench(FILES, { maxBytes: 100 });
  using _a = b.mgr.load("a.thing", Thing);
  const shown = Deno.inspect(b.mgr);
  for (const part of ["ResourceManager {", "resources: 1", "live: 1", "maxBytes: 100", "hits: 0"]) {
    assertStringIncludes(shown, part);
  }
});

Deno.test("ResourceManager loads JSON and text without a given loader", () => {
  using mgr = new ResourceManager({ source: new MemorySource({ "a.json": "[1]", "a.txt": "x" }) });
  using list = mgr.load("a.json", Json);
  using text = mgr.load("a.txt", Text);
  assertEquals([list.value, text.value], [[1], "x"]);
});
