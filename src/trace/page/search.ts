/** How many of `list`, which is sorted by time, are at or before `time`. O(log n). */
export function countUpTo<T>(
  list: readonly T[],
  time: number,
  timeOf: (item: T) => number,
  from = 0,
): number {
  let [low, high] = [from, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(list[middle]!) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The `timeOf` of a list of times. */
export function itself(time: number): number {
  return time;
}
