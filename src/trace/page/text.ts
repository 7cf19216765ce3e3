import { pathOf } from "../../names/key.ts";

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Formats bytes in decimal units, with three digits. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  for (; Math.abs(bytes) >= 999.5 && unit < BYTE_UNITS.length - 1; unit++) bytes /= 1000;
  return `${unit === 0 ? bytes : digits(bytes)} ${BYTE_UNITS[unit]}`;
}

/** Formats a change in bytes, with its sign. */
export function formatChange(bytes: number): string {
  if (bytes === 0) return "±0 B";
  return `${bytes < 0 ? "−" : "+"}${formatBytes(Math.abs(bytes))}`;
}

/** Rounds to three digits. */
function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Formats a duration in microseconds, in a suitable unit, from an hour on as h:mm:ss. */
export function formatDuration(time: number): string {
  if (time < 1000) return `${digits(time)} µs`;
  if (time < 999_500) return `${digits(time / 1000)} ms`;
  if (time < 59.95e6) return `${digits(time / 1e6)} s`;
  const seconds = Math.round(time / 1e6);
  if (seconds >= 3600) return clock(seconds, 0);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Formats a time so exactly that times `step` apart differ, from a minute on as h:mm:ss. */
export function formatTime(time: number, step: number): string {
  const [unit, name] = step >= 1e6 || (time >= 1e6 && step >= 1000)
    ? [1e6, "s"]
    : step >= 1000 || time >= 1000
    ? [1000, "ms"]
    : [1, "µs"];
  const decimals = Math.max(0, Math.ceil(Math.log10(unit / step) - 1e-9));
  if (time >= 60e6) return clock(time / 1e6, Math.max(0, Math.ceil(6 - Math.log10(step) - 1e-9)));
  return `${grouped((time / unit).toFixed(decimals))} ${name}`;
}

/** Formats one moment with at most three decimals, from a minute on as h:mm:ss. */
export function formatMoment(time: number): string {
  if (time < 0) return `${formatDuration(-time)} before`;
  if (time < 1000) return `${Math.round(time)} µs`;
  if (time >= 60e6) return clock(time / 1e6, 0);
  const [value, unit] = time < 1e6 ? [time / 1000, "ms"] : [time / 1e6, "s"];
  return `${grouped(String(Number(value.toFixed(3))))} ${unit}`;
}

/** Formats seconds as h:mm:ss, with some decimals. */
function clock(seconds: number, decimals: number): string {
  const factor = 10 ** decimals;
  const whole = Math.round(seconds * factor);
  const rest = (whole / factor) % 60;
  const minutes = Math.floor(whole / factor / 60);
  const width = decimals === 0 ? 2 : 3 + decimals;
  const two = String(minutes % 60).padStart(2, "0");
  return `${Math.floor(minutes / 60)}:${two}:${rest.toFixed(decimals).padStart(width, "0")}`;
}

/** Formats a whole number, in groups of three digits. */
export function formatCount(count: number): string {
  return grouped(String(count));
}

function grouped(number: string): string {
  const [whole, fraction] = number.split(".");
  const groups = whole!.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** Formats a count with its noun: `1 leak`, `3 leaks`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The steps of a time axis from a second on, as on a clock, in microseconds. */
const CLOCK = [
  1,
  2,
  5,
  10,
  15,
  30,
  60,
  120,
  300,
  600,
  900,
  1800,
  3600,
  7200,
  10_800,
  21_600,
  43_200,
]
  .map((seconds) => seconds * 1e6);
const DAY = 86_400e6;

/** At most about `most` ticks of an axis: multiples of 1, 2 or 5 times a power of ten. */
export function ticks(from: number, to: number, most: number): { step: number; at: number[] } {
  const least = (to - from) / Math.max(1, most);
  return multiples(from, to, roundStep(least));
}

/** At most about `most` ticks of a time axis: as in `ticks`, and from a second on as on a clock. */
export function timeTicks(from: number, to: number, most: number): { step: number; at: number[] } {
  const least = (to - from) / Math.max(1, most);
  const step = least < CLOCK[0]! / 2
    ? roundStep(least)
    : CLOCK.find((each) => each >= least) ?? DAY * roundStep(least / DAY);
  return multiples(from, to, step);
}

/** Rounds up to 1, 2 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least)!;
}

function multiples(from: number, to: number, step: number): { step: number; at: number[] } {
  const at: number[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++) at.push(i * step);
  return { step, at };
}

/**
 * The directory that contains all files named in `stacks`. It ends with a slash; empty if there is
 * none.
 */
export function commonDirectory(stacks: readonly string[]): string {
  const urls = stacks.flatMap((stack) => stack.match(/\b\w+:\/\/[^\s()]*\//g) ?? []);
  let common = urls[0] ?? "";
  for (const url of urls) {
    while (!url.startsWith(common)) {
      common = common.slice(0, common.lastIndexOf("/", common.length - 2) + 1);
    }
  }
  return /^\w+:\/\/$/.test(common) ? "" : common;
}

/** Writes characters that are invisible, or change the direction of text, as codes. */
export function visible(text: string): string {
  return text.replaceAll(
    // deno-lint-ignore no-control-regex
    /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Splits a key into its directory, which ends with a slash, and its file name with variant and
 * part.
 */
export function splitKey(key: string): [directory: string, name: string] {
  const at = pathOf(key).lastIndexOf("/") + 1;
  return [key.slice(0, at), key.slice(at)];
}
