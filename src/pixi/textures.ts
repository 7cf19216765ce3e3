import type { AsyncLoadContext, LoadContext, Loader } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";
import { decodeBitmap } from "../loaders/image.ts";
import { byteLengthOf, mipLevelsOf } from "../loaders/mip_levels.ts";
import { letFollow } from "./followers.ts";
import type { PixiLoaderOptions, PixiTextureOptions } from "./options.ts";
import type { Pixi, Source, Texture, View } from "./pixi.ts";

/** Loads images as textures, and changes them in place. The context of a load closes its bitmap. */
export class TextureLoader implements Loader<Texture> {
  readonly name = "texture";
  readonly extensions = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"];
  readonly variants: readonly string[];
  readonly #pixi: Pixi;
  readonly #options: PixiLoaderOptions;
  /** For each texture, the function that lists the views that show it. */
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

  /** Shows a new picture, of any size, in a texture. Views that show the texture follow. */
  async update(
    { source }: Texture,
    bytes: Uint8Array<ArrayBuffer>,
    context: LoadContext,
  ): Promise<void> {
    // A loader without `load` always gets an asynchronous context.
    await this.#decode(bytes, context as AsyncLoadContext, (bitmap) => {
      source!.resource = bitmap;
      // A renderer fixes the number of mip levels when it first sees the source.
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
    // A `Graphics` or a text may still draw it, as nothing. Without a style, PixiJS would throw in each frame.
    source._style = this.#pixi.Texture.EMPTY.source!._style;
  }

  /** Lets the views that show `texture` follow its changes. */
  letFollow(texture: Texture): void {
    this.#views.set(texture, letFollow(texture));
  }

  /**
   * Destroys a texture without its source. A view that still shows it shows nothing from now on. PixiJS
   * itself would throw in each frame, with an error that does not name the texture.
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

  /** Decodes an image, and calls `use` with the bitmap in a turn. */
  async #decode<T>(
    bytes: Uint8Array<ArrayBuffer>,
    context: AsyncLoadContext,
    use: (bitmap: ImageBitmap) => T,
  ): Promise<Awaited<T>> {
    const onUpload = "premultiply-alpha-on-upload";
    const { alphaMode = onUpload } = this.#optionsOf(context.variant);
    // WebGL uploads a bitmap unchanged, so its colours are multiplied when it is decoded.
    const premultiplyAlpha = alphaMode === onUpload ? "premultiply" : "none";
    const bitmap = await (this.#options.decoder?.loadAsync?.(bytes, context) ??
      decodeBitmap(bytes, { premultiplyAlpha }));
    const close = () => bitmap.close();
    if (context.disposed) close(); // The load was withdrawn, so the turn rejects.
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
