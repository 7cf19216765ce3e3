/** Textures in a paced manager: they are uploaded and destroyed in its pumps, but not decoded there. */
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
/** The bytes of a texture in these tests, which is 2 × 2 pixels. */
const BYTES = 16;
const NAMES = ["a.png", "b.png", "c.png", "d.png", "e.png"];

/** Decodes on this thread, and counts the pictures that it has decoded. */
class CountingDecoder implements ImageDecoder {
  decoded = 0;

  async decode(bytes: Uint8Array<ArrayBuffer>) {
    const pixels = await decodeImage(bytes);
    this.decoded++;
    return pixels;
  }
}

/** A paced manager of red textures, with the labels of those that were written and destroyed. */
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

  /** Starts the loaders in a pump, and waits until `pictures` pictures are decoded and wait for their upload. */
  async decode(pictures: number): Promise<void> {
    const waiting = () => this.mgr.cacheStats().queued!.loads;
    for (; waiting() < pictures; await turns());
    this.mgr.pump({ maxMs: Infinity });
    for (; this.decoder.decoded < pictures || waiting() < pictures; await endOfTask());
  }

  /** Pumps once, and returns what that wrote to the GPU. */
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
  "an upload counts the bytes of all mip levels, and one that exceeds the limit has a pump of its own",
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
  "a synchronous load does not wait for a pump, and replaces the upload that waited for one",
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
  "a texture whose load is withdrawn after it was decoded takes no GPU memory",
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
  assertEquals(s.destroyed, []); // the current task can still submit what it has recorded
  await endOfTask();
  assertEquals([s.destroyed, textures[1]!.width], [["a.png"], 2]);
  s.mgr.pump({ maxMs: 0 });
  await endOfTask();
  assertEquals(s.destroyed, ["a.png", "b.png"]);
});

gpuTest(
  "an upload is refused when the device was lost while it waited",
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
