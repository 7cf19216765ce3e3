import type { Loader } from "@holdfast/resources";
import type { Sound, Surface, Texture } from "./native.ts";
import type { Sdl } from "./sdl.ts";

/** Loads `.png.surface`, see {@linkcode WorldSource}. */
export function surfaceLoader(sdl: Sdl): Loader<Surface> {
  return {
    name: "surface",
    extensions: [".png.surface"],
    load: (bytes) => sdl.decodeSurface(bytes),
    unload: (surface) => sdl.free(surface),
    byteLength: (surface) => surface.byteLength,
  };
}

/** Loads `.png`. Decodes it to a surface, which is freed when it is copied to the texture. */
export function textureLoader(sdl: Sdl): Loader<Texture> {
  return {
    name: "texture",
    extensions: [".png"],
    load(bytes) {
      using decoded = new DisposableStack();
      const surface = decoded.adopt(sdl.decodeSurface(bytes), (surface) => sdl.free(surface));
      return sdl.makeTexture(surface);
    },
    unload: (texture) => sdl.free(texture),
    byteLength: (texture) => texture.byteLength,
  };
}

/** Loads `.wav`. */
export function soundLoader(sdl: Sdl): Loader<Sound> {
  return {
    name: "sound",
    extensions: [".wav"],
    load: (bytes) => sdl.decodeSound(bytes),
    unload: (sound) => sdl.free(sound),
    byteLength: (sound) => sound.byteLength,
  };
}
