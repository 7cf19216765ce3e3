import { attempt } from "../contract/attempt.ts";
import { messageOf } from "../contract/errors.ts";
import type { AsyncLoadContext } from "../contract/loader.ts";
import { Bytes } from "../loaders/bytes.ts";
import type { GltfParser } from "./gltf.ts";
import type { ThreeTexture } from "./namespace.ts";
import { SOURCE } from "./texture_settings.ts";
import { gpuBytesOf, makeTexture, type TextureParts, unloadTexture } from "./textures.ts";

/** How the files of a glTF are read, and what came of it. */
export interface GltfFiles {
  readonly context: AsyncLoadContext;
  readonly textures: TextureParts;
  /** The bytes that the pictures inside the glTF take on the GPU. */
  pictureBytes: number;
  /** The error of the first file that could not be read. The parser itself goes on without the file. */
  failure?: unknown;
}

/**
 * Replaces how a parser reads the files of a glTF. Files beside the glTF become resources that it holds.
 *
 * @throws {TypeError} The glTF requires an extension that the parser does not know and would only warn
 * about, or the parser is unknown.
 */
export function takeFiles(parser: GltfParser, files: GltfFiles): void {
  const { extensions, json: { buffers, extensionsRequired }, loadBuffer, loadImageSource } = parser;
  if (!loadImageSource) throw new TypeError("the GLTFLoader is unknown");
  const unknown = extensionsRequired?.find((name) => !extensions[name]);
  if (unknown) throw new TypeError(`it requires ${unknown}, unknown to GLTFLoader`);
  const read = async (index: number) => {
    const { uri, byteLength } = buffers![index]!;
    const buffer = await (uri ? readUri(uri, files.context) : loadBuffer.call(parser, index));
    const bytes = buffer?.byteLength ?? 0;
    if (bytes >= byteLength) return buffer;
    throw new RangeError(`its buffer ${index} has ${bytes} bytes, and not ${byteLength}`);
  };
  parser.loadBuffer = (index) => noting(read(index), files);
  takePictures(parser, files);
}

/** Replaces how a parser reads pictures. Textures of one picture share it, and have their own filters. */
function takePictures(parser: GltfParser, files: GltfFiles): void {
  const { context, textures } = files;
  const { json, loadImageSource } = parser;
  const read = async (index: number, loader: object) => {
    const { uri, bufferView, mimeType } = json.images![index]!;
    if (uri && !isData(uri)) {
      return (await context.loadAsync(`${nameOf(uri)}?${SOURCE}`, textures.three.Texture)).value;
    }
    // Other formats are left to the decoders of the parser.
    if (!uri && !/png|jpeg|webp/.test(mimeType!)) {
      return await loadImageSource.call(parser, index, loader);
    }
    try {
      const bytes = uri ? readUri(uri, context) : parser.getDependency("bufferView", bufferView!);
      const own = { ...textures, variant: SOURCE };
      const texture = await makeTexture(new Uint8Array(await bytes), context, own);
      files.pictureBytes += gpuBytesOf(texture);
      if (context.disposed) unloadTexture(texture); // The load has failed meanwhile.
      else context.adopt(texture, unloadTexture);
      return texture;
    } catch (cause) {
      throw new TypeError(`its image ${index} cannot be read: ${messageOf(cause)}`, { cause });
    }
  };
  const all: Promise<ThreeTexture>[] = [];
  parser.loadImageSource = async (index, loader) => {
    all[index] ??= noting(read(index, loader), files);
    return (await all[index]).clone();
  };
}

/** Notes the first error that a task rejects with. */
function noting<T>(task: Promise<T>, files: GltfFiles): Promise<T> {
  task.catch((error) => files.failure ??= error);
  return task;
}

/** Reads the bytes that a URI stands for. */
async function readUri(uri: string, context: AsyncLoadContext): Promise<ArrayBuffer> {
  return isData(uri)
    ? await (await fetch(uri)).arrayBuffer()
    : bufferOf((await context.loadAsync(nameOf(uri), Bytes)).value);
}

/** The name of a file beside the glTF. Some exporters do not encode their URIs: `100%.png`. */
function nameOf(uri: string): string {
  return `./${attempt(() => decodeURIComponent(uri)) ?? uri}`;
}

/** Whether a URI contains the bytes. */
function isData(uri: string): boolean {
  return /^data:/i.test(uri);
}

/** A buffer that has only these bytes. */
export function bufferOf(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  return buffer.byteLength === byteLength ? buffer : bytes.slice().buffer;
}
