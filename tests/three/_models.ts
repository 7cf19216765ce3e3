/** Pictures and glTF files for tests. */
import { makeRgba } from "../webgpu/_png_files.ts";

/** A PNG of one colour. */
export function makePicture(
  width: number,
  height: number,
  color: readonly number[] = [255, 0, 0, 255],
): Uint8Array<ArrayBuffer> {
  return makeRgba(width, height, Array.from({ length: width * height }, () => color).flat());
}

/** A part of the JSON of a glTF. */
export type Json = Record<string, unknown>;

/** The bytes of a triangle: three positions, then three places in a texture. */
export const TRIANGLE: Uint8Array<ArrayBuffer> = new Uint8Array(
  Float32Array.of(-1, -1, 0, 3, -1, 0, -1, 3, 0, 0, 1, 2, 1, 0, -1).buffer,
);

/** A triangle called "Hero Body", on a node called "Hero.1", with the picture `image` if there is one. */
export function makeTriangle(image?: Json, changes: Json = {}): Json {
  const material = {
    pbrMetallicRoughness: { baseColorTexture: { index: 0 } },
    extensions: { KHR_materials_unlit: {} },
  };
  const textured = image && { images: [image], textures: [{ source: 0 }], materials: [material] };
  const attributes = { POSITION: 0, TEXCOORD_0: 1 };
  const primitive = { attributes, ...(image && { material: 0 }) };
  const float = 5126;
  return {
    asset: { version: "2.0" },
    extensionsUsed: ["KHR_materials_unlit"],
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name: "Hero.1", mesh: 0 }],
    meshes: [{ name: "Hero Body", primitives: [primitive] }],
    accessors: [
      {
        bufferView: 0,
        componentType: float,
        count: 3,
        type: "VEC3",
        min: [-1, -1, 0],
        max: [3, 3, 0],
      },
      { bufferView: 1, componentType: float, count: 3, type: "VEC2" },
    ],
    bufferViews: [
      { buffer: 0, byteLength: 36 },
      { buffer: 0, byteOffset: 36, byteLength: 24 },
    ],
    buffers: [{ byteLength: 60, uri: "hero.bin" }],
    ...textured,
    ...changes,
  };
}

/** A triangle in one file, with its picture in it. */
export function makeGlb(picture: Uint8Array): Uint8Array<ArrayBuffer> {
  const image = { bufferView: 2, mimeType: "image/png" };
  const json = makeTriangle(image, {
    buffers: [{ byteLength: 60 + picture.length }],
    bufferViews: [
      { buffer: 0, byteLength: 36 },
      { buffer: 0, byteOffset: 36, byteLength: 24 },
      { buffer: 0, byteOffset: 60, byteLength: picture.length },
    ],
  });
  const text = new TextEncoder().encode(JSON.stringify(json));
  const chunks = [[0x4e4f534a, text, 32], [0x004e4942, join(TRIANGLE, picture), 0]] as const;
  const bodies = chunks.map(([type, body, filler]) => {
    const length = Math.ceil(body.length / 4) * 4;
    const padding = new Uint8Array(length - body.length).fill(filler);
    return join(words(length, type), body, padding);
  });
  const all = join(...bodies);
  return join(words(0x46546c67, 2, 12 + all.length), all);
}

function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** Bytes as a URI. */
export function dataUri(bytes: Uint8Array, type = "application/octet-stream"): string {
  return `data:${type};base64,${btoa(String.fromCharCode(...bytes))}`;
}
