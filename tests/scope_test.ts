import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  type Handle,
  isWithdrawn,
  type LoadTask,
  MemorySource,
  ResourceManager,
  ResourceScope,
  ResourceTypeError,
  Text,
} from "../mod.ts";
import { collectGarbage, GatedSource } from "../src/testing.ts";
import { guardAgainstLeaks } from "./_guard.ts";
import { bench, Other, Thing } from "./_thing.ts";
import { letThrough, turns } from "./_turns.ts";

guardAgainstLeaks();

const FILES = { "a.thing": "", "b.thing": "", "c.thing": "" };

Deno.test("ResourceScope disposes its loads and everything else that it holds in reverse order", () => {
  using b = bench(FILES);
  {
    using scope = b.mgr.scope("level 1");
    assertInstanceOf(scope, DisposableStack);
    assertEquals(scope.label, "level 1");
    scope.load("a.thing", Thing);
    scope.defer(() => b.loader.log.push("deferred"));
    scope.load("b.thing", Thing);
  }
  assertEquals(b.loader.log, ["+a.thing", "+b.thing", "-b.thing", "deferred", "-a.thing"]);
});

Deno.test("ResourceScope.load() returns a handle that may be disposed early", () => {
  using b = bench(FILES);
  using scope = b.mgr.scope();
  scope.load("a.thing", Thing)[Symbol.dispose]();
  assertEquals([b.mgr.size, scope.label], [0, ""]);
});

Deno.test("ResourceScope.load() throws when the scope is disposed, and loads nothing", () => {
  using b = bench(FILES);
  const scope = b.mgr.scope("old");
  scope.dispose();
  assertThrows(
    () => scope.load("a.thing", Thing),
    ReferenceError,
    'Cannot load "a.thing": the scope "old" is disposed',
  );
  const unnamed = b.mgr.scope();
  unnamed.dispose();
  assertThrows(() => unnamed.load("a.thing", Thing), ReferenceError, ": the scope is disposed");
  assertEquals(b.loader.log, []);
});

Deno.test("a ResourceScope.load() that fails leaves the scope as it was", () => {
  using b = bench(FILES);
  using scope = b.mgr.scope();
  scope.load("a.thing", Thing);
  assertThrows(() => scope.load("a.thing", Other), ResourceTypeError);
  assertEquals(b.mgr.cacheStats().totalReferences, 1);
});

Deno.test("ResourceScope.move() moves everything to a scope with the same label", () => {
  using b = bench(FILES);
  let moved: ResourceScope;
  {
    using scope = b.mgr.scope("loading");
    scope.load("a.thing", Thing);
    moved = scope.move();
    assert(scope.disposed);
  }
  assertInstanceOf(moved, ResourceScope);
  moved.load("a.thing", Thing);
  assertEquals(b.mgr.holders("a.thing"), [{ label: "loading", handles: 2, manual: 0, stacks: [] }]);
  moved.dispose();
  assertEquals(b.mgr.size, 0);
  assertThrows(() => moved.move(), ReferenceError);
});

Deno.test("ResourceScope chains the errors of several resources when it is disposed", () => {
  using b = bench(FILES);
  b.loader.stubborn.add("a.thing").add("b.thing");
  const scope = b.mgr.scope();
  for (const name of Object.keys(FILES)) scope.load(name, Thing);
  const error = assertThrows(() => scope.dispose(), SuppressedError);
  assertEquals([error.error.message, error.suppressed.message], [
    "a.thing is stubborn",
    "b.thing is stubborn",
  ]);
  assertEquals(b.mgr.size, 0);
});

Deno.test("ResourceScope.escaped() lists the open clones of its own handles", async () => {
  using b = bench(FILES);
  const scope = b.mgr.scope("level 1");
  const own = scope.load("a.thing", Thing);
  const clone = own.clone();
  using second = clone.clone();
  using _other = b.mgr.load("b.thing", Thing);
  const task = scope.loadAsync("c.thing", Thing);
  const third = (await task).clone();
  const names = () => scope.escaped().map(({ key, type }) => `${key}: ${type}`);
  assertEquals(names(), ["a.thing: Thing", "a.thing: Thing", "c.thing: Thing"]);
  clone[Symbol.dispose]();
  scope.dispose();
  assertEquals(names(), ["a.thing: Thing", "c.thing: Thing"]);
  assertEquals(b.mgr.holders("a.thing"), [{ handles: 1, manual: 0, stacks: [] }]);
  second[Symbol.dispose]();
  third[Symbol.dispose]();
  assertEquals(names(), []);
});

Deno.test("ResourceScope.escaped() lists the clones also after a move, with the line that cloned them", () => {
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: { stacks: true },
  });
  const scope = mgr.scope("loading");
  using _clone = scope.load("a.txt", Text).clone();
  const moved = scope.move();
  moved.dispose();
  assertEquals(moved.escaped().length, 1);
  assertMatch(moved.escaped()[0]!.stack!.split("\n")[0]!, /scope_test\.ts/);
  assertEquals(mgr.size, 1);
});

Deno.test("ResourceScope keeps the order of several loads, disposables and adopted values", () => {
  using b = bench(FILES);
  const { log } = b.loader;
  {
    using scope = b.mgr.scope();
    scope.load("a.thing", Thing);
    scope.load("b.thing", Thing);
    scope.use({ [Symbol.dispose]: () => log.push("used") });
    scope.load("c.thing", Thing);
    scope.adopt("adopted", (name) => log.push(name));
  }
  const undone = ["adopted", "-c.thing", "used", "-b.thing", "-a.thing"];
  assertEquals(log, ["+a.thing", "+b.thing", "+c.thing", ...undone]);
});

/** A chain of errors, as text. */
function show(error: unknown): unknown {
  if (error instanceof SuppressedError) return [show(error.error), show(error.suppressed)];
  return (error as Error).message;
}

/** What a disposal throws, as text, or `undefined`. */
function thrownBy(dispose: () => void): unknown {
  try {
    dispose();
  } catch (error) {
    return show(error);
  }
  return undefined;
}

Deno.test("ResourceScope chains errors as a DisposableStack does, of loads and everything else in order", async () => {
  using b = bench({ ...FILES, "d.thing": "", "e.thing": "", "f.thing": "" });
  for (const key of "abcdef") b.loader.stubborn.add(`${key}.thing`);
  const fail = (message: string) => () => {
    throw new Error(message);
  };
  const fill = async (stack: DisposableStack, load: (name: string) => unknown) => {
    load("a.thing");
    stack.defer(fail("deferred"));
    load("b.thing");
    load("c.thing");
    stack.adopt("adopted", fail("adopted"));
    await load("d.thing");
    stack.use({ [Symbol.dispose]: fail("used") });
    for (const name of ["e.thing", "f.thing"]) await load(name);
  };
  const stack = new DisposableStack();
  await fill(stack, (name) => stack.use(b.mgr.load(name, Thing)));
  const expected = thrownBy(() => stack.dispose());
  const scope = b.mgr.scope();
  await fill(scope, (name) => scope.load(name, Thing));
  assertEquals(thrownBy(() => scope.dispose()), expected);
  const tasks = b.mgr.scope();
  await fill(tasks, (name) => tasks.loadAsync(name, Thing));
  await turns();
  assertEquals(thrownBy(() => tasks[Symbol.dispose]()), expected);
  const moved = b.mgr.scope();
  await fill(moved, (name) => moved.use(b.mgr.load(name, Thing)));
  assertEquals(thrownBy(() => moved.move().move().dispose()), expected);
  const bundle = b.mgr.scope();
  await bundle.loadAll({ a: ["a.thing", Thing], b: ["b.thing", Thing], c: ["c.thing", Thing] });
  assertEquals(thrownBy(() => bundle.dispose()), [
    "a.thing is stubborn",
    ["b.thing is stubborn", "c.thing is stubborn"],
  ]);
  assertEquals(b.mgr.size, 0);
});

Deno.test("thousands of ResourceScope.move() lose nothing, and do not nest", () => {
  using b = bench(FILES);
  let scope = b.mgr.scope("game");
  scope.load("a.thing", Thing);
  for (let i = 0; i < 5_000; i++) {
    scope = scope.move();
    if (i === 2_000) scope.load("b.thing", Thing);
    if (i === 3_000) DisposableStack.prototype.defer.call(scope, () => b.loader.log.push("other"));
  }
  scope.load("c.thing", Thing);
  b.loader.takeLog();
  scope.dispose();
  assertEquals(b.loader.log, ["-c.thing", "other", "-b.thing", "-a.thing"]);
});

Deno.test("ResourceScope.move() during loads moves those too", async () => {
  const source = new GatedSource({ "a.txt": "a", "b.txt": "b" });
  using mgr = new ResourceManager({ source });
  let moved: ResourceScope | undefined;
  const scope = mgr.scope("loading");
  const bundle = scope.loadAll({ a: ["a.txt", Text], b: ["b.txt", Text] }, {
    onProgress: () => moved ??= scope.move(),
  });
  await letThrough(source);
  const { a, b } = await bundle;
  assertEquals([a.value, b.value, scope.disposed, mgr.holders("a.txt")[0]?.label], [
    "a",
    "b",
    true,
    "loading",
  ]);
  moved!.dispose();
  assertEquals(mgr.size, 0);
});

const base = DisposableStack.prototype;

Deno.test("ResourceScope keeps the order of calls of the methods of DisposableStack", () => {
  using b = bench(FILES);
  const { log } = b.loader;
  {
    using scope = b.mgr.scope();
    scope.load("a.thing", Thing);
    base.use.call(scope, { [Symbol.dispose]: () => log.push("used") });
    scope.load("b.thing", Thing);
    scope.load("c.thing", Thing);
    base.adopt.call(scope, "adopted", (name) => log.push(name as string));
    base.defer.call(scope, () => log.push("deferred"));
    b.loader.takeLog();
  }
  const order = ["deferred", "adopted", "-c.thing", "-b.thing", "used", "-a.thing"];
  assertEquals(log, order);
});

Deno.test("a ResourceScope that a method of DisposableStack moves or disposes is disposed for its own methods too", async () => {
  using b = bench(FILES);
  const ends: ((scope: ResourceScope) => Disposable)[] = [
    (scope) => base.move.call(scope),
    (scope) => {
      base.dispose.call(scope);
      return scope;
    },
  ];
  for (const end of ends) {
    for (const loads of [0, 1]) {
      const scope = b.mgr.scope("old");
      for (let i = 0; i < loads; i++) scope.load("a.thing", Thing);
      using _rest = end(scope);
      const problem = 'the scope "old" is disposed';
      assertThrows(() => scope.load("b.thing", Thing), ReferenceError, problem);
      assertThrows(() => scope.use(null), ReferenceError, problem);
      assertThrows(() => scope.move(), ReferenceError, problem);
      await assertRejects(() => scope.loadAsync("b.thing", Thing), ReferenceError, problem);
    }
  }
  assertEquals(b.mgr.size, 0);
});

Deno.test("a ResourceScope that a method of DisposableStack moves loses nothing of what it holds", async () => {
  const keys = [..."abcdefg"].map((letter) => `${letter}.thing`);
  using b = bench(Object.fromEntries(keys.map((key) => [key, ""])));
  const scope = b.mgr.scope("large");
  for (const key of keys.slice(1)) scope.load(key, Thing);
  const moved = base.move.call(scope);
  assert(scope.disposed);
  scope.load("a.thing", Thing); // It does not notice the move, but this load moves along too.
  await assertRejects(() => scope.loadAsync("a.thing", Thing), ReferenceError, "is disposed");
  assertThrows(() => scope.defer(() => {}), ReferenceError, "is disposed");
  moved.dispose();
  const unloaded = [...keys.slice(1), "a.thing"].reverse().map((key) => `-${key}`);
  assertEquals([b.mgr.size, b.loader.log.slice(keys.length)], [0, unloaded]);
  assertThrows(() => scope.load("a.thing", Thing), ReferenceError, "is disposed");
});

Deno.test("ResourceScope refuses what a DisposableStack refuses, and says why", () => {
  using b = bench(FILES);
  const scope = b.mgr.scope("level 1");
  assertEquals([scope.use(null), scope.use(undefined)], [null, undefined]);
  const refused: [() => unknown, string][] = [
    [
      () => scope.use({} as Disposable),
      "Cannot use a disposable: its [Symbol.dispose] is undefined, not a function",
    ],
    [() => scope.adopt(1, undefined as never), "Cannot adopt a value: its callback is undefined"],
    [() => scope.defer(5 as never), "Cannot defer a callback: it is number, not a function"],
  ];
  for (const [call, message] of refused) assertThrows(call, TypeError, message);
  scope.dispose();
  scope.dispose();
  const late: [() => unknown, string][] = [
    [() => scope.use(null), "Cannot use a disposable"],
    [() => scope.adopt(1, () => {}), "Cannot adopt a value"],
    [() => scope.defer(() => {}), "Cannot defer a callback"],
    [() => scope.move(), "Cannot move what it holds"],
  ];
  for (const [call, action] of late) {
    assertThrows(call, ReferenceError, `${action}: the scope "level 1" is disposed`);
  }
});

Deno.test("ResourceScope calls its callbacks with the receivers and arguments of a DisposableStack", () => {
  using b = bench(FILES);
  const calls: unknown[] = [];
  const make = () => ({
    [Symbol.dispose](this: unknown, ...args: unknown[]) {
      calls.push([this, args]);
    },
  });
  const used = make();
  const fill = (stack: DisposableStack) => {
    stack.use(used);
    stack.adopt(5, function (this: unknown, ...args: unknown[]) {
      calls.push([this, args]);
    });
    stack.defer(function (this: unknown, ...args: unknown[]) {
      calls.push([this, args]);
    });
    used[Symbol.dispose] = () => calls.push("read too late");
    stack.dispose();
    Object.assign(used, { [Symbol.dispose]: make()[Symbol.dispose] });
  };
  fill(b.mgr.scope());
  const ours = calls.splice(0);
  fill(new DisposableStack());
  assertEquals(ours, calls);
});

Deno.test("ResourceScope keeps nothing of handles, tasks and scopes that were disposed early", async () => {
  using b = bench(FILES, { idle: "keep" });
  let collected = 0;
  const registry = new FinalizationRegistry<undefined>(() => collected++);
  using scope = b.mgr.scope("game");
  const play = async () => {
    for (let i = 0; i < 500; i++) {
      const handle = scope.load("a.thing", Thing);
      const task = scope.loadAsync("b.thing", Thing);
      const chunk = scope.use(b.mgr.scope("chunk"));
      const { c } = await scope.loadAll({ c: ["c.thing", Thing] });
      for (const each of [handle, task, chunk, c]) {
        registry.register(each, undefined);
        each[Symbol.dispose]();
      }
    }
  };
  await play();
  await collectGarbage({ until: () => collected > 1_800, collections: 5 });
  assertEquals(b.mgr.cacheStats().totalReferences, 0);
});

Deno.test("ResourceScope.loadAsync() rejects and keeps nothing when its own load disposes the scope", async () => {
  const ends: Record<string, (mgr: ResourceManager, end: () => void) => Disposable> = {
    "a load listener": (mgr, end) => mgr.on("load", end),
    "nobody": () => ({ [Symbol.dispose]() {} }),
  };
  for (const listen of Object.values(ends)) {
    let calls = 0;
    const end = () => void (calls++ === 0 && scope.dispose());
    const meddling: typeof Text = {
      name: "Meddling",
      [Symbol.hasInstance](value: unknown): value is string {
        end();
        return typeof value === "string";
      },
    };
    const source = {
      readAsync(key: string) {
        if (key === "source.txt") end();
        return Promise.resolve(new Uint8Array());
      },
    };
    using mgr = new ResourceManager({ source });
    using _listener = listen(mgr, end);
    const scope = mgr.scope("level 1");
    const task: LoadTask<string> = scope.loadAsync("source.txt", meddling);
    const error = await task.then(() => undefined, (error) => error);
    assert(isWithdrawn(error) && error.message.includes('"source.txt"'), String(error));
    assertEquals(mgr.cacheStats().totalReferences, 0);
  }
  using mgr = new ResourceManager({ source: { read: () => new Uint8Array() } });
  const ended = mgr.scope();
  ended.dispose();
  for (const name of [undefined, Symbol("s"), null] as never[]) {
    assertEquals(await ended.loadAsync(name, Text).catch(isWithdrawn), true);
  }
});

Deno.test("ResourceScope.loadAsync() releases a resident resource if the check of its type disposes the scope", async () => {
  using b = bench(FILES);
  using held = b.mgr.load("a.thing", Thing);
  const scope = b.mgr.scope("level 1");
  const Meddling = {
    name: "Meddling",
    [Symbol.hasInstance](value: unknown): value is Thing {
      scope.dispose();
      return value instanceof Thing;
    },
  };
  const task = scope.loadAsync("a.thing", Meddling);
  const message = 'Cannot load "a.thing": the scope "level 1" was disposed';
  const { name } = await assertRejects(() => task, DOMException, message);
  assertEquals([name, held.disposed, b.mgr.cacheStats().totalReferences], ["AbortError", false, 1]);
});

Deno.test("an error of unload for a scope that was disposed meanwhile goes to the error event", async () => {
  using b = bench(FILES);
  b.loader.stubborn.add("a.thing");
  const held = b.mgr.load("a.thing", Thing);
  const scope = b.mgr.scope();
  const onProgress = ({ done }: { done: number }) => {
    if (done === 0) return;
    held[Symbol.dispose](); // Now the task has the last reference.
    scope.dispose(); // The task comes too late for its scope.
  };
  const task = scope.loadAsync("a.thing", Thing, { onProgress });
  assertEquals(await task.catch(isWithdrawn), true);
  assertEquals([b.mgr.size, b.errors.map(String)], [0, ["Error: a.thing is stubborn"]]);
});

Deno.test("ResourceScope.load() that comes too late chains its error with that of unload", () => {
  using b = bench(FILES);
  b.loader.stubborn.add("a.thing");
  const scope = b.mgr.scope("level 1");
  using _load = b.mgr.on("load", () => scope.dispose());
  const error = assertThrows(() => scope.load("a.thing", Thing), SuppressedError);
  assertEquals(show(error), [
    "a.thing is stubborn",
    'Cannot load "a.thing": the scope "level 1" is disposed',
  ]);
  assertEquals([b.mgr.size, isWithdrawn(error.suppressed)], [0, true]);
});

Deno.test("a scope that its own loads dispose keeps nothing, even in the middle of a bundle", async () => {
  let scope: ResourceScope | undefined;
  let at = "";
  const step = (name: string): void => void (name === at && scope!.dispose());
  const source = {
    readAsync(key: string, options?: { onProgress?(bytes: number, total?: number): void }) {
      step(`read ${key}`);
      options?.onProgress?.(1, 1);
      return Promise.resolve(new Uint8Array(1));
    },
  };
  using mgr = new ResourceManager({
    source,
    loaders: [{
      name: "t",
      extensions: [".t"],
      async loadAsync(_bytes, { key }) {
        step(`load ${key}`);
        await Promise.resolve();
        step(`loaded ${key}`);
        return { key };
      },
      unload: () => step("unload"),
    }],
  });
  using _load = mgr.on("load", ({ key }) => step(`listener ${key}`));
  const steps = ["read", "load", "loaded", "listener"].flatMap((
    each,
  ) => [`${each} a.t`, `${each} b.t`]);
  for (at of [...steps, "1 of 2"]) {
    scope = mgr.scope();
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      step(`${done} of ${total}`);
    const bundle = scope.loadAll({ a: ["a.t", Object], b: ["b.t", Object] }, { onProgress });
    const single = scope.loadAsync("b.t", Object);
    const errors: unknown[] = [await bundle.catch((error) => error)];
    errors.push(await single.then(() => undefined, (error) => error));
    assert(isWithdrawn(errors[0]), `${at}: ${errors[0]}`);
    assert(scope.disposed && (errors[1] === undefined || isWithdrawn(errors[1])), at);
    await turns();
    assertEquals([mgr.size, mgr.cacheStats().totalReferences], [0, 0], at);
  }
});

Deno.test("ResourceScope.escaped() still lists a clone after hundreds of later handles were disposed", async () => {
  using b = bench(FILES);
  using scope = b.mgr.scope("level 1");
  using clone: Handle<Thing> = scope.load("a.thing", Thing).clone();
  for (let i = 0; i < 300; i++) scope.load("b.thing", Thing)[Symbol.dispose]();
  await turns();
  assertEquals(scope.escaped(), [{ key: clone.key, type: "Thing" }]);
});

Deno.test("ResourceScope chains anything that its disposables throw, even a revoked proxy", () => {
  using mgr = new ResourceManager({ source: new MemorySource() });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const scope = mgr.scope();
  DisposableStack.prototype.defer.call(scope, () => {
    throw proxy;
  });
  const moved = scope.move().move();
  moved.defer(() => {
    throw "a string";
  });
  const chain = assertThrows(() => moved.dispose(), SuppressedError);
  assert(chain.error === proxy);
  assertEquals(chain.suppressed, "a string");
});
