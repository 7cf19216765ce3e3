/** Text without colours and styles. */
export function stripAnsiCode(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[\d+m/g, "");
}
