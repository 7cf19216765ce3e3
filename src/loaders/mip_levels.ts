/** Red, green, blue and opacity, 8 bits each. */
const BYTES_PER_PIXEL = 4;

/** How many mip levels an image can have: each is half as wide and high, down to one pixel. */
export function mipLevelsOf(width: number, height: number): number {
  return 1 + Math.floor(Math.log2(Math.max(width, height)));
}

/** The bytes of the first `mipLevels` levels of a texture. */
export function byteLengthOf(width: number, height: number, mipLevels: number): number {
  let bytes = 0;
  for (let level = 0; level < mipLevels; level++) {
    const [columns, rows] = [width >> level, height >> level];
    bytes += Math.max(1, columns) * Math.max(1, rows) * BYTES_PER_PIXEL;
  }
  return bytes;
}
