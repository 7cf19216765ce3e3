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
    const bitmap = await this.#decode(bytes, context);
    return await this.#turn(bitmap, context, () => this.#make(bitmap, context));
  }

  /** Shows a new picture in a texture, of any size. What shows the texture follows. */
  async update(
    texture: Texture,
    bytes: Uint8Array<ArrayBuffer>,
    context: LoadContext,
  ): Promise<void> {
    const order = ++this.#updates;
    // A reload decodes as a load does: what is asynchronous only gets an asynchronous context.
    const asynchronous = context as AsyncLoadContext;
    const bitmap = await this.#decode(bytes, asynchronous);
    await this.#turn(bitmap, asynchronous, () => this.#show(texture, bitmap, order));
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

  #make(bitmap: ImageBitmap, { key, path, variant }: LoadContext): Texture {
    const source = new this.#pixi.ImageSource({
      resolution: Number(/@([\d.]+)x/.exec(path)?.[1] ?? 1),
      ...this.#optionsOf(variant),
      resource: bitmap,
      label: key,
    });
    const texture = new this.#pixi.Texture({ source, label: key });
    this.#pictures.set(texture, { source, bitmap, updated: 0 });
    this.letFollow(texture);
    this.#upload(source);
    return texture;
  }

  #show(texture: Texture, bitmap: ImageBitmap, order: number): void {
    const picture = this.#pictures.get(texture)!;
    const { source, bitmap: old } = picture;
    if (order < picture.updated) return bitmap.close(); // A newer picture was decoded sooner.
    picture.updated = order;
    picture.bitmap = source.resource = bitmap;
    // How many mip levels there are is settled when a renderer gets to know the source.
    if (source.autoGenerateMipmaps) source.unload();
    source.update();
    this.#upload(source);
    old.close();
  }

  #upload(source: Source): void {
    this.#options.renderer?.texture.initSource(source as never);
  }

  /** Goes on with a bitmap when there is time in a frame, or closes it if nobody wants it any more. */
  async #turn<T>(
    bitmap: ImageBitmap,
    context: AsyncLoadContext,
    run: () => T,
  ): Promise<Awaited<T>> {
    const { width, height } = bitmap;
    try {
      return await context.turn(run, { uploadBytes: byteLengthOf(width, height, 1) });
    } catch (error) {
      bitmap.close();
      throw error;
    }
  }

  #decode(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<ImageBitmap> {
    const { decoder } = this.#options;
    if (decoder !== undefined) return decoder.loadAsync!(bytes, context);
    const onUpload = "premultiply-alpha-on-upload";
    const { alphaMode = onUpload } = this.#optionsOf(context.variant);
    // WebGL uploads a bitmap as it is: how it is decoded decides.
    return decodeBitmap(bytes, {
      premultiplyAlpha: alphaMode === onUpload ? "premultiply" : "none",
    });
  }

  #optionsOf(variant: string): PixiTextureOptions {
    const { variants, decoder: _, renderer: __, ...options } = this.#options;
    return { ...options, ...variants?.[variant] };
  }
}
