import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  LayeredSource,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  ResourceNotFoundError,
  type Source,
  Text,
} from "../../mod.ts";
import { GatedSource } from "../../src/testing.ts";
import { FakeClock } from "../_fake_clock.ts";

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

/** A source that has only `read` or only `readAsync`. */
function only(member: "read" | "readAsync", files: Record<string, string>): Source {
  const source = new MemorySource(files);
  return member === "read"
    ? { read: (key) => source.read(key) }
    : { readAsync: (key, options) => source.readAsync(key, options) };
}

const BROKEN = new Error("the disk is broken");

/** A source whose members all throw. */
function broken(): Source {
  function fail(): never {
    throw BROKEN;
  }
  // deno-lint-ignore require-await
  return { read: fail, readAsync: async () => fail(), list: fail, watch: fail };
}

/** Records the keys and errors that a source reports. */
function watchLog(source: LayeredSource) {
  const [keys, errors]: [string[], unknown[]] = [[], []];
  const watch = source.watch((key) => keys.push(key), (error) => errors.push(error));
  return {
    take: () => keys.splice(0),
    errors,
    [Symbol.dispose]: () => watch[Symbol.dispose](),
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

Deno.test("LayeredSource reads a key from the first layer that has it, and lists each key once", async () => {
  const source = new LayeredSource([
    new MemorySource({ "a.txt": "mod" }),
    new MemorySource({ "a.txt": "patch", "dir/b.txt": "patch" }),
    new MemorySource({ "a.txt": "base", "dir/b.txt": "base", "c.txt": "base" }),
  ]);
  const read: Record<string, string> = {};
  for (const key of source.list!("")) read[key] = textOf(await source.readAsync(key));
  assertEquals(read, { "a.txt": "mod", "c.txt": "base", "dir/b.txt": "patch" });
  for (const [key, text] of Object.entries(read)) assertEquals(textOf(source.read!(key)), text);
  assertEquals(source.list!("dir"), ["dir/b.txt"]);
});

Deno.test("LayeredSource reports that no layer has a key, with the error of the lowest one as the cause", async () => {
  const source = new LayeredSource([new MemorySource(), only("read", {})]);
  const error = assertThrows(() => source.read!("a.txt"), ResourceNotFoundError);
  assertEquals(error.message, 'Cannot load "a.txt": no layer has it');
  assertEquals(
    (error.cause as Error).message,
    'Cannot load "a.txt": the memory source has no such key',
  );
  await assertRejects(() => source.readAsync("a.txt"), ResourceNotFoundError, "no layer has");
  const listed = assertThrows(() => source.list!("dir"), ResourceNotFoundError);
  assertEquals(listed.message, 'Cannot index "dir": no layer has it');
});

Deno.test("LayeredSource throws the error of a broken layer, and does not skip it", async () => {
  const base = new MemorySource({ "a.txt": "base" });
  const source = new LayeredSource([broken(), base]);
  assertThrows(() => source.read!("a.txt"), Error, BROKEN.message);
  await assertRejects(() => source.readAsync("a.txt"), Error, BROKEN.message);
  assertThrows(() => source.list!(""), Error, BROKEN.message);
  const below = new LayeredSource([base, broken()]);
  assertEquals(textOf(below.read!("a.txt")), "base");
  assertThrows(() => below.read!("b.txt"), Error, BROKEN.message);
});

Deno.test("LayeredSource.watch() reports a layer that cannot be watched, and watches the others", async () => {
  const [top, base] = [new MemorySource(), new MemorySource()];
  const source = new LayeredSource([top, broken(), base]);
  await using watch = watchLog(source);
  assertEquals(watch.errors, [BROKEN]);
  top.set("a.txt", "");
  base.set("b.txt", "");
  assertEquals(watch.take(), ["a.txt", "b.txt"]);
  using _more = source.mount(broken());
  assertEquals(watch.errors, [BROKEN, BROKEN]);
  base.set("c.txt", "");
  assertEquals(watch.take(), ["c.txt"]);
});

Deno.test("LayeredSource has read and list exactly when a layer has them", () => {
  const source = new LayeredSource([only("readAsync", {})]);
  const members = () => [source.read !== undefined, source.list !== undefined];
  assertEquals(members(), [false, false]);
  {
    using _sync = source.mount(only("read", {}));
    assertEquals(members(), [true, false]);
    using _full = source.mount(new MemorySource());
    assertEquals(members(), [true, true]);
  }
  assertEquals(members(), [false, false]);
});

Deno.test("LayeredSource mixes synchronous and asynchronous layers: a synchronous read stops at an asynchronous one", async () => {
  const source = new LayeredSource([
    only("read", { "a.txt": "sync" }),
    only("readAsync", { "b.txt": "async" }),
    only("read", { "c.txt": "below" }),
  ]);
  using mgr = new ResourceManager({ source });
  for (const [name, text] of [["a.txt", "sync"], ["b.txt", "async"], ["c.txt", "below"]]) {
    using handle = await mgr.loadAsync(name!, Text);
    assertEquals(handle.value, text);
  }
  using a = mgr.load("a.txt", Text);
  assertEquals(a.value, "sync");
  for (const name of ["b.txt", "c.txt", "no.txt"]) {
    const error = assertThrows(() => mgr.load(name, Text), ResourceLoadError);
    assertEquals(
      error.message,
      `Cannot load "${name}": a layer that reads only asynchronously comes first, use loadAsync or reloadAsync`,
    );
    assertEquals(error instanceof ResourceNotFoundError, false);
  }
  const asynchronous = new ResourceManager({ source: new LayeredSource([only("readAsync", {})]) });
  assertThrows(() => asynchronous.load("a.txt", Text), ResourceLoadError, "use loadAsync");
  assertThrows(() => asynchronous.indexDirectory(), ResourceLoadError, "cannot list");
});

Deno.test("LayeredSource without layers has no keys, until one is mounted", async () => {
  const source = new LayeredSource();
  assertThrows(() => source.read!("a.txt"), ResourceNotFoundError);
  await assertRejects(() => source.readAsync("a.txt"), ResourceNotFoundError);
  assertEquals(source.list!(""), []);
  assertThrows(() => source.list!("dir"), ResourceNotFoundError);
  await using watch = watchLog(source);
  using _mount = source.mount(new MemorySource({ "a.txt": "a" }));
  assertEquals([watch.take(), textOf(source.read!("a.txt"))], [["a.txt"], "a"]);
});

Deno.test("LayeredSource refuses values that are not sources", () => {
  const values = [undefined, null, 1, "mods", {}, [], { read: 1 }, { list: () => [] }];
  for (const value of values) {
    const mount = () => new LayeredSource().mount(value as unknown as Source);
    assertThrows(mount, TypeError, "Cannot mount a layer: it must be a Source");
    assertThrows(() => new LayeredSource([value as unknown as Source]), TypeError, "received ");
  }
  assertThrows(() => new LayeredSource("mods" as never), TypeError, "received string");
  assertThrows(() => new LayeredSource(new MemorySource() as never), TypeError, "iterable");
});

Deno.test("LayeredSource.mount() reports only the keys of the layer that is mounted or unmounted", async () => {
  const base = new MemorySource({ "a.txt": "base", "b.txt": "base" });
  const source = new LayeredSource([base]);
  await using watch = watchLog(source);
  const low = source.mount(new MemorySource({ "a.txt": "low", "c.txt": "low" }));
  assertEquals(watch.take(), ["a.txt", "c.txt"]);
  const high = source.mount(new MemorySource({ "a.txt": "high", "d.txt": "high" }));
  assertEquals(watch.take(), ["a.txt", "d.txt"]);
  low[Symbol.dispose]();
  assertEquals(watch.take(), ["c.txt"]); // "a.txt" still comes from the layer above
  assertThrows(() => source.read!("c.txt"), ResourceNotFoundError);
  high[Symbol.dispose]();
  assertEquals([watch.take(), textOf(source.read!("a.txt"))], [["a.txt", "d.txt"], "base"]);
  low[Symbol.dispose]();
  high[Symbol.dispose]();
  assertEquals([watch.take(), textOf(source.read!("a.txt"))], [[], "base"]);
});

Deno.test("LayeredSource.watch() does not report keys that a layer above lists", async () => {
  const [top, base] = [new MemorySource({ "dir/a.txt": "top" }), new MemorySource()];
  const source = new LayeredSource([only("read", { "b.txt": "" }), top, base]);
  await using watch = watchLog(source);
  base.set("dir/a.txt", "hidden");
  assertEquals(watch.take(), []);
  base.set("b.txt", "perhaps hidden: the first layer cannot list");
  top.delete("dir/a.txt");
  base.set("dir/a.txt", "shown");
  assertEquals(watch.take(), ["b.txt", "dir/a.txt", "dir/a.txt"]);
});

Deno.test("LayeredSource.mount() of a source that cannot list reports every key that was ever read", async () => {
  const source = new LayeredSource([new MemorySource({ "a.txt": "a", "b.txt": "b" })]);
  source.read!("./a.txt");
  await assertRejects(() => source.readAsync("mod.txt"), ResourceNotFoundError);
  await using watch = watchLog(source);
  const mods = source.mount(only("read", { "mod.txt": "" }));
  assertEquals(watch.take(), ["a.txt", "mod.txt"]);
  using _top = source.mount(new MemorySource({ "a.txt": "" }));
  watch.take();
  mods[Symbol.dispose]();
  assertEquals(watch.take(), ["mod.txt"]);
  using _broken = source.mount(broken());
  assertEquals(watch.take(), ["a.txt", "mod.txt"]);
});

Deno.test("LayeredSource.mount() accepts a source twice, and each mount is unmounted separately", async () => {
  const mods = new MemorySource({ "a.txt": "mod" });
  const source = new LayeredSource([new MemorySource({ "a.txt": "base" })]);
  const [first, second] = [source.mount(mods), source.mount(mods)];
  await using watch = watchLog(source);
  mods.set("a.txt", "changed");
  assertEquals(watch.take(), ["a.txt"]); // once: the lower one is hidden
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  assertEquals(textOf(source.read!("a.txt")), "changed");
  first[Symbol.dispose]();
  assertEquals(textOf(source.read!("a.txt")), "base");
});

Deno.test("LayeredSource does not list its layers while there are no watchers", () => {
  let lists = 0;
  const counted: Source = { read: () => new Uint8Array(), list: () => (lists++, ["a.txt"]) };
  const source = new LayeredSource();
  source.watch(() => {})[Symbol.dispose]();
  source.mount(counted)[Symbol.dispose]();
  assertEquals(lists, 0);
});

Deno.test("LayeredSource.readAsync() goes on with the layers that it began with", async () => {
  const mods = new GatedSource({ "a.txt": "mod" });
  const source = new LayeredSource([new MemorySource({ "a.txt": "base" })]);
  const mount = source.mount(mods);
  const [found, fallen] = [source.readAsync("a.txt"), source.readAsync("a.txt")];
  mount[Symbol.dispose]();
  mods.open("a.txt");
  mods.fail("a.txt", new ResourceNotFoundError("a.txt"));
  assertEquals([textOf(await found), textOf(await fallen)], ["mod", "base"]);
  assertEquals(textOf(await source.readAsync("a.txt")), "base");
});

Deno.test("LayeredSource.readAsync() rejects when its signal aborts between two layers", async () => {
  const [abort, mods] = [new AbortController(), new GatedSource({}, { heedsSignals: false })];
  const source = new LayeredSource([mods, only("read", { "a.txt": "base" })]);
  const reading = source.readAsync("a.txt", { signal: abort.signal });
  abort.abort(new Error("enough"));
  mods.open("a.txt");
  await assertRejects(() => reading, Error, "enough");
});

Deno.test("LayeredSource.watch() ends the watch of a layer that is unmounted, and all when it is disposed", async () => {
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const watched = (name: string): Source => ({
    read: () => new Uint8Array(),
    watch: () => ({
      [Symbol.dispose]: () => {},
      async [Symbol.asyncDispose]() {
        log.push(`${name} ends`);
        if (name === "base") return;
        await gate.promise;
        log.push(`${name} ended`);
        throw BROKEN;
      },
    }),
  });
  const source = new LayeredSource([watched("base")]);
  const mount = source.mount(watched("top"));
  const watch = watchLog(source);
  mount[Symbol.dispose]();
  assertEquals(log, ["top ends"]);
  const ended = watch[Symbol.asyncDispose]().then(() => log.push("watch ended"));
  assertEquals(log, ["top ends", "base ends"]);
  setTimeout(gate.resolve); // after the watch of the base has ended
  await ended;
  assertEquals(log.slice(2), ["top ended", "watch ended"]);
  assertEquals(watch.errors, [BROKEN]);
});

Deno.test("LayeredSource.watch() allows its callbacks to dispose it, and to mount layers", () => {
  const [base, mods] = [new MemorySource(), new MemorySource({ "a.txt": "", "b.txt": "" })];
  const source = new LayeredSource([base]);
  const keys: string[] = [];
  const watch = source.watch((key) => {
    keys.push(key);
    watch[Symbol.dispose]();
  });
  source.mount(mods);
  assertEquals(keys, ["a.txt"]);
  mods.set("c.txt", "");
  base.set("c.txt", "");
  assertEquals(keys, ["a.txt"]);

  const errors: unknown[] = [];
  let mount: Disposable | undefined;
  const other = new LayeredSource([base]);
  using _watch = other.watch((key) => keys.push(key), (error) => {
    errors.push(error);
    mount = other.mount(new MemorySource({ "d.txt": "" }));
  });
  using _broken = other.mount(broken());
  base.set("e.txt", "");
  assertEquals(errors, [BROKEN]);
  assertEquals(keys.slice(1), ["d.txt", "e.txt"]);
  mount![Symbol.dispose]();
  assertEquals(keys.slice(3), ["d.txt"]);
});

Deno.test("LayeredSource.watch() does not go on watching a layer that is unmounted while it starts", () => {
  let open = 0;
  const counted: Source = {
    read: () => new Uint8Array(),
    watch: () => (open++, { [Symbol.dispose]: () => void open-- }),
  };
  const source = new LayeredSource();
  const mount = source.mount(counted);
  source.mount(broken());
  using _watch = source.watch(() => {}, () => mount[Symbol.dispose]());
  assertEquals(open, 0);
});

Deno.test("a manager that watches reloads after a mount, a change and an unmount", async () => {
  const base = new MemorySource({ "hero.txt": "@", "orc.txt": "o" });
  const source = new LayeredSource([base]);
  const clock = new FakeClock();
  await using mgr = new ResourceManager({ source, clock });
  using hero = mgr.load("hero.txt", Text);
  using orc = mgr.load("orc.txt", Text);
  await using _watcher = mgr.watch();
  const settled = async () => {
    clock.advance(50);
    await mgr.watch()[Symbol.asyncDispose](); // waits for the reloads
    return [hero.value, hero.version, orc.version];
  };
  const mods = new MemorySource({ "hero.txt": "&" });
  const mount = source.mount(mods);
  assertEquals(await settled(), ["&", 2, 1]);
  mods.set("hero.txt", "%");
  assertEquals(await settled(), ["%", 3, 1]);
  base.set("hero.txt", "hidden");
  assertEquals(await settled(), ["%", 3, 1]);
  mount[Symbol.dispose]();
  assertEquals(await settled(), ["hidden", 4, 1]);
});

const STEPS = fc.array(
  fc.record({
    what: fc.constantFrom("mount", "unmount", "set", "delete"),
    layer: fc.nat(),
    keys: fc.subarray(["a", "b", "dir/a", "dir/b", "dir/deep/a"], { minLength: 1 }),
  }),
  { maxLength: 30 },
);

Deno.test("LayeredSource reports exactly the keys whose content or layer has changed, after any steps", () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const source = new LayeredSource();
      const layers: { files: MemorySource; mount: Disposable }[] = [];
      /** The layer that each key comes from. */
      const owners = () =>
        new Map(
          layers.toReversed().flatMap(({ files }) =>
            files.list("").map((key) => [key, files] as const)
          ),
        );
      using watch = watchLog(source);
      for (const { what, layer, keys } of steps) {
        const before = owners();
        const at = layer % Math.max(1, layers.length);
        const files = layers[at]?.files;
        if (what === "mount") {
          const added = new MemorySource(keys.map((key) => [key, ""] as const));
          layers.unshift({ files: added, mount: source.mount(added) });
        } else if (what === "unmount") layers.splice(at, 1)[0]?.mount[Symbol.dispose]();
        else if (what === "set") files?.set(keys[0]!, `${layer}`);
        else files?.delete(keys[0]!);
        const after = owners();
        const isSet = (key: string) =>
          what === "set" && key === keys[0] && after.get(key) === files;
        const changed = [...new Set([...before.keys(), ...after.keys()])]
          .filter((key) => before.get(key) !== after.get(key) || isSet(key));
        assertEquals(watch.take().toSorted(), changed.toSorted());
        for (const [key, owner] of after) assertEquals(source.read!(key), owner.read(key));
        assertEquals(source.list!(""), [...after.keys()].sort());
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});
