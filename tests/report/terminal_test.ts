import { assertEquals } from "@std/assert";
import { terminalWidth } from "../../src/report/terminal.ts";

Deno.test("terminalWidth() is that of the terminal that stdout is, else without a limit", () => {
  const deno = (isTerminal: boolean) => ({
    stdout: { isTerminal: () => isTerminal },
    consoleSize: () => ({ columns: 80 }),
  });
  assertEquals(terminalWidth({ Deno: deno(true) }), 80);
  assertEquals(terminalWidth({ Deno: deno(false) }), Infinity); // consoleSize() would throw
  assertEquals(terminalWidth({ process: { stdout: { columns: 100 } } }), 100); // Node, Bun
  assertEquals(terminalWidth({ process: { stdout: {} } }), Infinity); // into a file
  assertEquals(terminalWidth({}), Infinity); // a browser
});
