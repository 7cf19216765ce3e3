import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { ResourceCycleError, ResourceLoadError } from "../../mod.ts";
import * as errors from "../../src/contract/errors.ts";
import { failureOf, flatten, plural, throwAll, typeNameOf } from "../../src/contract/errors.ts";

const SAMPLES: [Error, ErrorConstructor][] = [
  [new errors.ResourceNotLoadedError("a", "acquire"), ReferenceError],
  [new errors.ReferenceCountError("a", 2), RangeError],
  [new errors.ResourceTypeError("a", "Text", "Thing"), TypeError],
  [new errors.LoaderNotFoundError("a", [".png"]), TypeError],
  [new errors.ResourceExistsError("a", 1), RangeError],
  [new errors.ResourcePathError("a", "it is empty"), RangeError],
  [new errors.ResourceLoadError("a", "it is broken", { cause: 1 }), Error],
  [new errors.ResourceCycleError(["a", "b", "a"]), Error],
  [new errors.HandleDisposedError("a", "read the value of"), ReferenceError],
  [new errors.ResourceUnloadedError("a", "read the value of", "forced"), ReferenceError],
  [new errors.ManagerDisposedError('load "a"'), ReferenceError],
];

Deno.test("every error class is named after itself, of the closest built-in class, and tested here", () => {
  assertEquals(
    SAMPLES.map(([error]) => error.constructor.name).sort(),
    Object.keys(errors).filter((name) => name.endsWith("Error")).sort(),
  );
  for (const [error, base] of SAMPLES) {
    assertInstanceOf(error, base);
    assertEquals(error.name, error.constructor.name);
  }
});

Deno.test("every message says Cannot, quotes the key, and ends without a full stop", () => {
  for (const [error] of SAMPLES) {
    assertMatch(error.message, /^Cannot .*"a".*: .*[^.]$/);
  }
  const hostile = new errors.ResourcePathError('a"\0\n', "it has a NUL character");
  assert(!/[\0\n]/.test(hostile.message));
});

Deno.test("ResourceTypeError says whether the loader, the schema or the asker is wrong", () => {
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

Deno.test("flatten() gives what a stack chained in the order of throwing", () => {
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

Deno.test("failureOf() leaves what is clear, and makes a ResourceLoadError of all else", () => {
  const clear = [
    new ResourceCycleError(["a", "a"]),
    new DOMException("x", "AbortError"),
    new ResourceLoadError("key", "it is broken"),
  ];
  for (const error of clear) assertStrictEquals(failureOf("key", error), error);
  for (const thrown of [new Error("disk"), new ResourceLoadError("other", "x"), "text", null]) {
    const error = failureOf("key", thrown);
    assertInstanceOf(error, ResourceLoadError);
    assertEquals([error.key, error.cause], ["key", thrown]);
  }
});

Deno.test("plural() counts in the right number", () => {
  assertEquals([0, 1, 2].map((count) => plural(count, "handle")), [
    "0 handles",
    "1 handle",
    "2 handles",
  ]);
});

Deno.test("typeNameOf() says what a value is", () => {
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
