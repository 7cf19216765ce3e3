import type { ThreeTexture } from "./namespace.ts";

/**
 * The class of three's `GLTFLoader`, or one that extends it: to give it a Draco, Meshopt or KTX2 decoder,
 * extend it and call `setDRACOLoader` in the constructor.
 *
 * @typeParam G What it makes of a file.
 *
 * @example
 * ```ts
 * import type { GltfLoaderClass } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three/examples/jsm/loaders/GLTFLoader.js"
 * import { type GLTF, GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
 *
 * const loader: GltfLoaderClass<GLTF> = class extends GLTFLoader {
 *   constructor() {
 *     super();
 *     this.setCrossOrigin("use-credentials"); // or setDRACOLoader, setKTX2Loader, setMeshoptDecoder
 *   }
 * };
 * assertEquals(new loader() instanceof GLTFLoader, true);
 * ```
 */
export type GltfLoaderClass<G> = new () => {
  /** Parses a file. */
  parseAsync(data: ArrayBuffer, path: string): Promise<G>;
  /** Adds a plugin. */
  // deno-lint-ignore no-explicit-any -- what three calls a parser, its types say otherwise each year
  register(plugin: (parser: any) => { name: string; beforeRoot?(): Promise<void> | null }): unknown;
};

/** What a `GLTFLoader` makes of a file. */
export interface Gltf {
  readonly scenes: readonly Node[];
  readonly parser: GltfParser;
}

/** An object of a scene, of which it may have a few of these. */
export interface Node {
  readonly name: string;
  readonly userData: { readonly name?: string };
  readonly geometry?: Geometry;
  readonly material?: Disposing | readonly Disposing[];
  readonly skeleton?: Disposing;
  readonly dispose?: () => void;
  traverse(visit: (node: Node) => void): void;
}

/** What has something on the GPU. */
export interface Disposing {
  dispose(): void;
}

/** What is drawn. */
export interface Geometry extends Disposing {
  readonly index: Attribute | null;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly morphAttributes: Readonly<Record<string, readonly Attribute[]>>;
}

/** Numbers on the GPU. Those that are interleaved have one array. */
export interface Attribute {
  readonly array: ArrayBufferView;
}

/** What reads a file for a `GLTFLoader`. */
export interface GltfParser {
  readonly json: GltfJson;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly associations: ReadonlyMap<object, { readonly meshes?: number } | undefined>;
  getDependency(type: "bufferView", index: number): Promise<ArrayBuffer>;
  loadBuffer: (index: number) => Promise<ArrayBuffer>;
  loadImageSource: (index: number, loader: object) => Promise<ThreeTexture>;
}

/** What is read of the JSON in a file. */
export interface GltfJson {
  readonly buffers?: readonly { readonly uri?: string; readonly byteLength: number }[];
  readonly images?: readonly GltfImage[];
  readonly meshes?: readonly { readonly name?: string }[];
  readonly extensionsRequired?: readonly string[];
}

/** A picture: in a file of its own, or in a buffer. */
export interface GltfImage {
  readonly uri?: string;
  readonly bufferView?: number;
  readonly mimeType?: string;
}
