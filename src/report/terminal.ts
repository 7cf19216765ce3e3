/** What knows the terminal, in Deno and in others. */
interface Runtime {
  readonly Deno?: {
    readonly stdout: { isTerminal(): boolean };
    consoleSize(): { readonly columns: number };
  };
  readonly process?: { readonly stdout?: { readonly columns?: number } };
}

/** How many columns the terminal has that the program prints to; no limit where it prints elsewhere. */
export function terminalWidth({ Deno, process }: Runtime = globalThis): number {
  if (Deno === undefined) return process?.stdout?.columns ?? Infinity;
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : Infinity;
}
