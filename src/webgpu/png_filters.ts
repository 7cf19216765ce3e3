/**
 * Undoes the filters of a PNG's rows, in place. The byte before a row says which filter it has. A
 * filter stores each byte as the difference to another: to the byte one pixel to the left, to the
 * byte above, to the mean of both, or to the closest of these two and the byte above left.
 *
 * @param raw All rows, each after its filter byte.
 * @param rowBytes The bytes of a row, without that byte.
 * @param pixelBytes The bytes of a pixel: 1 where several pixels share a byte.
 * @throws {SyntaxError} A row has an unknown filter.
 */
export function unfilter(raw: Uint8Array, rowBytes: number, pixelBytes: number): void {
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let at = 0; at < raw.length; at += rowBytes + 1) {
    const row = raw.subarray(at + 1, at + 1 + rowBytes);
    unfilterRow(raw[at]!, row, above, pixelBytes);
    above = row;
  }
}

function unfilterRow(filter: number, row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  const { length } = row;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = pixelBytes; i < length; i++) row[i]! += row[i - pixelBytes]!;
      return;
    case 2:
      for (let i = 0; i < length; i++) row[i]! += above[i]!;
      return;
    case 3:
      for (let i = 0; i < pixelBytes; i++) row[i]! += above[i]! >> 1;
      for (let i = pixelBytes; i < length; i++) row[i]! += (row[i - pixelBytes]! + above[i]!) >> 1;
      return;
    case 4:
      for (let i = 0; i < pixelBytes; i++) row[i]! += above[i]!;
      for (let i = pixelBytes; i < length; i++) {
        row[i]! += closest(row[i - pixelBytes]!, above[i]!, above[i - pixelBytes]!);
      }
      return;
    default:
      throw new SyntaxError(`the PNG has a row with filter ${filter}, which PNG does not have`);
  }
}

/** Paeth's filter: of the three, the one closest to `left + up - corner`. */
function closest(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
