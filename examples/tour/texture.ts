import { decode } from "fast-png";
import type { Loader } from "@holdfast/resources";

/**
 * A decoded picture with four bytes a pixel. It stands for a texture on the GPU, which the garbage
 * collector would not free, so the class counts textures that are not disposed.
 */
export class Texture implements Disposable {
  static #open = 0;
  readonly width: number;
  readonly height: number;
  #pixels: Uint32Array<ArrayBuffer> | undefined;

  /** Takes ownership of the bytes: red, green, blue and opacity of each pixel, row by row. */
  constructor(width: number, height: number, rgba: Uint8Array<ArrayBuffer>) {
    this.width = width;
    this.height = height;
    this.#pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
    Texture.#open++;
  }

  /** How many textures are not disposed. */
  static get open(): number {
    return Texture.#open;
  }

  /** A texture to draw on. */
  static blank(width: number, height: number): Texture {
    return new Texture(width, height, new Uint8Array(width * height * 4));
  }

  get byteLength(): number {
    return this.width * this.height * 4;
  }

  get #colors(): Uint32Array<ArrayBuffer> {
    if (this.#pixels !== undefined) return this.#pixels;
    throw new ReferenceError("Cannot use the texture: it is disposed");
  }

  /** Draws a part of `sprite`, by default all of it, at `x`, `y`. Skips transparent pixels. */
  draw(
    sprite: Texture,
    x: number,
    y: number,
    part: Part = { x: 0, y: 0, ...sizeOf(sprite) },
  ): void {
    const [from, to] = [sprite.#colors, this.#colors];
    const [top, bottom] = [Math.max(0, -y), Math.min(part.height, this.height - y)];
    const [left, right] = [Math.max(0, -x), Math.min(part.width, this.width - x)];
    for (let row = top; row < bottom; row++) {
      const source = (part.y + row) * sprite.width + part.x;
      const target = (y + row) * this.width + x;
      for (let column = left; column < right; column++) {
        const color = from[source + column]!;
        if (color !== 0) to[target + column] = color;
      }
    }
  }

  /** A checksum of the pixels and of `seed`. */
  checksum(seed: number): number {
    let sum = seed;
    for (const color of this.#colors) sum = Math.imul(sum ^ color, 0x01000193) ^ (sum >>> 15);
    return sum >>> 0;
  }

  [Symbol.dispose](): void {
    if (this.#pixels === undefined) return;
    this.#pixels = undefined;
    Texture.#open--;
  }
}

/** A rectangle of a texture, in pixels. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function sizeOf({ width, height }: Texture): { width: number; height: number } {
  return { width, height };
}

/** Loads `.png`. The size of a texture is that of its pixels, which is larger than the file. */
export const textureLoader: Loader<Texture> = {
  name: "texture",
  extensions: [".png"],
  load(bytes) {
    const { width, height, channels, depth, data } = decode(bytes);
    if (channels !== 4 || depth !== 8) {
      throw new TypeError(`it has ${channels} channels of ${depth} bits, use four of 8`);
    }
    return new Texture(width, height, new Uint8Array(data));
  },
  byteLength: (texture) => texture.byteLength,
};
