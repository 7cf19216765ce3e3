import { Inflate } from "fflate";
import { attempt } from "../contract/attempt.ts";

/** The zlib of the runtime, which is several times as fast. Browsers have none. */
interface Zlib {
  inflateRawSync(
    bytes: Uint8Array,
    options: { maxOutputLength: number; chunkSize: number },
  ): Uint8Array<ArrayBuffer>;
  /** Missing in older runtimes. */
  crc32?(bytes: Uint8Array): number;
}

/**
 * How many compressed bytes are inflated before their output is counted. Each becomes 1032 bytes at most,
 * and `fflate` takes five times as much memory meanwhile: 42 MB.
 */
const STEP = 8_192;
/** The smallest and the largest buffer into which zlib inflates at once, in bytes. */
const [MIN_CHUNK, MAX_CHUNK] = [64, 65_536];
/** Two bytes, deflated. */
const TWO = Uint8Array.of(0x4b, 0x4c, 0x04, 0x00);

let bounded: boolean | undefined;

/**
 * Inflates bytes that should become `size` bytes, into a buffer of its own. If they become more, it stops
 * soon after `size`. O(bytes).
 *
 * @throws {Error} They become more than `size` bytes, or are not deflated.
 */
export function inflateRaw(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const zlib = nativeZlib();
  if (zlib === undefined || !(bounded ??= isBounded(zlib))) return inflateInSteps(bytes, size);
  const output = zlib.inflateRawSync(bytes, {
    maxOutputLength: Math.max(1, size),
    chunkSize: Math.min(Math.max(MIN_CHUNK, size), MAX_CHUNK),
  });
  // It may be a part of a larger buffer, or of one that zlib shares.
  return output.buffer.byteLength === output.length
    ? new Uint8Array(output.buffer)
    : new Uint8Array(output);
}

/** Deno before 2.5 ignores `maxOutputLength`. */
function isBounded(zlib: Zlib): boolean {
  const options = { maxOutputLength: 1, chunkSize: MIN_CHUNK };
  return attempt(() => zlib.inflateRawSync(TWO, options)) === undefined;
}

/** Not an import, because browsers have no such module. */
export function nativeZlib(): Zlib | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.("node:zlib") as Zlib | undefined;
}

/** For browsers, which cannot inflate synchronously. Throws a `RangeError` for more than `size` bytes. */
function inflateInSteps(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(size);
  let end = 0;
  const inflator = new Inflate((part) => {
    output.set(part, end); // throws a RangeError if it does not fit
    end += part.length;
  });
  const step = Math.min(STEP, Math.max(MIN_CHUNK, size));
  for (let at = 0; at < bytes.length; at += step) {
    inflator.push(bytes.subarray(at, at + step), at + step >= bytes.length);
  }
  return end === size ? output : output.slice(0, end);
}
