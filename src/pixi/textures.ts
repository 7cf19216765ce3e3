import type { AsyncLoadContext, LoadContext, Loader } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";
import { decodeBitmap } from "../loaders/image.ts";
import { byteLengthOf, mipLevelsOf } from "../loaders/mip_levels.ts";
import { Followers } from "./followers.ts";
import type { PixiLoaderOptions, PixiTextureOptions } from "./options.ts";
import type { Pixi, Source, Texture } from "./pixi.ts";

/** What a texture of an image consists of besides itself. The game may have destroyed the texture. */
interface Picture {
  readonly source: Source;
  bitmap: ImageBitmap;
  /** Which update has come last, by the order in which they began. */
  updated: number;
}

/** Loads images as textures, changes them in place, and destroys them with all that they hold. */
export class TextureLoader implements Loader<Texture> {
  readonly name = "texture";
  readonly extensions = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"];
  readonly variants: readonly string[];
  readonly #pixi: Pixi;
  readonly #options: PixiLoaderOptions;
  readonly #pictures = new WeakMap<Texture, Picture>();
  readonly #followers = new WeakMap<Texture, Followers>();
  #updates = 0;

  constructor(pixi: Pixi, options: PixiLoaderOptions) {
    this.#pixi = pixi;
    this.#options = options;
    this.variants = Object.keys(options.variants ?? {});
  }

  async loadAsync(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Texture> {
    const { key, path } = context;
    const bitmap = await this.#decode(bytes, context);
    const source = new this.#pixi.ImageSource({
      resolution: Number(/@([\d.]+)x/.exec(path)?.[1] ?? 1),
      ...this.#optionsOf(context),
      resource: bitmap,
      label: key,
    });
    const texture = new this.#pixi.Texture({ source, label: key });
    this.#pictures.set(texture, { source, bitmap, updated: 0 });
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
    const { source, bitmap } = this.#pictures.get(texture)!;
    this.retire(texture);
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
  retire(texture: Texture): void {
    const shown = this.#followers.get(texture)!.shown;
    texture.source = this.#pixi.Texture.EMPTY.source;
    texture.destroy();
    if (shown === 0) return;
    console.warn(
      `${quote(texture.label)} was unloaded while it was shown (objects on the stage: ${shown}): ` +
        "destroy what shows a texture before you dispose its handle or scope",
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
    const onUpload = "premultiply-alpha-on-upload";
    const { alphaMode = onUpload } = this.#optionsOf(context);
    // WebGL uploads a bitmap as it is: how it is decoded decides.
    return decodeBitmap(bytes, {
      premultiplyAlpha: alphaMode === onUpload ? "premultiply" : "none",
    });
  }

  #optionsOf({ variant }: LoadContext): PixiTextureOptions {
    const { variants, decoder: _, ...options } = this.#options;
    return { ...options, ...variants?.[variant] };
  }
}
