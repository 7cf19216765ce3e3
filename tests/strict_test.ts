/** Strict mode reports every way here to forget a handle, and no way to hold one. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import {
  type Handle,
  keep,
  type Leak,
  type Loader,
  MemorySource,
  ResourceManager,
  type ResourceScope,
  Text,
} from "../mod.ts";
import { stripAnsiCode } from "./_ansi.ts";

type Handles = Handle<string>;

/** Everything that a way may use. What it puts into `rest` is disposed at the end of the test. */
interface Stage {
  readonly mgr: ResourceManager;
  readonly rest: Disposable[];
}

/** Loads its dependency in the way that the test sets. */
class PairLoader implements Loader<{ text: string }> {
  readonly name = "pair";
  readonly extensions = [".pair"];
  use: (mgr: Parameters<NonNullable<Loader<unknown>["load"]>>[1]) => unknown = () => {};
  load: NonNullable<Loader<{ text: string }>["load"]> = (_, context) => {
    this.use(context);
    return { text: "" };
  };
}

const pairs = new PairLoader();
const Pair = { name: "Pair", prototype: Object.prototype } as { name: string; prototype: object };

function load({ mgr }: Stage): Handles {
  return mgr.load("a.txt", Text);
}

function never(): void {}

class Sprite {
  texture: Handles | undefined;
  constructor(stage: Stage) {
    this.texture = load(stage);
  }
}

async function later(stage: Stage): Promise<Handles> {
  await Promise.resolve();
  return load(stage);
}

function* loading(stage: Stage): Generator<Handles> {
  yield load(stage);
}

/** Each forgets exactly one handle. */
const FORGOTTEN: Record<string, (stage: Stage) => unknown> = {
  "a bare call": (stage) => void load(stage),
  "a const": (stage) => {
    const handle = load(stage);
    return handle.value.length;
  },
  "a let that is overwritten": (stage) => {
    let handle: Handles | undefined = load(stage);
    handle = undefined;
    return handle;
  },
  "a value that is read at once": (stage) => load(stage).value,
  "a field": (stage) => new Sprite(stage),
  "a field of an object": (stage) => ({ texture: load(stage) }),
  "an array": (stage) => [load(stage)],
  "a Map": (stage) => new Map([["a", load(stage)]]),
  "a Set": (stage) => new Set([load(stage)]),
  "a closure": (stage) => {
    const handle = load(stage);
    return () => handle.value;
  },
  "a clone of a handle that is disposed": (stage) => {
    using handle = load(stage);
    handle.clone();
  },
  "a clone of a clone": (stage) => {
    using handle = load(stage);
    using clone = handle.clone();
    clone.clone();
  },
  "a clone of a scope's handle": (stage) => {
    using scope = stage.mgr.scope();
    scope.load("a.txt", Text).clone();
  },
  "get()": (stage) => {
    using _ = load(stage);
    stage.mgr.get("a.txt", Text);
  },
  "add()": ({ mgr }) => void mgr.add("added", "x"),
  "upgrade()": (stage) => {
    using handle = load(stage);
    handle.weak().upgrade();
  },
  "weak() of a handle that is dropped": (stage) => load(stage).weak(),
  "an argument that is not kept": (stage) => {
    const draw = (handle: Handles) => handle.value.length;
    return draw(load(stage));
  },
  "a branch that returns before the disposal": (stage) => {
    const handle = load(stage);
    if (handle.value.length < 100) return;
    handle[Symbol.dispose]();
  },
  "a throw between the load and the disposal": (stage) => {
    try {
      const handle = load(stage);
      if (handle.key !== "") throw new Error("x");
      handle[Symbol.dispose]();
    } catch {
      return;
    }
  },
  "a disposal in a timer": (stage) => {
    const handle = load(stage);
    stage.rest.push({ [Symbol.dispose]: () => handle[Symbol.dispose]() });
  },
  "DisposableStack.adopt()": (stage) => {
    const stack = new DisposableStack();
    stack.adopt(load(stage), (handle) => handle[Symbol.dispose]());
    stage.rest.push(stack);
  },
  "DisposableStack.defer()": (stage) => {
    const stack = new DisposableStack();
    const handle = load(stage);
    stack.defer(() => handle[Symbol.dispose]());
    stage.rest.push(stack);
  },
  "a callback of map()": (stage) => ["a.txt"].map((name) => stage.mgr.load(name, Text)),
  "a callback of forEach()": (stage) => ["a.txt"].forEach((name) => stage.mgr.load(name, Text)),
  "an async function that nobody awaits": (stage) => void later(stage),
  "an async function whose result is read and dropped": async (stage) =>
    (await later(stage)).value.length,
  "a generator's value": (stage) => {
    for (const handle of loading(stage)) handle.value;
  },
  "a spread and a destructuring": (stage) => {
    const [{ value }] = [...loading(stage)] as [Handles];
    return value;
  },
  "a listener": (stage) => {
    const once = stage.mgr.on("load", ({ key }) => key === "b.txt" && load(stage));
    stage.mgr.load("b.txt", Text)[Symbol.dispose]();
    once[Symbol.dispose]();
  },
  "a loader that does not use its context": (stage) => {
    pairs.use = () => load(stage);
    using _ = stage.mgr.load("x.pair", Pair);
  },
  "Promise.all() of handles": (stage) => Promise.all([load(stage)]).then(never),
};

/** Each holds its handles, or releases them. */
const HELD: Record<string, (stage: Stage) => unknown> = {
  "using": (stage) => {
    using handle = load(stage);
    return handle.value;
  },
  "using over an await": async (stage) => {
    using handle = load(stage);
    await setImmediate();
    return handle.value;
  },
  "await using": async (stage) => {
    await using handle = load(stage);
    return handle.value;
  },
  "for (using …)": (stage) => {
    for (using handle of [load(stage), load(stage)]) handle.value;
  },
  "for (using … of a generator)": (stage) => {
    for (using handle of loading(stage)) handle.value;
  },
  "a disposal": (stage) => load(stage)[Symbol.dispose](),
  "try and finally": (stage) => {
    const handle = load(stage);
    try {
      return handle.value;
    } finally {
      handle[Symbol.dispose]();
    }
  },
  "DisposableStack.use()": (stage) => {
    const stack = new DisposableStack();
    stack.use(load(stage));
    stage.rest.push(stack);
  },
  "AsyncDisposableStack.use()": async (stage) => {
    await using stack = new AsyncDisposableStack();
    stack.use(load(stage));
  },
  "DisposableStack.move()": (stage) => {
    using stack = new DisposableStack();
    stack.use(load(stage));
    stage.rest.push(stack.move());
  },
  "a scope": ({ mgr }) => {
    using scope = mgr.scope("level 1");
    scope.load("a.txt", Text);
  },
  "a scope that is moved": ({ mgr, rest }) => {
    using scope = mgr.scope("level 1");
    scope.load("a.txt", Text);
    rest.push(scope.move());
  },
  "a scope that uses a handle": (stage) => {
    using scope: ResourceScope = stage.mgr.scope();
    scope.use(load(stage));
  },
  "a scope's loadAsync()": async ({ mgr }) => {
    using scope = mgr.scope();
    await scope.loadAsync("a.txt", Text);
  },
  "a scope's loadAll()": async ({ mgr }) => {
    using scope = mgr.scope();
    await scope.loadAll({ a: ["a.txt", Text], b: ["b.txt", Text] });
  },
  "loadAsync() and using": async ({ mgr }) => {
    using handle = await mgr.loadAsync("a.txt", Text);
    return handle.value;
  },
  "a task with using": async ({ mgr }) => {
    using task = mgr.loadAsync("a.txt", Text);
    return (await task).value;
  },
  "a task with await using": async ({ mgr }) => {
    await using task = mgr.loadAsync("a.txt", Text);
    return (await task).value;
  },
  "a task that is withdrawn": ({ mgr }) => mgr.loadAsync("a.txt", Text)[Symbol.dispose](),
  "loadAll() and using": async ({ mgr }) => {
    using level = await mgr.loadAll({ a: ["a.txt", Text], b: ["b.txt", Text] });
    return level.a.value;
  },
  "keep() in a field": (stage) => {
    const sprite = new Sprite({ ...stage, mgr: kept(stage.mgr) });
    stage.rest.push(sprite.texture!);
  },
  "keep() in an array": (stage) => {
    const handles = ["a.txt", "b.txt"].map((name) => keep(stage.mgr.load(name, Text)));
    stage.rest.push(...handles);
  },
  "keep() and DisposableStack.adopt()": (stage) => {
    using stack = new DisposableStack();
    stack.adopt(keep(load(stage)), (handle) => handle[Symbol.dispose]());
  },
  "using of a clone": (stage) => {
    using handle = load(stage);
    using clone = handle.clone();
    return clone.value;
  },
  "using of get()": (stage) => {
    using _ = load(stage);
    using handle = stage.mgr.get("a.txt", Text);
    return handle?.value;
  },
  "using of get() that finds nothing": ({ mgr }) => {
    using handle = mgr.get("nothing.txt", Text);
    return handle;
  },
  "using of add()": ({ mgr }) => {
    using handle = mgr.add("added", "x");
    return handle.value;
  },
  "using of upgrade()": (stage) => {
    using handle = load(stage);
    using again = handle.weak().upgrade();
    return again?.value;
  },
  "a function whose result goes to using": async (stage) => {
    using handle = await later(stage);
    return handle.value;
  },
  "a loader's context": (stage) => {
    pairs.use = (context) => context.load("a.txt", Text).value;
    using _ = stage.mgr.load("x.pair", Pair);
  },
  "a loader's context that uses a handle": (stage) => {
    pairs.use = (context) => context.use(load(stage));
    using _ = stage.mgr.load("x.pair", Pair);
  },
  "acquire() and release()": (stage) => {
    using _ = load(stage);
    stage.mgr.acquire("a.txt");
    stage.mgr.release("a.txt");
  },
};

/** A manager whose load() keeps each handle. */
function kept(mgr: ResourceManager): ResourceManager {
  return { load: (name: string, type: typeof Text) => keep(mgr.load(name, type)) } as never;
}

/** The leaks that are reported while `way` runs, and at the end of the task. */
async function leaksOf(way: (stage: Stage) => unknown): Promise<Leak[]> {
  const leaks: Leak[] = [];
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "A", "b.txt": "B", "x.pair": "" }),
    loaders: [pairs as Loader<unknown>],
    leaks: { strict: true, onLeak: (leak) => leaks.push(leak) },
  });
  const rest: Disposable[] = [];
  await way({ mgr, rest });
  await setImmediate();
  await setImmediate();
  const reported = leaks.slice();
  for (const each of rest) each[Symbol.dispose]();
  return reported;
}

Deno.test("there are at least 30 ways to forget a handle here, and 30 to hold one", () => {
  assertEquals([Object.keys(FORGOTTEN).length >= 30, Object.keys(HELD).length >= 30], [true, true]);
});

for (const [name, way] of Object.entries(FORGOTTEN)) {
  Deno.test(`strict mode reports, with its site, a handle forgotten in ${name}`, async () => {
    const leaks = await leaksOf(way);
    assertEquals(leaks.length, 1);
    assertMatch(leaks[0]!.stack!, /strict_test\.ts:\d+:\d+/);
  });
}

for (const [name, way] of Object.entries(HELD)) {
  Deno.test(`strict mode reports nothing that is held by ${name}`, async () => {
    assertEquals(await leaksOf(way), []);
  });
}

Deno.test("strict mode reports a handle once, keeps it open, and counts it", async () => {
  const leaks: Leak[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "A" }),
    leaks: { strict: true, onLeak: (leak) => leaks.push(leak) },
  });
  const handle = mgr.load("a.txt", Text);
  await setImmediate();
  assertEquals([leaks.length, handle.disposed, handle.value], [1, false, "A"]);
  assertEquals([mgr.cacheStats().leaks, mgr.holders("a.txt")[0]?.handles], [1, 1]);
  mgr[Symbol.dispose]();
  assertEquals(leaks.length, 1);
});

Deno.test("strict mode without stacks reports only the key, and once", async () => {
  const leaks: Leak[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "A" }),
    leaks: { strict: true, stacks: false, onLeak: (leak) => leaks.push(leak) },
  });
  mgr.load("a.txt", Text);
  await setImmediate();
  mgr[Symbol.dispose]();
  assertEquals(leaks, [{ key: "a.txt", type: "Text", bytes: 1 }]);
});

Deno.test("the message of strict mode says what to do", async () => {
  const { warn } = console;
  const lines: unknown[] = [];
  console.warn = (line: unknown) => lines.push(line);
  try {
    using mgr = new ResourceManager({
      source: new MemorySource({ "a.txt": "A" }),
      leaks: { strict: true },
    });
    mgr.load("a.txt", Text);
    await setImmediate();
  } finally {
    console.warn = warn;
  }
  assertEquals(lines.length, 1);
  const message = stripAnsiCode(String(lines[0]));
  assertStringIncludes(
    message,
    'Leaked handle: "a.txt" (Text) was not adopted by `using`, a stack or a scope before its task ended: ' +
      "dispose it, or call keep(handle)",
  );
  assertStringIncludes(message, "strict_test.ts");
});

Deno.test("strict mode does not report a handle again that the disposal of its manager has reported", async () => {
  for (const stacks of [true, false]) {
    const leaks: string[] = [];
    const mgr = new ResourceManager({
      source: new MemorySource({ "a.txt": "A", "b.txt": "B" }),
      leaks: { strict: true, stacks, onLeak: ({ key }) => leaks.push(key) },
    });
    mgr.load("a.txt", Text);
    const late = mgr.load("b.txt", Text);
    mgr.unload("b.txt", { force: true });
    mgr[Symbol.dispose]();
    assertEquals([leaks, mgr.cacheStats().leaks], [["a.txt", "b.txt"], 2]);
    late[Symbol.dispose]();
    await setImmediate();
    await setImmediate();
    assertEquals([leaks, mgr.cacheStats().leaks], [["a.txt", "b.txt"], 2]);
  }
});
