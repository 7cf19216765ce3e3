/**
 * Loaders for three.js: pictures become its textures, glTF files its models. They are shared, counted,
 * and given back to the GPU when nothing uses them any more, which three leaves to you.
 *
 * It needs no three.js of its own: you hand in yours.
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
 * } // the scope gives it back; unused textures stay while they fit into the budget
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
 * How `threeLoaders` makes things.
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
   * @default {{}} As colours, with mip levels.
   */
  texture?: TextureSettings;
  /**
   * Other ways to set up a texture of the same file, by the name of the variant: `rock.png?pixels` is set
   * up as `variants.pixels` says, and as `texture` where that says nothing. `?data` is there without being
   * named: it is for what is not a colour. `?source` is what models and cube maps take.
   *
   * @default {{ data: { colorSpace: THREE.NoColorSpace } }}
   */
  variants?: Readonly<Record<string, TextureSettings>>;
  /**
   * Decodes pictures, such as `imageWorkers()` of `@holdfast/resources/webgpu`. In Deno that keeps frames
   * from waiting; browsers decode beside the main thread by themselves.
   *
   * @default {undefined} `createImageBitmap`.
   */
  decoder?: PictureDecoder;
}

/**
 * The loaders that `threeLoaders` makes: of textures and cube maps, then of models and their parts if there
 * is a `GLTFLoader`.
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
 * | `.cube.json`, a list of six names | a `THREE.CubeTexture` | 0: its six pictures count |
 * | `.glb .gltf` | what `GLTFLoader` gives | geometries, and pictures in the file itself |
 * | `.glb#name .gltf#name` | the `THREE.Object3D` of that name | 0: it is in its model |
 *
 * A texture that is reloaded stays the same object and shows the new picture. What is unloaded is
 * disposed, and its `ImageBitmap` closed; three would upload again what is still drawn then.
 *
 * The pictures and buffers that a glTF names are resources, which all models share. A glTF of which one
 * is missing fails as a whole.
 *
 * Making loaders costs nothing. A picture costs O(pixels), and is refused by its headers if it would take
 * more than 256 MiB.
 *
 * @throws {TypeError} `three` lacks a class that is needed, or a setting is unknown.
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
    // That it makes what three's own loader makes is not known to the types.
    const ofThree = GLTFLoader as GltfLoaderClass<unknown> as GltfLoaderClass<Gltf>;
    loaders.push(modelLoader(ofThree, textures), partLoader());
  }
  return loaders as readonly unknown[] as ThreeLoaders<T, G>;
}
