import type { AsyncLoadContext, LoadContext, Loader } from "../contract/loader.ts";
import { installFont } from "./font_cache.ts";
import { readFont } from "./font_file.ts";
import type { Font, Pixi, Texture } from "./pixi.ts";

/** Loads bitmap fonts, which hold their pages, and lets texts find them by their keys. */
export class FontLoader implements Loader<Font> {
  readonly name = "font";
  readonly extensions = [".fnt"];
  readonly variants: readonly string[];
  readonly #pixi: Pixi;

  constructor(pixi: Pixi, variants: readonly string[]) {
    this.variants = variants;
    this.#pixi = pixi;
  }

  async loadAsync(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Font> {
    const font = await this.#make(bytes, context);
    installFont(this.#pixi, font, true);
    return font;
  }

  /**
   * Gives a font other glyphs. Texts show them when they are laid out the next time. Until then they
   * show the old ones, which last as long as their pages.
   */
  async update(font: Font, bytes: Uint8Array<ArrayBuffer>, context: LoadContext): Promise<void> {
    // A loader without `load` always gets an asynchronous context.
    const asynchronous = context as AsyncLoadContext;
    const fresh = await this.#make(bytes, asynchronous);
    const { _events, _eventsCount, ...content } = fresh; // Listeners stay.
    await asynchronous.turn(() => installFont(this.#pixi, Object.assign(font, content), true));
  }

  /** Destroys the glyphs. Their pages stay: they are resources of their own. */
  unload(font: Font): void {
    installFont(this.#pixi, font, false);
    font.pages = []; // PixiJS would destroy their textures.
    font.destroy();
  }

  async #make(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Font> {
    const data = readFont(this.#pixi, bytes);
    const textures: Texture[] = [];
    await Promise.all(data.pages.map(async ({ id, file }) => {
      const page = await context.loadAsync(imageBeside(file, context), this.#pixi.Texture);
      textures[id] = page.value;
      // The pixels of such a font are distances, between which the GPU has to interpolate.
      if (data.distanceField) page.value.source!.scaleMode = "linear";
    }));
    return new this.#pixi.BitmapFont({ data: { ...data, fontFamily: context.key }, textures });
  }
}

/** The name of an image that a file beside it names, with the variant of that file. */
export function imageBeside(image: string, { variant }: LoadContext): string {
  return `./${image}${variant && `?${variant}`}`;
}
