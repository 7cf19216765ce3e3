import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { type Handle, MemorySource, ResourceLoadError, ResourceManager } from "../../mod.ts";
import { threeLoaders, type ThreeNamespace } from "../../src/three.ts";
import { decodeImage } from "../../src/webgpu.ts";
import { makePicture } from "./_models.ts";
import { THREE } from "./_three.ts";

/** Counts how often a texture is freed: on this event, three deletes it on the GPU. */
function countDisposals(texture: InstanceType<typeof THREE.Texture>): () => number {
  let count = 0;
  texture.addEventListener("dispose", () => count++);
  return () => count;
}

const SIDES = ["px", "nx", "py", "ny", "pz", "nz"].map((side) => `${side}.png`);

function sky(size = 2): Record<string, Uint8Array | string> {
  const sides = SIDES.map((side) => [`sky/${side}`, makePicture(size, size)]);
  return { ...Object.fromEntries(sides), "sky/day.cube.json": JSON.stringify(SIDES) };
}

Deno.test("a picture becomes a flipped texture of colours, which is disposed with its bitmap", async () => {
  const source = new MemorySource({ "hero.png": makePicture(4, 2) });
  using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE) });
  const hero = await mgr.loadAsync("hero.png");
  const texture = hero.value;
  assert(texture instanceof THREE.Texture);
  assertEquals([texture.name, texture.colorSpace], ["hero.png", THREE.SRGBColorSpace]);
  assertEquals(texture.flipY, false); // the bitmap is turned already, WebGL would not do it
  assertEquals(texture.version, 1); // the first draw uploads it
  const bitmap = texture.image as ImageBitmap;
  assertEquals([bitmap.width, bitmap.height], [4, 2]);
  assertEquals(mgr.bytes, (8 + 2 + 1) * 4); // 4 × 2, 2 × 1 and 1 × 1 pixels
  const disposals = countDisposals(texture);
  hero[Symbol.dispose]();
  assertEquals([disposals(), bitmap.width, mgr.bytes], [1, 0, 0]); // a closed bitmap has no width
});

Deno.test("a picture begins with its lowest row, as three's own loader uploads it", async () => {
  const rows = [255, 0, 0, 255].concat([0, 0, 255, 255]); // red above blue
  const source = new MemorySource({
    "hero.png": (await import("../webgpu/_png_files.ts")).makeRgba(1, 2, rows),
  });
  using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE) });
  const pixels = async (name: "hero.png" | "hero.png?source") => {
    using hero = await mgr.loadAsync(name);
    const canvas = new OffscreenCanvas(1, 2);
    const copy = await createImageBitmap(hero.value.image as ImageBitmap);
    canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(copy);
    const png = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return [...(await decodeImage(png)).data];
  };
  assertEquals(await pixels("hero.png"), [0, 0, 255, 255].concat([255, 0, 0, 255]));
  assertEquals(await pixels("hero.png?source"), rows);
});

Deno.test("settings and variants set the properties of textures, and ?data has no colour space", async () => {
  const source = new MemorySource({ "rock.png": makePicture(4, 4) });
  using mgr = new ResourceManager({
    source,
    loaders: threeLoaders(THREE, {
      texture: { wrapS: THREE.RepeatWrapping, generateMipmaps: false },
      variants: { pixels: { magFilter: THREE.NearestFilter, flipY: false } },
    }),
  });
  using rock = await mgr.loadAsync("rock.png");
  assertEquals([rock.value.wrapS, rock.value.magFilter], [
    THREE.RepeatWrapping,
    THREE.LinearFilter,
  ]);
  assertEquals(rock.value.minFilter, THREE.LinearFilter); // black otherwise, without mip levels
  assertEquals(mgr.bytes, 64);
  using pixels = await mgr.loadAsync("rock.png?pixels");
  assertEquals([pixels.value.magFilter, pixels.value.wrapS], [
    THREE.NearestFilter,
    THREE.RepeatWrapping,
  ]);
  using data = await mgr.loadAsync("rock.png?data");
  assertEquals(data.value.colorSpace, THREE.NoColorSpace);
});

Deno.test("a decoder makes a DataTexture, with the filters of other textures", async () => {
  const keys: string[] = [];
  const source = new MemorySource({ "hero.png": makePicture(2, 1, [1, 2, 3, 4]) });
  const loaders = threeLoaders(THREE, {
    decoder: {
      decode(bytes, { key, signal }) {
        keys.push(`${key} ${signal.aborted}`);
        return decodeImage(bytes);
      },
    },
  });
  using mgr = new ResourceManager({ source, loaders });
  using hero = await mgr.loadAsync("hero.png");
  const texture = hero.value as InstanceType<typeof THREE.DataTexture>;
  assert(texture.isDataTexture);
  assertEquals([...texture.image.data as Uint8Array], [1, 2, 3, 4, 1, 2, 3, 4]);
  assertEquals([texture.flipY, texture.generateMipmaps], [true, true]); // WebGL turns data
  assertEquals(texture.minFilter, new THREE.Texture().minFilter);
  assertEquals([mgr.bytes, keys], [12, ["hero.png false"]]);
  source.set("hero.png", makePicture(1, 1, [5, 6, 7, 8]));
  await mgr.reloadAsync("hero.png");
  assertStrictEquals(hero.value, texture);
  assertEquals([[...texture.image.data as Uint8Array], mgr.bytes], [[5, 6, 7, 8], 4]);
});

Deno.test("a reload of the same size keeps the texture and its GPU storage, and closes the old bitmap", async () => {
  const source = new MemorySource({ "hero.png": makePicture(2, 2) });
  using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE) });
  using hero = await mgr.loadAsync("hero.png");
  const { value: texture, value: { source: shared, version } } = hero;
  const material = new THREE.SpriteMaterial({ map: texture });
  const [old, disposals] = [texture.image as ImageBitmap, countDisposals(texture)];
  source.set("hero.png", makePicture(2, 2, [0, 0, 255, 255]));
  await mgr.reloadAsync("hero.png");
  assertStrictEquals(material.map, hero.value);
  assertEquals([hero.version, texture.version, disposals()], [2, version + 1, 0]);
  assertStrictEquals(texture.source, shared); // its clones show the new picture too
  assertNotStrictEquals(texture.image, old);
  assertEquals(old.width, 0);
});

Deno.test("a reload of another size frees the storage, counts the new size and leaves clones alone", async () => {
  const source = new MemorySource({ "hero.png": makePicture(2, 2) });
  using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE) });
  using hero = await mgr.loadAsync("hero.png");
  const texture = hero.value;
  const clone = texture.clone(); // three draws both from one storage
  const disposals = countDisposals(texture);
  source.set("hero.png", makePicture(4, 4));
  await mgr.reloadAsync("hero.png");
  assertStrictEquals(hero.value, texture);
  assertEquals([disposals(), mgr.bytes], [1, (16 + 4 + 1) * 4]);
  assertNotStrictEquals(texture.source, clone.source);
  assertEquals((texture.image as ImageBitmap).width, 4);
  clone.dispose();
});

Deno.test("a reload that fails keeps the picture, and a reload of a texture that is unloaded meanwhile changes nothing", async () => {
  const gate = Promise.withResolvers<void>();
  let decoding = Promise.resolve();
  const begun = Promise.withResolvers<void>();
  const source = new MemorySource({ "hero.png": makePicture(2, 2) });
  const decoder = {
    async decode(bytes: Uint8Array<ArrayBuffer>) {
      begun.resolve();
      await decoding;
      return await decodeImage(bytes);
    },
  };
  using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE, { decoder }) });
  const hero = await mgr.loadAsync("hero.png");
  const { value: texture, value: { image, version } } = hero;
  source.set("hero.png", "broken");
  await assertRejects(() => mgr.reloadAsync("hero.png"), ResourceLoadError, "it is not a PNG");
  assertStrictEquals(texture.image, image);

  decoding = gate.promise;
  source.set("hero.png", makePicture(1, 1));
  const reloaded = mgr.reloadAsync("hero.png").catch(() => "withdrawn");
  await begun.promise;
  const disposals = countDisposals(texture);
  hero[Symbol.dispose]();
  gate.resolve();
  assertEquals(await reloaded, "withdrawn");
  assertEquals([disposals(), texture.version, mgr.size], [1, version, 0]);
});

Deno.test("when two reloads overlap, the newest read is shown in the end, even if the other ends later", async () => {
  const gates: PromiseWithResolvers<void>[] = [];
  const source = new MemorySource({ "hero.png": makePicture(1, 1, [0, 0, 0, 1]) });
  let waits = false;
  const decoder = {
    async decode(bytes: Uint8Array<ArrayBuffer>) {
      const gate = Promise.withResolvers<void>();
      if (waits) {
        gates.push(gate);
        await gate.promise;
      }
      return await decodeImage(bytes);
    },
  };
  using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE, { decoder }) });
  using hero = await mgr.loadAsync("hero.png");
  waits = true;
  const reload = async (opacity: number) => {
    source.set("hero.png", makePicture(1, 1, [0, 0, 0, opacity]));
    const count = gates.length;
    const task = mgr.reloadAsync("hero.png");
    while (gates.length === count) await Promise.resolve();
    return task.catch(() => {});
  };
  const tasks = [2, 3].map((opacity) => reload(opacity));
  while (gates.length < 2) await Promise.resolve();
  gates[1]!.resolve();
  await tasks[1];
  gates[0]!.resolve();
  waits = false;
  await tasks[0];
  await mgr.settled();
  const { data } = hero.value.image as { data: Uint8Array };
  assertEquals(data[3], 3);
});

Deno.test("the error for a picture that is broken, missing or of an unknown variant names it", async () => {
  const source = new MemorySource({ "a.png": "no picture" });
  using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE) });
  const failure = async (name: string) =>
    (await assertRejects(() => mgr.loadAsync(name), Error)).message;
  assertEquals(
    await failure("a.png"),
    'Cannot load "a.png": it is not a PNG, JPEG, GIF, WebP or BMP image',
  );
  assert((await failure("b.png")).startsWith('Cannot load "b.png"'));
  assert((await failure("a.png?dota")).includes('did you mean "data"'));
  assertThrows(() => mgr.load("a.png"), Error, "loadAsync");
});

Deno.test("six pictures become a cube map, which changes in place when one of them is reloaded", async () => {
  const source = new MemorySource(sky());
  await using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE) });
  {
    using day: Handle<InstanceType<typeof THREE.CubeTexture>> = await mgr.loadAsync(
      "sky/day.cube.json",
    );
    const { value: cube } = day;
    assert(cube.isCubeTexture);
    assertEquals([cube.images.length, cube.colorSpace], [6, THREE.SRGBColorSpace]);
    assertEquals([mgr.size, mgr.bytes], [7, 6 * (4 + 1) * 4]);
    const old = cube.images[0] as ImageBitmap;
    source.set("sky/px.png", makePicture(2, 2, [0, 255, 0, 255]));
    await mgr.reloadAsync("sky/px.png?source");
    assertStrictEquals(day.value, cube);
    assertNotStrictEquals(cube.images[0], old);
    assertEquals([day.version, cube.version], [2, 2]);
  }
  assertEquals(mgr.size, 0);
});

Deno.test("a cube map whose pictures change one after the other never shows one that is closed", async () => {
  const source = new MemorySource(sky());
  await using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE) });
  using _errors = mgr.on("error", () => {}); // between the first and the last, they differ in size
  using day = await mgr.loadAsync("sky/day.cube.json");
  const widths = () => day.value.images.map((image) => (image as ImageBitmap).width);
  for (const [index, side] of SIDES.entries()) {
    source.set(`sky/${side}`, makePicture(4, 4));
    await mgr.reloadAsync(`sky/${side}?source`).catch(() => {});
    assertEquals(widths(), SIDES.map(() => index === SIDES.length - 1 ? 4 : 2));
  }
  assertEquals(mgr.bytes, 6 * (16 + 4 + 1) * 4);
});

Deno.test("a cube map is not changed by an older reload that ends last", async () => {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const begun = { old: Promise.withResolvers<void>(), new: Promise.withResolvers<void>() };
  const decoder = {
    async decode(bytes: Uint8Array<ArrayBuffer>, { key }: { key: string }) {
      const [, age] = /^sky\/(old|new)/.exec(key) ?? [];
      if (age !== undefined) {
        begun[age as "old" | "new"].resolve();
        await gates.get(age)!.promise;
      }
      return await decodeImage(bytes);
    },
  };
  const source = new MemorySource(sky());
  for (const age of ["old", "new"]) {
    gates.set(age, Promise.withResolvers());
    source.set(`sky/${age}.png`, makePicture(2, 2));
  }
  await using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE, { decoder }) });
  using _errors = mgr.on("error", () => {});
  using day = await mgr.loadAsync("sky/day.cube.json");
  const reload = async (age: "old" | "new") => {
    source.set("sky/day.cube.json", JSON.stringify(SIDES.map(() => `${age}.png`)));
    const task = mgr.reloadAsync("sky/day.cube.json");
    await begun[age].promise;
    return task.catch(() => {});
  };
  const tasks = [reload("old"), begun.old.promise.then(() => reload("new"))];
  await begun.new.promise;
  source.set("sky/day.cube.json", "broken"); // so that no later load corrects it
  gates.get("new")!.resolve();
  gates.get("old")!.resolve();
  await Promise.all(tasks);
  await mgr.settled();
  assertEquals([mgr.has("sky/new.png?source"), mgr.has("sky/old.png?source")], [true, false]);
  const [side] = day.value.images as { name: string }[];
  assertEquals(side!.name, "sky/new.png?source");
});

Deno.test("the error of a cube map says what is wrong with its list or with its pictures", async () => {
  const source = new MemorySource({
    ...sky(),
    "a.cube.json": '["px.png"]',
    "sky/nz.png": makePicture(3, 2),
  });
  using mgr = new ResourceManager({ source, loaders: threeLoaders(THREE) });
  await assertRejects(
    () => mgr.loadAsync("a.cube.json"),
    ResourceLoadError,
    "it is not a JSON list of six pictures",
  );
  await assertRejects(
    () => mgr.loadAsync("sky/day.cube.json"),
    ResourceLoadError,
    "its pictures are not squares of one size",
  );
  source.set("sky/nz.png", "broken");
  await assertRejects(() => mgr.loadAsync("sky/day.cube.json"), ResourceLoadError, "sky/nz.png");
  assertEquals(mgr.size, 0);
});

Deno.test("a namespace that lacks a class, and a setting that is unknown, are refused at once", () => {
  const old = { REVISION: "128", Texture: THREE.Texture } as unknown as ThreeNamespace;
  assertThrows(
    () => threeLoaders(old),
    TypeError,
    "Cannot create threeLoaders: it needs three.js r152 or later, with DataTexture",
  );
  for (const nothing of [undefined, null, {}]) {
    assertThrows(
      () => threeLoaders(nothing as never),
      TypeError,
      "it needs three.js r152 or later, with Texture",
    );
  }
  assertThrows(
    () => threeLoaders(THREE, { texture: { colourSpace: "" } as never }),
    TypeError,
    `Cannot create threeLoaders: three r${THREE.REVISION} has no setting "colourSpace"`,
  );
  assertThrows(
    () => threeLoaders(THREE, { variants: { source: {} } }),
    TypeError,
    'variant "source" is reserved',
  );
});
