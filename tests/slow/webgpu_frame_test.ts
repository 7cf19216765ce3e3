/** A frame can submit what it has recorded, even if its textures were unloaded in between. */
import { assertEquals, assertThrows } from "@std/assert";
import { MemorySource, ResourceManager, type ResourceManagerOptions } from "@holdfast/resources";
import { Texture, textureLoader, type TextureLoaderOptions } from "@holdfast/resources/webgpu";
import { endOfTask, gpuTest, noteDestroyed } from "./webgpu/_gpu.ts";
import { makeRgba } from "../webgpu/_png_files.ts";

type Color = readonly [red: number, green: number, blue: number, alpha: number];

const RED: Color = [255, 0, 0, 255];
const GREEN: Color = [0, 255, 0, 255];
const BLUE: Color = [0, 0, 255, 255];
/** The bytes of a texture in these tests, which is one pixel. */
const BYTES = 4;

interface Stage extends Disposable {
  readonly mgr: ResourceManager;
  readonly source: MemorySource;
}

function stage(
  device: GPUDevice,
  options: ResourceManagerOptions = {},
  loading: TextureLoaderOptions = {},
): Stage {
  const source = new MemorySource({
    "red.png": makeRgba(1, 1, RED),
    "green.png": makeRgba(1, 1, GREEN),
    "blue.png": makeRgba(1, 1, BLUE),
  });
  const loader = textureLoader(device, { usage: GPUTextureUsage.COPY_SRC, ...loading });
  const mgr = new ResourceManager({ source, loaders: [loader], ...options });
  return { mgr, source, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

/** A frame: pixels side by side on a screen that can be read. */
class Frame implements Disposable {
  readonly #device: GPUDevice;
  readonly #encoder: GPUCommandEncoder;
  readonly #screen: GPUBuffer;
  #pixels = 0;

  constructor(device: GPUDevice) {
    const { COPY_DST, MAP_READ } = GPUBufferUsage;
    this.#device = device;
    this.#encoder = device.createCommandEncoder();
    this.#screen = device.createBuffer({ size: 256 * 8, usage: COPY_DST | MAP_READ });
  }

  /** Records that a texture is drawn. */
  draw = ({ texture }: Texture): void => {
    const place = { buffer: this.#screen, offset: 256 * this.#pixels++ };
    this.#encoder.copyTextureToBuffer({ texture }, place, [1, 1]);
  };

  submit(): void {
    this.#device.queue.submit([this.#encoder.finish()]);
  }

  /** The colours of the drawn textures. A submit that failed leaves them black. */
  async read(): Promise<number[][]> {
    await this.#screen.mapAsync(GPUMapMode.READ);
    const bytes = new Uint8Array(this.#screen.getMappedRange());
    return Array.from({ length: this.#pixels }, (_, i) => [...bytes.slice(256 * i, 256 * i + 4)]);
  }

  [Symbol.dispose](): void {
    this.#screen.destroy();
  }
}

gpuTest("a texture that using has released is drawn by the frame's submit", async ({ device }) => {
  using s = stage(device);
  const destroyed = noteDestroyed(device);
  using frame = new Frame(device);
  {
    using red = s.mgr.load("red.png", Texture);
    frame.draw(red.value);
  }
  assertEquals([s.mgr.size, s.mgr.bytes, destroyed.length], [0, 0, 0]);
  frame.submit();
  assertEquals(await frame.read(), [[...RED]]);
  assertEquals(destroyed, ["red.png"]);
});

gpuTest("a texture of with() is drawn by the frame's submit", async ({ device }) => {
  using s = stage(device);
  const destroyed = noteDestroyed(device);
  using frame = new Frame(device);
  s.mgr.with("red.png", Texture, frame.draw);
  assertEquals([s.mgr.size, destroyed.length], [0, 0]);
  frame.submit();
  assertEquals(await frame.read(), [[...RED]]);
  assertEquals(destroyed, ["red.png"]);
});

gpuTest("the textures of a disposed scope are drawn by the frame's submit", async ({ device }) => {
  using s = stage(device);
  const destroyed = noteDestroyed(device);
  using frame = new Frame(device);
  {
    using scene = s.mgr.scope("cave");
    for (const name of ["red.png", "blue.png"]) frame.draw(scene.load(name, Texture).value);
  }
  assertEquals([s.mgr.size, destroyed.length], [0, 0]);
  frame.submit();
  assertEquals(await frame.read(), [[...RED], [...BLUE]]);
  assertEquals(destroyed.sort(), ["blue.png", "red.png"]);
});

gpuTest("an evicted texture is drawn by the frame's submit", async ({ device }) => {
  using s = stage(device, { maxBytes: 2 * BYTES });
  const destroyed = noteDestroyed(device);
  using frame = new Frame(device);
  for (const name of ["red.png", "green.png", "blue.png"]) s.mgr.with(name, Texture, frame.draw);
  assertEquals([s.mgr.has("red.png"), s.mgr.bytes, destroyed.length], [false, 2 * BYTES, 0]);
  frame.submit();
  assertEquals(await frame.read(), [[...RED], [...GREEN], [...BLUE]]);
  assertEquals(destroyed, ["red.png"]);
});

gpuTest(
  "textures that unloadUnused(), unload() and clear() unload are drawn by the frame's submit",
  async ({ device }) => {
    using s = stage(device, { idle: "keep" });
    const destroyed = noteDestroyed(device);
    using frame = new Frame(device);
    s.mgr.with("red.png", Texture, frame.draw);
    assertEquals(s.mgr.unloadUnused(), 1);
    s.mgr.with("green.png", Texture, frame.draw);
    s.mgr.unload("green.png");
    using blue = s.mgr.load("blue.png", Texture);
    frame.draw(blue.value);
    s.mgr.clear({ force: true });
    assertEquals([s.mgr.size, destroyed.length], [0, 0]);
    frame.submit();
    assertEquals(await frame.read(), [[...RED], [...GREEN], [...BLUE]]);
    assertEquals(destroyed, ["red.png", "green.png", "blue.png"]);
  },
);

gpuTest(
  "a reloaded texture is drawn by the frame's submit as it was when it was recorded",
  async ({ device }) => {
    using s = stage(device);
    const destroyed = noteDestroyed(device);
    using frame = new Frame(device);
    using hero = s.mgr.load("red.png", Texture);
    frame.draw(hero.value);
    s.source.set("red.png", makeRgba(1, 1, BLUE));
    s.mgr.reload("red.png");
    frame.draw(hero.value);
    assertEquals([hero.version, s.mgr.bytes, destroyed.length], [2, BYTES, 0]);
    frame.submit();
    assertEquals(await frame.read(), [[...RED], [...BLUE]]);
    assertEquals(destroyed, ["red.png"]);
  },
);

gpuTest(
  "a texture of a disposed manager is drawn by the frame's submit",
  async ({ device }) => {
    using frame = new Frame(device);
    const destroyed = noteDestroyed(device);
    {
      using s = stage(device);
      using red = s.mgr.load("red.png", Texture);
      frame.draw(red.value);
    }
    assertEquals(destroyed, []);
    frame.submit();
    assertEquals(await frame.read(), [[...RED]]);
    assertEquals(destroyed, ["red.png"]);
  },
);

gpuTest(
  "one frame can draw textures before and after releases, reloads and awaits",
  async ({ device }) => {
    using s = stage(device, { maxBytes: BYTES });
    using frame = new Frame(device);
    {
      using scene = s.mgr.scope("cave");
      frame.draw(scene.load("red.png", Texture).value);
      frame.draw((await scene.loadAsync("red.png", Texture)).value);
      s.source.set("red.png", makeRgba(1, 1, GREEN));
      s.mgr.reload("red.png");
      frame.draw(scene.load("red.png", Texture).value);
    }
    await Promise.resolve();
    s.mgr.with("blue.png", Texture, frame.draw);
    s.mgr.unloadUnused();
    await Promise.resolve();
    frame.submit();
    assertEquals(await frame.read(), [RED, RED, GREEN, BLUE].map((color) => [...color]));
  },
);

gpuTest(
  "await using of a manager waits until its textures are destroyed, and using does not",
  async ({ device }) => {
    const destroyed = noteDestroyed(device);
    const [one, other] = [stage(device), stage(device)];
    const handles = [one, other].map(({ mgr }) => mgr.load("red.png", Texture));
    for (const handle of handles) handle[Symbol.dispose]();
    await one.mgr[Symbol.asyncDispose]();
    assertEquals(destroyed, ["red.png", "red.png"]); // of both managers: the task has ended
    other.mgr.load("blue.png", Texture)[Symbol.dispose]();
    other.mgr[Symbol.dispose]();
    assertEquals(destroyed.length, 2);
    await endOfTask();
    assertEquals(destroyed.length, 3);
  },
);

gpuTest(
  "retire decides when textures are destroyed, for frames that wait before they submit",
  async ({ device }) => {
    const retired: (() => void)[] = [];
    const destroyed = noteDestroyed(device);
    {
      await using mgr = stage(device, {}, { retire: (destroy) => retired.push(destroy) }).mgr;
      using frame = new Frame(device);
      mgr.with("red.png", Texture, frame.draw);
      await endOfTask();
      await device.queue.onSubmittedWorkDone();
      frame.submit();
      assertEquals([mgr.bytes, retired.length, destroyed.length], [0, 1, 0]);
      for (const destroy of retired.splice(0)) destroy();
      assertEquals(await frame.read(), [[...RED]]);
      using _blue = mgr.load("blue.png", Texture);
    } // passes the last texture to retire, and does not wait for it
    assertEquals([retired.length, destroyed], [1, ["red.png"]]);
    retired[0]!();
    assertEquals(destroyed, ["red.png", "blue.png"]);
  },
);

gpuTest(
  "an error of retire is an error of unload, and the texture is destroyed nevertheless",
  async ({ device }) => {
    const destroyed = noteDestroyed(device);
    const retire = () => {
      throw new RangeError("the list is full");
    };
    using s = stage(device, {}, { retire });
    const red = s.mgr.load("red.png", Texture);
    assertThrows(() => red[Symbol.dispose](), RangeError, "the list is full");
    assertEquals([s.mgr.size, s.mgr.bytes], [0, 0]);
    await endOfTask();
    assertEquals(destroyed, ["red.png"]);
  },
);
