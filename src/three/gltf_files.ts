import { attempt } from "../contract/attempt.ts";
import { messageOf } from "../contract/errors.ts";
import type { AsyncLoadContext } from "../contract/loader.ts";
import { Bytes } from "../loaders/bytes.ts";
import type { GltfParser } from "./gltf.ts";
import type { ThreeTexture } from "./namespace.ts";
import { SOURCE } from "./texture_settings.ts";
import { byteLengthOf, makeTexture, type TextureParts, unloadTexture } from "./textures.ts";

/** The files of a glTF: what reads them, and what has come of it. */
export interface GltfFiles {
  readonly context: AsyncLoadContext;
  readonly textures: TextureParts;
  /** What the pictures in its own file take on the GPU. */
  pictureBytes: number;
  /** Why the first one that could not be read could not: parsers go on, and leave it out. */
  failure?: unknown;
}

/**
 * Lets a parser get the files of a glTF from here, and not from three. Those beside it are resources that
 * it holds.
 *
 * @throws {TypeError} The file requires an extension of which the parser would only warn, or the parser is
 * not one that is known.
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

/** Lets a parser get its pictures from here. Each texture has its own filters; what they show is one. */
function takePictures(parser: GltfParser, files: GltfFiles): void {
  const { context, textures } = files;
  const { json, loadImageSource } = parser;
  const read = async (index: number, loader: object) => {
    const { uri, bufferView, mimeType } = json.images![index]!;
    if (uri && !isData(uri)) {
      return (await context.loadAsync(`${nameOf(uri)}?${SOURCE}`, textures.three.Texture)).value;
    }
    // What is not decoded here is left to the decoders of the parser.
    if (!uri && !/png|jpeg|webp/.test(mimeType!)) {
      return await loadImageSource.call(parser, index, loader);
    }
    try {
      const bytes = uri ? readUri(uri, context) : parser.getDependency("bufferView", bufferView!);
      const own = { ...textures, variant: SOURCE };
      const texture = await makeTexture(new Uint8Array(await bytes), context, own);
      files.pictureBytes += byteLengthOf(texture);
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

/** Notes why something could not be read. */
function noting<T>(task: Promise<T>, files: GltfFiles): Promise<T> {
  task.catch((error) => files.failure ??= error);
  return task;
}

/** What a URI stands for. */
async function readUri(uri: string, context: AsyncLoadContext): Promise<ArrayBuffer> {
  return isData(uri)
    ? await (await fetch(uri)).arrayBuffer()
    : bufferOf((await context.loadAsync(nameOf(uri), Bytes)).value);
}

/** What a parser of a file names in it: beside the file. Some exporters encode nothing: `100%.png`. */
function nameOf(uri: string): string {
  return `./${attempt(() => decodeURIComponent(uri)) ?? uri}`;
}

/** Whether a URI has the bytes itself. */
function isData(uri: string): boolean {
  return /^data:/i.test(uri);
}

/** The buffer of bytes, and of nothing else. */
export function bufferOf(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  return buffer.byteLength === byteLength ? buffer : bytes.slice().buffer;
}
