import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  type LoadContext,
  LoaderNotFoundError,
  ManagerDisposedError,
  MemorySource,
  ResourceCycleError,
  ResourceLoadError,
  ResourceManager,
  ResourcePathError,
  ResourceTypeError,
  Text,
} from "../../mod.ts";
import { guardAgainstLeaks } from "../_guard.ts";
import { bench, Other, Thing } from "../_thing.ts";

guardAgainstLeaks();

Deno.test("LoadContext.load() keeps dependencies for as long as their dependent", () => {
  using b = bench({ "p.thing": "a.thing\nb.thing", "a.thing": "", "b.thing": "" });
  const parent = b.mgr.load("p.thing", Thing);
  assertEquals(b.mgr.cacheStats().resources["p.thing"]?.dependencies, ["a.thing", "b.thing"]);
  assertEquals(b.mgr.cacheStats().totalReferences, 3);
  parent[Symbol.dispose]();
  assertEquals(b.loader.log, [
    "+a.thing",
    "+b.thing",
    "+p.thing",
    "-p.thing",
    "-b.thing",
    "-a.thing",
  ]);
  assertEquals(b.events.slice(-3), [
    "unload p.thing released",
    "unload b.thing released",
    "unload a.thing released",
  ]);
});

Deno.test("LoadContext.load() resolves ./ and ../ against the key, and other names against the root", () => {
  using b = bench({
    "levels/one/map.thing": "./hero.thing\n../shared.thing\nroot.thing",
    "levels/one/hero.thing": "",
    "levels/shared.thing": "",
    "root.thing": "",
  });
  using _map = b.mgr.load("levels/one/map.thing", Thing);
  assertEquals(b.mgr.cacheStats().resources["levels/one/map.thing"]?.dependencies, [
    "levels/one/hero.thing",
    "levels/shared.thing",
    "root.thing",
  ]);
});

Deno.test("LoadContext.load() refuses a relative name that leads out of the root", () => {
  using b = bench({ "dir/p.thing": "../../x.thing" });
  assertThrows(() => b.mgr.load("dir/p.thing", Thing), ResourcePathError, "leads out of the root");
});

Deno.test("LoadContext shares a dependency that is resident, and the idle policy keeps it afterwards", () => {
  using b = bench({ "p.thing": "a.thing", "a.thing": "" }, { idle: "keep" });
  using a = b.mgr.load("a.thing", Thing);
  b.mgr.load("p.thing", Thing)[Symbol.dispose]();
  assertEquals(b.mgr.cacheStats().resources["a.thing"]?.refCount, 2);
  a[Symbol.dispose]();
  assertEquals([b.mgr.cacheStats().idleCount, b.mgr.unloadUnused(), b.mgr.size], [1, 2, 0]);
  assertEquals(b.loader.log.slice(-2), ["-p.thing", "-a.thing"]);
});

Deno.test("LoadContext finds cycles, and names the chain", () => {
  using b = bench({
    "a.thing": "b.thing",
    "b.thing": "c.thing",
    "c.thing": "./b.thing",
    "self.thing": "self.thing",
  });
  const error = assertThrows(() => b.mgr.load("a.thing", Thing), ResourceCycleError);
  assertEquals(error.chain, ["b.thing", "c.thing", "b.thing"]);
  assertEquals(
    error.message,
    'Cannot load "b.thing": it depends on itself, "b.thing" → "c.thing" → "b.thing"',
  );
  const self = assertThrows(() => b.mgr.load("self.thing", Thing), ResourceCycleError);
  assertEquals(self.chain, ["self.thing", "self.thing"]);
  assertEquals([b.mgr.size, b.loader.log], [0, []]);
});

Deno.test("LoadContext finds cycles that a reload closes", () => {
  using b = bench({ "a.thing": "b.thing", "b.thing": "c.thing", "c.thing": "" });
  using a = b.mgr.load("a.thing", Thing);
  b.source.set("c.thing", "a.thing");
  const error = assertThrows(() => b.mgr.reload("c.thing"), ResourceCycleError);
  assertEquals(error.chain, ["c.thing", "a.thing", "b.thing", "c.thing"]);
  assertEquals([a.version, b.mgr.cacheStats().totalReferences], [1, 3]);
});

Deno.test("a loader that loads its own key through the manager is a cycle, not an endless recursion", () => {
  const mgr: ResourceManager = new ResourceManager({
    source: new MemorySource({ "x.loop": "" }),
    loaders: [{ name: "loop", extensions: [".loop"], load: () => mgr.load("x.loop", Thing) }],
  });
  using _mgr = mgr;
  assertThrows(() => mgr.load("x.loop", Thing), ResourceCycleError);
});

Deno.test("an error of a dependency is wrapped once for each key on the way", () => {
  using b = bench({
    "top.thing": "mid.thing",
    "mid.thing": "low.thing",
    "low.thing": "throw",
    "t.thing": "",
  });
  const error = assertThrows(() => b.mgr.load("top.thing", Thing), ResourceLoadError);
  const chain: string[] = [];
  let cause: unknown = error;
  for (; cause instanceof ResourceLoadError; cause = cause.cause) chain.push(cause.key);
  assertEquals(chain, ["top.thing", "mid.thing", "low.thing"]);
  assertEquals((cause as Error).message, "low.thing is broken");
  b.source.set("low.thing", "no.thing");
  assertThrows(() => b.mgr.load("top.thing", Thing), ResourceLoadError, "no.thing");
});

Deno.test("errors that name their key, and aborts, pass through a loader unwrapped", () => {
  const attempt = (load: (context: LoadContext) => unknown) => {
    using mgr = new ResourceManager({
      source: new MemorySource({ "x.x": "", "a.txt": "" }),
      loaders: [{ name: "x", extensions: [".x"], load: (_, context) => load(context) }],
    });
    try {
      mgr.load("x.x", Thing);
    } catch (error) {
      return error;
    }
    throw new Error("did not throw");
  };
  assertInstanceOf(attempt((context) => context.load("a.none", Text)), LoaderNotFoundError);
  assertInstanceOf(attempt((context) => context.load("../a.txt", Text)), ResourcePathError);
  assertInstanceOf(attempt((context) => context.load("a.txt", Other)), ResourceTypeError);
  const abort = new DOMException("enough", "AbortError");
  assertStrictEquals(
    attempt(() => {
      throw abort;
    }),
    abort,
  );
  const odd = attempt(() => {
    throw "a string";
  });
  assertInstanceOf(odd, ResourceLoadError);
  assertEquals([odd.message, odd.cause], ['Cannot load "x.x": a string', "a string"]);
});

Deno.test("LoadContext is a DisposableStack that a failed load disposes, and that the resource keeps otherwise", () => {
  const log: string[] = [];
  let fail = true;
  const contexts: LoadContext[] = [];
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.x": "", "a.txt": "" }),
    loaders: [{
      name: "x",
      extensions: [".x"],
      load(_, context) {
        contexts.push(context);
        assertInstanceOf(context, DisposableStack);
        context.defer(() => log.push("first"));
        const text = context.load("a.txt", Text);
        context.defer(() => log.push(`second ${text.value.length}`));
        if (fail) throw new Error("failed");
        return new Thing("x", "");
      },
      unload: () => void log.push("unload"),
    }],
  });
  assertThrows(() => mgr.load("x.x", Thing), ResourceLoadError);
  assertEquals(log.splice(0), ["second 0", "first"]);
  fail = false;
  const handle = mgr.load("x.x", Thing);
  assertEquals(log, []);
  assertThrows(
    () => contexts[1]!.load("a.txt", Text),
    ReferenceError,
    'the load of "x.x" has ended',
  );
  handle[Symbol.dispose]();
  assertEquals(log, ["unload", "second 0", "first"]);
});

Deno.test("a loader may move what its context holds, or dispose it itself", () => {
  let kept: DisposableStack | undefined;
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.x": "", "y.y": "", "a.txt": "" }),
    loaders: [
      {
        name: "x",
        extensions: [".x"],
        load(_, context) {
          context.load("a.txt", Text);
          kept = context.move();
          return new Thing("x", "");
        },
      },
      {
        name: "y",
        extensions: [".y"],
        load(_, context) {
          using _text = context.load("a.txt", Text);
          return new Thing("y", "");
        },
      },
    ],
  });
  mgr.load("x.x", Thing)[Symbol.dispose]();
  assert(mgr.has("a.txt"));
  kept?.dispose();
  assertEquals(mgr.size, 0);
  using _y = mgr.load("y.y", Thing);
  assertEquals(Object.keys(mgr.cacheStats().resources), ["y.y"]);
});

Deno.test("a loader that frees its value by context.use() gets no warning, with a dependency too", () => {
  class Texture {
    destroyed = false;
    destroy(): void {
      this.destroyed = true;
    }
  }
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.x": "", "a.txt": "" }),
    loaders: [{
      name: "x",
      extensions: [".x"],
      load(_, context) {
        const texture = new Texture();
        context.load("a.txt", Text);
        context.use({ [Symbol.dispose]: () => texture.destroy() });
        return texture;
      },
    }],
  });
  const warnings: string[] = [];
  using _warnings = mgr.on("warning", ({ message }) => warnings.push(message));
  const handle = mgr.load("x.x", Texture);
  const { value } = handle;
  handle[Symbol.dispose]();
  assertEquals([warnings, value.destroyed], [[], true]);
});

Deno.test("a manager that is disposed by a loader keeps nothing of that load", () => {
  const log: string[] = [];
  const mgr: ResourceManager = new ResourceManager({
    source: new MemorySource({ "x.x": "" }),
    loaders: [{
      name: "x",
      extensions: [".x"],
      load() {
        mgr[Symbol.dispose]();
        return new Thing("x", "");
      },
      unload: () => void log.push("unload"),
    }],
  });
  assertThrows(() => mgr.load("x.x", Thing), ManagerDisposedError);
  assertEquals([log, mgr.size, mgr.bytes], [["unload"], 0, 0]);
});

Deno.test("a loader that adds its own key has its value discarded, and the added one stays", () => {
  const unloaded: string[] = [];
  const mgr: ResourceManager = new ResourceManager({
    source: new MemorySource({ "x.x": "" }),
    idle: "keep",
    loaders: [{
      name: "x",
      extensions: [".x"],
      load() {
        mgr.add("x.x", new Thing("added", ""))[Symbol.dispose]();
        return new Thing("loaded", "");
      },
      unload: (thing: Thing) => void unloaded.push(thing.key),
    }],
  });
  using _mgr = mgr;
  using handle = mgr.load("x.x", Thing);
  assertEquals([handle.value.key, unloaded], ["added", ["loaded"]]);
});

Deno.test("a resource that its own reload unloads by force stays unloaded", () => {
  let reloading = false;
  const mgr: ResourceManager = new ResourceManager({
    source: new MemorySource({ "x.x": "" }),
    loaders: [{
      name: "x",
      extensions: [".x"],
      load() {
        if (reloading) mgr.unload("x.x", { force: true });
        return new Thing("x", "");
      },
    }],
  });
  using _mgr = mgr;
  using _errors = mgr.on("error", () => {});
  using _handle = mgr.load("x.x", Thing);
  reloading = true;
  assertThrows(() => mgr.reload("x.x"), ReferenceError, "it is not resident");
  assertEquals(mgr.size, 0);
});

Deno.test("what releasing the dependencies of a failed load throws goes to the error event, and not to the caller", () => {
  using b = bench({ "p.thing": "a.thing\nthrow", "a.thing": "" });
  b.loader.stubborn.add("a.thing");
  assertThrows(() => b.mgr.load("p.thing", Thing), ResourceLoadError, "p.thing is broken");
  assertEquals(b.errors.map((error) => (error as Error).message), ["a.thing is stubborn"]);
});

Deno.test("a loader whose load returns a promise is refused, and nobody has to handle its rejection", async () => {
  using mgr = new ResourceManager({
    source: new MemorySource({ "x.x": "" }),
    loaders: [{ name: "x", extensions: [".x"], load: () => Promise.reject(new Error("later")) }],
  });
  const message =
    'the load of its loader "x" returned a promise, make it synchronous or call it loadAsync';
  assertThrows(() => mgr.load("x.x", Thing), ResourceLoadError, message);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(mgr.size, 0);
});
