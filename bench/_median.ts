/** The middle one of so many numbers: what a few slow moments of the machine do not change. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
