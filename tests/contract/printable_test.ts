import { assertEquals } from "@std/assert";
import { printable, printableLines, quote } from "../../src/contract/printable.ts";

/** Characters of each kind, and what is shown instead. */
const ESCAPES: Record<string, string> = {
  "\0": "\\u0000",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x1b": "\\u001b",
  "\x7f": "\\u007f",
  "\x85": "\\u0085",
  "\x9b": "\\u009b",
  "\u061c": "\\u061c",
  "\u200e": "\\u200e",
  "\u200f": "\\u200f",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
  "\u202a": "\\u202a",
  "\u202e": "\\u202e",
  "\u2066": "\\u2066",
  "\u2069": "\\u2069",
};

Deno.test("printable() escapes control characters and those that reverse text, and nothing else", () => {
  for (const [character, shown] of Object.entries(ESCAPES)) {
    assertEquals(printable(`a${character}b${character}`), `a${shown}b${shown}`);
    assertEquals(quote(`a${character}`), `"a${shown}"`);
  }
  for (const text of ["", "chars/hero.png", "ü 猫 👩‍🚀 שלום", 'a"b', "\\", "\xa0", "\u200b"]) {
    assertEquals(printable(text), text);
  }
});

Deno.test("printable() leaves no such character", () => {
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join("");
  // deno-lint-ignore no-control-regex
  const bad = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
  assertEquals([bad.test(all), bad.test(printable(all)), bad.test(quote(all))], [
    true,
    false,
    false,
  ]);
});

Deno.test("printableLines() keeps line feeds and colours", () => {
  assertEquals(
    printableLines("\x1b[1ma\u202e\x1b[0m\nb\u2028"),
    "\x1b[1ma\\u202e\x1b[0m\nb\\u2028",
  );
});

Deno.test("quote() puts only strings in quotes", () => {
  assertEquals([quote('a"b\\'), quote(5), quote(undefined)], ['"a\\"b\\\\"', "5", "undefined"]);
});
