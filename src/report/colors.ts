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

type Paint = (text: string) => string;

function ifColorful(paint: Paint): Paint {
  return colorful ? paint : String;
}

export const bold: Paint = /* @__PURE__ */ ifColorful(ansi.bold);
export const dim: Paint = /* @__PURE__ */ ifColorful(ansi.dim);
export const red: Paint = /* @__PURE__ */ ifColorful(ansi.red);
export const green: Paint = /* @__PURE__ */ ifColorful(ansi.green);
export const yellow: Paint = /* @__PURE__ */ ifColorful(ansi.yellow);
export const cyan: Paint = /* @__PURE__ */ ifColorful(ansi.cyan);
