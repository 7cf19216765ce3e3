import { printable } from "./printable.ts";

/**
 * The line of the first frame of a stack, which is the same for all columns of it: its function and
 * place. Of what `eval` runs, it is the line that called `eval`. O(characters).
 */
export function lineOf(stack: string): string {
  const frame = /\S.*/.exec(stack)?.[0] ?? "";
  const evaluated = frame.split("eval at ").slice(1).at(-1)?.split("), ")[0];
  return (evaluated ?? frame).replace(/^at (async )?/, "").replace(/(:\d+):\d+\)*$/, "$1");
}

/**
 * Where a handle was opened, in a few words: the function, the file's name and the line, such as
 * `spawnEnemies · make.ts:59`. The first frame as it is if that does not say it. O(characters).
 */
export function siteOf(stack: string): string {
  const line = lineOf(stack);
  // Firefox and Safari write function@file. Paths may have brackets and @ too.
  const [, name, path = line] = /^(?:([^/\\@(]*)(?: \(|@))?(.*:\d+)\)*$/.exec(line) ?? [];
  const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return printable((name ? `${name} · ` : "") + file);
}
