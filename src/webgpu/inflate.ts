import { Unzlib } from "fflate";
import { attempt } from "../contract/attempt.ts";

/** The runtime's own zlib, where it has one. It is five times as fast as `fflate`. */
interface Zlib {
  inflateSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array<ArrayBuffer>;
}

/** What one compressed byte becomes at most. */
const MAX_RATIO = 1032;
/**
 * How many compressed bytes are inflated before their output is counted. `fflate` takes 42 MB at most
 * meanwhile.
 */
const STEP = 8_192;
/** Two bytes, compressed. */
const TWO = Uint8Array.of(0x78, 0x9c, 0x4b, 0x4c, 0x02, 0x00, 0x01, 0x26, 0x00, 0xc4);

/** Whether the runtime's zlib obeys `maxOutputLength`. It is tried once. */
let bounded: boolean | undefined;

/**
 * Inflates `bytes`, which must become exactly `size` bytes. Stops soon after `size` bytes, so a
 * decompression bomb can't fill the memory.
 *
 * @throws {SyntaxError} `bytes` are not zlib data, or become more or fewer than `size` bytes.
 */
export function inflate(bytes: Uint8Array, size: number): Uint8Array {
  // A header may ask for more than the memory has. If `bytes` can't become so much, they are not tried.
  const inflated = size > bytes.length * MAX_RATIO ? undefined : tryToInflate(bytes, size);
  if (inflated?.length === size) return inflated;
  throw new SyntaxError("the PNG has fewer pixels than its header says");
}

function tryToInflate(bytes: Uint8Array, size: number): Uint8Array {
  const zlib = nativeZlib();
  try {
    if (zlib === undefined || !(bounded ??= isBounded(zlib))) return inflateInSteps(bytes, size);
    return zlib.inflateSync(bytes, { maxOutputLength: size });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new SyntaxError("the PNG has more pixels than its header says", { cause: error });
    }
    throw new SyntaxError("the PNG's pixels are not compressed correctly", { cause: error });
  }
}

/** Deno before 2.5 ignores `maxOutputLength`. */
function isBounded(zlib: Zlib): boolean {
  return attempt(() => zlib.inflateSync(TWO, { maxOutputLength: 1 })) === undefined;
}

/** Looked up and not imported, because browsers have no such module. */
function nativeZlib(): Zlib | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.("node:zlib") as Zlib | undefined;
}

/** Inflates in browsers, which have no synchronous zlib. Throws a `RangeError` past `size`. */
export function inflateInSteps(bytes: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size);
  let end = 0;
  const inflator = new Unzlib((part) => {
    output.set(part, end); // throws a RangeError if it does not fit
    end += part.length;
  });
  for (let at = 0; at < bytes.length; at += STEP) {
    inflator.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
  }
  return output.subarray(0, end);
}
