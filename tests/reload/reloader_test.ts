import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import {
  type Handle,
  type Loader,
  MemorySource,
  ResourceCycleError,
  ResourceLoadError,
  ResourceManager,
  ResourceNotLoadedError,
  ResourceTypeError,
  Text,
} from "../../mod.ts";
import { FakeClock } from "../_fake_clock.ts";
import { turns } from "../_turns.ts";

class Texture {
  alive = true;
  constructor(public pixels: string) {}
}

/** Keeps the value of its texture, as engines do. */
class Material {
  constructor(readonly texture: Texture) {}
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function texturesWith(extra: Partial<Loader<Texture>> = {}): Loader<Texture> {
  return {
    name: "texture",
    extensions: [".png"],
    load: (bytes) => new Texture(decode(bytes)),
    unload: (texture) => void (texture.alive = false),
    ...extra,
  };
}

/** A material names its texture, or is "broken". */
const materials: Loader<Material> = {
  name: "material",
  extensions: [".mat"],
  load(bytes, context) {
    const name = decode(bytes);
    if (name === "broken") throw new SyntaxError("broken");
    return new Material(context.load(name, Texture).value);
  },
};

function setUp(textures: Loader<Texture> = texturesWith()) {
  const source = new MemorySource({ "wall.mat": "stone.png", "stone.png": "1" });
  const mgr = new ResourceManager({ source, loaders: [textures, materials] });
  const errors: string[] = [];
  mgr.on("error", ({ error }) => errors.push((error as Error).message));
  return { source, mgr, errors, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

Deno.test("reload() unloads old values only after everything that was made from them is new", () => {
  using b = setUp();
  using wall = b.mgr.load("wall.mat", Material);
  const old = wall.value.texture;
  const seen: [string, boolean][] = [];
  b.mgr.on("reload", ({ key }) => seen.push([key, wall.value.texture.alive]));
  b.source.set("stone.png", "2");
  b.mgr.reload("stone.png");
  assertEquals(seen, [["stone.png", true], ["wall.mat", true]]);
  assertEquals([old.alive, wall.value.texture.pixels], [false, "2"]);
});

Deno.test("reload() keeps an old value alive while a dependent that was made from it cannot be reloaded", () => {
  using b = setUp();
  {
    using wall = b.mgr.load("wall.mat", Material);
    const [first] = [wall.value.texture];
    b.source.set("wall.mat", "broken");
    for (const pixels of ["2", "3"]) {
      b.source.set("stone.png", pixels);
      assertThrows(() => b.mgr.reload("stone.png"), ResourceLoadError, "broken");
      assertEquals([wall.value.texture.alive, wall.value.texture.pixels], [true, "1"]);
    }
    b.source.set("wall.mat", "stone.png");
    b.mgr.reload("wall.mat");
    assertEquals([first.alive, wall.value.texture.pixels], [false, "3"]);
    b.source.set("wall.mat", "broken");
    b.source.set("stone.png", "4");
    assertThrows(() => b.mgr.reload("stone.png"), ResourceLoadError);
    assert(wall.value.texture.alive);
  }
  assertEquals(b.mgr.size, 0); // the old value was unloaded together with its user
});

Deno.test("an old value that is kept keeps what it was made from", () => {
  const source = new MemorySource({ "a.txt": "a", "b.node": "a.txt", "c.node": "b.node" });
  const unloaded: string[] = [];
  const nodes: Loader<{ key: string; parts: unknown[] }> = {
    name: "node",
    extensions: [".node", ".txt"],
    load(bytes, context) {
      const names = decode(bytes).split(" ").filter((name) => name.includes("."));
      const parts = names.map((name) => context.load(name, Object).value);
      return { key: `${context.key} ${decode(bytes)}`, parts };
    },
    unload: ({ key }) => void unloaded.push(key),
  };
  using mgr = new ResourceManager({ source, loaders: [nodes] });
  mgr.on("error", () => {});
  const c = mgr.load("c.node", Object);
  source.delete("c.node");
  source.set("a.txt", "A");
  assertThrows(() => mgr.reload("a.txt"), ResourceLoadError);
  assertEquals(unloaded, []); // the old c was made from the old b, and the old b from the old a
  c[Symbol.dispose]();
  assertEquals(unloaded.slice(0, 3), ["c.node b.node", "b.node a.txt", "a.txt a"]);
  assertEquals(unloaded.length, 5);
});

Deno.test("a value that a loader changes in place and returns again is not unloaded", () => {
  const made = new Map<string, Texture>();
  using b = setUp(texturesWith({
    load(bytes, { key }) {
      const texture = made.get(key) ?? new Texture("");
      made.set(key, texture);
      texture.pixels = decode(bytes);
      return texture;
    },
  }));
  {
    using stone = b.mgr.load("stone.png", Texture);
    b.source.set("stone.png", "2");
    b.mgr.reload("stone.png");
    assertEquals([stone.value.pixels, stone.value.alive, stone.version], ["2", true, 2]);
  }
  assertEquals(made.get("stone.png")!.alive, false);
});

Deno.test("Loader.update() changes a value in place, and the value is loaded again if it returns false", async () => {
  const log: string[] = [];
  using b = setUp(texturesWith({
    update(texture, bytes, context) {
      log.push(context.key);
      if (decode(bytes).length > 1) return false; // another size
      texture.pixels = decode(bytes);
      return undefined;
    },
  }));
  using stone = b.mgr.load("stone.png", Texture);
  const first = stone.value;
  b.source.set("stone.png", "2");
  b.mgr.reload("stone.png");
  b.source.set("stone.png", "3");
  await b.mgr.reloadAsync("stone.png");
  assertStrictEquals(stone.value, first);
  assertEquals([first.pixels, first.alive, stone.version, log.length], ["3", true, 3, 2]);
  b.source.set("stone.png", "44");
  b.mgr.reload("stone.png");
  assertEquals([first.alive, stone.value.pixels, stone.version], [false, "44", 4]);
});

Deno.test("Loader.update() may be asynchronous, except in reload(), and the value stays if it throws", async () => {
  using b = setUp(texturesWith({
    async update(texture, bytes) {
      await Promise.resolve();
      if (decode(bytes) === "bad") throw new SyntaxError("bad pixels");
      texture.pixels = decode(bytes);
    },
  }));
  using stone = b.mgr.load("stone.png", Texture);
  b.source.set("stone.png", "2");
  assertThrows(() => b.mgr.reload("stone.png"), ResourceLoadError, "returned a promise");
  await b.mgr.reloadAsync("stone.png");
  b.source.set("stone.png", "bad");
  await assertRejects(() => b.mgr.reloadAsync("stone.png"), ResourceLoadError, "bad pixels");
  assertEquals([stone.value.alive, stone.version], [true, 2]);
});

Deno.test("an update that ends after the update of a newer read is followed by a reload", async () => {
  const gates: PromiseWithResolvers<void>[] = [];
  using b = setUp(texturesWith({
    async update(texture, bytes) {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      texture.pixels = decode(bytes);
    },
  }));
  const started = async (count: number) => {
    while (gates.length < count) await Promise.resolve();
  };
  using stone = b.mgr.load("stone.png", Texture);
  b.source.set("stone.png", "old");
  const old = b.mgr.reloadAsync("stone.png");
  await started(1);
  b.source.set("stone.png", "new");
  const newer = b.mgr.reloadAsync("stone.png");
  await started(2);
  gates[1]!.resolve();
  await newer;
  gates[0]!.resolve();
  await old;
  assertEquals(stone.value.pixels, "old");
  await started(3);
  gates[2]!.resolve();
  await b.mgr.settled();
  assertEquals(stone.value.pixels, "new");
});

Deno.test("an update whose value is unloaded or replaced meanwhile unloads nothing twice", async () => {
  const log: string[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const source = new MemorySource({ "a.thing": "1" });
  using mgr = new ResourceManager({
    source,
    loaders: [{
      name: "thing",
      extensions: [".thing"],
      load: (bytes): { text: string } => ({ text: decode(bytes) }),
      async update(thing: { text: string }, bytes) {
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        await gate.promise;
        thing.text = decode(bytes);
      },
      unload: ({ text }: { text: string }) => void log.push(text),
    }],
  });
  const started = async (count: number) => {
    while (gates.length < count) await Promise.resolve();
  };
  const first = mgr.load("a.thing");
  const late = mgr.reloadAsync("a.thing");
  await started(1);
  first[Symbol.dispose]();
  assertEquals(log.splice(0), ["1"]);
  gates[0]!.resolve();
  await assertRejects(() => late, ResourceNotLoadedError);
  assertEquals(log.splice(0), []);

  const second = mgr.load("a.thing");
  const reload = mgr.reloadAsync("a.thing");
  await started(2);
  mgr.add("a.thing", { text: "added" }, { replace: true })[Symbol.dispose]();
  assertEquals(log.splice(0), ["1"]);
  gates[1]!.resolve();
  await reload;
  assertEquals([log.splice(0), second.value.text], [[], "added"]);
  second[Symbol.dispose]();
});

Deno.test("reload() of several names makes a dependent once, from values that fit together", async () => {
  let made = 0;
  class Level {}
  const levels: Loader<Level> = {
    name: "level",
    extensions: [".level"],
    load(_, context) {
      const [map, tiles] = ["map.txt", "tiles.txt"].map((name) => context.load(name, Text).value);
      if (map!.length !== tiles!.length) throw new Error("map and tiles do not fit");
      made++;
      return new Level();
    },
  };
  const source = new MemorySource({ "1.level": "", "map.txt": "aa", "tiles.txt": "AA" });
  using mgr = new ResourceManager({ source, loaders: [levels] });
  using level = mgr.load("1.level", Level);
  for (
    const reload of [
      () => mgr.reload(["map.txt", "tiles.txt"]),
      () => mgr.reloadAsync(["map.txt", "tiles.txt"]),
    ]
  ) {
    made = 0;
    const size = level.version + 2;
    source.set("map.txt", "b".repeat(size));
    source.set("tiles.txt", "B".repeat(size));
    await reload();
    assertEquals(made, 1);
  }
  assertEquals(level.version, 3);
});

Deno.test("the value of the newest read stays, whichever read ends last", async () => {
  const files = new MemorySource({ "a.txt": "v1" });
  const gates: (() => void)[] = [];
  const source = {
    read: (key: string) => files.read(key),
    async readAsync(key: string) {
      const bytes = files.read(key);
      await new Promise<void>((resolve) => gates.push(resolve));
      return bytes;
    },
  };
  using mgr = new ResourceManager({ source });
  using a = mgr.load("a.txt", Text);
  files.set("a.txt", "v2");
  const slow = mgr.reloadAsync("a.txt");
  files.set("a.txt", "v3");
  mgr.reload("a.txt");
  gates[0]!();
  await slow;
  assertEquals([a.value, a.version], ["v3", 2]);
});

Deno.test("a resource that lands while a dependency is being reloaded is reloaded after it", async () => {
  const source = new MemorySource({ "stone.png": "1", "wall.slow": "" });
  const gate = Promise.withResolvers<void>();
  const slow: Loader<Material> = {
    name: "slow",
    extensions: [".slow"],
    async loadAsync(_, context) {
      const { value } = await context.loadAsync("stone.png", Texture);
      await gate.promise;
      return new Material(value);
    },
  };
  using mgr = new ResourceManager({ source, loaders: [texturesWith(), slow] });
  using _stone = mgr.load("stone.png", Texture);
  const task = mgr.loadAsync("wall.slow", Material);
  await turns();
  source.set("stone.png", "2");
  mgr.reload("stone.png");
  gate.resolve();
  using wall = await task;
  assert(wall.value.texture.alive, "its loader has taken the old one");
  await turns();
  assertEquals([wall.value.texture.pixels, wall.value.texture.alive], ["2", true]);
});

Deno.test("watch() tries a failed reload again when a file appears that it asked for, however deep", async () => {
  const source = new MemorySource({ "a.node": "", "b.node": "c.node", "d.node": "" });
  const clock = new FakeClock();
  const nodes: Loader<Handle<unknown>[]> = {
    name: "node",
    extensions: [".node"],
    load: (bytes, context) =>
      decode(bytes).split(" ").filter(Boolean).map((name) => context.load(name, Array)),
  };
  await using mgr = new ResourceManager({ source, loaders: [nodes], clock });
  const errors: unknown[] = [];
  mgr.on("error", ({ error }) => errors.push(error));
  using a = mgr.load("a.node", Array);
  await using _watch = mgr.watch({ debounce: 10 });
  const settle = async () => {
    clock.advance(20);
    await turns();
  };
  source.set("a.node", "b.node"); // b.node needs c.node, which is missing
  await settle();
  assertEquals([a.version, errors.length], [1, 1]);
  source.set("d.node", " "); // the failed reload does not need it
  await settle();
  assertEquals([a.version, errors.length], [1, 1]);
  source.set("c.node", "");
  await settle();
  assertEquals([a.version, errors.length], [2, 1]);
});

Deno.test("two reloads side by side that would close a cycle are refused", async () => {
  const source = new MemorySource({ "a.node": "", "b.node": "" });
  const nodes: Loader<unknown[]> = {
    name: "node",
    extensions: [".node"],
    async loadAsync(bytes, context) {
      const names = decode(bytes).split(" ").filter(Boolean);
      return await Promise.all(names.map((name) => context.loadAsync(name, Array)));
    },
  };
  using mgr = new ResourceManager({ source, loaders: [nodes] });
  mgr.on("error", () => {});
  {
    using _a = await mgr.loadAsync("a.node", Array);
    using _b = await mgr.loadAsync("b.node", Array);
    source.set("a.node", "b.node");
    source.set("b.node", "a.node");
    const results = await Promise.allSettled(
      ["a.node", "b.node"].map((key) => mgr.reloadAsync(key)),
    );
    const failures = results.filter((each) => each.status === "rejected");
    assertEquals(failures.map(({ reason }) => reason instanceof ResourceCycleError), [true]);
  }
  assertEquals(mgr.size, 0);
});

Deno.test("add() with replace swaps a live value in place, and reloads what was made from it", () => {
  using b = setUp();
  using wall = b.mgr.load("wall.mat", Material);
  const old = wall.value.texture;
  const painted = new Texture("painted");
  const unload = (texture: Texture) => void (texture.alive = false);
  {
    using stone = b.mgr.add("stone.png", painted, { byteLength: 9, unload, replace: true });
    assertEquals([stone.value.pixels, stone.version, b.mgr.bytes], ["painted", 2, 18]);
  }
  assertStrictEquals(wall.value.texture, painted);
  assertEquals([old.alive, painted.alive, wall.version], [false, true, 2]);
  assertThrows(() => b.mgr.add("stone.png", "text", { replace: true }), ResourceTypeError);
  assertStrictEquals(b.mgr.peek("stone.png"), painted);
});

Deno.test("add() with replace swaps values that have no class for others of their kind", () => {
  using mgr = new ResourceManager();
  const bare = Object.create(null);
  const [first, second] = ["Ferrari", "McLaren"].map((name) => ({ constructor: { name } }));
  const pairs = [
    ["Ada", "Bob"],
    [1, 2],
    [true, false],
    [1n, 2n],
    [null, null],
    [bare, Object.create(null)],
    [bare, {}],
    [first, second],
  ];
  for (const [i, [before, after]] of pairs.entries()) {
    using old = mgr.add(`${i}`, before);
    using _new = mgr.add(`${i}`, after, { replace: true });
    assertEquals([old.value, old.version], [after, 2]);
  }
  using _name = mgr.add("name", "Ada");
  assertThrows(
    () => mgr.add("name", 3, { replace: true }),
    ResourceTypeError,
    'Cannot use "name" as "string": its value is of type "number"',
  );
  const disguised = { constructor: { name: "string" } };
  assertThrows(() => mgr.add("name", disguised, { replace: true }), ResourceTypeError);
  using _nothing = mgr.add("nothing", null);
  assertThrows(() => mgr.add("nothing", {}, { replace: true }), ResourceTypeError);
});

Deno.test("disposing the manager in the middle of a reload unloads each old value once", async () => {
  const unloads: Texture[] = [];
  const textures = texturesWith({ unload: (texture) => void unloads.push(texture) });
  const b = setUp(textures);
  const wall = b.mgr.load("wall.mat", Material);
  const old = wall.value.texture;
  b.source.set("stone.png", "2");
  b.mgr.on("reload", ({ key }) => key === "stone.png" && b.mgr[Symbol.dispose]());
  wall[Symbol.dispose]();
  using _again = b.mgr.load("wall.mat", Material);
  await b.mgr.reloadAsync("stone.png").catch(() => {});
  assertEquals(unloads.length, new Set(unloads).size);
  assert(unloads.includes(old));
});

Deno.test("a value that is removed while it is changed in place is unloaded once", async () => {
  const ends: Record<string, (mgr: ResourceManager, stone: Handle<Texture>) => void> = {
    "its last handle is disposed": (_, stone) => stone[Symbol.dispose](),
    "it is forced out": (mgr) => void mgr.unload("stone.png", { force: true }),
    "another takes its place": (mgr) =>
      mgr.add("stone.png", new Texture("added"), { replace: true })[Symbol.dispose](),
    "the manager is disposed": (mgr) => mgr[Symbol.dispose](),
  };
  for (const [why, end] of Object.entries(ends)) {
    const drawn = Promise.withResolvers<void>();
    const unloaded: Texture[] = [];
    using b = setUp(texturesWith({
      update: () => drawn.promise,
      unload: (texture) => void unloaded.push(texture),
    }));
    const stone = b.mgr.load("stone.png", Texture);
    const { value } = stone;
    const reloaded = b.mgr.reloadAsync("stone.png").catch(() => {});
    await turns();
    end(b.mgr, stone);
    drawn.resolve();
    await reloaded;
    stone[Symbol.dispose]();
    await b.mgr[Symbol.asyncDispose]();
    assertEquals([why, unloaded.filter((each) => each === value).length], [why, 1]);
    assertEquals(new Set(unloaded).size, unloaded.length, why);
  }
});

Deno.test("a value that was changed in place and is released before its reload ends is unloaded once", async () => {
  const read = Promise.withResolvers<void>();
  const files = new MemorySource({ "stone.png": "1", "slow.png": "1" });
  const source = {
    read: (key: string) => files.read(key),
    async readAsync(key: string) {
      if (key === "slow.png") await read.promise;
      return files.read(key);
    },
  };
  const unloaded: Texture[] = [];
  const unload = (texture: Texture) => void unloaded.push(texture);
  const textures = texturesWith({ update() {}, unload });
  await using mgr = new ResourceManager({ source, loaders: [textures] });
  const [stone, slow] = ["stone.png", "slow.png"].map((name) => mgr.load(name, Texture));
  const { value } = stone!;
  const reloaded = mgr.reloadAsync(["stone.png", "slow.png"]);
  await turns();
  assertEquals([stone!.version, slow!.version], [2, 1]);
  stone![Symbol.dispose]();
  assertEquals(unloaded, [value]);
  read.resolve();
  await reloaded;
  assertEquals(unloaded, [value]);
  slow![Symbol.dispose]();
});
