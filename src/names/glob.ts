import { globToRegExp } from "@std/path/posix/glob-to-regexp";

/** What begins a group or a set of characters. */
const GROUP = /[[({]/;

/** A group that may have a slash in it. */
const GROUP_OF_PATHS = /[[({].*\/.*[\])}]/;

/** Two `*` in one segment, or two `**`: a regular expression would try all ways to divide a name. */
const SEVERAL_STARS = /\*[^/*]+\*|\*\*.*\*\*/;

/** Returns a function that checks keys against a glob pattern. A check costs O(pattern · key) at most. */
export function matcherOf(glob: string): (key: string) => boolean {
  if (GROUP_OF_PATHS.test(glob) || !SEVERAL_STARS.test(glob)) {
    const whole = globToRegExp(glob);
    return (key) => whole.test(key);
  }
  const names = glob.split("/");
  if (names.at(-1) === "**") names.push("*"); // The keys below a directory, and not the directory itself.
  const segments = names.map(segmentOf);
  return (key) => fits(segments, key.split("/"), (segment, name) => segment(name));
}

/** Returns a function that checks names against a segment of a pattern; `undefined` for `**`. */
function segmentOf(segment: string): ((name: string) => boolean) | undefined {
  if (segment === "**") return undefined;
  if (GROUP.test(segment)) {
    const regExp = globToRegExp(segment);
    return (name) => regExp.test(name);
  }
  const chars = Array.from({ length: segment.length }, (_, i) => segment.charAt(i))
    .map((char) => char === "*" ? undefined : char);
  return (name) => fits(chars, name, (char, each) => char === "?" || char === each);
}

/**
 * Whether `items` fit a pattern, in which `undefined` is a star: it stands for any number of items.
 * After a mismatch it is enough to let the last star take one more item: if an earlier one took
 * more, only fewer items would be left for the rest.
 */
function fits<P, T>(
  pattern: readonly (P | undefined)[],
  items: ArrayLike<T>,
  fitsOne: (each: P, item: T) => boolean,
): boolean {
  let at = 0;
  let [afterStar, tried] = [-1, 0];
  for (let i = 0; i < items.length;) {
    const each = pattern[at];
    if (at < pattern.length && each === undefined) [afterStar, tried] = [++at, i];
    else if (each !== undefined && fitsOne(each, items[i]!)) [at, i] = [at + 1, i + 1];
    else if (afterStar >= 0) [at, i] = [afterStar, ++tried];
    else return false;
  }
  return pattern.slice(at).every((each) => each === undefined);
}
