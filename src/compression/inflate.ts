import { Inflate, Unzlib } from "fflate";
import { attempt } from "../contract/attempt.ts";
import { nativeZlib, type Zlib, type ZlibOptions } from "./native_zlib.ts";

/** A format of compressed bytes: the function of zlib, and the class of `fflate`, that inflate it. */
interface Format {
  readonly method: "inflateSync" | "inflateRawSync";
  readonly Inflator: typeof Inflate | typeof Unzlib;
}

/** What one compressed byte becomes at most. */
export const MAX_RATIO = 1032;
/**
 * How many compressed bytes are inflated before their output is counted. `fflate` takes five times as
 * much memory as they become: 42 MB at most.
 */
const STEP = 8_192;
/** The smallest and the largest buffer into which zlib inflates at once, in bytes. */
const [MIN_CHUNK, MAX_CHUNK] = [64, 65_536];
/** Two bytes, deflated. */
const TWO = Uint8Array.of(0x4b, 0x4c, 0x04, 0x00);

/** Whether the runtime's zlib obeys `maxOutputLength`. It is tried once. */
let bounded: boolean | undefined;

/**
 * Inflates zlib data, as in PNG, that should become `size` bytes, into a buffer of its own. If it
 * becomes more, it stops soon after `size`, so a decompression bomb can't fill the memory. O(bytes).
 *
 * @throws {RangeError} The data becomes more than `size` bytes.
 * @throws {Error} It is not zlib data, or is cut off.
 */
export function inflate(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  return inflateAs({ method: "inflateSync", Inflator: Unzlib }, bytes, size);
}

/** As {@linkcode inflate}, for data without zlib's header and checksum, as in zip. */
export function inflateRaw(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  return inflateAs({ method: "inflateRawSync", Inflator: Inflate }, bytes, size);
}

function inflateAs(format: Format, bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const zlib = nativeZlib();
  if (zlib === undefined || !(bounded ??= isBounded(zlib))) {
    return inflateInSteps(format, bytes, size);
  }
  const output = zlib[format.method](bytes, within(size));
  // It may be a part of a larger buffer, or of one that zlib shares.
  return output.buffer.byteLength === output.length
    ? new Uint8Array(output.buffer)
    : new Uint8Array(output);
}

function within(size: number): ZlibOptions {
  return {
    maxOutputLength: Math.max(1, size),
    chunkSize: Math.min(Math.max(MIN_CHUNK, size), MAX_CHUNK),
  };
}

/** Deno before 2.5 ignores `maxOutputLength`. */
function isBounded(zlib: Zlib): boolean {
  return attempt(() => zlib.inflateRawSync(TWO, within(1))) === undefined;
}

/** For browsers, which cannot inflate synchronously. Throws a `RangeError` for more than `size` bytes. */
function inflateInSteps(
  { Inflator }: Format,
  bytes: Uint8Array,
  size: number,
): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(size);
  let end = 0;
  const inflator = new Inflator((part) => {
    output.set(part, end); // throws a RangeError if it does not fit
    end += part.length;
  });
  const step = Math.min(STEP, Math.max(MIN_CHUNK, size));
  for (let at = 0; at < bytes.length; at += step) {
    inflator.push(bytes.subarray(at, at + step), at + step >= bytes.length);
  }
  return output.subarray(0, end);
}
