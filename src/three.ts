/**
 * Loaders for three.js: pictures become textures, and glTF files become models. They are shared, and
 * freed on the GPU when nothing uses them any more. Three.js alone does not free them.
 *
 * The module does not import three.js: you pass your own to {@linkcode threeLoaders}.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { threeLoaders } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three"
 * import * as THREE from "three";
 *
 * using mgr = new ResourceManager({
 *   source: "examples/assets",
 *   loaders: threeLoaders(THREE),
 *   maxBytes: 256_000_000, // of GPU memory
 * });
 * {
 *   using level = mgr.scope("level 1");
 *   const coin = await level.loadAsync("common/coin.png"); // a Handle<THREE.Texture>
 *   const sprite = new THREE.Sprite(new THREE.SpriteMaterial({ map: coin.value }));
 *   assertEquals(sprite.material.map?.name, "common/coin.png");
 * } // the scope releases it; unused textures stay while they fit into the budget
 * ```
 *
 * @module
 */
import type { Loader } from "./contract/loader.ts";
import { cubeLoader } from "./three/cubes.ts";
import type { Gltf, GltfLoaderClass } from "./three/gltf.ts";
import { modelLoader, partLoader } from "./three/models.ts";
import { assertThree, type ThreeNamespace, type ThreeTexture } from "./three/namespace.ts";
import type { DecodedPixels, PictureDecoder } from "./three/picture.ts";
import { settingsByVariant, type TextureSettings } from "./three/texture_settings.ts";
import { textureLoader } from "./three/textures.ts";

export type {
  DecodedPixels,
  GltfLoaderClass,
  PictureDecoder,
  TextureSettings,
  ThreeNamespace,
  ThreeTexture,
};

/**
 * How `threeLoaders` makes textures and models.
 *
 * @typeParam G What the `GLTFLoader` makes of a file.
 *
 * @example
 * ```ts
 * import { type ThreeLoaderOptions, threeLoaders } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three"
 * import * as THREE from "three";
 *
 * const options: ThreeLoaderOptions = {
 *   texture: { anisotropy: 4 },
 *   variants: { pixels: { magFilter: THREE.NearestFilter, generateMipmaps: false } },
 * };
 * assertEquals(threeLoaders(THREE, options)[0].variants, ["data", "pixels", "source"]);
 * ```
 */
export interface ThreeLoaderOptions<G = never> {
  /**
   * Three's loader of glTF files, from `three/addons/loaders/GLTFLoader.js`.
   *
   * @default {undefined} No models are loaded.
   */
  GLTFLoader?: GltfLoaderClass<G>;
  /**
   * How all textures are set up.
   *
   * @default {undefined} Pictures are colours, with mip levels.
   */
  texture?: TextureSettings;
  /**
   * Other ways to set up a texture of the same file, by the name of the variant: `rock.png?pixels` has
   * the settings of `variants.pixels`, and those of `texture` for the rest. `?data` always exists: it is
   * for pictures that are not colours. `?source` is reserved: models and cube maps load it.
   *
   * @default {undefined} Only `?data`, whose `colorSpace` is `THREE.NoColorSpace`.
   */
  variants?: Readonly<Record<string, TextureSettings>>;
  /**
   * Decodes pictures: `imageWorkers()` of `@holdfast/resources/webgpu`, for example. In Deno, frames
   * then do not wait for decoding; browsers decode off the main thread by themselves.
   *
   * @default {undefined} `createImageBitmap`.
   */
  decoder?: PictureDecoder;
}

/**
 * The loaders that `threeLoaders` makes: for textures and cube maps, and with a `GLTFLoader` for models and
 * their parts.
 *
 * @typeParam T The namespace of three.js.
 * @typeParam G What the `GLTFLoader` makes of a file; `never` if there is none.
 *
 * @example
 * ```ts
 * import { type ThreeLoaders, threeLoaders } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three"
 * import * as THREE from "three";
 *
 * const loaders: ThreeLoaders<typeof THREE> = threeLoaders(THREE);
 * assertEquals(loaders.map(({ name }) => name), ["three texture", "three cube map"]);
 * ```
 */
export type ThreeLoaders<T extends ThreeNamespace, G = never> = [G] extends [never] ? readonly [
    Loader<InstanceType<T["Texture"]>, ".png" | ".jpg" | ".jpeg" | ".gif" | ".webp" | ".bmp">,
    Loader<InstanceType<T["CubeTexture"]>, ".cube.json">,
  ]
  : readonly [
    ...ThreeLoaders<T>,
    Loader<G, ".glb" | ".gltf">,
    Loader<InstanceType<T["Object3D"]>, ".glb#" | ".gltf#">,
  ];

/**
 * Makes loaders for `three`, the namespace of three.js. All are asynchronous: use `loadAsync`.
 *
 * | name | value | what it counts, in bytes |
 * | --- | --- | --- |
 * | `.png .jpg .jpeg .gif .webp .bmp` | a `THREE.Texture` | GPU memory, mip levels included |
 * | `.cube.json`, a list of six names | a `THREE.CubeTexture` | 0: its six pictures are counted |
 * | `.glb .gltf` | what `GLTFLoader` returns | geometries, and pictures in the file itself |
 * | `.glb#name .gltf#name` | the `THREE.Object3D` of that name | 0: it is counted in its model |
 *
 * A texture that is reloaded stays the same object and shows the new picture. An unloaded value is disposed
 * and its `ImageBitmap` closed: do not draw it any more, because three.js would upload it again.
 *
 * The pictures and buffers that a glTF names are resources, which all models share. If one of them is
 * missing, the whole glTF fails.
 *
 * Making loaders costs nothing. A picture costs O(pixels). A picture whose headers say that it would
 * take more than 256 MiB is refused before it is decoded.
 *
 * @throws {TypeError} `three` lacks a class that is needed, a setting is unknown, or a variant is named
 * `source`.
 *
 * @typeParam T The namespace.
 * @typeParam G What the `GLTFLoader` makes of a file.
 *
 * @example A model, and one of its objects
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { threeLoaders } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three"
 * import * as THREE from "three";
 * // @ts-types="@types/three/examples/jsm/loaders/GLTFLoader.js"
 * import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
 *
 * const gate = { asset: { version: "2.0" }, scenes: [{ nodes: [0] }], nodes: [{ name: "Gate" }] };
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "gate.gltf": JSON.stringify(gate) }),
 *   loaders: threeLoaders(THREE, { GLTFLoader }),
 * });
 * using model = await mgr.loadAsync("gate.gltf"); // a Handle<GLTF>
 * using part = await mgr.loadAsync("gate.gltf#Gate"); // a Handle<THREE.Object3D>
 * assertEquals(part.value, model.value.scene.children[0]);
 * ```
 */
export function threeLoaders<T extends ThreeNamespace, G = never>(
  three: T,
  options: ThreeLoaderOptions<G> = {},
): ThreeLoaders<T, G> {
  assertThree(three);
  const { GLTFLoader, decoder, texture, variants } = options;
  const settings = settingsByVariant(three, texture, variants);
  const textures = { three, decoder, settings };
  const loaders: unknown[] = [textureLoader(textures), cubeLoader(three)];
  if (GLTFLoader) {
    // The types do not know that it makes what the loader of three.js makes.
    const ofThree = GLTFLoader as GltfLoaderClass<unknown> as GltfLoaderClass<Gltf>;
    loaders.push(modelLoader(ofThree, textures), partLoader());
  }
  return loaders as readonly unknown[] as ThreeLoaders<T, G>;
}
