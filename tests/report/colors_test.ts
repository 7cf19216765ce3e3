import { assertEquals } from "@std/assert";
import * as ansi from "@std/fmt/colors";
import * as colors from "../../src/report/colors.ts";

Deno.test("isColorful() is true in terminals, false under NO_COLOR, and false in browsers", () => {
  const versions = { node: "24.0.0" };
  assertEquals(
    colors.isColorful({ Deno: {}, process: { versions, env: { NO_COLOR: "1" } } }),
    true,
  );
  assertEquals(colors.isColorful({ process: { versions, env: {} } }), true);
  assertEquals(colors.isColorful({ process: { versions, env: { NO_COLOR: "1" } } }), false);
  assertEquals(colors.isColorful({ process: { env: {} } }), false); // by some bundlers
  assertEquals(colors.isColorful({}), false);
});

Deno.test("each colour is that of @std/fmt, which respects NO_COLOR in Deno", () => {
  for (const name of ["bold", "dim", "red", "green", "yellow", "cyan"] as const) {
    assertEquals(colors[name]("text"), ansi[name]("text"));
  }
});
