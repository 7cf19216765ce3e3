import { printableLines } from "../contract/printable.ts";

/** Formats a value as the console does. */
export type Inspect = (value: unknown) => string;

/**
 * Makes `console.log` show the instances of a class by `show`. Deno, Node and Bun all use this symbol.
 * It is not a member of the class, because bundlers can't drop a class with a computed member.
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
