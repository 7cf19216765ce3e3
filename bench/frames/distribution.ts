/** The distribution of the costs of frames, in ms. */
export interface Distribution {
  readonly frames: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** How many frames are above the limit. */
  readonly over: number;
}

/** The distribution of `costs`, which must not be empty. */
export function distributionOf(costs: readonly number[], limit: number): Distribution {
  const sorted = costs.toSorted((a, b) => a - b);
  return {
    frames: sorted.length,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
    max: sorted.at(-1)!,
    over: sorted.filter((each) => each > limit).length,
  };
}

/** The least value that the part `part` of `sorted` does not exceed. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]!;
}
