/** How the costs of frames are spread, in ms. */
export interface Distribution {
  readonly frames: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** How many are above the limit. */
  readonly over: number;
}

/** Spreads `costs` out. At least one is needed. */
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

/** The least value that so large a part of `sorted` does not pass. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]!;
}
