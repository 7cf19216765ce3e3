/** Textures on a real GPU adapter, from the source to the screen and to their destruction. */
import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type Handle,
  type Leak,
  type Loader,
  LoaderNotFoundError,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  type ResourceManagerOptions,
} from "@holdfast/resources";
import { collectGarbage } from "@holdfast/resources/testing";
import { Texture, textureLoader, type TextureLoaderOptions } from "@holdfast/resources/webgpu";
import { same } from "../_same_type.ts";
import { endOfTask, gpuTest, openDevice, readPixels } from "./webgpu/_gpu.ts";
import { BMP, GIF } from "../webgpu/_images.ts";
import { makeRgba } from "../webgpu/_png_files.ts";

/** Pixels of one colour. */
function plain(width: number, height: number, color: readonly number[]): Uint8Array<ArrayBuffer> {
  return makeRgba(width, height, Array.from({ length: width * height }, () => color).flat());
}

const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];
const PICTURE = [...RED, ...BLUE, 1, 2, 3, 255, 200, 150, 100, 255];

interface Stage extends Disposable {
  readonly mgr: ResourceManager;
  readonly source: MemorySource;
}

function stage(
  device: GPUDevice,
  options: ResourceManagerOptions = {},
  loading: TextureLoaderOptions = { usage: GPUTextureUsage.COPY_SRC },
): Stage {
  const source = new MemorySource({
    "hero.png": makeRgba(2, 2, PICTURE),
    "red.png": plain(4, 4, RED),
    "blue.png": plain(4, 4, BLUE),
    "coin.gif": GIF.bytes,
    "flag.bmp": BMP.bytes,
    "broken.png": "no image",
  });
  const mgr = new ResourceManager({
    source,
    loaders: [textureLoader(device, loading)],
    ...options,
  });
  return { mgr, source, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

const QUAD = /* wgsl */ `
@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var nearest: sampler;

struct Corner {
  @builtin(position) at: vec4f,
  @location(0) uv: vec2f,
}

/** The lower right quarter of the target, as a strip. */
@vertex
fn place(@builtin(vertex_index) corner: u32) -> Corner {
  let uv = vec2f(f32(corner & 1), f32(corner >> 1));
  return Corner(vec4f(uv.x, -uv.y, 0, 1), uv);
}

@fragment
fn paint(corner: Corner) -> @location(0) vec4f {
  return textureSample(picture, nearest, corner.uv);
}
`;

/** Draws the lower right quarter of a target of 4 × 4 pixels, and returns all its pixels. */
async function drawQuad(device: GPUDevice, texture: Texture): Promise<number[]> {
  const format = texture.format;
  const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC;
  const target = device.createTexture({ size: [4, 4], format, usage });
  const module = device.createShaderModule({ code: QUAD });
  const pipeline = device.createRenderPipeline({
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format }] },
    primitive: { topology: "triangle-strip" },
  });
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: texture.view },
      { binding: 1, resource: device.createSampler() },
    ],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.draw(4);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const pixels = await readPixels(device, target);
  target.destroy();
  return pixels;
}

/** The pixels that `drawQuad` must return for a picture of 2 × 2 pixels. */
function quadOf(picture: readonly number[]): number[] {
  const empty = Array(8).fill(0);
  return [
    ...Array(32).fill(0),
    ...[...empty, ...picture.slice(0, 8)],
    ...[...empty, ...picture.slice(8)],
  ];
}

gpuTest(
  "a texture is drawn with exactly the pixels of its file",
  async ({ device }) => {
    using s = stage(device);
    using hero = s.mgr.load("hero.png", Texture);
    assert(hero.value instanceof Texture);
    assertEquals([hero.value.label, hero.value.texture.label], ["hero.png", "hero.png"]);
    assertEquals(await drawQuad(device, hero.value), quadOf(PICTURE));
  },
);

gpuTest(
  "two handles share one texture, which is destroyed when both are disposed",
  ({ device }) => {
    using s = stage(device);
    const [one, other] = [s.mgr.load("hero.png", Texture), s.mgr.load("hero.png", Texture)];
    const texture = one.value;
    assertStrictEquals(other.value, texture);
    one[Symbol.dispose]();
    assertEquals(texture.view, other.value.view);
    other[Symbol.dispose]();
    assertThrows(() => texture.view, ReferenceError, "it is unloaded");
  },
);

gpuTest(
  "textures count by their bytes on the GPU, including mip levels, and are evicted by those",
  ({ device }) => {
    using s = stage(device, { maxBytes: 168 }, { mipmaps: true });
    const bytes = 64 + 16 + 4;
    s.mgr.load("red.png", Texture)[Symbol.dispose]();
    const red = s.mgr.peek("red.png") as Texture;
    s.mgr.load("blue.png", Texture)[Symbol.dispose]();
    assertEquals([s.mgr.bytes, s.mgr.idleBytes], [2 * bytes, 2 * bytes]);
    assert(red.view);
    using _hero = s.mgr.load("hero.png", Texture);
    assertEquals([s.mgr.bytes, s.mgr.has("red.png"), s.mgr.has("blue.png")], [
      bytes + 20,
      false,
      true,
    ]);
    assertThrows(
      () => red.view,
      ReferenceError,
      'Cannot use the texture "red.png": it is unloaded',
    );
  },
);

function forget(mgr: ResourceManager): Texture {
  return mgr.load("hero.png", Texture).value;
}

gpuTest(
  "a forgotten handle is reported, its reference is released, and its texture is destroyed",
  async ({ device }) => {
    const leaks: Leak[] = [];
    using s = stage(device, { leaks: { onLeak: (leak) => leaks.push(leak) } });
    const texture = forget(s.mgr);
    await collectGarbage({ until: () => leaks.length > 0, collections: 3 });
    assertEquals(leaks.map(({ key, type }) => [key, type]), [["hero.png", "Texture"]]);
    assertEquals([s.mgr.size, s.mgr.bytes], [0, 0]);
    assertThrows(() => texture.view, ReferenceError, "it is unloaded");
  },
);

gpuTest(
  "reload() replaces the texture of a handle, and the next frame shows the new one",
  async ({ device }) => {
    using s = stage(device);
    using hero = s.mgr.load("hero.png", Texture);
    const before = hero.value;
    assertEquals(await drawQuad(device, before), quadOf(PICTURE));
    s.source.set("hero.png", plain(2, 2, BLUE));
    s.mgr.reload("hero.png");
    assertNotStrictEquals(hero.value, before);
    assertEquals([hero.version, await drawQuad(device, hero.value)], [
      2,
      quadOf([BLUE, BLUE, BLUE, BLUE].flat()),
    ]);
    assertThrows(() => before.view, ReferenceError, "it is unloaded");
    s.source.set("hero.png", "half of a file");
    using _quiet = s.mgr.on("error", () => {});
    await assertRejects(() => s.mgr.reloadAsync("hero.png"), ResourceLoadError);
    assertEquals(await readPixels(device, hero.value), Array(4).fill(BLUE).flat());
  },
);

gpuTest(
  "a texture that is submitted in a later task than its unload raises an error that names its key",
  async ({ device, errors }) => {
    using s = stage(device);
    const hero = s.mgr.load("hero.png", Texture);
    const drawing = drawQuad(device, hero.value);
    const encoder = device.createCommandEncoder();
    const target = device.createTexture({
      size: [2, 2],
      format: hero.value.format,
      usage: GPUTextureUsage.COPY_DST,
    });
    encoder.copyTextureToTexture({ texture: hero.value.texture }, { texture: target }, [2, 2]);
    hero[Symbol.dispose]();
    assertEquals(await drawing, quadOf(PICTURE)); // this was submitted before
    await endOfTask();
    assertEquals(errors, []);
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    assertEquals(errors.length, 1);
    assertStringIncludes(errors.splice(0)[0]!, "hero.png");
  },
);

gpuTest(
  "loadAsync() decodes what createImageBitmap() decodes, and the error of load() names it",
  async ({ device }) => {
    using s = stage(device);
    using coin = await s.mgr.loadAsync("coin.gif", Texture);
    using flag = await s.mgr.loadAsync("flag.bmp", Texture);
    assertEquals(await readPixels(device, coin.value), GIF.pixels);
    assertEquals(await readPixels(device, flag.value), BMP.pixels);
    s.source.set("late.gif", GIF.bytes);
    const error = assertThrows(() => s.mgr.load("late.gif", Texture), ResourceLoadError);
    assertEquals(
      (error as Error).message,
      'Cannot load "late.gif": it is GIF, which is decoded only asynchronously, use loadAsync or reloadAsync',
    );
  },
);

gpuTest(
  "a load of bytes that are not an image fails with key and reason, and leaves nothing behind",
  async ({ device }) => {
    using s = stage(device);
    const message = 'Cannot load "broken.png": it is not a PNG, JPEG, GIF, WebP or BMP image';
    assertThrows(() => s.mgr.load("broken.png", Texture), ResourceLoadError, message);
    await assertRejects(() => s.mgr.loadAsync("broken.png", Texture), ResourceLoadError, message);
    assertEquals([s.mgr.size, s.mgr.bytes], [0, 0]);
  },
);

gpuTest(
  "a withdrawn load leaves no texture behind, at whatever moment it is withdrawn",
  async ({ device }) => {
    using s = stage(device);
    for (let turns = 0; turns < 12; turns++) {
      const task = s.mgr.loadAsync("coin.gif", Texture);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await task[Symbol.asyncDispose]();
      assertEquals([s.mgr.size, s.mgr.bytes], [0, 0]);
    }
  },
);

gpuTest(
  "one manager can have two loaders: one for colours, and one for normal maps without sRGB",
  ({ device }) => {
    using s = stage(device);
    s.mgr.registerLoader(textureLoader(device, { srgb: false, extensions: [".normal.png"] }));
    s.source.set("hero.normal.png", plain(1, 1, BLUE));
    using hero = s.mgr.load("hero.png", Texture);
    using normals = s.mgr.load("hero.normal.png", Texture);
    assertEquals([hero.value.format, normals.value.format], ["rgba8unorm-srgb", "rgba8unorm"]);
  },
);

gpuTest(
  "textures of a lost device unload like any other, and further loads are refused",
  async ({ device }) => {
    const lost: string[] = [];
    using s = stage(device, {}, { onLost: ({ reason }) => lost.push(reason) });
    const hero = s.mgr.load("hero.png", Texture);
    device.destroy();
    await device.lost;
    const message =
      'Cannot load "red.png": the GPU device is lost (destroyed), register a textureLoader for a new one';
    assertThrows(() => s.mgr.load("red.png", Texture), ResourceLoadError, message);
    await assertRejects(() => s.mgr.loadAsync("red.png", Texture), ResourceLoadError, message);
    hero[Symbol.dispose]();
    assertEquals([s.mgr.size, lost], [0, ["destroyed"]]);
  },
);

gpuTest("reload() moves textures to a new device, and their handles stay", async ({ device }) => {
  using s = stage(device, {}, { onLost() {} });
  using hero = s.mgr.load("hero.png", Texture);
  const warnings: string[] = [];
  using _warnings = s.mgr.on("warning", ({ message }) => warnings.push(message));
  device.destroy();
  await device.lost;
  const next = await openDevice();
  try {
    s.mgr.registerLoader(textureLoader(next, { usage: GPUTextureUsage.COPY_SRC }));
    s.mgr.reload("hero.png");
    assertEquals(await drawQuad(next, hero.value), quadOf(PICTURE));
    assertEquals(warnings, [
      'Loader "texture" replaces "texture" for ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"',
    ]);
  } finally {
    next.destroy();
    await next.lost;
  }
});

gpuTest(
  "a thousand loads of a hundred textures keep the bytes on the GPU within the budget",
  async ({ device }) => {
    using s = stage(device, { maxBytes: 64 * 10 });
    for (let i = 0; i < 100; i++) s.source.set(`${i}.png`, plain(4, 4, [i, i, i, 255]));
    const open: Handle<Texture>[] = [];
    for (let i = 0; i < 1000; i++) {
      open.push(s.mgr.load(`${i * 37 % 100}.png`, Texture));
      if (open.length > 5) open.shift()![Symbol.dispose]();
    }
    assertEquals(s.mgr.bytes, 64 * 10);
    for (const handle of open) {
      const grey = Number.parseInt(handle.key);
      assertEquals((await readPixels(device, handle.value)).slice(0, 4), [grey, grey, grey, 255]);
      handle[Symbol.dispose]();
    }
    assertEquals(s.mgr.unloadUnused(), 10);
  },
);

/** A manager of `hero.png`, with variants of it. */
function variants(device: GPUDevice) {
  const source = new MemorySource({ "hero.png": makeRgba(2, 2, PICTURE) });
  const options = { usage: GPUTextureUsage.COPY_SRC, variants: { data: { srgb: false } } };
  const mgr = new ResourceManager({ source, loaders: [textureLoader(device, options)] });
  return { mgr, source, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

gpuTest(
  "two variants of a picture are two textures of one file, each under its own key",
  async ({ device }) => {
    using s = variants(device);
    using hero = s.mgr.load("hero.png");
    using data = await s.mgr.loadAsync("hero.png?data");
    const shown = ({ label, format, view }: Texture) => [label, format, view.label];
    assertEquals(shown(hero.value), ["hero.png", "rgba8unorm-srgb", "hero.png"]);
    assertEquals(shown(data.value), ["hero.png?data", "rgba8unorm", "hero.png?data"]);
    assertEquals(await readPixels(device, data.value), PICTURE);
    assertEquals([s.mgr.size, s.mgr.bytes], [2, 32]);
    assertThrows(() => s.mgr.load("hero.png?dta"), LoaderNotFoundError, 'did you mean "data"');
  },
);

gpuTest(
  "a change of a picture reloads all of its variants, and each keeps its options",
  async ({ device }) => {
    using s = variants(device);
    using hero = s.mgr.load("hero.png");
    using data = s.mgr.load("hero.png?data");
    await using _watcher = s.mgr.watch({ debounce: 0 });
    const reloaded: string[] = [];
    const all = Promise.withResolvers<void>();
    s.mgr.on("reload", ({ key }) => reloaded.push(key) === 2 && all.resolve());
    s.source.set("hero.png", plain(4, 4, RED));
    await all.promise;
    assertEquals(reloaded, ["hero.png", "hero.png?data"]);
    const shown = ({ value }: Handle<Texture>) => [value.label, value.width, value.format];
    assertEquals(shown(hero), ["hero.png", 4, "rgba8unorm-srgb"]);
    assertEquals(shown(data), ["hero.png?data", 4, "rgba8unorm"]);
  },
);

gpuTest("textureLoader() has its variants and its extensions, also in its type", ({ device }) => {
  const loader = textureLoader(device, { variants: { data: {}, ui: { mipmaps: true } } });
  assertEquals([loader.variants, loader.extensions.length], [["data", "ui"], 6]);
  const normals = textureLoader(device, { extensions: [".normal.png"] });
  same<typeof normals, Loader<Texture, ".normal.png">>(true);
  type Usual = ".png" | ".jpg" | ".jpeg" | ".gif" | ".webp" | ".bmp";
  same<typeof loader, Loader<Texture, Usual>>(true);
  const source = new MemorySource({ "a.normal.png": plain(1, 1, RED), "a.txt": "A" });
  using mgr = new ResourceManager({ source, loaders: [loader, normals] });
  using normal = mgr.load("a.normal.png");
  using text = mgr.load("a.txt");
  same<typeof normal, Handle<Texture>>(true);
  same<typeof text, Handle<string>>(true);
  assertEquals([normal.value.label, text.value], ["a.normal.png", "A"]);
  for (const name of ["", "a#b"]) {
    const wrong = textureLoader(device, { variants: { [name]: { srgb: false } } });
    assertThrows(() => mgr.registerLoader(wrong), TypeError, "can't name a variant");
  }
});
