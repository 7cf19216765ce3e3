import { assertEquals } from "@std/assert";
import { terminalWidth } from "../../src/report/terminal.ts";

Deno.test("terminalWidth() is the width of the terminal, or Infinity if stdout is not one", () => {
  const deno = (isTerminal: boolean) => ({
    stdout: { isTerminal: () => isTerminal },
    consoleSize: () => ({ columns: 80 }),
  });
  assertEquals(terminalWidth({ Deno: deno(true) }), 80);
  assertEquals(terminalWidth({ Deno: deno(false) }), Infinity); // Here consoleSize() would throw.
  assertEquals(terminalWidth({ process: { stdout: { columns: 100 } } }), 100); // Node and Bun.
  assertEquals(terminalWidth({ process: { stdout: {} } }), Infinity); // To a file.
  assertEquals(terminalWidth({}), Infinity); // A browser.
});
