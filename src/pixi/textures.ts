import type { AsyncLoadContext, LoadContext } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";
import { decodeBitmap } from "../loaders/image.ts";
import { byteLengthOf, mipLevelsOf } from "../loaders/mip_levels.ts";
import { Followers } from "./followers.ts";
import type { PixiLoaderOptions, PixiTextureOptions } from "./options.ts";
import type { Pixi, Source, Texture } from "./pixi.ts";

/** What a texture of an image consists of besides itself. The game may have destroyed the texture. */
interface Picture {
  readonly key: string;
  readonly source: Source;
  bitmap: ImageBitmap;
  /** Which update has come last, by the order in which they began. */
  updated: number;
}

/** Makes textures of images, changes them in place, and destroys them with all that they hold. */
export class TextureMaker {
  readonly #pixi: Pixi;
  readonly #options: PixiLoaderOptions;
  readonly #pictures = new WeakMap<Texture, Picture>();
  readonly #followers = new WeakMap<Texture, Followers>();
  #updates = 0;

  constructor(pixi: Pixi, options: PixiLoaderOptions) {
    this.#pixi = pixi;
    this.#options = options;
  }

  /** Makes a texture of the variant that is wanted. */
  async load(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Texture> {
    const { key, path, variant } = context;
    const { variants, decoder: _, ...options } = this.#options;
    const bitmap = await this.#decode(bytes, context);
    const source = new this.#pixi.ImageSource({
      resolution: Number(/@([\d.]+)x/.exec(path)?.[1] ?? 1),
      ...options,
      ...variants?.[variant],
      resource: bitmap,
      label: key,
    });
    const texture = new this.#pixi.Texture({ source, label: key });
    this.#pictures.set(texture, { key, source, bitmap, updated: 0 });
    this.letFollow(texture);
    return texture;
  }

  /** Shows a new picture in a texture, of any size. What shows the texture follows. */
  async update(
    texture: Texture,
    bytes: Uint8Array<ArrayBuffer>,
    context: LoadContext,
  ): Promise<void> {
    const order = ++this.#updates;
    // A reload decodes as a load does: what is asynchronous only gets an asynchronous context.
    const bitmap = await this.#decode(bytes, context as AsyncLoadContext);
    const picture = this.#pictures.get(texture)!;
    const { source, bitmap: old } = picture;
    if (source.destroyed || order < picture.updated) {
      bitmap.close();
      if (order < picture.updated) return; // A newer picture was decoded sooner.
      throw new ReferenceError("it was unloaded while its new picture was decoded");
    }
    picture.updated = order;
    picture.bitmap = source.resource = bitmap;
    // How many mip levels there are is settled when a renderer gets to know the source.
    if (source.autoGenerateMipmaps) source.unload();
    source.update();
    old.close();
  }

  /** Destroys a texture, its source and its bitmap. */
  unload(texture: Texture): void {
    const { key, source, bitmap } = this.#pictures.get(texture)!;
    this.retire(texture, key);
    if (!source.destroyed) source.destroy();
    bitmap.close();
  }

  /** Lets what shows `texture` follow its changes. */
  letFollow(texture: Texture): void {
    this.#followers.set(texture, new Followers(texture));
  }

  /**
   * Destroys a texture without its source. What still shows it shows nothing from now on: PixiJS would
   * throw in each frame, where nothing says which texture it is.
   */
  retire(texture: Texture, key: string): void {
    const shown = this.#followers.get(texture)!.shown;
    texture.source = this.#pixi.Texture.EMPTY.source;
    texture.destroy();
    if (shown === 0) return;
    console.warn(
      `${quote(key)} was unloaded while ${shown} ${
        shown === 1 ? "object" : "objects"
      } on the stage ` +
        "still showed it: destroy what shows a texture before its handle or scope is disposed",
    );
  }

  /** The GPU bytes of a texture, mip levels included. */
  byteLength(texture: Texture): number {
    const { pixelWidth, pixelHeight, autoGenerateMipmaps } = this.#pictures.get(texture)!.source;
    const levels = autoGenerateMipmaps ? mipLevelsOf(pixelWidth, pixelHeight) : 1;
    return byteLengthOf(pixelWidth, pixelHeight, levels);
  }

  #decode(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<ImageBitmap> {
    const { decoder } = this.#options;
    if (decoder !== undefined) return decoder.loadAsync!(bytes, context);
    const { alphaMode }: PixiTextureOptions = {
      ...this.#options,
      ...this.#options.variants?.[context.variant],
    };
    // WebGL uploads a bitmap as it is: how it is decoded decides.
    const isMultiplied = (alphaMode ?? "premultiply-alpha-on-upload") ===
      "premultiply-alpha-on-upload";
    return decodeBitmap(bytes, { premultiplyAlpha: isMultiplied ? "premultiply" : "none" });
  }
}
