import * as ansi from "@std/fmt/colors";

/** The globals that tell runtimes apart. */
interface Runtime {
  readonly Deno?: unknown;
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly env?: Readonly<Record<string, string | undefined>>;
  };
}

/**
 * Whether the console understands ANSI colours and the user wants them. Not all consoles of browsers
 * do. In Deno, `@std/fmt` checks `NO_COLOR`; in Node and Bun, this does.
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
