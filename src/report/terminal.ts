/** The globals that know the size of the terminal. */
interface Runtime {
  readonly Deno?: {
    readonly stdout: { isTerminal(): boolean };
    consoleSize(): { readonly columns: number };
  };
  readonly process?: { readonly stdout?: { readonly columns?: number } };
}

/** How many columns the terminal has. `Infinity` if the program does not print to a terminal. */
export function terminalWidth({ Deno, process }: Runtime = globalThis): number {
  if (Deno === undefined) return process?.stdout?.columns ?? Infinity;
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : Infinity;
}
