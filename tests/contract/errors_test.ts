import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { ResourceCycleError, ResourceLoadError } from "../../mod.ts";
import * as errors from "../../src/contract/errors.ts";
import { failureOf, flatten, plural, throwAll, typeNameOf } from "../../src/contract/errors.ts";

// deno-lint-ignore no-explicit-any
const SAMPLES: [Error, abstract new (...args: any[]) => Error][] = [
  [new errors.ResourceNotLoadedError("a", "acquire"), ReferenceError],
  [new errors.ReferenceCountError("a", 2), RangeError],
  [new errors.ResourceTypeError("a", "Text", "Thing"), TypeError],
  [new errors.LoaderNotFoundError("a", [".png"]), TypeError],
  [new errors.ResourceExistsError("a", 1), RangeError],
  [new errors.ResourcePathError("a", "it is empty"), RangeError],
  [new errors.ResourceLoadError("a", "it is broken", { cause: 1 }), Error],
  [new errors.ResourceNotFoundError("a"), errors.ResourceLoadError],
  [new errors.HttpError("a", new Response(null, { status: 404 })), Error],
  [new errors.ResourceCycleError(["a", "b", "a"]), Error],
  [new errors.HandleDisposedError("a", "read the value of"), ReferenceError],
  [new errors.ResourceUnloadedError("a", "read the value of", "forced"), ReferenceError],
  [new errors.ManagerDisposedError('load "a"'), ReferenceError],
];

Deno.test("every error class sets its name, extends the closest built-in class, and is tested here", () => {
  assertEquals(
    SAMPLES.map(([error]) => error.constructor.name).sort(),
    Object.keys(errors).filter((name) => name.endsWith("Error")).sort(),
  );
  for (const [error, base] of SAMPLES) {
    assertInstanceOf(error, base);
    assertEquals(error.name, error.constructor.name);
  }
});

Deno.test("every message begins with Cannot, quotes the key, and ends without a full stop", () => {
  for (const [error] of SAMPLES) {
    assertMatch(error.message, /^Cannot .*"a".*: .*[^.]$/);
  }
  const hostile = new errors.ResourcePathError('a"\0\n\x9b\u202e', "it has a NUL character");
  assertEquals(
    hostile.message,
    'Cannot use "a\\"\\u0000\\n\\u009b\\u202e" as a name: it has a NUL character',
  );
});

Deno.test("LoaderNotFoundError says how to read the extension, or what is wrong with the name", () => {
  const problems: Record<string, string> = {
    "map.tmj":
      'no loader for its extension, register one such as { name: "…", extensions: [".tmj"], load: (bytes) => … }; there are loaders for .json, .png',
    "dir.x/a.b.TMJ":
      'no loader for its extension, register one such as { name: "…", extensions: [".TMJ"], load: (bytes) => … }; there are loaders for .json, .png',
    "a.tmj?v=1.2":
      'no loader for its extension, register one such as { name: "…", extensions: [".tmj"], load: (bytes) => … }; there are loaders for .json, .png',
    "hero.JPG":
      "no loader for its extension, register one such as imageLoader; there are loaders for .json, .png",
    "a.b/we?ird.png":
      'no loader for "a.b/we", a name without extension: in a name, "?" begins a variant and "#" a part',
    "a.tmj?2x#a.b/c": 'no loader for parts of ".tmj" files, register one for ".tmj#"',
  };
  for (const name of ["map", "dir.x/map", ".hidden", "dir/.hidden", "map.", "..."]) {
    problems[name] =
      "no loader for a name without extension, write it in full or call indexDirectory()";
  }
  for (const [key, problem] of Object.entries(problems)) {
    const { message } = new errors.LoaderNotFoundError(key, [".json", ".png"]);
    assertEquals(message, `Cannot load "${key}": ${problem}`);
  }
});

Deno.test("LoaderNotFoundError is fast for a name of any length", () => {
  const dots = ".".repeat(4_000_000); // takes hours if the rest is searched from each dot
  assertEquals(new errors.LoaderNotFoundError(`${dots}/a`, []).key.length, 4_000_002);
});

Deno.test("ResourceNotFoundError has the key, the cause and the message of its source", () => {
  const cause = new Error("ENOENT");
  const error = new errors.ResourceNotFoundError("a", "there is no such file", { cause });
  assertEquals([error.key, error.action, error.cause], ["a", "load", cause]);
  assertEquals(error.message, 'Cannot load "a": there is no such file');
  const index = new errors.ResourceNotFoundError("a", "it is missing", { action: "index" });
  assertEquals(index.message, 'Cannot index "a": it is missing');
});

Deno.test("ResourceTypeError says whether the loader, the schema or the caller is wrong", () => {
  const messages = [
    new errors.ResourceTypeError("a", "Text", "undefined"),
    new errors.ResourceTypeError("a", "Text", "object", { cause: [] }),
    new errors.ResourceTypeError("a", "Text", "Thing"),
  ].map(({ message }) => message.split(": ")[1]);
  assertEquals(messages, [
    "its value is undefined, was a return forgotten?",
    "it does not fit the schema, see the cause",
    'its value is of type "Thing"',
  ]);
});

const [first, second, third] = [new Error("1"), new Error("2"), new Error("3")];

Deno.test("throwAll() throws nothing, one error as it is, or all of them together", () => {
  throwAll([]);
  const one = assertThrows(() => throwAll([{ error: first, key: "a" }]));
  assertStrictEquals(one, first);
  const failures = [{ error: first, key: "a" }, { error: second, key: "b" }];
  const both = assertThrows(() => throwAll(failures), AggregateError);
  assertEquals(both.errors, [first, second]);
  assertEquals(both.message, 'Cannot unload cleanly: 2 resources failed, "a", "b"');
  assertThrows(() => throwAll(failures, "reload"), AggregateError, "Cannot reload cleanly");
});

Deno.test("flatten() returns the errors of a chain in the order in which they were thrown", () => {
  const stack = new DisposableStack();
  for (const error of [third, second, first]) {
    stack.defer(() => {
      throw error;
    });
  }
  const chained = assertThrows(() => stack.dispose());
  assertEquals(flatten(chained), [first, second, third]);
  assertEquals(flatten("x"), ["x"]);
});

Deno.test("flatten() takes a chain of any length", () => {
  const stack = new DisposableStack();
  for (let i = 0; i < 50_000; i++) {
    stack.defer(() => {
      throw i;
    });
  }
  assertEquals(flatten(assertThrows(() => stack.dispose())).length, 50_000);
});

Deno.test("failureOf() returns a clear error unchanged, and wraps any other in a ResourceLoadError", () => {
  const clear = [
    new ResourceCycleError(["a", "a"]),
    new DOMException("x", "AbortError"),
    new ResourceLoadError("key", "it is broken"),
    new errors.ResourceNotFoundError("key"),
  ];
  for (const error of clear) assertStrictEquals(failureOf("key", error), error);
  for (const thrown of [new Error("disk"), new ResourceLoadError("other", "x"), "text", null]) {
    const error = failureOf("key", thrown);
    assertInstanceOf(error, ResourceLoadError);
    assertEquals([error.key, error.cause], ["key", thrown]);
  }
});

Deno.test("failureOf() does not call a resource missing because its dependency is", () => {
  const missing = new errors.ResourceNotFoundError("other");
  const error = failureOf("key", missing);
  assertEquals((error as Error).constructor, ResourceLoadError);
  assertEquals((error as Error).message, `Cannot load "key": ${missing.message}`);
});

Deno.test("failureOf() adds a hint about the bytes, but not to the error of a dependency", () => {
  const hint = "the server answered with an HTML page";
  const messageOf = (thrown: unknown) => (failureOf("key", thrown, { hint }) as Error).message;
  assertEquals(messageOf(new Error("no JSON")), `Cannot load "key": ${hint}: no JSON`);
  const other = new ResourceLoadError("other", "it is broken");
  assertEquals(messageOf(other), `Cannot load "key": ${other.message}`);
  assertEquals(messageOf(new ResourceLoadError("key", "x")), 'Cannot load "key": x');
});

Deno.test("plural() adds an s unless the count is 1", () => {
  assertEquals([0, 1, 2].map((count) => plural(count, "handle")), [
    "0 handles",
    "1 handle",
    "2 handles",
  ]);
});

Deno.test("typeNameOf() returns the class of a value, or its JavaScript type", () => {
  const anonymous = new (class {})();
  const values = [null, undefined, 1, "x", [], {}, new Map(), Object.create(null), anonymous];
  assertEquals(values.map(typeNameOf), [
    "null",
    "undefined",
    "number",
    "string",
    "Array",
    "Object",
    "Map",
    "object",
    "object",
  ]);
});
