import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Bundle,
  Bytes,
  isWithdrawn,
  type LoadProgress,
  ManagerDisposedError,
  ResourceLoadError,
  ResourceManager,
  Text,
} from "../../mod.ts";
import { GatedSource } from "../../src/testing.ts";
import { guardAgainstLeaks, leakOnPurpose } from "../_guard.ts";
import { bench, Thing } from "../_thing.ts";
import { letThrough, turns } from "../_turns.ts";

guardAgainstLeaks();

const FILES = { "a.txt": "a", "b.txt": "bb" };

Deno.test("loadAll() returns a handle for each label, and disposes them together", async () => {
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

Deno.test("loadAll() reports progress by resources and by bytes where sizes are known", async () => {
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

Deno.test("loadAll() rejects with the reason of its signal, and keeps nothing", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source });
  const abort = new AbortController();
  const bundle = mgr.loadAll({ a: ["a.txt", Text] }, { signal: abort.signal });
  abort.abort(new Error("enough"));
  await assertRejects(() => bundle, Error, "enough");
  await letThrough(source);
  assertEquals(mgr.size, 0);
});

Deno.test("loadAll() goes on when onProgress throws, and accepts empty bundles and odd labels", async () => {
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
  const error = await assertRejects(() => ended.loadAll({ a: ["a.txt", Text] }), ReferenceError);
  assertEquals(
    [error.message, isWithdrawn(error)],
    ['Cannot load the bundle { a: "a.txt" }: the scope is disposed', true],
  );
});

Deno.test("loadAll() lists every failure in the order of the bundle, and then those of releasing the others", async () => {
  using b = bench({ "a.thing": "", "b.thing": "", "c.thing": "throw" });
  b.loader.stubborn.add("a.thing").add("b.thing");
  const bundle = {
    a: ["a.thing", Thing],
    x: ["x.thing", Thing],
    b: ["b.thing", Thing],
    c: ["c.thing", Thing],
  } as const;
  using scope = b.mgr.scope();
  for (const owner of [b.mgr, scope]) {
    const error = await assertRejects(() => owner.loadAll(bundle), AggregateError);
    assertEquals(error.errors.map(({ message }) => message), [
      'Cannot load "x.thing": the memory source has no such key',
      'Cannot load "c.thing": c.thing is broken',
      "b.thing is stubborn",
      "a.thing is stubborn",
    ]);
    assertEquals(
      error.message,
      'Cannot load 2 of 4 resources: Cannot load "x.thing": the memory source has no such key; ' +
        'Cannot load "c.thing": c.thing is broken; and cannot release 2 of the others: ' +
        "b.thing is stubborn; a.thing is stubborn",
    );
    assertEquals([b.mgr.size, b.errors], [0, []]);
  }
});

Deno.test("loadAll() begins no load of a malformed bundle, and says what is wrong with it", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source });
  using scope = mgr.scope();
  const good = ["a.txt", Text];
  const wrong: [bundle: unknown, problem: string][] = [
    [null, "Cannot load a bundle: it is null, use an object or a list of names"],
    ["a.txt", 'Cannot load a bundle: it is of type "string"'],
    [
      { good, b: undefined },
      'Cannot load "b" of a bundle: it is undefined, write a name, [name, type] or [names, type]',
    ],
    [{ good, b: null }, "it is null"],
    [{ good, b: 5 }, 'it is of type "number"'],
    [
      ["a.txt", 5],
      'Cannot load item 1 of a list: it is of type "number", a list has names: use an object',
    ],
    [{ good, b: { 0: "b.txt", 1: Text } }, 'it is of type "Object"'],
    [{ good, b: ["b.txt"] }, "it is an array of 1"],
    [{ good, b: ["b.txt", Text, 1] }, "it is an array of 3"],
    [{ good, b: [undefined, Text] }, "its name is undefined, use a string"],
    [{ good, b: [{}, Text] }, 'its name is of type "Object", use a string'],
    [{ good, b: [["b.txt", undefined], Text] }, "its name 1 is undefined, use a string"],
    // deno-lint-ignore no-sparse-arrays
    [{ good, b: [[, "b.txt"], Text] }, "its name 0 is undefined, use a string"],
    [{ good, b: [[["b.txt"]], Text] }, 'its name 0 is of type "Array", use a string'],
    [{ good, b: [["b.txt"], "Text"] }, 'its type is of type "string"'],
    [{ good, b: ["b.txt", undefined] }, "its type is undefined, use a class or a token such as"],
    [{ good, b: ["b.txt", "Text"] }, 'its type is of type "string"'],
  ];
  for (const [bundle, problem] of wrong) {
    for (const owner of [mgr, scope]) {
      await assertRejects(() => owner.loadAll(bundle as Bundle), TypeError, problem);
    }
  }
  const getter = {
    good,
    get b(): never {
      throw new Error("no such level");
    },
  };
  await assertRejects(() => mgr.loadAll(getter as unknown as Bundle), Error, "no such level");
  await assertRejects(
    () => mgr.loadAll({ errors: ["a.txt", Text] }, { partial: true }),
    TypeError,
    'Cannot load "errors" of a bundle: `partial` puts failures there, use another label',
  );
  assertEquals([source.reads, mgr.cacheStats().misses], [[], 0]);
});

Deno.test("loadAll() with partial keeps what it could load, and says what failed and why", async () => {
  using mgr = new ResourceManager({ source: new GatedSource(FILES) });
  const source = new GatedSource(FILES);
  using other = new ResourceManager({ source });
  const bundle = {
    a: ["a.txt", Text],
    ["__proto__"]: ["x.txt", Text],
    b: ["b.txt", Bytes],
  } as const;
  const pending = other.loadAll(bundle, { partial: true });
  await letThrough(source);
  {
    using loaded = await pending;
    assertEquals([loaded.a?.value, loaded.b, Object.keys(loaded)], [
      "a",
      undefined,
      ["a", "__proto__", "b"],
    ]);
    assertEquals(
      Object.entries(loaded.errors).map(([name, error]) => [name, (error as Error).name]),
      [
        ["__proto__", "ResourceNotFoundError"],
        ["b", "ResourceTypeError"],
      ],
    );
    assertEquals(Object.getPrototypeOf(loaded.errors), null);
    assertEquals(Object.keys(other.cacheStats().resources), ["a.txt"]);
  }
  assertEquals(other.size, 0);
  using none = await mgr.loadAll({ y: ["../y", Text] }, { partial: true });
  assertEquals([none.y, Object.keys(none.errors)], [undefined, ["y"]]);
});

Deno.test("loadAll() returns a list of handles for a list of names of one type, in its order", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source });
  const names: readonly string[] = ["b.txt", "a.txt", "b.txt"]; // as a level lists them
  const pending = mgr.loadAll({ enemies: [names, Text], hero: ["a.txt", Text], none: [[], Text] });
  assertEquals(await source.arrival("b.txt").then(({ key }) => key), "b.txt");
  await letThrough(source);
  {
    using level = await pending;
    assertEquals(Object.keys(level), ["enemies", "hero", "none"]);
    assertEquals(level.enemies.map(({ value }) => value), ["bb", "a", "bb"]);
    assertEquals([level.hero.value, level.none, source.reads], ["a", [], ["b.txt", "a.txt"]]);
    level.enemies[0]![Symbol.dispose](); // one of two references on it
    assertEquals([level.enemies[2]!.value, mgr.cacheStats().totalReferences], ["bb", 3]);
  }
  assertEquals(mgr.size, 0);
});

Deno.test("loadAll() names a failed item of a list by its index, with partial too", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source });
  source.openAll();
  const bundle = { enemies: [["a.txt", "x.txt", "a.txt"], Text] } as const;
  {
    using some = await mgr.loadAll(bundle, { partial: true });
    assertEquals(some.enemies.map((enemy) => enemy?.value), ["a", undefined, "a"]);
    assertEquals(Object.keys(some.errors), ["enemies[1]"]);
  }
  const error = await assertRejects(() => mgr.loadAll(bundle), AggregateError);
  assertEquals(error.errors.map(({ key }) => key), ["x.txt"]);
  const scope = mgr.scope();
  const withdrawn = scope.loadAll(bundle);
  scope.dispose();
  await assertRejects(
    () => withdrawn,
    DOMException,
    'the bundle { enemies[0]: "a.txt", enemies[1]: "x.txt", enemies[2]: "a.txt" }: it was withdrawn',
  );
  assertEquals(mgr.size, 0);
});

Deno.test("loadAll() of a scope with partial gives the handles to the scope, and is withdrawn with it", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source });
  const scope = mgr.scope("level 1");
  const first = scope.loadAll({ a: ["a.txt", Text], x: ["x.txt", Text] }, { partial: true });
  await letThrough(source);
  assertEquals((await first).a?.value, "a");
  const second = scope.loadAll({ b: ["b.txt", Text] }, { partial: true });
  scope.dispose();
  await assertRejects(() => second, DOMException, "it was withdrawn");
  await letThrough(source);
  assertEquals(mgr.size, 0);
});

Deno.test("loadAll() after a failure reads again only what failed, if the rest is resident", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source, idle: "keep" });
  source.openAll();
  source.closeAll();
  const bundle = { a: ["a.txt", Text], b: ["b.txt", Text] } as const;
  const failing = mgr.loadAll(bundle);
  source.open("a.txt");
  source.fail("b.txt", new Error("disk"));
  await assertRejects(() => failing, AggregateError, "disk");
  source.openAll();
  using loaded = await mgr.loadAll(bundle);
  assertEquals([loaded.a.value, source.reads], ["a", ["a.txt", "b.txt", "b.txt"]]);
});

const LEVEL = { a: ["a.txt", Text], b: ["b.txt", Text] } as const;

Deno.test("a bundle that is withdrawn in any way rejects once, and nobody has to handle the rejection", async () => {
  leakOnPurpose(); // Nobody disposes the scope of the last bundle.
  const left = new Error("left");
  const ways: Record<string, (mgr: ResourceManager, abort: AbortController) => void> = {
    "left": (_mgr, abort) => abort.abort(left),
    'Cannot load the bundle { a: "a.txt", b: "b.txt" }: it was withdrawn': (mgr) =>
      void mgr.clear({ force: true }),
    'Cannot load the bundle { a: "a.txt", b: "b.txt" }: the manager is disposed': (mgr) =>
      mgr[Symbol.dispose](),
  };
  for (const [message, withdraw] of Object.entries(ways)) {
    const source = new GatedSource(FILES);
    const leaks: string[] = [];
    using mgr = new ResourceManager({ source, leaks: { onLeak: ({ key }) => leaks.push(key) } });
    const abort = new AbortController();
    const { signal } = abort;
    const bundles = [mgr.loadAll(LEVEL, { signal }), mgr.scope().loadAll(LEVEL, { signal })];
    source.open("a.txt");
    await turns();
    withdraw(mgr, abort);
    await turns();
    await letThrough(source);
    for (const bundle of bundles) {
      const error = await assertRejects(() => bundle, Error, message);
      assertEquals([error.message, isWithdrawn(error)], [message, true]);
      if (message === "left") assertEquals(error, left);
      if (mgr.disposed) assert(error instanceof ManagerDisposedError);
    }
    assertEquals([mgr.size, mgr.cacheStats().totalReferences], [0, 0]);
    assertEquals(leaks, mgr.disposed ? ["a.txt"] : []);
  }
});

Deno.test("a bundle that is withdrawn releases its handles, and reports what that throws", async () => {
  const source = new GatedSource({ "a.thing": "", "b.thing": "" });
  using b = bench({}, { source });
  b.loader.stubborn.add("a.thing");
  const bundle = { a: ["./a.thing", Thing], b: ["b.thing", Thing] } as const;
  const keys: unknown[] = [];
  using _keys = b.mgr.on("error", ({ key }) => keys.push(key));
  const abort = new AbortController();
  const first = b.mgr.loadAll(bundle, { signal: abort.signal });
  source.open("a.thing");
  await turns();
  abort.abort();
  const error = await assertRejects(() => first, DOMException);
  assertEquals([error.name, b.errors.splice(0).map(String)], [
    "AbortError",
    ["Error: a.thing is stubborn"],
  ]);
  assertEquals(keys, ["a.thing"]); // and not the name "./a.thing"
  const scope = b.mgr.scope();
  const second = scope.loadAll(bundle);
  source.open("a.thing");
  await turns();
  try {
    scope.dispose();
  } catch (error) {
    b.errors.push(error);
  }
  assertEquals(b.errors.splice(0).map(String), ["Error: a.thing is stubborn"]);
  await assertRejects(() => second, DOMException);
  const third = b.mgr.loadAll(bundle);
  source.open("a.thing");
  await turns();
  try {
    b.mgr[Symbol.dispose]();
  } catch (error) {
    b.errors.push(error);
  }
  assertEquals(b.errors.splice(0).map(String), ["Error: a.thing is stubborn"]);
  await assertRejects(() => third, ManagerDisposedError);
});

Deno.test("a bundle whose signal, scope or manager has ended already reads nothing", async () => {
  const source = new GatedSource(FILES);
  const mgr = new ResourceManager({ source });
  const left = new Error("left");
  await assertRejects(
    () => mgr.loadAll(LEVEL, { signal: AbortSignal.abort(left) }),
    Error,
    "left",
  );
  const scope = mgr.scope("level 1");
  scope.dispose();
  void scope.loadAll(LEVEL); // Nobody has to handle it.
  mgr[Symbol.dispose]();
  void mgr.loadAll(LEVEL);
  await assertRejects(() => mgr.loadAll(LEVEL), ManagerDisposedError, "the manager is disposed");
  assertEquals(source.reads, []);
});

Deno.test("an abort by the source itself is a failure of the bundle, and not a withdrawal", async () => {
  using mgr = new ResourceManager({
    source: { readAsync: () => Promise.reject(new DOMException("own", "AbortError")) },
  });
  const { errors } = await assertRejects(() => mgr.loadAll(LEVEL), AggregateError);
  assertEquals(errors.map(({ message }) => message), ["own", "own"]);
});

Deno.test("the message of a large bundle names its first resources", async () => {
  using mgr = new ResourceManager({ source: new GatedSource(FILES) });
  const bundle = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`n${i}`, [`${i}.txt`, Text]]),
  );
  const scope = mgr.scope();
  const pending = scope.loadAll(bundle as unknown as Bundle);
  scope.dispose();
  const { message } = await assertRejects(() => pending, DOMException);
  assert(message.includes('n7: "7.txt", 12 more }'), message);
});

Deno.test("a bundle that onProgress ends at its first call begins no load", async () => {
  const source = new GatedSource(FILES);
  using mgr = new ResourceManager({ source });
  const scope = mgr.scope();
  const reports: LoadProgress[] = [];
  const pending = scope.loadAll(LEVEL, {
    onProgress(progress) {
      reports.push(progress);
      scope.dispose();
    },
  });
  await assertRejects(() => pending, DOMException, "it was withdrawn");
  assertEquals([source.reads, reports], [[], [{ done: 0, total: 2 }]]);
});

Deno.test("a loaded bundle disposes all its handles once, in reverse order, even if some throw", async () => {
  using b = bench({ "a.thing": "", "b.thing": "", "c.thing": "" });
  for (const key of ["a.thing", "b.thing"]) b.loader.stubborn.add(key);
  const loaded = await b.mgr.loadAll({
    a: ["a.thing", Thing],
    b: ["b.thing", Thing],
    c: ["c.thing", Thing],
  });
  b.loader.takeLog();
  const error = assertThrows(() => loaded[Symbol.dispose](), SuppressedError);
  assertEquals([error.error.message, error.suppressed.message], [
    "a.thing is stubborn",
    "b.thing is stubborn",
  ]);
  loaded[Symbol.dispose]();
  assertEquals(b.loader.log, ["-c.thing", "-b.thing", "-a.thing"]);
});
