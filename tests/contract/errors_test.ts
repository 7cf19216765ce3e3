import { assert, assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import * as errors from "../../src/contract/errors.ts";

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
    Object.keys(errors).sort(),
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
