/** The median of some numbers. A few slow moments of the machine do not change it. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
