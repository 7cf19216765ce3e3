import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { MemorySource, ResourceLoadError, ResourceManager } from "@holdfast/resources";
import { type PixiDecoder, pixiLoaders } from "@holdfast/resources/pixi";
import { setImmediate } from "node:timers";
import { Bitmaps } from "./_bitmaps.ts";
import { managerOf, PIXI, png } from "./_pixi.ts";

Deno.test("a texture has the size of its image, and is destroyed with its source and its bitmap", async () => {
  using bitmaps = new Bitmaps();
  const { mgr } = managerOf({ "hero.png": png(8, 4) });
  await using _mgr = mgr;
  let texture: PIXI.Texture;
  let source: PIXI.TextureSource;
  {
    using hero = await mgr.loadAsync("hero.png", PIXI.Texture);
    texture = hero.value;
    source = texture.source;
    assertEquals([texture.width, texture.height, mgr.bytes], [8, 4, 8 * 4 * 4]);
    assertEquals([texture.label, source.label], ["hero.png", "hero.png"]);
    assertEquals([source.alphaMode, source.scaleMode], ["premultiply-alpha-on-upload", "linear"]);
    assertEquals([bitmaps.made, bitmaps.closed], [1, 0]);
  }
  assertEquals([texture.destroyed, source.destroyed], [true, true]);
  assertEquals([bitmaps.made, bitmaps.closed], [1, 1]);
  assert(!PIXI.Cache.has("hero.png"), "the cache of Assets is left alone");
});

Deno.test("mip levels count, and @2x in a name is the resolution", async () => {
  const { mgr } = managerOf({ "a.png": png(4, 4), "b@2x.png": png(4, 4) }, {
    autoGenerateMipmaps: true,
  });
  await using _mgr = mgr;
  using _a = await mgr.loadAsync("a.png");
  assertEquals(mgr.bytes, 64 + 16 + 4);
  using b = await mgr.loadAsync("b@2x.png");
  assertEquals([b.value.width, b.value.source.pixelWidth, mgr.bytes], [2, 4, 2 * 84]);
});

Deno.test("a variant is a texture of its own, made by the common options and its own", async () => {
  const { mgr } = managerOf({ "a.png": png(2, 2) }, {
    scaleMode: "nearest",
    variants: { tiled: { addressMode: "repeat", alphaMode: "no-premultiply-alpha" } },
  });
  await using _mgr = mgr;
  using plain = await mgr.loadAsync("a.png");
  using tiled = await mgr.loadAsync("a.png?tiled");
  const styleOf = (
    { source }: PIXI.Texture,
  ) => [source.scaleMode, source.addressMode, source.alphaMode];
  assertEquals(styleOf(plain.value), ["nearest", "clamp-to-edge", "premultiply-alpha-on-upload"]);
  assertEquals(styleOf(tiled.value), ["nearest", "repeat", "no-premultiply-alpha"]);
});

Deno.test("a reload shows the new picture in the same texture, and closes the old bitmap", async () => {
  using bitmaps = new Bitmaps();
  const { source, mgr } = managerOf({ "a.png": png(4, 4) });
  await using _mgr = mgr;
  using a = await mgr.loadAsync("a.png");
  const texture = a.value;
  const sprite = new PIXI.Sprite(texture);
  const before = texture.source.resource;
  source.set("a.png", png(4, 4, [0, 0, 255]));
  await mgr.reloadAsync("a.png");
  assertStrictEquals(a.value, texture);
  assert(texture.source.resource !== before);
  assertEquals([a.version, bitmaps.made, bitmaps.closed], [2, 2, 1]);
  source.set("a.png", png(16, 2));
  await mgr.reloadAsync("a.png");
  assertEquals([texture.width, texture.height, mgr.bytes], [16, 2, 16 * 2 * 4]);
  assertEquals([sprite.width, sprite.bounds.maxX], [16, 16]); // it follows the texture
  assertEquals([bitmaps.made, bitmaps.closed], [3, 2]);
  sprite.destroy();
});

Deno.test("a picture that can't be decoded leaves the old one", async () => {
  using bitmaps = new Bitmaps();
  const { source, mgr } = managerOf({ "a.png": png(4, 4) });
  await using _mgr = mgr;
  using _errors = mgr.on("error", () => {});
  using a = await mgr.loadAsync("a.png");
  source.set("a.png", png(4, 4).subarray(0, 50));
  await assertRejects(() => mgr.reloadAsync("a.png"), ResourceLoadError);
  assertEquals([a.value.width, a.value.destroyed, bitmaps.closed], [4, false, 0]);
});

Deno.test("when reloads overlap, the one that began last is shown, even if another is decoded later", async () => {
  using bitmaps = new Bitmaps();
  const begun = [1, 2].map(() => Promise.withResolvers<void>());
  const gates = [1, 2].map(() => Promise.withResolvers<void>());
  const decoder: PixiDecoder = {
    async loadAsync(bytes) {
      const bitmap = await createImageBitmap(new Blob([bytes]));
      begun[bitmap.width - 2]?.resolve();
      await gates[bitmap.width - 2]?.promise;
      return bitmap;
    },
  };
  const { source, mgr } = managerOf({ "a.png": png(1, 1) }, { decoder });
  await using _mgr = mgr;
  using a = await mgr.loadAsync("a.png");
  source.set("a.png", png(2, 2));
  const first = mgr.reloadAsync("a.png");
  await begun[0]!.promise;
  source.set("a.png", png(3, 3));
  const second = mgr.reloadAsync("a.png");
  await begun[1]!.promise;
  gates[1]!.resolve();
  await second;
  gates[0]!.resolve();
  await first;
  assertEquals([a.value.width, mgr.bytes], [3, 36]);
  assertEquals(bitmaps.made - bitmaps.closed, 1);
});

Deno.test("a texture that is unloaded while its new picture is decoded leaves no bitmap open", async () => {
  using bitmaps = new Bitmaps();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  let decodes = 0;
  const decoder: PixiDecoder = {
    async loadAsync(bytes) {
      const bitmap = await createImageBitmap(new Blob([bytes]));
      if (++decodes === 2) {
        begin();
        await gate;
      }
      return bitmap;
    },
  };
  const { mgr } = managerOf({ "a.png": png(1, 1) }, { decoder });
  await using _mgr = mgr;
  using _errors = mgr.on("error", () => {});
  const a = await mgr.loadAsync("a.png");
  const reload = mgr.reloadAsync("a.png").catch((error) => error);
  await begun;
  a[Symbol.dispose]();
  open();
  assert(await reload instanceof Error);
  assertEquals([bitmaps.made, bitmaps.closed], [2, 2]);
});

Deno.test("a texture that the game has destroyed itself can still be unloaded", async () => {
  using bitmaps = new Bitmaps();
  const { mgr } = managerOf({ "a.png": png(1, 1), "b.png": png(1, 1) });
  await using _mgr = mgr;
  {
    using a = await mgr.loadAsync("a.png");
    using b = await mgr.loadAsync("b.png");
    new PIXI.Sprite(a.value).destroy({ texture: true });
    new PIXI.Sprite(b.value).destroy({ texture: true, textureSource: true });
  }
  assertEquals([bitmaps.made, bitmaps.closed], [2, 2]);
});

Deno.test("a load that is withdrawn closes its bitmap", async () => {
  using bitmaps = new Bitmaps();
  const { mgr } = managerOf({ "a.png": png(64, 64) });
  {
    await using _mgr = mgr;
    const task = mgr.loadAsync("a.png");
    await Promise.resolve();
    task[Symbol.dispose]();
    await task.catch(() => {});
  }
  assertEquals(bitmaps.made, bitmaps.closed);
});

Deno.test("a sprite that still shows an unloaded texture shows nothing, and the console names the texture", async () => {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => void warnings.push(text);
  try {
    const { mgr } = managerOf({ "a.png": png(4, 4) });
    await using _mgr = mgr;
    const stage = new PIXI.Container({ isRenderGroup: true });
    const a = await mgr.loadAsync("a.png");
    const sprite = stage.addChild(new PIXI.Sprite(a.value));
    new PIXI.Sprite(a.value); // on no stage
    a[Symbol.dispose]();
    assertStrictEquals(sprite.texture.source, PIXI.Texture.EMPTY.source);
    assertEquals(warnings, [
      '"a.png" was unloaded while it was shown: destroy what shows it before its handle or scope',
    ]);
  } finally {
    console.warn = warn;
  }
});

Deno.test("two managers share nothing", async () => {
  const { mgr: first } = managerOf({ "a.png": png(1, 1) });
  const { mgr: second } = managerOf({ "a.png": png(2, 2) });
  await using _first = first;
  await using _second = second;
  using a = await first.loadAsync("a.png");
  {
    using b = await second.loadAsync("a.png");
    assertEquals([a.value.width, b.value.width], [1, 2]);
  }
  assertEquals(a.value.destroyed, false);
});

Deno.test("an image that is too large is refused before it is decoded", async () => {
  using bitmaps = new Bitmaps();
  const huge = png(1, 1);
  new DataView(huge.buffer, huge.byteOffset).setUint32(16, 1_000_000);
  new DataView(huge.buffer, huge.byteOffset).setUint32(20, 1_000_000);
  await using mgr = managerOf({ "a.png": huge }).mgr;
  await assertRejects(() => mgr.loadAsync("a.png"), ResourceLoadError, "it is 1000000 × 1000000");
  assertEquals(bitmaps.made, 0);
});

Deno.test("a manager with pumped pacing makes and changes textures in its pumps, within maxUploadBytes", async () => {
  const uploaded: string[] = [];
  const renderer = {
    texture: { initSource: ({ label }: PIXI.TextureSource) => uploaded.push(label) },
  };
  const source = new MemorySource({ "a.png": png(4, 4), "b.png": png(4, 4) });
  await using mgr = new ResourceManager({
    source,
    loaders: pixiLoaders(PIXI, { renderer }),
    pacing: "pumped",
  });
  const loading = mgr.loadAll(["a.png", "b.png"]);
  const frames: number[] = [];
  while (uploaded.length < 2) {
    const before = uploaded.length;
    mgr.pump({ maxUploadBytes: 64 });
    frames.push(uploaded.length - before);
    await new Promise(setImmediate);
  }
  using both = await loading;
  assertEquals(Math.max(...frames), 1); // one texture of 64 bytes a frame
  assertEquals(both["a.png"].value.width, 4);
});

Deno.test("pixiLoaders() does nothing to PixiJS until something is loaded", () => {
  using mgr = new ResourceManager({ loaders: pixiLoaders(PIXI) });
  assertEquals(mgr.size, 0);
});
