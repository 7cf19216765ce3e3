/// <reference lib="dom" />

/** A canvas with one pixel for each device pixel. Its context draws in CSS pixels. */
export class Canvas {
  readonly element: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  width = 0;
  height = 0;
  /** Device pixels in a CSS pixel. */
  ratio = 1;

  constructor(element: HTMLCanvasElement) {
    this.element = element;
    this.context = element.getContext("2d", { alpha: false })!;
  }

  /** Sets the size of the bitmap to the size of the element in the page. */
  fit(): void {
    const { element } = this;
    this.ratio = devicePixelRatio || 1;
    this.width = element.clientWidth;
    this.height = element.clientHeight;
    element.width = Math.max(1, Math.round(this.width * this.ratio));
    element.height = Math.max(1, Math.round(this.height * this.ratio));
  }

  /** Clears the canvas to the colour `ground`. */
  begin(ground: string): CanvasRenderingContext2D {
    const { context, ratio } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = ground;
    context.fillRect(0, 0, this.width, this.height);
    return context;
  }
}

/** The font of text in a canvas. */
export const FONT = "11px system-ui, sans-serif";
/** The font of the names of rows, the same as in the style sheet. */
export const FONT_OF_NAMES = "13px system-ui, sans-serif";

/**
 * An image that is written pixel by pixel. It draws thousands of small rectangles ten times faster
 * than a canvas, and always in the same time.
 */
export class Raster {
  readonly #image: ImageData;
  readonly #pixels: Uint32Array;
  readonly width: number;
  readonly height: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  clear(colour: number): void {
    this.#pixels.fill(colour);
  }

  /** Fills a rectangle of device pixels, clipped to the image. */
  fill(x: number, y: number, width: number, height: number, colour: number): void {
    const bottom = Math.min(this.height, y + height);
    const right = Math.min(this.width, x + width);
    for (let row = Math.max(0, y); row < bottom; row++) {
      const start = row * this.width;
      this.#pixels.fill(colour, start + Math.max(0, x), start + right);
    }
  }

  show(context: CanvasRenderingContext2D): void {
    context.putImageData(this.#image, 0, 0);
  }
}

/** The pixel, as 32 bits, of a colour `#rrggbb`. */
export function pixelOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | (value & 0xff) << 16 | value & 0xff00 | value >> 16) >>> 0;
}
