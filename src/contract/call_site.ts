import { printable } from "./printable.ts";

/**
 * Returns the function and the line of the first frame of a stack, without the column. For code that
 * `eval` runs, it is the line that called `eval`. O(characters).
 */
export function lineOf(stack: string): string {
  const frame = /\S.*/.exec(stack)?.[0] ?? "";
  const evaluated = frame.split("eval at ").slice(1).at(-1)?.split("), ")[0];
  return (evaluated ?? frame).replace(/^at (async )?/, "").replace(/(:\d+):\d+\)*$/, "$1");
}

/**
 * Says in a few words where a handle was opened: the function, the file's name and the line, such as
 * `spawnEnemies · make.ts:59`. Returns the whole first frame if it has another form. O(characters).
 */
export function siteOf(stack: string): string {
  const line = lineOf(stack);
  // Firefox and Safari write function@file. Paths may have brackets and @ too.
  const [, name, path = line] = /^(?:([^/\\@(]*)(?: \(|@))?(.*:\d+)\)*$/.exec(line) ?? [];
  const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return printable((name ? `${name} · ` : "") + file);
}
