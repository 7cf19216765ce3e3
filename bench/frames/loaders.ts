import type { Loader } from "../../mod.ts";
import { type ImageWorkers, type Pixels, textureLoader } from "../../src/webgpu.ts";
import type { Meter } from "./meter.ts";

/** How long unloading a prop takes, in ms. */
const UNLOADING = 0.15;

/** The value of a small file. */
interface Prop {
  readonly key: string;
}

/** Options for the loaders of a game. */
export interface Making {
  readonly meter: Meter;
  readonly images: ImageWorkers;
  /** Without a device, pixels stay in memory. */
  readonly device: GPUDevice | undefined;
}

/** The loaders of the game. Each of their calls is measured as a piece. */
export function gameLoaders({ meter, images, device }: Making): Loader<unknown>[] {
  const pictures = device === undefined
    ? pixelLoader(images)
    : textureLoader(device, { decoder: images });
  const all = [pictures, soundLoader, levelLoader, propLoader] as Loader<unknown>[];
  return all.map((loader) => measured(loader, meter));
}

function measured(loader: Loader<unknown>, meter: Meter): Loader<unknown> {
  const { load, loadAsync, unload } = loader;
  return {
    ...loader,
    ...(load && { load: (...args) => meter.run(() => load(...args)) }),
    ...(loadAsync && { loadAsync: (...args) => meter.run(() => loadAsync(...args)) }),
    ...(unload && { unload: (...args) => meter.run(() => unload(...args)) }),
  };
}

function pixelLoader(images: ImageWorkers): Loader<Pixels> {
  return {
    name: "texture",
    extensions: [".png"],
    loadAsync: (bytes, context) => images.decode(bytes, context),
    byteLength: ({ data }) => data.length,
  };
}

const soundLoader: Loader<Float32Array> = {
  name: "sound",
  extensions: [".pcm"],
  load(bytes) {
    const samples = new Int16Array(bytes.buffer);
    const sound = new Float32Array(samples.length);
    for (let i = 0; i < samples.length; i++) sound[i] = samples[i]! / 32_768;
    return sound;
  },
  byteLength: ({ byteLength }) => byteLength,
};

/** Loads a level: its file has the names of its parts. */
const levelLoader: Loader<readonly unknown[]> = {
  name: "level",
  extensions: [".level"],
  async loadAsync(bytes, context) {
    const names = new TextDecoder().decode(bytes).split("\n");
    return await Promise.all(names.map((name) => context.loadAsync(`../${name}`)));
  },
};

const propLoader: Loader<Prop> = {
  name: "prop",
  extensions: [".prop"],
  load: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
  unload: () => spin(UNLOADING),
};

/** Keeps the main thread busy, like a call of a driver. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
