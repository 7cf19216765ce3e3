/** Counts the bitmaps that are made and closed until it is disposed. */
export class Bitmaps implements Disposable {
  made = 0;
  closed = 0;
  readonly #create = globalThis.createImageBitmap;
  readonly #close = ImageBitmap.prototype.close;

  constructor() {
    const [create, close] = [this.#create, this.#close];
    const count = (what: "made" | "closed") => this[what]++;
    globalThis.createImageBitmap = async (...args: unknown[]) => {
      const bitmap: ImageBitmap = await Reflect.apply(create, globalThis, args);
      count("made");
      return bitmap;
    };
    ImageBitmap.prototype.close = function () {
      count("closed");
      close.call(this);
    };
  }

  [Symbol.dispose](): void {
    globalThis.createImageBitmap = this.#create;
    ImageBitmap.prototype.close = this.#close;
  }
}
