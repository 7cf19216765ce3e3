import { assert, assertEquals, assertFalse, assertInstanceOf, assertThrows } from "@std/assert";
import {
  Json,
  json,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  ResourceTypeError,
  type StandardSchema,
} from "../../mod.ts";

interface Level {
  width: number;
}

function schema(validate: (value: unknown) => unknown): StandardSchema<Level> {
  return { "~standard": { version: 1, vendor: "test", validate: validate as never } };
}

function managerOf(files: Record<string, string>): ResourceManager {
  return new ResourceManager({ source: new MemorySource(files) });
}

Deno.test("jsonLoader parses JSON of every shape", () => {
  using mgr = managerOf({ "o.json": '{"a":[1,null]}', "n.json": "null", "s.json": '"x"' });
  using o = mgr.load("o.json", Json);
  using n = mgr.load("n.json", Json);
  using s = mgr.load("s.json", Json);
  assertEquals([o.value, n.value, s.value], [{ a: [1, null] }, null, "x"]);
});

Deno.test("jsonLoader reports the key, line and column of a syntax error", () => {
  using mgr = managerOf({ "bad.json": '{\n  "a": 1,\n  "b": oops\n}' });
  const error = assertThrows(() => mgr.load("bad.json", Json), ResourceLoadError);
  assert(error.message.startsWith('Cannot load "bad.json": line 3, column 8: '), error.message);
  assertInstanceOf(error.cause, SyntaxError);
});

Deno.test("Json is the type of everything that JSON can say, and of no class instance", () => {
  const isJson = (value: unknown) => value instanceof Json;
  assert([null, true, 1, "x", [], {}, Object.create(null)].every(isJson));
  assertFalse([undefined, new Map(), () => {}, 1n, new Date()].some(isJson));
});

Deno.test("json() validates a value once, and reports the schema's issues as the cause", () => {
  let checks = 0;
  const Level = json(schema((value) => {
    checks++;
    return typeof (value as Level).width === "number" ? { value } : { issues: ["no width"] };
  }));
  using mgr = managerOf({ "1.json": '{"width":40}', "2.json": "{}" });
  using level = mgr.load("1.json", Level);
  using _again = mgr.load("1.json", Level);
  using _plain = mgr.load("1.json", Json);
  using _third = mgr.load("1.json", Level);
  assertEquals([level.value.width, checks], [40, 1]);
  const error = assertThrows(() => mgr.load("2.json", Level), ResourceTypeError);
  assertEquals([error.expected, error.cause, mgr.size], ["json(test)", ["no width"], 1]);
  assertEquals(
    error.message,
    'Cannot use "2.json" as "json(test)": it does not fit the schema, see the cause',
  );
});

Deno.test("json() validates only values that are JSON", () => {
  const Level = json(schema(() => ({ value: 1 })));
  using mgr = managerOf({});
  using _map = mgr.add("map", new Map());
  const error = assertThrows(() => mgr.load("map", Level), ResourceTypeError);
  assertEquals([error.actual, error.cause], ["Map", undefined]);
});

Deno.test("json() refuses an asynchronous validator with a TypeError, and leaves nothing resident", () => {
  const thenable = {
    then: (_: unknown, reject: (reason: unknown) => void) => reject("never seen"),
  };
  for (const later of [() => Promise.reject(new Error("never seen")), () => thenable]) {
    const Level = json(schema(later));
    using mgr = managerOf({ "1.json": "{}" });
    assertThrows(() => mgr.load("1.json", Level), TypeError, 'with "test": the validator is async');
    assertEquals([mgr.size, mgr.cacheStats().totalReferences], [0, 0]);
  }
});
