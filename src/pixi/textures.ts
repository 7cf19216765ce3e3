import type { AsyncLoadContext, LoadContext, Loader } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";
import { decodeBitmap } from "../loaders/image.ts";
import { byteLengthOf, mipLevelsOf } from "../loaders/mip_levels.ts";
import { letFollow } from "./followers.ts";
import type { PixiLoaderOptions, PixiTextureOptions } from "./options.ts";
import type { Pixi, Source, Texture, View } from "./pixi.ts";

/** Loads images as textures, and changes them in place. Contexts hold their bitmaps, and close them. */
export class TextureLoader implements Loader<Texture> {
  readonly name = "texture";
  readonly extensions = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"];
  readonly variants: readonly string[];
  readonly #pixi: Pixi;
  readonly #options: PixiLoaderOptions;
  /** What gives the views that show a texture. */
  readonly #views = new WeakMap<Texture, () => View[]>();

  constructor(pixi: Pixi, options: PixiLoaderOptions) {
    this.#pixi = pixi;
    this.#options = options;
    this.variants = Object.keys(options.variants ?? {});
  }

  async loadAsync(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Texture> {
    const { key: label, path, variant } = context;
    return await this.#decode(bytes, context, (resource) => {
      const resolution = Number(/@([\d.]+)x/.exec(path)?.[1] ?? 1);
      const options = { resolution, ...this.#optionsOf(variant), resource, label };
      const source = new this.#pixi.ImageSource(options);
      const texture = new this.#pixi.Texture({ source, label });
      this.letFollow(texture);
      this.#upload(source);
      return texture;
    });
  }

  /** Shows a new picture in a texture, of any size. What shows the texture follows. */
  async update(
    { source }: Texture,
    bytes: Uint8Array<ArrayBuffer>,
    context: LoadContext,
  ): Promise<void> {
    // A reload decodes as a load does: what is asynchronous only gets an asynchronous context.
    await this.#decode(bytes, context as AsyncLoadContext, (bitmap) => {
      source!.resource = bitmap;
      // How many mip levels there are is settled when a renderer gets to know the source.
      if (source!.autoGenerateMipmaps) source!.unload();
      source!.update();
      this.#upload(source!);
    });
  }

  /** Destroys a texture and its source. The game may have done so already. */
  unload(texture: Texture): void {
    const { source } = texture;
    this.retire(texture);
    if (!source) return;
    source.destroy();
    // A `Graphics` or a text may draw it still, as nothing: without a style, PixiJS would throw in each frame.
    source._style = this.#pixi.Texture.EMPTY.source!._style;
  }

  /** Lets what shows `texture` follow its changes. */
  letFollow(texture: Texture): void {
    this.#views.set(texture, letFollow(texture));
  }

  /**
   * Destroys a texture without its source. What still shows it shows nothing from now on: PixiJS would
   * throw in each frame, where nothing says which texture it is.
   */
  retire(texture: Texture): void {
    const isShown = this.#views.get(texture)!().some(({ parentRenderGroup }) => parentRenderGroup);
    texture.source = this.#pixi.Texture.EMPTY.source;
    texture.destroy();
    if (!isShown) return;
    console.warn(
      `${quote(texture.label)} was unloaded while it was shown: destroy what shows it before ` +
        "its handle or scope",
    );
  }

  /** The GPU bytes of a texture, mip levels included. */
  byteLength({ source }: Texture): number {
    const { pixelWidth, pixelHeight, autoGenerateMipmaps } = source!;
    const levels = autoGenerateMipmaps ? mipLevelsOf(pixelWidth, pixelHeight) : 1;
    return byteLengthOf(pixelWidth, pixelHeight, levels);
  }

  /** Decodes an image, and goes on with its bitmap when there is time in a frame. */
  async #decode<T>(
    bytes: Uint8Array<ArrayBuffer>,
    context: AsyncLoadContext,
    use: (bitmap: ImageBitmap) => T,
  ): Promise<Awaited<T>> {
    const onUpload = "premultiply-alpha-on-upload";
    const { alphaMode = onUpload } = this.#optionsOf(context.variant);
    // WebGL uploads a bitmap as it is: how it is decoded decides.
    const premultiplyAlpha = alphaMode === onUpload ? "premultiply" : "none";
    const bitmap = await (this.#options.decoder?.loadAsync?.(bytes, context) ??
      decodeBitmap(bytes, { premultiplyAlpha }));
    const close = () => bitmap.close();
    if (context.disposed) close(); // Nobody wants it any more, as the turn says.
    else context.defer(close);
    const uploadBytes = byteLengthOf(bitmap.width, bitmap.height, 1);
    return await context.turn(() => use(bitmap), { uploadBytes });
  }

  #upload(source: Source): void {
    this.#options.renderer?.texture.initSource(source as never);
  }

  #optionsOf(variant: string): PixiTextureOptions {
    const { variants, decoder: _, renderer: __, ...options } = this.#options;
    return { ...options, ...variants?.[variant] };
  }
}
