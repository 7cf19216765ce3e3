import { printableLines } from "../contract/printable.ts";

/** Draws a value as the console draws it. */
export type Inspect = (value: unknown) => string;

/**
 * Lets `console.log` draw the instances of a class by `show`. Deno, Node and Bun all ask for this
 * symbol. Not a member of the class: bundlers keep each class that has a computed member.
 */
export function showInConsole<T>(
  { prototype }: { prototype: T },
  show: (value: T, inspect: Inspect) => string,
): void {
  Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), {
    configurable: true,
    writable: true,
    value(this: T, _depth: number, options: object, inspect: (...args: unknown[]) => string) {
      return printableLines(show(this, (value) => inspect(value, options)));
    },
  });
}
