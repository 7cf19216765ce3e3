import type { AsyncLoadContext, Loader } from "../contract/loader.ts";
import type { ThreeNamespace, ThreeTexture } from "./namespace.ts";
import {
  closePicture,
  decodePicture,
  type Picture,
  type PictureDecoder,
  textureBytes,
} from "./picture.ts";
import { type Settings, SOURCE } from "./texture_settings.ts";

/** What making a texture needs. */
export interface TextureParts {
  readonly three: ThreeNamespace;
  readonly decoder: PictureDecoder | undefined;
  /** By variant. */
  readonly settings: ReadonlyMap<string, Settings>;
  /** The variant to make, if it is not the one of the context. */
  readonly variant?: string;
}

/** The picture that each texture shows, until it is unloaded. */
const shown = new WeakMap<ThreeTexture, Picture>();

/** Makes textures from pictures, and changes them in place when they are reloaded. */
export function textureLoader(parts: TextureParts): Loader<ThreeTexture> {
  return {
    name: "three texture",
    extensions: [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"],
    variants: [...parts.settings.keys()].filter(Boolean),
    loadAsync: (bytes, context) => makeTexture(bytes, context, parts),
    async update(texture, bytes, context) {
      if (context.variant === SOURCE) return false; // Models that are not reloaded yet still draw with it.
      const picture = await decodePicture(bytes, context as AsyncLoadContext, parts);
      const isUsed = shown.has(texture); // It may have been unloaded meanwhile.
      if (isUsed) replacePicture(texture, picture, parts);
      else closePicture(picture);
      return isUsed;
    },
    unload: unloadTexture,
    byteLength: gpuBytesOf,
  };
}

/** Decodes a picture, and makes a texture from it. */
export async function makeTexture(
  bytes: Uint8Array<ArrayBuffer>,
  context: AsyncLoadContext,
  parts: TextureParts,
): Promise<ThreeTexture> {
  const { three, settings, variant = context.variant } = parts;
  const image = await decodePicture(bytes, context, parts);
  const isData = "data" in image;
  const texture = isData ? new three.DataTexture() : new three.Texture();
  Object.assign(texture, settings.get(variant), { name: context.key, image, needsUpdate: true });
  texture.flipY &&= isData; // A bitmap is turned already.
  shown.set(texture, image);
  return texture;
}

/**
 * Gives a texture another picture, which the materials that use the texture then show. Storage on the GPU
 * has a fixed size: for a picture of another size, three makes a new one at the next draw. Clones then
 * keep the old picture, because a source that they share must not change its size.
 */
function replacePicture(texture: ThreeTexture, image: Picture, { three }: TextureParts): void {
  const old = shown.get(texture)!;
  if (old.width !== image.width || old.height !== image.height) {
    texture.dispose();
    texture.source = new three.Texture().source;
  }
  Object.assign(texture, { image, needsUpdate: true });
  shown.set(texture, image);
  closePicture(old);
}

/** Frees a texture and its picture, in memory and on the GPU. */
export function unloadTexture(texture: ThreeTexture): void {
  texture.dispose();
  closePicture(shown.get(texture)!);
  shown.delete(texture);
}

/** The bytes that a texture takes on the GPU, mip levels included. */
export function gpuBytesOf(texture: ThreeTexture): number {
  return textureBytes(shown.get(texture)!, texture.generateMipmaps);
}
