import { Inflate } from "fflate";

/** What a runtime's own zlib can do, where there is one: it is several times as fast. */
interface Zlib {
  inflateRawSync(
    bytes: Uint8Array,
    options: { maxOutputLength: number; chunkSize: number },
  ): Uint8Array<ArrayBuffer>;
  /** Older runtimes do not have it. */
  crc32?(bytes: Uint8Array): number;
}

/**
 * How many compressed bytes are inflated before their output is counted. Each may become 1032, so
 * this many become 17 MB at most.
 */
const STEP = 16_384;
/** The smallest and the largest buffer that zlib is to inflate into at once, in bytes. */
const [MIN_CHUNK, MAX_CHUNK] = [64, 65_536];
/** Two bytes, deflated. */
const TWO = Uint8Array.of(0x4b, 0x4c, 0x04, 0x00);

let bounded: boolean | undefined;

/**
 * Inflates what should become `size` bytes, into a buffer of its own. Whatever it would become, the
 * work stops soon after that size. O(bytes).
 *
 * @throws {Error} It becomes more bytes, or is not deflated.
 */
export function inflateRaw(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const zlib = nativeZlib();
  if (zlib === undefined || !(bounded ??= isBounded(zlib))) return inflateInSteps(bytes, size);
  const output = zlib.inflateRawSync(bytes, {
    maxOutputLength: Math.max(1, size),
    chunkSize: Math.min(Math.max(MIN_CHUNK, size), MAX_CHUNK),
  });
  // It may be a part of a buffer that zlib shares or that is larger.
  return output.buffer.byteLength === output.length
    ? new Uint8Array(output.buffer)
    : new Uint8Array(output);
}

/** Deno before 2.5 ignores `maxOutputLength`. */
function isBounded(zlib: Zlib): boolean {
  try {
    zlib.inflateRawSync(TWO, { maxOutputLength: 1, chunkSize: MIN_CHUNK });
    return false;
  } catch {
    return true;
  }
}

/** Not imported, because browsers have no such module. */
export function nativeZlib(): Zlib | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.("node:zlib") as Zlib | undefined;
}

/** For browsers, where nothing else inflates synchronously. Throws a `RangeError` past `size`. */
function inflateInSteps(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(size);
  let end = 0;
  const inflator = new Inflate((part) => {
    output.set(part, end); // throws a RangeError if it does not fit
    end += part.length;
  });
  for (let at = 0; at < bytes.length; at += STEP) {
    inflator.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
  }
  return end === size ? output : output.slice(0, end);
}
