/** Stand-in for `@std/fmt/bytes`: three significant figures and a unit. */
export interface FormatOptions {
  binary?: boolean;
}

const UNITS = ["B", "k", "M", "G", "T", "P", "E", "Z", "Y"];

export function format(num: number, options: FormatOptions = {}): string {
  if (!Number.isFinite(num)) {
    throw new TypeError(`Expected a finite number, got ${typeof num}: ${num}`);
  }
  const sign = num < 0 ? "-" : "";
  const size = Math.abs(num);
  if (size < 1) return `${sign}${size} B`;
  const step = options.binary ? 1024 : 1000;
  const power = options.binary ? Math.log(size) / Math.log(step) : Math.log10(size) / 3;
  const exponent = Math.min(Math.floor(power), UNITS.length - 1);
  const figure = Number((size / step ** exponent).toPrecision(3));
  const unit = exponent === 0 ? "B" : UNITS[exponent] + (options.binary ? "iB" : "B");
  return `${sign}${figure} ${unit}`;
}
