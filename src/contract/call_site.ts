import { printable } from "./printable.ts";

/** The most characters of a function's or a file's name. */
const MOST = 80;

/** The first frame of a stack, without the spaces before it; `""` if it has none. O(characters). */
function firstFrame(stack: string): string {
  return /\S.*/.exec(stack)?.[0].trimEnd() ?? "";
}

/** What call sites of the same line have in common: the first frame without its column. */
export function lineOf(stack: string): string {
  const [frame] = originOf(firstFrame(stack));
  return frame.replace(/(:\d+):\d+(\)*)$/, "$1$2");
}

/**
 * Where a handle was opened, in a few words: the function, the file's name and the line, such as
 * `spawnEnemies · make.ts:59`. Of what `eval` runs, it is where `eval` was called. If the first frame
 * does not say it, that frame as it is. O(characters).
 */
export function siteOf(stack: string): string {
  const [frame, evaluated] = originOf(firstFrame(stack).replace(/^at /, "").replace(/^async /, ""));
  const end = /:(\d+)(?::\d+)?\)*$/.exec(frame);
  if (end === null) return printable(clipped(frame));
  const place = frame.slice(0, end.index);
  // Firefox and Safari write function@file. Paths may have brackets and @ too.
  const [, name = "", path = place] = /^([^/\\@(]*?)(?: \(|@)(.*)$/.exec(place) ?? [];
  const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const line = `${clipped(file)}:${end[1]}`;
  const called = evaluated ? "eval" : clipped(name);
  return printable(called === "" ? line : `${called} · ${line}`);
}

/** The frame in a file that called `eval`, if what `eval` runs is at the top. */
function originOf(frame: string): [frame: string, evaluated: boolean] {
  const origin = frame.split("eval at ").at(-1)!;
  return origin === frame ? [frame, false] : [origin.split("), ")[0]!, true];
}

function clipped(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
