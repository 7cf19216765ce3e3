import { encode } from "fast-png";
import type { Random } from "./random.ts";

/** A colour, as `#rrggbb`. */
export type Color = string;

/**
 * A small picture for pixel art, transparent at first. Painting outside of it has no effect. It
 * uses only whole numbers, so it paints the same pixels on every machine.
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #pixels: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#pixels = new Uint8Array(width * height * 4);
  }

  dot(x: number, y: number, color: Color): this {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return this;
    const rgb = parseInt(color.slice(1), 16);
    this.#pixels.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255, 255], (y * this.width + x) * 4);
    return this;
  }

  box(x: number, y: number, width: number, height: number, color: Color): this {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.dot(column, row, color);
    }
    return this;
  }

  /** Paints an ellipse around `x`, `y` with the radii `rx` and `ry`. */
  disc(x: number, y: number, rx: number, ry: number, color: Color): this {
    for (let dy = -ry; dy <= ry; dy++) {
      for (let dx = -rx; dx <= rx; dx++) {
        const inside = dx * dx * ry * ry + dy * dy * rx * rx <= rx * rx * ry * ry;
        if (inside) this.dot(x + dx, y + dy, color);
      }
    }
    return this;
  }

  /** Paints a triangle on a base around `x`, `y`. It points down if the height is negative. */
  peak(x: number, y: number, halfBase: number, height: number, color: Color): this {
    const rise = Math.sign(height);
    for (let step = 0; step < Math.abs(height); step++) {
      const half = Math.trunc(halfBase * (Math.abs(height) - step) / Math.abs(height));
      this.box(x - half, y - rise * step, 2 * half + 1, 1, color);
    }
    return this;
  }

  /** Paints a line that is `thickness` pixels wide. */
  line(from: [number, number], to: [number, number], thickness: number, color: Color): this {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const steps = Math.max(Math.abs(dx), Math.abs(dy), 1);
    for (let step = 0; step <= steps; step++) {
      const x = from[0] + Math.round(dx * step / steps);
      const y = from[1] + Math.round(dy * step / steps);
      this.box(x, y, thickness, thickness, color);
    }
    return this;
  }

  /** Paints rows of text, one pixel for each letter. Letters without a color are skipped. */
  stencil(x: number, y: number, rows: readonly string[], colors: Record<string, Color>): this {
    rows.forEach((row, dy) => {
      [...row].forEach((letter, dx) => {
        const color = colors[letter];
        if (color !== undefined) this.dot(x + dx, y + dy, color);
      });
    });
    return this;
  }

  /** Copies the left half to the right, mirrored. */
  mirror(): this {
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width >> 1; x++) {
        this.#pixels.copyWithin(
          (y * this.width + this.width - 1 - x) * 4,
          (y * this.width + x) * 4,
          (y * this.width + x + 1) * 4,
        );
      }
    }
    return this;
  }

  /** Lights the picture from above: upper edges become brighter, lower edges darker. */
  light(): this {
    const before = this.#copy();
    this.#each((x, y) => {
      if (!before.#solid(x, y)) return;
      if (!before.#solid(x, y - 1)) this.#shift(x, y, 48);
      else if (!before.#solid(x, y + 1)) this.#shift(x, y, -48);
      else if (!before.#solid(x + 1, y) || !before.#solid(x, y + 2)) this.#shift(x, y, -24);
    });
    return this;
  }

  /** Draws a line around everything that is painted. */
  outline(color: Color): this {
    const before = this.#copy();
    this.#each((x, y) => {
      const near = before.#solid(x - 1, y) || before.#solid(x + 1, y) ||
        before.#solid(x, y - 1) || before.#solid(x, y + 1);
      if (near && !before.#solid(x, y)) this.dot(x, y, color);
    });
    return this;
  }

  /** Makes some of the painted pixels brighter or darker. */
  grain(random: Random, strength: number): this {
    this.#each((x, y) => {
      if (this.#solid(x, y)) this.#shift(x, y, (random.below(3) - 1) * strength);
    });
    return this;
  }

  /** Encodes the picture as a PNG file, with each pixel as a square of `scale` × `scale`. */
  toPng(scale: number): Uint8Array {
    const [width, height] = [this.width * scale, this.height * scale];
    const data = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = (Math.trunc(y / scale) * this.width + Math.trunc(x / scale)) * 4;
        data.set(this.#pixels.subarray(from, from + 4), (y * width + x) * 4);
      }
    }
    return encode({ width, height, data, channels: 4, depth: 8 }, { zlib: { level: 9 } });
  }

  #each(visit: (x: number, y: number) => void): void {
    for (let y = 0; y < this.height; y++) for (let x = 0; x < this.width; x++) visit(x, y);
  }

  #copy(): Canvas {
    const copy = new Canvas(this.width, this.height);
    copy.#pixels.set(this.#pixels);
    return copy;
  }

  #solid(x: number, y: number): boolean {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return false;
    return this.#pixels[(y * this.width + x) * 4 + 3] === 255;
  }

  #shift(x: number, y: number, difference: number): void {
    const start = (y * this.width + x) * 4;
    for (let channel = start; channel < start + 3; channel++) {
      this.#pixels[channel] = Math.max(0, Math.min(255, this.#pixels[channel]! + difference));
    }
  }
}
