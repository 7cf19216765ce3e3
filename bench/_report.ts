/** The unit of a measured value, and its limits. */
interface Limits {
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Prints a measured value. If it is outside of its limits, the process exits with 1. */
export function report(
  name: string,
  value: number,
  { unit, atMost = Infinity, atLeast = -Infinity }: Limits,
): void {
  const isKept = value >= atLeast && value <= atMost;
  const limit = value < atLeast ? atLeast : atMost;
  const verdict = isKept ? "" : `  but ${limit.toFixed(1)} is the limit`;
  console.log(`${name.padEnd(48)}${value.toFixed(1).padStart(9)} ${unit}${verdict}`);
  if (!isKept) Deno.exitCode = 1;
}
