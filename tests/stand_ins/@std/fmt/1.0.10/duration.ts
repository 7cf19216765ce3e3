/** Stand-in for `@std/fmt/duration`: the `narrow` style. */
export interface FormatOptions {
  ignoreZero?: boolean;
}

export function format(ms: number, options: FormatOptions = {}): string {
  const size = Math.abs(ms);
  const fraction = size.toFixed(7).slice(-7, -1);
  const parts: [number, string][] = [
    [Math.trunc(size / 86_400_000), "d"],
    [Math.trunc(size / 3_600_000) % 24, "h"],
    [Math.trunc(size / 60_000) % 60, "m"],
    [Math.trunc(size / 1000) % 60, "s"],
    [Math.trunc(size) % 1000, "ms"],
    [Number(fraction.slice(0, 3)), "µs"],
    [Number(fraction.slice(3, 6)), "ns"],
  ];
  return parts
    .filter(([value]) => value > 0 || !options.ignoreZero)
    .map(([value, unit]) => `${value}${unit}`)
    .join(" ");
}
