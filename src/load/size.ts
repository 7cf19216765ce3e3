/**
 * Returns `bytes` if it is a size whose sum with `total`, the bytes of all others, is exact. Throws
 * a `RangeError` otherwise; `problem` makes its message from what is wanted.
 */
export function exactSize(
  bytes: unknown,
  total: number,
  problem: (wanted: string) => string,
): number {
  const most = Number.MAX_SAFE_INTEGER - total;
  if (Number.isSafeInteger(bytes) && bytes as number >= 0 && bytes as number <= most) {
    return bytes as number + 0; // makes 0 of -0, which would be shown
  }
  throw new RangeError(problem(`a whole number from 0 to ${most}`));
}
