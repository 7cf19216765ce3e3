import { pathOf } from "../../names/key.ts";

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in decimal units, with three digits. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  for (; Math.abs(bytes) >= 999.5 && unit < BYTE_UNITS.length - 1; unit++) bytes /= 1000;
  return `${unit === 0 ? bytes : digits(bytes)} ${BYTE_UNITS[unit]}`;
}

/** Three digits, and no more. */
function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A duration in the unit that suits it; microseconds are given. */
export function formatDuration(time: number): string {
  if (time < 1000) return `${digits(time)} µs`;
  if (time < 999_500) return `${digits(time / 1000)} ms`;
  if (time < 60e6) return `${digits(time / 1e6)} s`;
  const seconds = Math.round(time / 1e6);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A moment, so exact that moments `step` apart differ. */
export function formatTime(time: number, step: number): string {
  const [unit, name] = step >= 1e6 || (time >= 1e6 && step >= 1000)
    ? [1e6, "s"]
    : step >= 1000 || time >= 1000
    ? [1000, "ms"]
    : [1, "µs"];
  const decimals = Math.max(0, Math.ceil(Math.log10(unit / step) - 1e-9));
  const value = (time / unit).toFixed(decimals);
  return `${grouped(value)} ${name}`;
}

/** A moment by itself, to the microsecond as far as that is worth reading. */
export function formatMoment(time: number): string {
  if (time < 1000) return `${Math.round(time)} µs`;
  const [value, unit] = time < 1e6 ? [time / 1000, "ms"] : [time / 1e6, "s"];
  return `${grouped(String(Number(value.toFixed(3))))} ${unit}`;
}

/** A number of things, with groups of thousands. */
export function formatCount(count: number): string {
  return grouped(String(count));
}

function grouped(number: string): string {
  const [whole, fraction] = number.split(".");
  const groups = whole!.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** So many of something: `1 leak`, `3 leaks`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The moments to mark on an axis: multiples of 1, 2 or 5 of a power of ten, at most `most`. */
export function ticks(from: number, to: number, most: number): { step: number; at: number[] } {
  const least = (to - from) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least)!;
  const at: number[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++) at.push(i * step);
  return { step, at };
}

/** Where a handle was opened, in a few words: the function, the file's name and the line. */
export function siteOf(stack: string): string {
  const lines = stack.split("\n").map((line) => visible(line.trim()));
  const frame = lines.find((line) => line !== "") ?? "";
  const [, name, file, line] =
    /^(?:at )?(?:async )?(?:(.*?)\s*[(@])?(?:[^()]*[/\\])?([^/\\()]+?):(\d+)(?::\d+)?\)?$/
      .exec(frame) ?? [];
  if (file === undefined) return frame;
  return name === undefined || name === "" ? `${file}:${line}` : `${name} · ${file}:${line}`;
}

/** The directory that all files named in `stacks` are below, with the slash; empty if there is none. */
export function commonDirectory(stacks: readonly string[]): string {
  const urls = stacks.flatMap((stack) => stack.match(/\w+:\/\/[^\s()]*\//g) ?? []);
  let common = urls[0] ?? "";
  for (const url of urls) {
    while (!url.startsWith(common)) {
      common = common.slice(0, common.lastIndexOf("/", common.length - 2) + 1);
    }
  }
  return /^\w+:\/\/$/.test(common) ? "" : common;
}

/** A text without what can't be seen, or turns the direction of what is around it. */
export function visible(text: string): string {
  return text.replaceAll(
    // deno-lint-ignore no-control-regex
    /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A key as its directory, with the slash, and its file name with the variant and the part. */
export function splitKey(key: string): [directory: string, name: string] {
  const at = pathOf(key).lastIndexOf("/") + 1;
  return [key.slice(0, at), key.slice(at)];
}
