/** Hostile and damaged JSON. */
import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { Json, MemorySource, ResourceLoadError, ResourceManager } from "../mod.ts";
import { randomNumbers, RUNS } from "./_hostile_names.ts";

function load(content: string | Uint8Array): unknown {
  using mgr = new ResourceManager({ source: new MemorySource({ "a.json": content }) });
  using handle = mgr.load("a.json", Json);
  return handle.value;
}

Deno.test("jsonLoader treats __proto__ and constructor as ordinary names", () => {
  const text =
    '{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } }';
  const value = load(text) as Record<string, unknown>;
  assertEquals(Object.keys(value), ["__proto__", "constructor"]);
  assertEquals(Object.getPrototypeOf(value), Object.prototype);
  assertEquals(({} as { polluted?: number }).polluted, undefined);
});

Deno.test("jsonLoader says where a document is wrong, however deep or long it is", () => {
  const documents: [text: string, place: string][] = [
    ["[".repeat(1_000_000), "line 1, column 1000001"],
    ['{"a":'.repeat(500_000), "line 1, column 2500001"],
    ["[".repeat(500_000) + "]".repeat(499_999), "line 1, column 1000000"],
    ["[]".repeat(1_000_000), "line 1, column 3"],
    ['"' + "\\n".repeat(1_000_000), "line 1, column "],
    ['"' + "x".repeat(3_000_000), "line 1, column "],
    ["\n".repeat(3_000_000), "line 3000001, column 1"],
    [`[${"1,".repeat(1_000_000)}]`, "line 1, column 2000002"],
    ["9".repeat(1_000_000) + "x", "line 1, column "],
    ["-", "line 1, column "],
    ["", "line 1, column 1"],
    ["\0", "line 1, column 1"],
    ["NaN", "line 1, column 1"],
    ['{"a":1,}', "line 1, column 8"],
    ["'a'", "line 1, column 1"],
    ["// no\n1", "line 1, column 1"],
  ];
  for (const [text, place] of documents) {
    const error = assertThrows(() => load(text), ResourceLoadError, place);
    const shown = text.slice(0, 20);
    assertLess(error.message.length, 500, shown);
    assert(!error.message.includes("\n"), shown);
  }
});

Deno.test("jsonLoader reads documents that are deep or long", () => {
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
    let value = load(open.repeat(100_000) + "1" + close.repeat(100_000));
    let depth = 0;
    for (; typeof value === "object" && value !== null; depth++) value = Object.values(value)[0];
    assertEquals([depth, value], [100_000, 1]);
  }
  assertEquals((load(`[${"1,".repeat(1_000_000)}1]`) as unknown[]).length, 1_000_001);
  assertEquals(load("[1e999, -0, 1e-999]"), [Infinity, -0, 0]);
  assertEquals(load('"\\ud800\\u0000"'), "\ud800\0");
});

Deno.test("jsonLoader skips a byte order mark, and refuses bytes that are not UTF-8", () => {
  assertEquals(load(new Uint8Array([0xef, 0xbb, 0xbf, 0x31])), 1);
  const broken = [[0xff, 0xfe, 0x31, 0], [0xfe, 0xff, 0, 0x31], [0x22, 0xc0, 0xae, 0x22]]
    .concat([[0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf8, 0x88, 0x80, 0x80, 0x80, 0x22], [
      0x22,
      0xe2,
    ]])
    .concat([[0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x31], [0x22, 0x80, 0x22]]);
  for (const bytes of broken) {
    assertThrows(() => load(new Uint8Array(bytes)), ResourceLoadError, 'Cannot load "a.json"');
  }
});

Deno.test("jsonLoader returns what JSON.parse returns, or names a place in the text, when documents are damaged", () => {
  const random = randomNumbers();
  const characters = [..."{}[]\",:\\\n 0123456789.eE+-truefalsn\u00e9\u{1f4a3}\0\t/'"];
  const document = JSON.stringify(
    { a: [1, -2.5e3, "é\n", null, { "": true }], "__proto__": {} },
    null,
    1,
  );
  let wrong = 0;
  for (let i = 0; i < RUNS / 10; i++) {
    const text = [...document];
    for (let changes = 1 + random(3); changes > 0; changes--) {
      text.splice(
        random(text.length),
        random(3),
        ...(random(2) ? [characters[random(characters.length)]!] : []),
      );
    }
    const damaged = text.join("").toWellFormed();
    let expected: unknown;
    try {
      expected = JSON.parse(damaged);
    } catch {
      wrong++;
      const { message } = assertThrows(() => load(damaged), ResourceLoadError);
      const [line, column] = message.match(/line (\d+), column (\d+)/)!.slice(1).map(Number);
      const lines = damaged.split("\n");
      assert(column! >= 1 && column! <= lines[line! - 1]!.length + 1, `${message} ${damaged}`);
      continue;
    }
    assertEquals(load(damaged), expected);
  }
  assertGreater(wrong, RUNS / 50);
});
