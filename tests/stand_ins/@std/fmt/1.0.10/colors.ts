/** Stand-in for `@std/fmt/colors`: ANSI styles, off under `NO_COLOR`. */
const enabled = !(globalThis.Deno?.noColor ?? false);

function style(open: number, close: number): (text: string) => string {
  const [start, end] = [`\x1b[${open}m`, `\x1b[${close}m`];
  return (text) => enabled ? start + text.replaceAll(end, start) + end : text;
}

export const bold: (str: string) => string = style(1, 22);
export const dim: (str: string) => string = style(2, 22);
export const red: (str: string) => string = style(31, 39);
export const green: (str: string) => string = style(32, 39);
export const yellow: (str: string) => string = style(33, 39);
export const cyan: (str: string) => string = style(36, 39);
