import { assertEquals } from "@std/assert";
import * as colors from "../../src/report/colors.ts";
import { outputOf } from "../_run_deno.ts";

const MODULE = new URL("../../src/report/colors.ts", import.meta.url).href;
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** "text" in each colour, from another process: Deno reads `NO_COLOR` when it starts. */
async function painted(NO_COLOR: string | undefined): Promise<Record<string, string>> {
  const program = `
    import * as colors from ${JSON.stringify(MODULE)};
    const names = ${JSON.stringify(Object.keys(CODES))};
    console.log(JSON.stringify(Object.fromEntries(names.map((n) => [n, colors[n]("text")]))));`;
  return JSON.parse(await outputOf(["eval", program], { env: { NO_COLOR } }));
}

Deno.test("isColorful() is true in terminals, false under NO_COLOR, and false in browsers", () => {
  const versions = { node: "24.0.0" };
  assertEquals(
    colors.isColorful({ Deno: {}, process: { versions, env: { NO_COLOR: "1" } } }),
    true,
  );
  assertEquals(colors.isColorful({ process: { versions, env: {} } }), true);
  assertEquals(colors.isColorful({ process: { versions, env: { NO_COLOR: "1" } } }), false);
  assertEquals(colors.isColorful({ process: { env: {} } }), false); // As some bundlers make it.
  assertEquals(colors.isColorful({}), false);
});

Deno.test("each colour adds its ANSI codes, and none under NO_COLOR", async () => {
  const entries = Object.entries(CODES);
  assertEquals(
    await painted(undefined),
    Object.fromEntries(
      entries.map(([name, [start, end]]) => [name, `\x1b[${start}mtext\x1b[${end}m`]),
    ),
  );
  assertEquals(await painted("1"), Object.fromEntries(entries.map(([name]) => [name, "text"])));
});
