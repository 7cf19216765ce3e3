/** Textures in a paced manager: uploads and destroying happen in its pumps, and decoding does not. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MemorySource, ResourceManager } from "@holdfast/resources";
import {
  decodeImage,
  type ImageDecoder,
  Texture,
  textureLoader,
  type TextureLoaderOptions,
} from "@holdfast/resources/webgpu";
import { turns } from "../_turns.ts";
import { makeRgba } from "../webgpu/_png_files.ts";
import { endOfTask, gpuTest, noteDestroyed, readPixels } from "./webgpu/_gpu.ts";

const RED = [255, 0, 0, 255];
/** Of a texture here, which is 2 × 2 pixels. */
const BYTES = 16;
const NAMES = ["a.png", "b.png", "c.png", "d.png", "e.png"];

/** Decodes on this thread, and says how many pictures it has decoded. */
class CountingDecoder implements ImageDecoder {
  decoded = 0;

  async decode(bytes: Uint8Array<ArrayBuffer>) {
    const pixels = await decodeImage(bytes);
    this.decoded++;
    return pixels;
  }
}

/** A paced manager of red textures, and what was written to its GPU and destroyed there. */
class Stage implements Disposable {
  readonly mgr: ResourceManager;
  readonly decoder = new CountingDecoder();
  readonly written: string[] = [];
  readonly destroyed: string[];

  constructor(device: GPUDevice, options: TextureLoaderOptions = {}) {
    this.destroyed = noteDestroyed(device);
    const { queue } = device;
    const { writeTexture } = queue;
    queue.writeTexture = (destination, data, layout, size) => {
      this.written.push(destination.texture.label);
      writeTexture.call(queue, destination, data, layout, size as number[]);
    };
    const { decoder } = this;
    const usage = GPUTextureUsage.COPY_SRC;
    const files = NAMES.map((name) => [name, makeRgba(2, 2, [RED, RED, RED, RED].flat())]);
    this.mgr = new ResourceManager({
      source: new MemorySource(Object.fromEntries(files)),
      loaders: [textureLoader(device, { usage, decoder, ...options })],
      pacing: "pumped",
    });
  }

  /** Begins loaders in a pump, and waits until so many pictures are decoded and wait to be uploaded. */
  async decode(pictures: number): Promise<void> {
    const waiting = () => this.mgr.cacheStats().queued!.loads;
    for (; waiting() < pictures; await turns());
    this.mgr.pump({ maxMs: Infinity });
    for (; this.decoder.decoded < pictures || waiting() < pictures; await endOfTask());
  }

  /** What one pump writes to the GPU. */
  pump(maxUploadBytes?: number): string[] {
    this.mgr.pump({ maxMs: Infinity, ...(maxUploadBytes !== undefined && { maxUploadBytes }) });
    return this.written.splice(0);
  }

  [Symbol.dispose](): void {
    this.mgr[Symbol.dispose]();
  }
}

gpuTest(
  "five textures need five pumps if a pump may upload the bytes of one",
  async ({ device }) => {
    using s = new Stage(device);
    const tasks = NAMES.map((name) => s.mgr.loadAsync(name, Texture));
    await s.decode(5);
    assertEquals(s.written, []);
    assertEquals(s.mgr.pending().map(({ state }) => state), Array(5).fill("waiting"));
    for (const name of NAMES) assertEquals(s.pump(BYTES), [name]);
    assertEquals([s.pump(BYTES), s.mgr.pump()], [[], 0]);
    for (const task of tasks) {
      using texture = await task;
      assertEquals((await readPixels(device, texture.value)).slice(0, 4), RED);
    }
  },
);

gpuTest(
  "the bytes of an upload are those of all mip levels, and one that is larger than the limit goes alone",
  async ({ device }) => {
    using s = new Stage(device, { mipmaps: true }); // 20 bytes each
    const loading = s.mgr.loadAll(NAMES);
    await s.decode(5);
    assertEquals(s.pump(2 * 20), ["a.png", "b.png"]);
    assertEquals(s.pump(2 * 20 - 1), ["c.png"]);
    assertEquals(s.pump(1), ["d.png"]);
    assertEquals(s.pump(), ["e.png"]);
    using _level = await loading;
  },
);

gpuTest(
  "a synchronous load waits for no pump, and what waited for one is withdrawn",
  async ({ device }) => {
    using s = new Stage(device);
    const task = s.mgr.loadAsync("a.png", Texture);
    await s.decode(1);
    using now = s.mgr.load("a.png", Texture);
    assertEquals([s.written.splice(0), s.mgr.cacheStats().queued?.loads], [["a.png"], 0]);
    using later = await task;
    assertEquals([later.value === now.value, s.pump()], [true, []]);
  },
);

gpuTest(
  "a texture that nobody wants once it is decoded takes no GPU memory",
  async ({ device }) => {
    using s = new Stage(device);
    const task = s.mgr.loadAsync("a.png", Texture);
    await s.decode(1);
    task[Symbol.dispose]();
    await assertRejects(() => task, DOMException);
    assertEquals([s.pump(), s.destroyed], [[], []]);
    await s.mgr[Symbol.asyncDispose]();
  },
);

gpuTest(
  "a reload uploads in a pump, and the handle has the old texture until then",
  async ({ device }) => {
    using s = new Stage(device);
    using handle = s.mgr.load("a.png", Texture);
    s.written.length = 0;
    const before = handle.value;
    const reloaded = s.mgr.reloadAsync("a.png");
    await s.decode(1);
    assertEquals([handle.value === before, handle.version], [true, 1]);
    assertEquals(s.pump(1), ["a.png"]);
    await reloaded;
    assertEquals([handle.value === before, handle.version], [false, 2]);
  },
);

gpuTest("textures are destroyed by pumps, and usable until then", async ({ device }) => {
  using s = new Stage(device);
  const handles = NAMES.slice(0, 2).map((name) => s.mgr.load(name, Texture));
  const textures = handles.map(({ value }) => value);
  for (const handle of handles) handle[Symbol.dispose]();
  await endOfTask();
  assertEquals([s.mgr.bytes, s.mgr.cacheStats().queued, s.destroyed], [
    0,
    { loads: 0, unloads: 2, bytes: 2 * BYTES },
    [],
  ]);
  assertEquals((await readPixels(device, textures[0]!)).slice(0, 4), RED);
  s.mgr.pump({ maxMs: 0 });
  assertThrows(() => textures[0]!.view, ReferenceError, "it is unloaded");
  assertEquals(s.destroyed, []); // what this task has recorded can still be submitted
  await endOfTask();
  assertEquals([s.destroyed, textures[1]!.width], [["a.png"], 2]);
  s.mgr.pump({ maxMs: 0 });
  await endOfTask();
  assertEquals(s.destroyed, ["a.png", "b.png"]);
});

gpuTest(
  "a device that is lost while a texture waits for its upload refuses that",
  async ({ device }) => {
    using s = new Stage(device, { onLost() {} });
    const task = s.mgr.loadAsync("a.png", Texture);
    await s.decode(1);
    device.destroy();
    await device.lost;
    assertEquals(s.pump(), []);
    await assertRejects(() => task, Error, "the GPU device is lost");
  },
);
