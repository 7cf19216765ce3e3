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

/** What textures are made of. */
export interface TextureParts {
  readonly three: ThreeNamespace;
  readonly decoder: PictureDecoder | undefined;
  /** By variant. */
  readonly settings: ReadonlyMap<string, Settings>;
  /** What is made, if it is not what the context says. */
  readonly variant?: string;
}

/** What each texture shows, from its making to its unloading. */
const shown = new WeakMap<ThreeTexture, Picture>();

/** Makes textures of pictures, and changes them in place when they are reloaded. */
export function textureLoader(parts: TextureParts): Loader<ThreeTexture> {
  return {
    name: "three texture",
    extensions: [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"],
    variants: [...parts.settings.keys()].filter(Boolean),
    loadAsync: (bytes, context) => makeTexture(bytes, context, parts),
    async update(texture, bytes, context) {
      if (context.variant === SOURCE) return false; // Models that are not reloaded yet draw with it.
      const picture = await decodePicture(bytes, context as AsyncLoadContext, parts);
      const isUsed = shown.has(texture); // It may have been unloaded meanwhile.
      if (isUsed) replacePicture(texture, picture, parts);
      else closePicture(picture);
      return isUsed;
    },
    unload: unloadTexture,
    byteLength: byteLengthOf,
  };
}

/** Decodes a picture, and makes a texture of it. */
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
 * Lets a texture show another picture, so that materials which keep it show that too. The GPU's storage
 * has a fixed size: for another size three makes a new one at the next draw. A clone keeps the old picture
 * then, for a source that they share must not change its size.
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

/** Gives back what a texture takes, here and on the GPU. */
export function unloadTexture(texture: ThreeTexture): void {
  texture.dispose();
  closePicture(shown.get(texture)!);
  shown.delete(texture);
}

/** What a texture takes on the GPU. */
export function byteLengthOf(texture: ThreeTexture): number {
  return textureBytes(shown.get(texture)!, texture.generateMipmaps);
}
