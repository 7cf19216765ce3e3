import type { ThreeTexture } from "./namespace.ts";

/**
 * The class of three's `GLTFLoader`, or one that extends it: to give it a Draco, Meshopt or KTX2 decoder,
 * extend it and call `setDRACOLoader` in the constructor.
 *
 * @typeParam G What it makes from a file.
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
  // deno-lint-ignore no-explicit-any -- three's type of a parser changes from version to version
  register(plugin: (parser: any) => { name: string; beforeRoot?(): Promise<void> | null }): unknown;
};

/** What a `GLTFLoader` makes from a file. */
export interface Gltf {
  readonly scenes: readonly Node[];
  readonly parser: GltfParser;
}

/** An object of a scene. Only some kinds of objects have the optional members. */
export interface Node {
  readonly name: string;
  readonly userData: { readonly name?: string };
  readonly geometry?: Geometry;
  readonly material?: Disposing | readonly Disposing[];
  readonly skeleton?: Disposing;
  readonly dispose?: () => void;
  traverse(visit: (node: Node) => void): void;
}

/** Something that uses GPU memory until it is disposed. */
export interface Disposing {
  dispose(): void;
}

/** The vertices of a mesh. */
export interface Geometry extends Disposing {
  readonly index: Attribute | null;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly morphAttributes: Readonly<Record<string, readonly Attribute[]>>;
}

/** Numbers on the GPU. Interleaved attributes share one array. */
export interface Attribute {
  readonly array: ArrayBufferView;
}

/** The parser of a `GLTFLoader`, for one file. */
export interface GltfParser {
  readonly json: GltfJson;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly associations: ReadonlyMap<object, { readonly meshes?: number } | undefined>;
  getDependency(type: "bufferView", index: number): Promise<ArrayBuffer>;
  loadBuffer: (index: number) => Promise<ArrayBuffer>;
  loadImageSource: (index: number, loader: object) => Promise<ThreeTexture>;
}

/** The parts of a file's JSON that are read. */
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
