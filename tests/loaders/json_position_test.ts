import { assertEquals, assertThrows } from "@std/assert";
import { locateJsonError } from "../../src/loaders/json_position.ts";

Deno.test("locateJsonError() finds the first token that JSON does not allow", () => {
  const cases: [string, number, number][] = [
    ["", 1, 1],
    ["  \n ", 2, 2],
    ["{", 1, 2],
    ["[1,]", 1, 4],
    ["[1 2]", 1, 4],
    ['{"a" 1}', 1, 6],
    ['{"a":1,}', 1, 8],
    ["{a:1}", 1, 2],
    ['{"a":\n\ttrue,\n\t"b": tru}', 3, 7],
    ["[1}", 1, 3],
    ["01", 1, 1],
    ["1.", 1, 1],
    ["-", 1, 1],
    ["[+1]", 1, 2],
    ["1 2", 1, 3],
    ["]", 1, 1],
    ['"open', 1, 1],
    ['["a\nb"]', 1, 2],
    ['["\\x"]', 1, 2],
    ['["\\u12"]', 1, 2],
    ["[nul]", 1, 2],
    ["nullx", 1, 1],
    ["{,}", 1, 2],
    ["[,]", 1, 2],
    ["{]", 1, 2],
    ["[{}", 1, 4],
  ];
  for (const [text, line, column] of cases) {
    assertThrows(() => JSON.parse(text), SyntaxError);
    assertEquals([text, ...locateJsonError(text)], [text, line, column]);
  }
});

Deno.test("locateJsonError() skips everything that JSON allows before the error", () => {
  const good = '{"a":[1,-0,2.5e+3,"\\u00e9\\n\\"",{},[],[[]],null],"":{"x":{"y":[true,false]}}}';
  JSON.parse(good);
  assertEquals(locateJsonError(`${good}\n!`), [2, 1]);
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  assertEquals(locateJsonError(`${deep}]`), [1, 100_001]);
  assertEquals(locateJsonError(`"${"\\n".repeat(5_000_000)}" !`), [1, 10_000_004]);
  assertEquals(locateJsonError('["\x7f\x80", x]'), [1, 8]);
  const long = `["${"x".repeat(1_000_000)}" `;
  assertEquals(locateJsonError(long), [1, long.length + 1]);
});
