/** The real collector: what it finds, what it must not find, and which references are released then. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import {
  type Handle,
  type Leak,
  type LeakOptions,
  type Loader,
  MemorySource,
  ResourceManager,
  type ResourceScope,
  Text,
} from "../mod.ts";
import { cacheOf } from "../src/cache/managers.ts";
import { collectGarbage } from "../src/testing.ts";
import { stripAnsiCode } from "./_ansi.ts";

const FILES = { "a.txt": "a", "b.txt": "b" };

interface Watched extends Disposable {
  readonly mgr: ResourceManager;
  readonly leaks: Leak[];
}

function watched(leaks: { stacks?: boolean } = {}): Watched {
  const found: Leak[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource(FILES),
    leaks: { ...leaks, onLeak: (leak) => found.push(leak) },
  });
  return { mgr, leaks: found, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

// Separate functions make the garbage, so that no register of the test keeps it alive.

function forget(mgr: Pick<ResourceManager, "load">, name: string, count: number): void {
  for (let i = 0; i < count; i++) mgr.load(name, Text);
}

class Game {
  readonly intro: Handle<string>;

  constructor(mgr: ResourceManager) {
    this.intro = mgr.load("a.txt", Text);
  }
}

function playAndForget(mgr: ResourceManager): void {
  const game = new Game(mgr);
  if (game.intro.value !== "a") throw new Error("not loaded");
}

function forgetManagers(count: number, onLeak: (leak: Leak) => void): void {
  for (let i = 0; i < count; i++) {
    const mgr = new ResourceManager({ source: new MemorySource(FILES), leaks: { onLeak } });
    mgr.load("a.txt", Text);
  }
}

function forgetScope(mgr: ResourceManager): void {
  const scope = mgr.scope("level 1");
  scope.load("a.txt", Text);
  scope.load("b.txt", Text);
}

/** Collects garbage until a handle that is forgotten now has been found. */
async function canary(): Promise<void> {
  using w = watched();
  forget(w.mgr, "a.txt", 1);
  await collectGarbage({ until: () => w.leaks.length > 0, collections: 10 });
}

Deno.test("a forgotten handle is reported by the second collection, and its reference is released", async () => {
  using w = watched();
  forget(w.mgr, "a.txt", 1);
  await collectGarbage();
  assertEquals(w.leaks, [{ key: "a.txt", type: "Text", bytes: 1 }]);
  assertEquals([w.mgr.size, w.mgr.cacheStats().leaks], [0, 1]);
});

Deno.test("each of many forgotten handles is reported, and none that is held or was disposed", async () => {
  using w = watched();
  const held: Handle<string>[] = [];
  let forgotten = 0;
  for (let i = 0; i < 5_000; i++) {
    if (i % 3 === 0) held.push(w.mgr.load("a.txt", Text));
    else if (i % 3 === 1) forget(w.mgr, "a.txt", ++forgotten && 1);
    else w.mgr.load("b.txt", Text)[Symbol.dispose]();
  }
  await collectGarbage();
  assertEquals([w.leaks.length, forgotten], [1667, 1667]);
  assertEquals(w.mgr.cacheStats().totalReferences, held.length);
  for (const handle of held) handle[Symbol.dispose]();
  await canary();
  assertEquals([w.leaks.length, w.mgr.size], [1667, 0]);
});

Deno.test("tens of thousands of handles that are open at once are found when they are forgotten", async () => {
  using w = watched();
  const held: Handle<string>[] = [];
  (() => {
    for (let i = 0; i < 100_000; i++) {
      const handle = w.mgr.load("a.txt", Text);
      if (i % 2 === 0) held.push(handle);
    }
  })();
  await collectGarbage({ until: () => w.leaks.length >= 50_000, collections: 10 });
  assertEquals([w.leaks.length, w.mgr.cacheStats().totalReferences], [50_000, 50_000]);
  for (const handle of held) handle[Symbol.dispose]();
  assertEquals(w.mgr.size, 0);
});

Deno.test("a handle in a field of a forgotten object is reported, with stacks on too", async () => {
  for (const stacks of [false, true]) {
    using w = watched({ stacks });
    playAndForget(w.mgr);
    await collectGarbage({ until: () => w.leaks.length > 0, collections: 5 });
    assertEquals(w.leaks.length, 1);
    if (!stacks) continue;
    assertMatch(w.leaks[0]?.stack ?? "", /at new Game \(.*gc_test\.ts:\d+:\d+\)/);
    assertStringIncludes(w.leaks[0]?.stack ?? "", "playAndForget");
  }
});

Deno.test("handles of a forgotten scope are reported with its label", async () => {
  using w = watched();
  forgetScope(w.mgr);
  await collectGarbage({ until: () => w.leaks.length === 2, collections: 3 });
  assertEquals(w.leaks.map(({ key, label }) => `${key} ${label}`).sort(), [
    "a.txt level 1",
    "b.txt level 1",
  ]);
});

/** Forgets a scope, and disposes one of its handles or returns it. */
function forgetScopeOf(mgr: ResourceManager, end: "dispose" | "keep"): Handle<string> {
  const scope = mgr.scope("level 1");
  scope.load("a.txt", Text);
  const handle = scope.load("b.txt", Text);
  if (end === "dispose") handle[Symbol.dispose]();
  return handle;
}

Deno.test("a handle of a forgotten scope keeps its reference while it is used, and the others are reported", async () => {
  using w = watched();
  const used = forgetScopeOf(w.mgr, "keep");
  const label = "level 1";
  await collectGarbage({ until: () => w.leaks.length > 0, collections: 10 });
  assertEquals(w.leaks, [{ key: "a.txt", type: "Text", label, bytes: 1 }]);
  assertEquals([used.value, w.mgr.has("a.txt")], ["b", false]);
  assertEquals(w.mgr.holders("b.txt"), [{ label, handles: 1, manual: 0, stacks: [] }]);
  used[Symbol.dispose]();
  await canary();
  assertEquals([w.leaks.length, w.mgr.size], [1, 0]);
});

Deno.test("a handle that is disposed before its scope is forgotten is not reported", async () => {
  using w = watched();
  forgetScopeOf(w.mgr, "dispose");
  await collectGarbage({ until: () => w.leaks.length > 0, collections: 10 });
  await canary();
  assertEquals(w.leaks.map(({ key }) => key), ["a.txt"]);
});

Deno.test("loads and releases of a scope count in the same way before and after it is registered", async () => {
  using w = watched();
  await (async () => {
    const scope = w.mgr.scope("level 1");
    scope.load("a.txt", Text);
    await collectGarbage({ collections: 1 }); // registers the scope
    for (let i = 0; i < 1_000; i++) scope.load("b.txt", Text)[Symbol.dispose]();
    scope.load("b.txt", Text);
    scope.load("a.txt", Text)[Symbol.dispose]();
    const holder = { label: "level 1", handles: 1, manual: 0, stacks: [] };
    assertEquals([w.mgr.holders("a.txt"), w.mgr.holders("b.txt")], [[holder], [holder]]);
  })();
  await collectGarbage({ until: () => w.leaks.length > 1, collections: 10 });
  assertEquals(w.leaks.map(({ key }) => key).sort(), ["a.txt", "b.txt"]);
  assertEquals(w.mgr.size, 0);
});

Deno.test("disposed and moved scopes are not reported, also by the methods of the base class, registered or not", async () => {
  const { dispose, move } = DisposableStack.prototype;
  const ends: ((scope: ResourceScope) => Disposable | void)[] = [
    (scope) => scope.dispose(),
    (scope) => scope.move(),
    (scope) => dispose.call(scope),
    (scope) => move.call(scope),
  ];
  for (const end of ends) {
    for (const isRegistered of [false, true]) {
      using w = watched();
      const rest = await (async () => {
        const scope = w.mgr.scope();
        for (let i = 0; i < 5; i++) scope.load("a.txt", Text);
        if (isRegistered) await collectGarbage({ collections: 1 });
        return end(scope);
      })();
      await canary();
      assertEquals([w.leaks, w.mgr.size], [[], rest ? 1 : 0]);
      rest?.[Symbol.dispose]();
      assertEquals(w.mgr.size, 0);
    }
  }
});

Deno.test("a moved scope that is forgotten is reported like any other", async () => {
  using w = watched();
  await (async () => {
    const scope = w.mgr.scope("level 1");
    scope.load("a.txt", Text);
    await collectGarbage({ collections: 1 });
    scope.move().load("b.txt", Text);
  })();
  await collectGarbage({ until: () => w.leaks.length > 1, collections: 10 });
  assertEquals(w.leaks.map(({ key, label }) => `${key} of ${label}`).sort(), [
    "a.txt of level 1",
    "b.txt of level 1",
  ]);
});

Deno.test("a forgotten scope of a manager without detection is not reported", async () => {
  const found: Leak[] = [];
  const onLeak = (leak: Leak) => void found.push(leak);
  const source = new MemorySource(FILES);
  using mgr = new ResourceManager({ source, leaks: { detect: false, onLeak } });
  forgetScope(mgr);
  await canary();
  assertEquals([found, mgr.size], [[], 2]);
});

Deno.test("a value that refers to its own scope is collected together with it", async () => {
  const onLeak = (leak: Leak) => void found.push(leak.key);
  const found: string[] = [];
  const linked: Loader<{ by?: ResourceScope }> = {
    name: "linked",
    extensions: [".linked"],
    load: () => ({}),
  };
  (() => {
    const source = new MemorySource({ "a.linked": "" });
    const mgr = new ResourceManager({ source, loaders: [linked], leaks: { onLeak } });
    const scope = mgr.scope();
    (scope.load("a.linked").value as { by?: ResourceScope }).by = scope;
  })();
  await collectGarbage({ until: () => found.length > 0, collections: 10 });
  assertEquals(found, ["a.linked"]);
});

Deno.test("a manager that is forgotten together with its handles still reports them", async () => {
  const leaks: Leak[] = [];
  forgetManagers(10, (leak) => leaks.push(leak));
  await collectGarbage({ until: () => leaks.length === 10, collections: 3 });
  await canary();
  assertEquals(leaks.length, 10);
});

Deno.test("a manager that is forgotten with idle resources that hold others is collected, and reports no leak", async () => {
  const leaks: Leak[] = [];
  const collected: string[] = [];
  const registry = new FinalizationRegistry<string>((name) => collected.push(name));
  (() => {
    const mgr = new ResourceManager({
      source: new MemorySource({ ...FILES, "p.p": "" }),
      idle: "keep",
      leaks: { onLeak: (leak) => leaks.push(leak) },
      loaders: [{
        name: "p",
        extensions: [".p"],
        load: (_, context) => [context.load("a.txt", Text)],
      }],
    });
    registry.register(mgr, "manager");
    mgr.load("p.p", Array)[Symbol.dispose]();
  })();
  await collectGarbage({ until: () => collected.length === 1, collections: 10 });
  assertEquals(leaks, []);
});

Deno.test("a leak is reported once: by the collector or by the disposal of the manager", async () => {
  const leaks: Leak[] = [];
  {
    using mgr = new ResourceManager({
      source: new MemorySource(FILES),
      leaks: { onLeak: (leak) => leaks.push(leak) },
    });
    forget(mgr, "a.txt", 2);
    await collectGarbage();
    assertEquals(leaks.length, 2);
    forget(mgr, "b.txt", 3);
    await collectGarbage({ collections: 1 }); // registered, and not yet found
  }
  assertEquals(leaks.length, 5);
  await canary();
  assertEquals(leaks.length, 5);
});

Deno.test("a forgotten handle of a resource that was unloaded by force is reported, and releases no other", async () => {
  using w = watched();
  forget(w.mgr, "a.txt", 1);
  w.mgr.unload("a.txt", { force: true });
  using fresh = w.mgr.load("a.txt", Text);
  await collectGarbage({ until: () => w.leaks.length === 1, collections: 3 });
  assertEquals([fresh.value, w.mgr.cacheStats().totalReferences], ["a", 1]);
});

Deno.test("an error of unload after a leak goes to the error event", async () => {
  const errors: unknown[] = [];
  using w = watched();
  using _errors = w.mgr.on("error", ({ error }) => errors.push((error as Error).message));
  (() => {
    w.mgr.add("x", 1, {
      unload() {
        throw new Error("stubborn");
      },
    });
  })();
  await collectGarbage({ until: () => w.leaks.length === 1, collections: 3 });
  assertEquals([errors, w.mgr.size], [["stubborn"], 0]);
});

Deno.test("a disposed handle in the nursery does not keep its unloaded value alive", async () => {
  using w = watched();
  let collected = 0;
  const registry = new FinalizationRegistry(() => collected++);
  const [first, second] = [0, 1].map((i) => {
    const payload = { bytes: new Uint8Array(1000) };
    registry.register(payload, i);
    return w.mgr.add(`p${i}`, payload);
  });
  first![Symbol.dispose]();
  second![Symbol.dispose]();
  await collectGarbage({ until: () => collected === 2, collections: 5 });
  assertEquals([first!.disposed, second!.disposed], [true, true]);
});

Deno.test("weak handles and disposed handles are not leaks, and detection can be off", async () => {
  using w = watched();
  using off = new ResourceManager({
    source: new MemorySource(FILES),
    leaks: { detect: false, onLeak: (leak) => w.leaks.push(leak) },
  });
  forget(off, "a.txt", 5);
  (() => {
    using handle = w.mgr.load("a.txt", Text);
    handle.weak();
  })();
  await canary();
  assertEquals([w.leaks, off.cacheStats().totalReferences], [[], 5]);
});

Deno.test("detection does not slow down the collector: two collections find a leak among thousands of survivors", async () => {
  using w = watched();
  const held = Array.from({ length: 20_000 }, () => w.mgr.load("a.txt", Text));
  await collectGarbage({ collections: 1 });
  for (const handle of held.splice(0, 19_999)) handle[Symbol.dispose]();
  held.length = 0;
  await collectGarbage({ until: () => w.leaks.length > 0, collections: 2 });
  assertEquals(w.leaks.length, 1);
});

/** A value that refers to its own handle, by a field or a closure. */
class Self {
  handle: Handle<Self> | undefined;
  stop: (() => void) | undefined;
}

/** Ways in which a value refers to its own handle. */
const TIES: Record<string, (value: Self, handle: Handle<Self>) => void> = {
  "a field": (value, handle) => value.handle = handle,
  "a closure": (value, handle) => value.stop = () => handle[Symbol.dispose](),
};

const selfLoader: Loader<Self> = { name: "self", extensions: [".self"], load: () => new Self() };

/** Ways to open a handle in a manager. */
const OPENINGS: Record<string, (mgr: ResourceManager) => Handle<Self>> = {
  "load()": (mgr) => mgr.load("hero.self", Self),
  "add()": (mgr) => mgr.add("hero.self", new Self()),
  "clone()": (mgr) => {
    using handle = mgr.load("hero.self", Self);
    return handle.clone();
  },
  "a scope": (mgr) => mgr.scope("level 1").load("hero.self", Self),
};

function managerOfSelves(leaks: LeakOptions): ResourceManager {
  const source = new MemorySource({ ...FILES, "hero.self": "" });
  return new ResourceManager({ source, loaders: [selfLoader], leaks });
}

/** Forgotten managers, with the leaks that were reported and the managers that were collected. */
class Forgotten {
  readonly ways: string[] = [];
  readonly leaked: string[] = [];
  readonly collected: string[] = [];
  readonly #registry = new FinalizationRegistry<string>((way) => this.collected.push(way));

  /** Forgets a manager with a value that refers to its own handle. */
  add(opening: string, tie: string, options: LeakOptions): void {
    const way = `${opening} in ${tie} with ${JSON.stringify(options)}`;
    const mgr = managerOfSelves({ ...options, onLeak: () => this.leaked.push(way) });
    this.ways.push(way);
    this.#registry.register(mgr, way);
    openAndTie(mgr, opening, tie);
  }
}

function openAndTie(mgr: ResourceManager, opening: string, tie: string): void {
  mgr.on("unload", () => mgr.size); // A listener that keeps the manager alive.
  const handle = OPENINGS[opening]!(mgr);
  TIES[tie]!(handle.value, handle);
}

Deno.test("a manager is collected and its leak reported, even if a value refers to its own handle", async () => {
  const forgotten = new Forgotten();
  for (const opening of Object.keys(OPENINGS)) {
    for (const tie of Object.keys(TIES)) {
      for (const options of [{}, { stacks: true }, { strict: true }]) {
        forgotten.add(opening, tie, options);
      }
    }
  }
  const { ways, leaked, collected } = forgotten;
  const count = ways.length;
  const over = () => leaked.length >= count && collected.length === count;
  await collectGarbage({ until: over, collections: 10 });
  await canary();
  assertEquals([leaked.sort(), collected.sort()], [ways.toSorted(), ways.toSorted()]);
});

Deno.test("a value that refers to its own handle is not collected before its manager, which reports it when disposed", async () => {
  const leaks: Leak[] = [];
  const mgr = managerOfSelves({ onLeak: (leak) => leaks.push(leak) });
  (() => {
    const handle = mgr.load("hero.self", Self);
    handle.value.handle = handle;
  })();
  await canary();
  await canary();
  assertEquals([leaks, mgr.size], [[], 1]);
  mgr[Symbol.dispose]();
  await canary();
  assertEquals(leaks, [{ key: "hero.self", type: "Self" }]);
});

Deno.test("a leaked handle releases its own resource, not the one that has the key now", async () => {
  using w = watched();
  forget(w.mgr, "a.txt", 2);
  w.mgr.unload("a.txt", { force: true });
  forget(w.mgr, "a.txt", 3);
  w.mgr.unload("a.txt", { force: true });
  using fresh = w.mgr.load("a.txt", Text);
  await collectGarbage({ until: () => w.leaks.length === 5, collections: 5 });
  assertEquals([fresh.value, w.mgr.cacheStats().totalReferences], ["a", 1]);
  assertEquals([...cacheOf(w.mgr).known()].map(({ count }) => count), [1]);
});

Deno.test("a leak is reported once when a strict manager, the collector and the disposal all see it", async () => {
  const leaks: Leak[] = [];
  const strict = { strict: true, onLeak: (leak: Leak) => leaks.push(leak) };
  const mgr = new ResourceManager({ source: new MemorySource(FILES), leaks: strict });
  forget(mgr, "a.txt", 2); // 1. the task ends, 2. the collector runs
  await collectGarbage({ until: () => mgr.size === 0, collections: 5 });
  assertEquals([leaks.length, mgr.cacheStats().leaks], [2, 2]);
  forget(mgr, "a.txt", 2); // 1. the manager is disposed, 2. the task ends, 3. the collector runs
  mgr[Symbol.dispose]();
  assertEquals(leaks.length, 4);
  await setImmediate();
  await canary();
  assertEquals([leaks.length, mgr.cacheStats().leaks], [4, 4]);
});

Deno.test("a leak that the disposal has reported is not reported again when the manager is collected", async () => {
  const leaks: Leak[] = [];
  (() => {
    using mgr = new ResourceManager({
      source: new MemorySource(FILES),
      leaks: { onLeak: (leak) => leaks.push(leak) },
    });
    forget(mgr, "a.txt", 1);
    mgr.scope("level 1").load("b.txt", Text);
  })();
  assertEquals(leaks.length, 2);
  await canary();
  await canary();
  assertEquals(leaks.length, 2);
});

/** The lines that `console.warn` receives until the result is disposed. */
function warnings(): { readonly lines: string[] } & Disposable {
  const { warn } = console;
  const lines: string[] = [];
  console.warn = (line: unknown) => lines.push(stripAnsiCode(String(line)));
  return { lines, [Symbol.dispose]: () => console.warn = warn };
}

Deno.test("leaks that one collection finds make one warning for each line that opened them", async () => {
  using warned = warnings();
  using mgr = new ResourceManager({ source: new MemorySource(FILES), leaks: { stacks: true } });
  forget(mgr, "a.txt", 140);
  playAndForget(mgr);
  await collectGarbage({ until: () => warned.lines.length > 0, collections: 5 });
  assertEquals(warned.lines.length, 2);
  assertMatch(
    warned.lines[0]!,
    /^Leaked handles: forget · gc_test\.ts:\d+ ×140, 1 B: "a\.txt" were garbage-collected without being disposed\n {4}at forget/,
  );
  assertMatch(warned.lines[1]!, /^Leaked handle: "a\.txt" \(Text\) was garbage-collected/);
  forget(mgr, "a.txt", 139);
  await collectGarbage({ until: () => mgr.cacheStats().leaks === 280, collections: 5 });
  assertEquals(warned.lines.length, 2); // not twice as many yet
  forget(mgr, "a.txt", 1);
  await collectGarbage({ until: () => warned.lines.length > 2, collections: 5 });
  assertMatch(warned.lines[2]!, /^Leaked handles: forget · gc_test\.ts:\d+ ×280 now, 1 B$/);
});

Deno.test("the second leak of a resource is reported with its call site, with or without a type", async () => {
  for (const open of [(mgr: ResourceManager) => forget(mgr, "a.txt", 20), forgetUntyped]) {
    for (const keep of [true, false]) {
      using w = watched();
      using _kept = keep ? w.mgr.load("a.txt", Text) : undefined; // resident, or read again
      open(w.mgr);
      await collectGarbage({ until: () => w.leaks.length === 20, collections: 5 });
      assertEquals(w.leaks.some(({ stack }) => stack !== undefined), false);
      open(w.mgr);
      await collectGarbage({ until: () => w.leaks.length === 40, collections: 5 });
      const known = w.leaks.flatMap(({ stack }) => stack?.match(/at (forget\w*)/)?.[1] ?? []);
      assertEquals(known, [open === forgetUntyped ? "forgetUntyped" : "forget"]);
      const [site] = w.mgr.cacheStats().leakSites!.filter(({ site }) => site !== undefined);
      assertEquals([site!.count, site!.keys], [1, ["a.txt"]]);
      assertEquals(w.mgr.peek("a.txt"), keep ? "a" : undefined);
    }
  }
});

function forgetUntyped(mgr: ResourceManager): void {
  for (let i = 0; i < 20; i++) mgr.load("a.txt");
}

Deno.test("the second leak is reported with its call site also for a scope and loadAsync(), but not with stacks: false", async () => {
  const opens: ((mgr: ResourceManager) => unknown)[] = [
    forgetScope,
    async (mgr) => void await mgr.loadAsync("a.txt", Text),
  ];
  for (const open of opens) {
    for (const stacks of [undefined, false]) {
      using w = watched(stacks === undefined ? {} : { stacks });
      forget(w.mgr, "a.txt", 1);
      await collectGarbage({ until: () => w.leaks.length > 0, collections: 5 });
      await open(w.mgr);
      await collectGarbage({ until: () => w.mgr.size === 0, collections: 10 });
      const known = w.leaks.filter(({ stack }) => stack !== undefined).map(({ key }) => key);
      assertEquals(known, stacks === undefined ? ["a.txt"] : []);
    }
  }
});

Deno.test("a second leak is reported with its call site even if many other resources have leaked meanwhile", async () => {
  const found: Leak[] = [];
  const files = Array.from({ length: 100 }, (_, i) => [`${i}.txt`, "x"] as const);
  using mgr = new ResourceManager({
    source: new MemorySource(files),
    leaks: { onLeak: (leak) => found.push(leak) },
  });
  forget(mgr, "0.txt", 1);
  (() => {
    const scope = mgr.scope("level 1");
    for (const [name] of files) scope.load(name, Text);
  })();
  await collectGarbage({ until: () => found.length === 101, collections: 10 });
  forget(mgr, "0.txt", 1);
  await collectGarbage({ until: () => found.length === 102, collections: 10 });
  assertMatch(found.at(-1)!.stack!, /at forget/);
});
