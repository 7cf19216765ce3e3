import { assert, assertEquals, assertFalse, assertStrictEquals, assertThrows } from "@std/assert";
import { MemorySource, ResourceManager, Text } from "../../mod.ts";
import { guardAgainstLeaks } from "../_guard.ts";
import { bench, Thing } from "../_thing.ts";

guardAgainstLeaks();

const FILES = { "a.thing": "a", "b.thing": "b", "c.thing": "c" };

function stubborn(names: string[], options = {}) {
  const b = bench({ ...FILES, "p.thing": "a.thing" }, options);
  for (const name of names) b.loader.stubborn.add(name);
  return b;
}

Deno.test("unload callbacks run after the entry left the tables, and may load the same key again", () => {
  let again: unknown;
  using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "text" }) });
  const handle = mgr.add("a.txt", "added", {
    byteLength: 7,
    unload() {
      assertEquals([mgr.has("a.txt"), mgr.bytes, mgr.size], [false, 0, 0]);
      using fresh = mgr.load("a.txt", Text);
      again = fresh.value;
    },
  });
  handle[Symbol.dispose]();
  assertEquals([again, mgr.size], ["text", 0]);
});

Deno.test("an unload callback may still use the dependencies of its resource, even in clear()", () => {
  for (const force of [false, true]) {
    const seen: string[] = [];
    using mgr = new ResourceManager({
      source: new MemorySource({ "p.p": "", "a.txt": "alive" }),
      idle: "keep",
      loaders: [{
        name: "p",
        extensions: [".p"],
        load: (_, context) => context.load("a.txt", Text),
        unload: (text: { value: string }) => void seen.push(text.value),
      }],
    });
    const type = { name: "P", [Symbol.hasInstance]: (_: unknown): _ is unknown => true };
    mgr.load("p.p", type)[Symbol.dispose]();
    assertEquals([mgr.clear({ force }), seen, mgr.size], [2, ["alive"], 0]);
  }
});

Deno.test("dispose throws what unloading the resource and its dependencies throws, after all have run", () => {
  using b = stubborn(["p.thing", "a.thing"]);
  const handle = b.mgr.load("p.thing", Thing);
  const error = assertThrows(() => handle[Symbol.dispose](), AggregateError);
  assertEquals(error.message, 'Cannot unload cleanly: 2 resources failed, "p.thing", "a.thing"');
  assertEquals(error.errors.map((each) => each.message), [
    "p.thing is stubborn",
    "a.thing is stubborn",
  ]);
  assertEquals([b.mgr.size, b.errors], [0, []]);
});

Deno.test("release, unload, unloadUnused and clear throw a single error unchanged, and unload anyway", () => {
  const uses: ((mgr: ResourceManager) => unknown)[] = [
    (mgr) => mgr.unload("a.thing"),
    (mgr) => mgr.unloadUnused(),
    (mgr) => mgr.clear(),
    (mgr) => mgr.clear({ force: true }),
  ];
  for (const use of uses) {
    using b = stubborn(["a.thing"], { idle: "keep" });
    b.mgr.load("a.thing", Thing)[Symbol.dispose]();
    assertThrows(() => use(b.mgr), Error, "a.thing is stubborn");
    assertEquals(b.mgr.size, 0);
  }
  using b = stubborn(["a.thing"]);
  const handle = b.mgr.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  handle[Symbol.dispose]();
  assertThrows(() => b.mgr.release("a.thing"), Error, "a.thing is stubborn");
});

Deno.test("errors of eviction, replacement and reload go to the error event", () => {
  using b = stubborn(["a.thing"], { maxBytes: 1 });
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  b.mgr.load("b.thing", Thing)[Symbol.dispose]();
  assertEquals(b.errors.length, 1);
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  b.mgr.add("a.thing", 1)[Symbol.dispose]();
  assertEquals(b.errors.length, 2);
  using again = stubborn(["a.thing"]);
  const handle = again.mgr.load("a.thing", Thing);
  again.mgr.reload("a.thing");
  assertEquals([again.errors.length, handle.version], [1, 2]);
  again.loader.stubborn.clear();
  handle[Symbol.dispose]();
});

Deno.test("the error event has the key of the resource whose callback threw", () => {
  using b = stubborn(["a.thing"], { maxBytes: 1 });
  const keys: (string | undefined)[] = [];
  using _errors = b.mgr.on("error", ({ key }) => keys.push(key));
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  b.mgr.load("b.thing", Thing)[Symbol.dispose]();
  assertEquals(keys, ["a.thing"]);
});

Deno.test("a resource whose handle an unload callback disposes is unloaded by the same operation", () => {
  using b = bench({ ...FILES });
  b.loader.stubborn.add("a.thing");
  const inner = b.mgr.load("a.thing", Thing);
  const outer = b.mgr.add("outer", 1, {
    unload() {
      inner[Symbol.dispose]();
      assertFalse(b.mgr.has("a.thing"));
    },
  });
  assertThrows(() => outer[Symbol.dispose](), Error, "a.thing is stubborn");
  assertEquals(b.loader.log, ["+a.thing", "-a.thing"]);
});

Deno.test("unloadUnused() ends even if callbacks load again what they unload, and keeps that", () => {
  using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "" }), idle: "keep" });
  let rounds = 0;
  const add = () =>
    mgr.add("phoenix", 1, { unload: () => void (rounds++ < 100 && add()) })[Symbol.dispose]();
  add();
  assertEquals([mgr.unloadUnused(), rounds, mgr.has("phoenix")], [1, 1, true]);
  rounds = 100;
});

Deno.test("eviction ends even if callbacks load again what is evicted", () => {
  using mgr = new ResourceManager({ source: new MemorySource(), maxBytes: 10 });
  let rounds = 0;
  const add = () =>
    mgr.add("phoenix", 1, {
      byteLength: 20,
      unload: () => void (rounds++ < 1000 && add()),
    })[Symbol.dispose]();
  add();
  assert(rounds < 10, `${rounds} rounds`);
  rounds = 1000;
});

Deno.test("unloadUnused() goes on until nothing is idle, and counts dependencies too", () => {
  using b = bench({ "1.thing": "2.thing", "2.thing": "3.thing", "3.thing": "" }, { idle: "keep" });
  b.mgr.load("1.thing", Thing)[Symbol.dispose]();
  assertEquals(b.mgr.cacheStats().idleCount, 1);
  assertEquals(b.mgr.unloadUnused(), 3);
  assertEquals(b.loader.log.slice(3), ["-1.thing", "-2.thing", "-3.thing"]);
});

Deno.test("clear() has the reason cleared, and with force also unloads live resources and counts them right", () => {
  using b = bench(FILES, { idle: "keep" });
  using held = b.mgr.load("a.thing", Thing);
  b.mgr.load("b.thing", Thing)[Symbol.dispose]();
  assertEquals(b.mgr.clear(), 1);
  assertEquals(b.events.at(-1), "unload b.thing cleared");
  assertEquals(b.mgr.clear({ force: true }), 1);
  assertEquals(b.events.at(-1), "unload a.thing cleared");
  assertEquals([b.mgr.size, b.mgr.bytes, b.mgr.idleBytes], [0, 0, 0]);
  held[Symbol.dispose]();
  assertEquals([b.mgr.size, b.mgr.bytes, b.mgr.idleBytes], [0, 0, 0]);
});

Deno.test("a forced unload of a resource that has just become live keeps the order of idle ones", () => {
  using b = bench(FILES, { idle: { maxEntries: 1 } });
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  using _a = b.mgr.load("a.thing", Thing);
  b.mgr.unload("a.thing", { force: true });
  for (const name of ["b.thing", "c.thing"]) b.mgr.load(name, Thing)[Symbol.dispose]();
  assertEquals(Object.keys(b.mgr.cacheStats().resources), ["c.thing"]);
});

Deno.test("a value is unloaded by its unload callback, or by its own disposer, or not at all", () => {
  const log: string[] = [];
  const value = { [Symbol.dispose]: () => void log.push("disposed") };
  using mgr = new ResourceManager({ source: new MemorySource() });
  mgr.add("own", value)[Symbol.dispose]();
  mgr.add("reported", value, { unload: (it) => void log.push(`reported ${it === value}`) })
    [Symbol.dispose]();
  mgr.add("plain", {})[Symbol.dispose]();
  mgr.add("function", Object.assign(() => {}, value))[Symbol.dispose]();
  assertEquals(log, ["disposed", "reported true", "disposed"]);
});

Deno.test("listeners may call the manager, throw, and unsubscribe during an event", () => {
  using b = bench(FILES);
  const failure = new Error("listener");
  using _throws = b.mgr.on("load", () => {
    throw failure;
  });
  const leaves = b.mgr.on("load", () => leaves[Symbol.dispose]());
  let nested = 0;
  using _calls = b.mgr.on("load", ({ key }) => {
    if (key === "a.thing") {
      using other = b.mgr.load("b.thing", Thing);
      nested = other.value.text.length;
    }
  });
  using handle = b.mgr.load("a.thing", Thing);
  assertEquals([handle.value.key, nested], ["a.thing", 1]);
  assertStrictEquals(b.errors[0], failure);
});

Deno.test("a forced unload drops the references of acquire(), and release() does not affect the next load", () => {
  using b = bench(FILES);
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  using handle = b.mgr.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  b.mgr.unload("a.thing", { force: true });
  using _fresh = b.mgr.load("a.thing", Thing);
  assertThrows(() => b.mgr.release("a.thing"), RangeError, "every acquire() was released already");
  assertEquals([handle.disposed, b.mgr.cacheStats().totalReferences], [false, 1]);
});

Deno.test("a key is found no matter how many other spellings of it were used before", () => {
  using b = bench(FILES);
  using scope = b.mgr.scope();
  for (let i = 1; i < 20; i++) scope.load(`${"./".repeat(i)}a.thing`, Thing);
  scope.load("a.thing", Thing);
  assertEquals(b.mgr.cacheStats().resources["a.thing"]?.refCount, 20);
});
