/** The calls of docs/coming-from.md do what those do that readers know from other libraries. */
import { HttpSource, ResourceManager, ResourceNotFoundError } from "@holdfast/resources";
import { threeLoaders } from "@holdfast/resources/three";
import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { managerOf, png, sheet } from "./pixi/_pixi.ts";
import { GLTFLoader, THREE } from "./three/_three.ts";

const RED = png(2, 2, [255, 0, 0]);

Deno.test("peek reads a value without a handle, and get opens one in each call", async () => {
  using mgr = managerOf({ "a.png": RED }).mgr;
  using a = await mgr.loadAsync("a.png");
  assertStrictEquals(mgr.peek("a.png"), a.value);
  assertEquals([mgr.peek("b.png"), mgr.cacheStats().totalReferences], [undefined, 1]);
  using _second = mgr.get("a.png");
  assertEquals(mgr.cacheStats().totalReferences, 2);
});

Deno.test("a bundle, its progress and a frame of a sheet are loaded by a scope, and unloaded with it", async () => {
  using mgr = managerOf({
    "a.png": RED,
    "hero.png": RED,
    "hero.sheet.json": sheet("hero.png", { run: [0, 0, 1, 1] }),
  }).mgr;
  using scene = mgr.scope("cave");
  const bars: number[] = [];
  const names = { a: "a.png", run: "hero.sheet.json#run" } as const;
  const { run } = await scene.loadAll(names, {
    onProgress: ({ done, total }) => bars.push(done / total),
  });
  assertEquals([run.value.width, bars[0], bars.at(-1)], [1, 0, 1]);
  assertEquals(bars, bars.toSorted());
  scene.dispose();
  assertEquals(mgr.size, 0);
});

Deno.test("options of one PixiJS texture are a variant of its name", async () => {
  const variants = { nearest: { scaleMode: "nearest" } } as const;
  using mgr = managerOf({ "a.png": RED }, { variants }).mgr;
  using a = await mgr.loadAsync("a.png");
  using nearest = await mgr.loadAsync("a.png?nearest");
  assertEquals([a.value, nearest.value].map(({ source }) => source.scaleMode), [
    "linear",
    "nearest",
  ]);
});

Deno.test("a failure of a background load reaches only its catch", async () => {
  using mgr = managerOf({}).mgr;
  using scene = mgr.scope("cave");
  const failures: unknown[] = [];
  await scene.loadAsync("b.png", { priority: "low" }).catch((error) => failures.push(error));
  assertEquals(failures.map((error) => error instanceof ResourceNotFoundError), [true]);
});

Deno.test("indexDirectory over HTTP needs a manifest", () => {
  using mgr = new ResourceManager({ source: new HttpSource("https://example.com/assets/") });
  assertThrows(() => mgr.indexDirectory(""), Error, "its source cannot list");
});

Deno.test("three.js makes a texture in each load, and here all loads of a name share one", async () => {
  using mgr = new ResourceManager({
    source: "examples/assets",
    loaders: threeLoaders(THREE, { GLTFLoader }),
  });
  using scene = mgr.scope("cave");
  const first = await scene.loadAsync("common/coin.png");
  const second = await scene.loadAsync("common/coin.png");
  assertStrictEquals(first.value, second.value);
  assertEquals(first.value.colorSpace, THREE.SRGBColorSpace);
  let disposed = 0;
  first.value.addEventListener("dispose", () => disposed++);
  first[Symbol.dispose]();
  assertEquals([disposed, mgr.unload("common/coin.png"), mgr.clear()], [0, false, 0]);
  second[Symbol.dispose]();
  assertEquals([disposed, mgr.size], [1, 0]);
  const error = await assertRejects(
    () => scene.loadAll(["common/coin.png", "common/none.png"]),
    AggregateError,
  );
  assertEquals(error.errors.map(({ key }) => key), ["common/none.png"]);
});
