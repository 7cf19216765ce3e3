import type { AsyncLoadContext } from "../contract/loader.ts";
import { type ImageHeader, readHeader } from "../loaders/image_header.ts";
import { partsOf } from "../names/key.ts";
import { decodeImage } from "./decode_image.ts";
import type { ImageDecoder, ImageRequest } from "./image_decoder.ts";
import { DeviceWatch } from "./lost_device.ts";
import { freePixels } from "./own_pixels.ts";
import { decodePng, type Pixels } from "./png.ts";
import { type GradualUpload, type Strip, stripsOf, Uploader } from "./uploader.ts";
import { retireTexture, type Texture } from "./texture.ts";
import { optionsByVariant, type TextureLoaderOptions } from "./texture_options.ts";

/** Leaves colours as they are in the file, as `decodePng` does. */
const AS_IT_IS: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

/** The parts of a load's context that are used. */
export type TextureContext = ImageRequest & Pick<AsyncLoadContext, "turn">;

/** What an upload needs. */
interface Making {
  readonly uploader: Uploader;
  readonly context: TextureContext;
}

/** Decodes images and uploads them to the GPU. Checks their headers first. */
export class TextureMaker {
  readonly #watch: DeviceWatch;
  readonly #decoder: ImageDecoder | undefined;
  /** By variant. */
  readonly #uploaders = new Map<string, Uploader>();

  /** Makes textures of `device`, as `options` say. */
  constructor(device: GPUDevice, options: TextureLoaderOptions) {
    for (const [variant, each] of optionsByVariant(options)) {
      this.#uploaders.set(variant, new Uploader(device, each));
    }
    this.#decoder = options.decoder;
    this.#watch = new DeviceWatch(device, options.onLost);
  }

  /** Makes a texture from a PNG, as the variant in `key` says. */
  make(key: string, bytes: Uint8Array): Texture {
    const uploader = this.#uploaderOf(key);
    const { kind } = this.#check(bytes, uploader);
    if (kind === "PNG") return this.#uploadPng(key, bytes, uploader);
    throw new TypeError(
      `it is ${kind}, which is decoded only asynchronously, use loadAsync or reloadAsync`,
    );
  }

  /**
   * Makes a texture from any image: from its bitmap where the GPU's queue takes bitmaps, otherwise from
   * the pixels that `options.decoder` or, without one, `decodeImage` returns. Uploads in a turn.
   */
  async makeAsync(bytes: Uint8Array<ArrayBuffer>, context: TextureContext): Promise<Texture> {
    const { key } = context;
    const uploader = this.#uploaderOf(key);
    this.#check(bytes, uploader);
    const decoder = this.#decoder;
    const image = uploader.takesBitmaps
      ? await createImageBitmap(new Blob([bytes]), AS_IT_IS)
      : await (decoder === undefined ? decodeImage(bytes) : decoder.decode(bytes, context));
    try {
      uploader.assertFits(image); // in case its header is wrong in a way that no check has found
      if ("data" in image) assertWhole(image);
      const strips = "data" in image ? stripsOf(image) : [];
      if ("data" in image && strips.length > 1) {
        return await this.#uploadStrips(image, strips, { uploader, context });
      }
      const upload = () =>
        "data" in image ? uploader.upload(key, image) : uploader.uploadBitmap(key, image);
      return await context.turn(() => {
        this.#watch.assertUsable();
        return uploader.confirm(upload, forget);
      }, { uploadBytes: uploader.bytesOf(image) });
    } finally {
      if ("close" in image) image.close();
      else freePixels(image, decoder);
    }
  }

  /** Uploads a large image in several turns: the first makes the texture, and the last finishes it. */
  async #uploadStrips(image: Pixels, strips: readonly Strip[], { uploader, context }: Making) {
    const destroy = (upload: GradualUpload) => upload.destroy();
    const turn = <T>(run: () => T, uploadBytes = 0) =>
      context.turn(() => {
        this.#watch.assertUsable();
        return run();
      }, { uploadBytes });
    const upload = await turn(() =>
      uploader.confirm(() => uploader.begin(context.key, image), destroy)
    );
    try {
      const bytesPerRow = image.width * 4;
      const writes = strips.map((strip) =>
        turn(() => upload.write(strip), strip.rows * bytesPerRow)
      );
      await Promise.all(writes);
      return await turn(() => uploader.confirm(() => upload.finish(), forget));
    } catch (error) {
      destroy(upload);
      throw error;
    }
  }

  #uploadPng(key: string, bytes: Uint8Array, uploader: Uploader): Texture {
    const pixels = decodePng(bytes);
    try {
      return uploader.upload(key, pixels);
    } finally {
      freePixels(pixels, undefined);
    }
  }

  /** The uploader of a key's variant. A loader for an extension like `.png?data` has no variants. */
  #uploaderOf(key: string): Uploader {
    return this.#uploaders.get(partsOf(key).variant) ?? this.#uploaders.get("")!;
  }

  #check(bytes: Uint8Array, uploader: Uploader): ImageHeader {
    this.#watch.assertUsable();
    const header = readHeader(bytes);
    uploader.assertFits(header);
    return header;
  }
}

/** Destroys a texture that nothing has used yet. */
function forget(texture: Texture): void {
  retireTexture(texture)();
}

function assertWhole({ width, height, data }: Pixels): void {
  const bytes = width * height * 4;
  if (data.length === bytes) return;
  throw new RangeError(
    `its decoder returned ${data.length} bytes for ${width} × ${height} pixels, not ${bytes}`,
  );
}
