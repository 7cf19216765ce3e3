import * as ansi from "@std/fmt/colors";

/** What tells a runtime from others. */
interface Runtime {
  readonly Deno?: unknown;
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly env?: Readonly<Record<string, string | undefined>>;
  };
}

/**
 * Whether what is printed goes to a terminal, which understands colours, and they are wanted there.
 * Not all consoles of browsers do. Deno's `NO_COLOR` is heeded by `@std/fmt`, that of Node and Bun here.
 */
export function isColorful({ Deno, process }: Runtime = globalThis): boolean {
  if (Deno !== undefined) return true;
  return process?.versions?.node !== undefined && !process.env?.NO_COLOR;
}

const colorful = /* @__PURE__ */ isColorful();

export function bold(text: string): string {
  return colorful ? ansi.bold(text) : text;
}

export function dim(text: string): string {
  return colorful ? ansi.dim(text) : text;
}

export function red(text: string): string {
  return colorful ? ansi.red(text) : text;
}

export function green(text: string): string {
  return colorful ? ansi.green(text) : text;
}

export function yellow(text: string): string {
  return colorful ? ansi.yellow(text) : text;
}

export function cyan(text: string): string {
  return colorful ? ansi.cyan(text) : text;
}
