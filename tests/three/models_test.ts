import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { MemorySource, ResourceLoadError, ResourceManager, ResourcePathError } from "../../mod.ts";
import { threeLoaders } from "../../src/three.ts";
import { dataUri, type Json, makeGlb, makePicture, makeTriangle, TRIANGLE } from "./_models.ts";
import { type GLTF, GLTFLoader, THREE } from "./_three.ts";

const loaders = threeLoaders(THREE, { GLTFLoader });
type Mesh = InstanceType<typeof THREE.Mesh>;
type StandardMaterial = InstanceType<typeof THREE.MeshStandardMaterial>;

/** The only mesh of a model. */
function meshOf({ scene }: GLTF): Mesh {
  return scene.children[0] as Mesh;
}

function mapOf(gltf: GLTF): InstanceType<typeof THREE.Texture> {
  return (meshOf(gltf).material as StandardMaterial).map!;
}

function files(json: Json, more: Record<string, string | Uint8Array> = {}): MemorySource {
  return new MemorySource({
    "chars/hero.gltf": JSON.stringify(json),
    "chars/hero.bin": TRIANGLE,
    ...more,
  });
}

/** Loads a file that fails. Returns the message, and asserts that nothing stays in memory. */
async function failureOf(source: MemorySource, name = "chars/hero.gltf"): Promise<string> {
  await using mgr = new ResourceManager({ source, loaders });
  const error = await assertRejects(() => mgr.loadAsync(name), ResourceLoadError);
  await mgr.settled();
  assertEquals([mgr.size, mgr.bytes], [0, 0]);
  return error.message;
}

Deno.test("the pictures and buffers of a glTF are resources of their own, and are unloaded with it", async () => {
  const source = files(makeTriangle({ uri: "skin%20one.png" }), {
    "chars/skin one.png": makePicture(2, 2),
  });
  await using mgr = new ResourceManager({ source, loaders });
  {
    using hero = await mgr.loadAsync("chars/hero.gltf");
    assertEquals([...mgr.holders("chars/skin one.png?source")].map(({ label }) => label), [
      "chars/hero.gltf",
    ]);
    assert(mgr.has("chars/hero.bin"));
    assertEquals(mgr.bytes, 60 + 60 + (4 + 1) * 4); // the buffer, what three makes of it, the picture
    const map = mapOf(hero.value);
    assertEquals([map.colorSpace, map.flipY, (map.image as ImageBitmap).width], [
      THREE.SRGBColorSpace,
      false,
      2,
    ]);
  }
  assertEquals(mgr.size, 0);
});

Deno.test("two models share a picture: it is read once, and uploaded once", async () => {
  const source = files(makeTriangle({ uri: "../skin.png" }), {
    "props/gate.gltf": JSON.stringify(
      makeTriangle({ uri: "../skin.png" }, {
        buffers: [{ byteLength: 60, uri: "../chars/hero.bin" }],
      }),
    ),
    "skin.png": makePicture(2, 2),
  });
  await using mgr = new ResourceManager({ source, loaders });
  using both = await mgr.loadAll(["chars/hero.gltf", "props/gate.gltf"]);
  assertEquals(mgr.cacheStats().misses, 4);
  const [hero, gate] = [both["chars/hero.gltf"].value, both["props/gate.gltf"].value];
  assertStrictEquals(mapOf(hero).source, mapOf(gate).source); // three uploads a source once
});

Deno.test("a .glb has its picture in itself: decoded once, counted, closed and disposed", async () => {
  const source = new MemorySource({ "hero.glb": makeGlb(makePicture(2, 2)) });
  await using mgr = new ResourceManager({ source, loaders });
  const hero = await mgr.loadAsync("hero.glb");
  assertEquals([mgr.size, mgr.bytes], [1, 60 + 20]);
  const disposed: string[] = [];
  const [mesh, map] = [meshOf(hero.value), mapOf(hero.value)];
  mesh.geometry.addEventListener("dispose", () => disposed.push("geometry"));
  (mesh.material as StandardMaterial).addEventListener("dispose", () => disposed.push("material"));
  map.addEventListener("dispose", () => disposed.push("texture"));
  new THREE.Scene().add(hero.value.scene.children[0]!); // moved out of the model's own scene
  hero[Symbol.dispose]();
  assertEquals(disposed.sort(), ["geometry", "material", "texture"]);
  assertEquals((map.image as ImageBitmap).width, 0);
});

Deno.test("data URIs are read as files are", async () => {
  const json = makeTriangle({ uri: dataUri(makePicture(1, 1), "image/png") }, {
    buffers: [{ byteLength: 60, uri: dataUri(TRIANGLE) }],
  });
  await using mgr = new ResourceManager({ source: files(json), loaders });
  using hero = await mgr.loadAsync("chars/hero.gltf");
  assertEquals([mgr.size, mgr.bytes], [1, 60 + 4]);
  assertEquals(meshOf(hero.value).geometry.getAttribute("position").count, 3);
});

Deno.test("a part is found by the name that three gives it, by that of its node, and by that of its mesh", async () => {
  const source = files(makeTriangle());
  await using mgr = new ResourceManager({ source, loaders });
  {
    using part = await mgr.loadAsync("chars/hero.gltf#Hero.1");
    using same = await mgr.loadAsync("chars/hero.gltf#Hero1"); // as three writes it
    using mesh = await mgr.loadAsync("chars/hero.gltf#Hero Body");
    assert(part.value instanceof THREE.Object3D);
    assertStrictEquals(part.value, same.value);
    assertStrictEquals(part.value, mesh.value);
    new THREE.Scene().add(part.value); // moved out of the model's own scene
    using again = await mgr.loadAsync("chars/hero.gltf#Hero.1");
    assertStrictEquals(again.value, part.value);
    const error = await assertRejects(() => mgr.loadAsync("chars/hero.gltf#Hero.2"), Error);
    assertEquals(
      error.message,
      'Cannot load "chars/hero.gltf#Hero.2": "chars/hero.gltf" has no part "Hero.2", ' +
        'did you mean "Hero.1" or "Hero1"?',
    );
  }
  assertEquals(mgr.size, 0);
});

Deno.test("a glTF whose picture has changed is made again, and the old one stays usable until then", async () => {
  const source = files(makeTriangle({ uri: "skin.png" }), { "chars/skin.png": makePicture(2, 2) });
  await using mgr = new ResourceManager({ source, loaders });
  using hero = await mgr.loadAsync("chars/hero.gltf");
  const old = hero.value;
  source.set("chars/skin.png", makePicture(4, 4));
  const states: number[] = [];
  mgr.on("reload", () => states.push((mapOf(old).image as ImageBitmap).width));
  await mgr.reloadAsync("chars/skin.png?source");
  assertEquals(states, [2, 2]); // not closed while the model is made again
  assertEquals([hero.version, (mapOf(hero.value).image as ImageBitmap).width], [2, 4]);
  assertEquals((mapOf(old).image as ImageBitmap).width, 0);
});

Deno.test("the error for a glTF that lacks a file names the file", async () => {
  assertEquals(
    await failureOf(files(makeTriangle({ uri: "skin.png" }))),
    'Cannot load "chars/hero.gltf": Cannot load "chars/skin.png?source": ' +
      'Cannot load "chars/skin.png": the memory source has no such key',
  );
  const source = files(makeTriangle({ uri: "skin.png" }), { "chars/skin.png": makePicture(1, 1) });
  source.delete("chars/hero.bin");
  assertEquals(
    await failureOf(source),
    'Cannot load "chars/hero.gltf": Cannot load "chars/hero.bin": the memory source has no such key',
  );
});

Deno.test("the error for a glTF with a broken picture, buffer or text names it", async () => {
  const broken = { "chars/skin.png": "no picture" };
  assertEquals(
    await failureOf(files(makeTriangle({ uri: "skin.png" }), broken)),
    'Cannot load "chars/hero.gltf": Cannot load "chars/skin.png?source": ' +
      "it is not a PNG, JPEG, GIF, WebP or BMP image",
  );
  assertEquals(
    await failureOf(files(makeTriangle({ uri: dataUri(TRIANGLE, "image/png") }))),
    'Cannot load "chars/hero.gltf": its image 0 cannot be read: ' +
      "it is not a PNG, JPEG, GIF, WebP or BMP image",
  );
  assertEquals(
    await failureOf(files(makeTriangle(), { "chars/hero.bin": TRIANGLE.subarray(0, 20) })),
    'Cannot load "chars/hero.gltf": its buffer 0 has 20 bytes, and not 60',
  );
  const glb = makeGlb(makePicture(2, 2));
  const cut = new MemorySource({ "a.glb": glb.subarray(0, 20), "b.glb": glb.subarray(0, -40) });
  assert((await failureOf(cut, "a.glb")).startsWith('Cannot load "a.glb": '));
  assert((await failureOf(cut, "b.glb")).startsWith('Cannot load "b.glb": '));
  assert((await failureOf(files({ nodes: [] }))).includes("Unsupported asset"));
  const text = new MemorySource({ "a.gltf": "no JSON" });
  assert((await failureOf(text, "a.gltf")).startsWith('Cannot load "a.gltf": '));
});

Deno.test("a glTF that requires an extension which GLTFLoader does not know is refused", async () => {
  const required = (name: string) => ({ extensionsUsed: [name], extensionsRequired: [name] });
  using _silent = silence();
  assertEquals(
    await failureOf(files(makeTriangle(undefined, required("ACME_magic")))),
    'Cannot load "chars/hero.gltf": it is broken or needs a decoder: ' +
      "it requires ACME_magic, unknown to GLTFLoader",
  );
  const draco = files(makeTriangle(undefined, required("KHR_draco_mesh_compression")));
  assert((await failureOf(draco)).includes("No DRACOLoader instance provided"));
  const known = files(makeTriangle(undefined, required("KHR_materials_unlit")));
  await using mgr = new ResourceManager({ source: known, loaders });
  using _hero = await mgr.loadAsync("chars/hero.gltf");
});

Deno.test("a glTF that is broken, or needs a decoder that is missing, is refused", async () => {
  const used = ["KHR_materials_unlit", "KHR_texture_basisu"];
  const compressed = (extensions: Json) =>
    makeTriangle({ uri: "skin.ktx2" }, {
      extensionsUsed: used,
      textures: [{ extensions: { KHR_texture_basisu: { source: 0 } } }],
      ...extensions,
    });
  assertEquals(
    await failureOf(files(compressed({ extensionsRequired: ["KHR_texture_basisu"] }))),
    'Cannot load "chars/hero.gltf": it is broken or needs a decoder: ' +
      "THREE.GLTFLoader: setKTX2Loader must be called before loading KTX2 textures",
  );
  const broken = 'Cannot load "chars/hero.gltf": it is broken or needs a decoder: ';
  const skin = { uri: "skin.png" };
  const changes: Json[] = [
    { nodes: [{ mesh: 7 }] },
    { meshes: [{ primitives: [{ attributes: { POSITION: 9 } }] }] },
    { bufferViews: [{ buffer: 0, byteLength: 36 }, { buffer: 0, byteOffset: 56, byteLength: 4 }] },
    { asset: {} },
  ];
  const all = [
    JSON.stringify(compressed({})), // no other picture to fall back on
    JSON.stringify(makeTriangle(skin, { textures: [{ source: 9 }] })),
    ...changes.map((each) => JSON.stringify(makeTriangle(undefined, each))),
    ...["", "null", "no JSON"],
  ];
  for (const text of all) {
    const message = await failureOf(files({}, { "chars/hero.gltf": text }));
    assert(message.startsWith(broken), message);
  }
  const glb = makeGlb(makePicture(2, 2));
  for (const length of [12, 40]) {
    const source = new MemorySource({ "chars/hero.gltf": glb.subarray(0, length) });
    assert((await failureOf(source)).startsWith(broken));
  }
});

Deno.test("a compressed picture is not loaded if the glTF has another one to fall back on", async () => {
  const json = makeTriangle({}, {
    extensionsUsed: ["KHR_materials_unlit", "KHR_texture_basisu"],
    images: [{ uri: "skin.ktx2" }, { uri: "skin.png" }],
    textures: [{ source: 1, extensions: { KHR_texture_basisu: { source: 0 } } }],
  });
  const source = files(json, { "chars/skin.png": makePicture(2, 2) });
  await using mgr = new ResourceManager({ source, loaders });
  using hero = await mgr.loadAsync("chars/hero.gltf");
  assertEquals((mapOf(hero.value).image as ImageBitmap).width, 2);
});

Deno.test("a glTF finds its files by names that are not encoded too, and none outside of the root", async () => {
  for (const [uri, file] of [["100%.png", "100%.png"], ["h%C3%A4 1.png", "hä 1.png"]] as const) {
    const source = files(makeTriangle({ uri }), { [`chars/${file}`]: makePicture(1, 1) });
    await using mgr = new ResourceManager({ source, loaders });
    using _hero = await mgr.loadAsync("chars/hero.gltf");
    assert(mgr.has(`chars/${file}?source`));
  }
  const upper = dataUri(makePicture(1, 1), "image/png").replace("data:", "DATA:");
  await using mgr = new ResourceManager({ source: files(makeTriangle({ uri: upper })), loaders });
  using _hero = await mgr.loadAsync("chars/hero.gltf");
  for (const uri of ["../../skin.png", "%2e%2e/../skin.png"]) {
    const source = files(makeTriangle({ uri }), { "skin.png": makePicture(1, 1) });
    await using mgr = new ResourceManager({ source, loaders });
    const leaves = "it leads out of the root";
    await assertRejects(() => mgr.loadAsync("chars/hero.gltf"), ResourcePathError, leaves);
    assertEquals(mgr.size, 0);
  }
});

Deno.test("a model that can't be made again keeps its old pictures, which stay open", async () => {
  const source = files(makeTriangle({ uri: "skin.png" }), { "chars/skin.png": makePicture(2, 2) });
  await using mgr = new ResourceManager({ source, loaders });
  using _errors = mgr.on("error", () => {});
  using hero = await mgr.loadAsync("chars/hero.gltf");
  const { value } = hero;
  for (const name of ["chars/hero.bin", "chars/hero.gltf"]) {
    source.set(name, "broken");
    await mgr.reloadAsync(name).catch(() => {});
    source.set("chars/skin.png", makePicture(4, 4));
    await mgr.reloadAsync("chars/skin.png?source").catch(() => {});
    assertStrictEquals(hero.value, value);
    assertEquals((mapOf(value).image as ImageBitmap).width, 2);
  }
});

/** Silences the warning of `GLTFLoader` about an extension, before the load fails. */
function silence(): Disposable {
  const { warn } = console;
  console.warn = () => {};
  return { [Symbol.dispose]: () => void (console.warn = warn) };
}

Deno.test("a glTF whose load is withdrawn closes the picture that is being decoded", async () => {
  const source = new MemorySource({ "hero.glb": makeGlb(makePicture(2, 2)) });
  const made: ImageBitmap[] = [];
  const { createImageBitmap: original } = globalThis;
  const begun = Promise.withResolvers<void>();
  globalThis.createImageBitmap = async (...args: unknown[]) => {
    begun.resolve();
    const bitmap = await (original as (...args: unknown[]) => Promise<ImageBitmap>)(...args);
    made.push(bitmap);
    return bitmap;
  };
  try {
    await using mgr = new ResourceManager({ source, loaders });
    const task = mgr.loadAsync("hero.glb");
    await begun.promise;
    task[Symbol.dispose]();
    await assertRejects(() => task);
    await mgr.settled();
    while (made.length === 0) await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    assertEquals(made.map(({ width }) => width), [0]);
  } finally {
    globalThis.createImageBitmap = original;
  }
});

Deno.test("a GLTFLoader with an unknown kind of parser is refused", async () => {
  type Plugin = (parser: unknown) => { beforeRoot?(): Promise<void> | null };
  class Strange {
    #plugin!: Plugin;
    register(plugin: Plugin) {
      this.#plugin = plugin;
    }
    async parseAsync() {
      await this.#plugin({ json: {} }).beforeRoot?.();
    }
  }
  const source = files(makeTriangle());
  using mgr = new ResourceManager({
    source,
    loaders: threeLoaders(THREE, { GLTFLoader: Strange }),
  });
  await assertRejects(
    () => mgr.loadAsync("chars/hero.gltf"),
    ResourceLoadError,
    "the GLTFLoader is unknown",
  );
});
