import { inflate, MAX_RATIO } from "../compression/inflate.ts";

/**
 * Inflates the rows of a PNG, which must become exactly `size` bytes. Stops soon after `size` bytes.
 *
 * @throws {SyntaxError} `bytes` are not zlib data, or become more or fewer than `size` bytes.
 */
export function inflateRows(bytes: Uint8Array, size: number): Uint8Array {
  // A header may ask for more than the memory has. If `bytes` can't become so much, they are not tried.
  const rows = size > bytes.length * MAX_RATIO ? undefined : tryToInflate(bytes, size);
  if (rows?.length === size) return rows;
  throw new SyntaxError("the PNG has fewer pixels than its header says");
}

function tryToInflate(bytes: Uint8Array, size: number): Uint8Array {
  try {
    return inflate(bytes, size);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new SyntaxError("the PNG has more pixels than its header says", { cause: error });
    }
    throw new SyntaxError("the PNG's pixels are not compressed correctly", { cause: error });
  }
}
