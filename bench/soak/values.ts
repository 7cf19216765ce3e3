/**
 * The values of the game, whose files show whether they are whole, and loaders that report to a
 * ledger.
 */
import type { AsyncLoadContext, Handle, LoadContext, Loader, ResourceType } from "../../mod.ts";
import { Texture, textureLoader } from "../../src/webgpu.ts";
import type { Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";

const HEADER = 8;
/** The part of the values that throw when they are unloaded. */
const STUBBORN = 1 / 400;

/** Bytes, which are on the native heap. */
export class Sprite {
  constructor(readonly pixels: Uint8Array<ArrayBuffer>) {}
}

/** Objects on the JavaScript heap. Unloading them takes a while. */
export class Sound {
  constructor(readonly samples: readonly { readonly level: number }[]) {}
}

/** A value that is made from other resources. */
export class Level {
  constructor(readonly parts: readonly Handle<object>[]) {}
}

/** The class that a key is loaded as. */
export function typeOf(key: string): ResourceType<object> {
  if (key.endsWith(".sprite")) return Sprite;
  if (key.endsWith(".sound")) return Sound;
  return key.endsWith(".level") ? Level : Texture;
}

/** The file of a sprite or a sound: a length, a checksum, and bytes with the same random value. */
export function encode(size: number, random: Random): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(HEADER + size);
  file.fill(random.below(256), HEADER);
  const view = new DataView(file.buffer);
  view.setUint32(0, size);
  view.setUint32(4, sumOf(file.subarray(HEADER)));
  return file;
}

/** Decodes a file. Throws if it is not whole, or mixes two versions. */
function decode(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (file.length < HEADER) throw new Error("no header");
  const view = new DataView(file.buffer, file.byteOffset);
  const body = file.slice(HEADER);
  if (body.length !== view.getUint32(0)) throw new Error(`${body.length} bytes are not all`);
  if (sumOf(body) !== view.getUint32(4)) throw new Error("the sum is wrong");
  return body;
}

function sumOf(bytes: Uint8Array): number {
  let sum = bytes.length;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) >>> 0;
  return sum;
}

/** The file of a level: the keys of its parts, and a last line. */
export function encodeLevel(parts: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode([...parts, "end"].join("\n"));
}

function decodeLevel(file: Uint8Array<ArrayBuffer>): string[] {
  const lines = new TextDecoder().decode(file).split("\n");
  if (lines.pop() !== "end") throw new Error("the last line is missing");
  return lines;
}

/** Whether a value matches its file. For a texture, only the width is compared. */
export function isMadeFrom(value: unknown, file: Uint8Array<ArrayBuffer>): boolean {
  if (value instanceof Level) {
    return value.parts.map(({ key }) => key).join() === decodeLevel(file).join();
  }
  if (value instanceof Texture) return value.width === new DataView(file.buffer).getUint32(16);
  const body = file.subarray(HEADER);
  const bytes = value instanceof Sound
    ? value.samples.map(({ level }) => level)
    : (value as Sprite).pixels;
  return bytes.length === body.length && body.every((byte, i) => byte === bytes[i]);
}

/** The loaders of one manager. */
export class Loaders {
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #device: GPUDevice | undefined;

  constructor(ledger: Ledger, options: { random: Random; device: GPUDevice | undefined }) {
    this.#ledger = ledger;
    this.#random = options.random;
    this.#device = options.device;
  }

  all(): Loader<unknown>[] {
    const textures = this.#device === undefined ? [] : [this.#textures(this.#device)];
    return [this.#sprites(), this.#sounds(), this.#levels(), ...textures] as Loader<unknown>[];
  }

  #sprites(): Loader<Sprite> {
    return {
      name: "sprite",
      extensions: [".sprite"],
      load: (bytes, context) => {
        const pixels = decode(bytes);
        this.#leaveSomething(context);
        return this.#ledger.made(new Sprite(pixels), context.key, pixels.length);
      },
      unload: (sprite) => this.#unload(sprite, "a sprite"),
      byteLength: ({ pixels }) => pixels.length,
    };
  }

  #sounds(): Loader<Sound> {
    return {
      name: "sound",
      extensions: [".sound"],
      loadAsync: async (bytes, context) => {
        const body = decode(bytes);
        this.#leaveSomething(context);
        await new Promise((resolve) => setTimeout(resolve, this.#random.below(10)));
        const sound = new Sound(Array.from(body, (level) => ({ level })));
        return this.#ledger.made(sound, context.key, body.length);
      },
      unload: async (sound) => {
        this.#ledger.unloaded(sound, "a sound");
        await new Promise((resolve) => setTimeout(resolve, this.#random.below(5)));
        if (this.#random.chance(STUBBORN)) throw this.#ledger.provoke("a sound");
      },
      byteLength: ({ samples }) => samples.length,
    };
  }

  #levels(): Loader<Level> {
    const made = (parts: Handle<object>[], { key }: LoadContext) =>
      this.#ledger.made(new Level(parts), key, 64);
    return {
      name: "level",
      extensions: [".level"],
      load: (bytes, context) => {
        const parts = decodeLevel(bytes).map((key) => this.#load(key, context));
        return made(parts, context);
      },
      loadAsync: async (bytes, context) => {
        const tasks = decodeLevel(bytes).map((key) => this.#loadAsync(key, context));
        return made(await Promise.all(tasks), context);
      },
      unload: (level) => this.#unload(level, "a level"),
      byteLength: () => 64,
    };
  }

  #load(key: string, context: LoadContext): Handle<object> {
    this.#ledger.ask(key);
    return context.load(`../${key}`, typeOf(key));
  }

  #loadAsync(key: string, context: AsyncLoadContext): Promise<Handle<object>> {
    if (!context.signal.aborted && !context.disposed) this.#ledger.ask(key);
    return context.loadAsync(`../${key}`, typeOf(key));
  }

  #textures(device: GPUDevice): Loader<Texture> {
    const inner = textureLoader(device);
    const made = (texture: Texture, { key }: LoadContext) =>
      this.#ledger.made(texture, key, texture.byteLength);
    return {
      ...inner,
      load: (bytes, context) => made(inner.load!(bytes, context), context),
      loadAsync: async (bytes, context) => made(await inner.loadAsync!(bytes, context), context),
      unload: (texture) => {
        inner.unload!(texture);
        this.#unload(texture, texture.label);
      },
    };
  }

  #leaveSomething(context: LoadContext): void {
    this.#ledger.opened++;
    context.defer(() => this.#ledger.closed++);
  }

  #unload(value: object, key: string): void {
    this.#ledger.unloaded(value, key);
    if (this.#random.chance(STUBBORN)) throw this.#ledger.provoke(key);
  }
}
