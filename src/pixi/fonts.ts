import type { AsyncLoadContext, LoadContext } from "../contract/loader.ts";
import { installFont, uninstallFont } from "./font_cache.ts";
import { readFont } from "./font_file.ts";
import type { Font, Pixi, Texture } from "./pixi.ts";
import type { TextureMaker } from "./textures.ts";

/** What a font was made as. */
interface Made {
  readonly name: string;
  /** The glyphs that it had before reloads: texts may still show them. */
  readonly old: Texture[];
}

/** Makes bitmap fonts, which hold their pages, and lets texts find them by their keys. */
export class FontMaker {
  readonly #pixi: Pixi;
  readonly #textures: TextureMaker;
  readonly #made = new WeakMap<Font, Made>();

  constructor(pixi: Pixi, textures: TextureMaker) {
    this.#pixi = pixi;
    this.#textures = textures;
  }

  /** Makes a font, loads its pages, and installs it. */
  async load(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Font> {
    const font = await this.#make(bytes, context);
    this.#made.set(font, { name: context.key, old: [] });
    installFont(this.#pixi, context.key, font);
    return font;
  }

  /** Gives a font other glyphs. Texts show them when they are laid out the next time. */
  async update(font: Font, bytes: Uint8Array<ArrayBuffer>, context: LoadContext): Promise<void> {
    // A reload loads pages as a load does: what is asynchronous only gets an asynchronous context.
    const fresh = await this.#make(bytes, context as AsyncLoadContext);
    this.#made.get(font)!.old.push(...glyphsOf(font));
    // All but the listeners, which begin with a "_" as what is private does.
    const content = Object.entries(fresh).filter(([name]) => !name.startsWith("_"));
    Object.assign(font, Object.fromEntries(content));
    this.#pixi.BitmapFontManager.measureCache?.clear();
  }

  /** Destroys the glyphs. Their pages are resources of their own. */
  unload(font: Font): void {
    const { name, old } = this.#made.get(font)!;
    uninstallFont(this.#pixi, name, font);
    font.pages = []; // PixiJS would destroy their textures.
    font.destroy();
    for (const glyph of old) glyph.destroy();
  }

  async #make(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Font> {
    const data = readFont(this.#pixi, bytes);
    const suffix = context.variant === "" ? "" : `?${context.variant}`;
    const textures: Texture[] = [];
    await Promise.all(data.pages.map(async ({ id, file }) => {
      const page = await context.loadAsync(`./${file}${suffix}`, this.#pixi.Texture);
      textures[id] = page.value;
      // Distances are numbers between which the GPU has to interpolate.
      if (data.distanceField) page.value.source!.scaleMode = "linear";
    }));
    return new this.#pixi.BitmapFont({ data: { ...data, fontFamily: context.key }, textures });
  }
}

function glyphsOf({ chars }: Font): Texture[] {
  return Object.values(chars).flatMap(({ texture }) => texture ?? []);
}
