/** How the guide restores textures when a device is lost. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Loader, MemorySource, ResourceManager } from "@holdfast/resources";
import { Texture, textureLoader } from "@holdfast/resources/webgpu";
import { endOfTask, gpuTest } from "./webgpu/_gpu.ts";
import { makeRgba } from "../webgpu/_png_files.ts";

const GUIDE = new URL("../../docs/webgpu.md", import.meta.url);

async function restore(mgr: ResourceManager): Promise<GPUDevice | undefined> {
  const adapter = await navigator.gpu?.requestAdapter();
  const device = await adapter?.requestDevice();
  if (device === undefined || mgr.disposed) {
    device?.destroy();
    return undefined;
  }
  const onLost = async ({ reason }: GPUDeviceLostInfo) => {
    if (reason !== "destroyed") await restore(mgr); // otherwise it was on purpose
  };
  mgr.registerLoader(textureLoader(device, { onLost }));
  const textures = Object.entries(mgr.cacheStats().resources)
    .filter(([, { type }]) => type === "Texture");
  await Promise.allSettled(textures.map(([key]) => mgr.reloadAsync(key)));
  return device;
}

Deno.test("the guide has the function that these tests use", () => {
  const [code] = Deno.readTextFileSync(new URL(import.meta.url))
    .match(/^async function restore.*?^}$/ms)!;
  assertStringIncludes(Deno.readTextFileSync(GUIDE), code);
});

const NAMES = ["a.png", "b.png", "c.png", "d.png"] as const;

/** Sprites that are made from textures. */
class Sprite {
  constructor(readonly texture: Texture) {}
}
const spriteLoader: Loader<Sprite> = {
  name: "sprite",
  extensions: [".sprite"],
  load: (bytes, context) => {
    return new Sprite(context.load(new TextDecoder().decode(bytes), Texture).value);
  },
};

interface Stage extends AsyncDisposable {
  readonly mgr: ResourceManager;
  readonly source: MemorySource;
  /** The keys of `error` events. */
  readonly errors: (string | undefined)[];
  /** Opens a device by the guide's function. The stage destroys it at the end. */
  open(): Promise<GPUDevice>;
}

function stage(): Stage {
  const png = makeRgba(1, 1, [1, 2, 3, 255]);
  const source = new MemorySource(Object.fromEntries(NAMES.map((name) => [name, png])));
  source.set("hero.sprite", "a.png");
  const mgr = new ResourceManager({ source, loaders: [spriteLoader] });
  const errors: (string | undefined)[] = [];
  mgr.on("error", ({ key }) => errors.push(key));
  const opened: GPUDevice[] = [];
  return {
    mgr,
    source,
    errors,
    async open() {
      const device = (await restore(mgr))!;
      opened.push(device);
      return device;
    },
    async [Symbol.asyncDispose]() {
      await mgr[Symbol.asyncDispose]();
      for (const device of opened) device.destroy();
      for (const device of opened) await device.lost;
    },
  };
}

/** Whether a texture belongs to `device`: no other texture can be bound there. */
async function isOf(device: GPUDevice, { view }: Texture): Promise<boolean> {
  device.pushErrorScope("validation");
  const texture = { sampleType: "float" } as const;
  const entries = [{ binding: 0, visibility: GPUShaderStage.FRAGMENT, texture }];
  const layout = device.createBindGroupLayout({ entries });
  try {
    device.createBindGroup({ layout, entries: [{ binding: 0, resource: view }] });
  } catch {
    await device.popErrorScope();
    return false;
  }
  return await device.popErrorScope() === null;
}

gpuTest(
  "restoring moves all textures, and what was made from them, to the new device",
  async () => {
    await using s = stage();
    const lost = await s.open();
    using scene = s.mgr.scope("cave");
    const textures = NAMES.map((name) => scene.load(name, Texture));
    const hero = scene.load("hero.sprite", Sprite);
    lost.destroy();
    await lost.lost;
    const device = await s.open();
    for (const { value } of textures) assert(await isOf(device, value));
    assertEquals(hero.value.texture, textures[0]!.value);
    assertEquals(s.errors, []);
  },
);

gpuTest("restoring continues when a texture fails or is unloaded meanwhile", async () => {
  await using s = stage();
  const lost = await s.open();
  using scene = s.mgr.scope("cave");
  const [a, b, , d] = NAMES.map((name) => scene.load(name, Texture));
  using _event = s.mgr.on("reload", () => s.mgr.unload("c.png", { force: true }));
  s.source.set("b.png", "half of a file");
  lost.destroy();
  await lost.lost;
  const device = await s.open();
  assertEquals([a, b, d].map((handle) => handle!.version), [2, 1, 2]);
  assertEquals([await isOf(device, a!.value), await isOf(device, d!.value)], [true, true]);
  assertEquals(s.mgr.has("c.png"), false);
  assertEquals(s.errors.includes("b.png"), true);
});

gpuTest("restoring reads all textures side by side", async () => {
  await using s = stage();
  const lost = await s.open();
  const reading: string[] = [];
  const gate = Promise.withResolvers<void>();
  const source = {
    readAsync: async (key: string) => {
      reading.push(key);
      if (reading.length === NAMES.length) gate.resolve();
      await gate.promise; // reading one after another would wait for ever
      return s.source.read(key);
    },
    read: (key: string) => s.source.read(key),
  };
  await using mgr = new ResourceManager({ source, loaders: [textureLoader(lost)] });
  using scene = mgr.scope("cave");
  for (const name of NAMES) scene.load(name, Texture);
  const device = await restore(mgr);
  assertEquals(reading.sort(), [...NAMES]);
  device!.destroy();
  await device!.lost;
});

gpuTest("restoring destroys a device that it gets after the manager was disposed", async () => {
  await using s = stage();
  const restored = restore(s.mgr);
  s.mgr[Symbol.dispose]();
  assertEquals(await restored, undefined);
});

/** Devices that a test can lose at any time, because it cannot make a driver crash. */
class Losable implements Disposable {
  readonly devices: GPUDevice[] = [];
  readonly #losses: PromiseWithResolvers<GPUDeviceLostInfo>[] = [];

  /** Until it is disposed, all requested devices are these. */
  constructor() {
    const adapter = { requestDevice: () => this.#open() };
    const requestAdapter = () => Promise.resolve(adapter);
    Object.defineProperty(navigator.gpu, "requestAdapter", {
      value: requestAdapter,
      configurable: true,
    });
  }

  /** Reports that the newest device is lost. */
  lose(reason: string): void {
    this.#losses.at(-1)!.resolve({ reason, message: "" } as unknown as GPUDeviceLostInfo);
  }

  async #open(): Promise<GPUDevice> {
    const loss = Promise.withResolvers<GPUDeviceLostInfo>();
    this.#losses.push(loss);
    const adapter = await GPU.prototype.requestAdapter.call(navigator.gpu);
    const device = await adapter!.requestDevice();
    this.devices.push(Object.defineProperty(device, "lost", { value: loss.promise }));
    return device;
  }

  [Symbol.dispose](): void {
    Reflect.deleteProperty(navigator.gpu, "requestAdapter");
  }
}

gpuTest(
  "a lost device is replaced, and so is the next one, but not a destroyed one",
  async () => {
    await using s = stage();
    using losable = new Losable();
    await s.open();
    using hero = s.mgr.load("a.png", Texture);
    for (const version of [2, 3]) {
      const reloaded = new Promise((resolve) => s.mgr.on("reload", resolve));
      losable.lose("unknown");
      await reloaded;
      assertEquals([hero.version, losable.devices.length], [version, version]);
      assert(await isOf(losable.devices.at(-1)!, hero.value));
    }
    losable.lose("destroyed");
    await endOfTask();
    assertEquals([hero.version, losable.devices.length, s.errors], [3, 3, []]);
    for (const device of losable.devices) device.destroy();
  },
);
