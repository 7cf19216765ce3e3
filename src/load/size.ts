/**
 * The size `bytes`, if all sizes together stay exact with it: `total` are those of all others.
 * Throws a `RangeError` otherwise; `problem` makes its message of what is wanted.
 */
export function exactSize(
  bytes: unknown,
  total: number,
  problem: (wanted: string) => string,
): number {
  const most = Number.MAX_SAFE_INTEGER - total;
  if (Number.isSafeInteger(bytes) && bytes as number >= 0 && bytes as number <= most) {
    return bytes as number + 0; // -0 is none of the sizes that are shown
  }
  throw new RangeError(problem(`a whole number from 0 to ${most}`));
}
