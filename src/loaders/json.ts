import { isObject } from "../contract/is_object.ts";
import { decodeText } from "./text.ts";
import { locateJsonError } from "./json_position.ts";
import type { Loader, TypeToken } from "../contract/loader.ts";
import type { JsonValue } from "../contract/named.ts";
import { explain } from "../names/resource_type.ts";

/**
 * The type of JSON of any shape: `mgr.load("level-1.json", Json)`. It checks that the value is JSON, and
 * nothing about its shape. For a literal name that ends in `.json`, `mgr.load("level-1.json")` has the
 * same type.
 *
 * The function {@linkcode json}, with a small letter, makes the type of JSON that fits a schema:
 * `json(levelSchema)`.
 *
 * @example
 * ```ts
 * import { Json, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "1.json": "[1, 2]" }) });
 * using level = mgr.load("1.json", Json);
 * assertEquals(level.value, [1, 2]);
 * ```
 */
export const Json: TypeToken<JsonValue> = {
  name: "Json",
  [Symbol.hasInstance]: isJson,
};

function isJson(value: unknown): value is JsonValue {
  if (isObject(value)) {
    const prototype = Object.getPrototypeOf(value);
    return Array.isArray(value) || prototype === Object.prototype || prototype === null;
  }
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/**
 * Parses JSON, for `.json`. Built in. A syntax error names the key, the line and the column.
 * The size of a resource is that of its file in bytes.
 *
 * @example
 * ```ts
 * import { Json, jsonLoader, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "1.level": "[1, 2]" }),
 *   loaders: [{ ...jsonLoader, name: "level", extensions: [".level"] }],
 * });
 * using level = mgr.load("1.level", Json);
 * assertEquals(level.value, [1, 2]);
 * ```
 */
export const jsonLoader: Loader<JsonValue, ".json"> = {
  name: "json",
  extensions: [".json"],
  load(bytes) {
    const text = decodeText(bytes);
    try {
      return JSON.parse(text);
    } catch (error) {
      // On one line: some messages quote several lines of the text.
      const whole = (error as SyntaxError).message.replaceAll(/\s+/g, " ");
      const [message, place] = whole.split(/ (?=\(line \d+ column \d+\)$)/);
      const [line, column] = place?.match(/\d+/g) ?? locateJsonError(text);
      throw new SyntaxError(`line ${line}, column ${column}: ${message}`, { cause: error });
    }
  },
};

/**
 * The part of a validator that {@linkcode json} uses: the Standard Schema interface, version 1, which
 * Zod, Valibot, ArkType and others implement.
 *
 * @typeParam Input What the validator accepts.
 *
 * @example
 * ```ts
 * import { json, MemorySource, ResourceManager, type StandardSchema } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const Name: StandardSchema<string> = {
 *   "~standard": {
 *     version: 1,
 *     vendor: "example",
 *     validate: (value) => typeof value === "string" ? {} : { issues: ["not a string"] },
 *   },
 * };
 * using mgr = new ResourceManager({ source: new MemorySource({ "name.json": '"Ada"' }) });
 * using name = mgr.load("name.json", json(Name));
 * assertEquals(name.value, "Ada");
 * ```
 */
export interface StandardSchema<Input> {
  /** The schema's properties. */
  readonly "~standard": {
    /** The version of the interface. */
    readonly version: 1;
    /** The library that made it. */
    readonly vendor: string;
    /** Checks a value. A result without `issues` means that the value is valid. */
    readonly validate: (value: unknown) =>
      | { readonly issues?: readonly unknown[] | undefined }
      | Promise<{ readonly issues?: readonly unknown[] | undefined }>;
    /** Carries the types. It does not exist at run time. */
    readonly types?: { readonly input: Input; readonly output: unknown } | undefined;
  };
}

/**
 * Makes a type for JSON that fits a schema: `const Level = json(levelSchema)`, and then
 * `mgr.load("1.json", Level)`. For JSON of any shape, use the type {@linkcode Json}, with a capital.
 *
 * Make a type once and keep it: a value is validated once for each type that it is loaded as, which costs
 * what the validator costs. The schema checks and does not transform, so the value has the schema's input
 * type. If it does not fit, the issues are the `cause` of the `ResourceTypeError`.
 *
 * @throws {TypeError} The validator is asynchronous. Thrown when the type is used.
 *
 * @example
 * ```ts
 * import { json, MemorySource, ResourceManager, type StandardSchema } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * // Any Standard Schema validator works, such as z.object({ width: z.number() }).
 * const schema: StandardSchema<{ width: number }> = {
 *   "~standard": {
 *     version: 1,
 *     vendor: "example",
 *     validate: (value) =>
 *       typeof (value as { width?: unknown })?.width === "number"
 *         ? {}
 *         : { issues: [{ message: "width must be a number", path: ["width"] }] },
 *   },
 * };
 * const Level = json(schema);
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "1.json": '{ "width": 40 }' }) });
 * using level = mgr.load("1.json", Level);
 * assertEquals(level.value.width, 40);
 * ```
 */
export function json<Input>(schema: StandardSchema<Input>): TypeToken<Input> {
  const { vendor } = schema["~standard"];
  const issuesOf = (value: unknown): readonly unknown[] | undefined => {
    const result = schema["~standard"].validate(value);
    if (!isThenable(result)) return result?.issues;
    result.then(undefined, () => {});
    throw new TypeError(`Cannot check JSON with "${vendor}": the validator is asynchronous`);
  };
  return {
    name: `json(${vendor})`,
    [Symbol.hasInstance]: (value: unknown): value is Input =>
      isJson(value) && issuesOf(value) === undefined,
    [explain]: (value: unknown) => isJson(value) ? issuesOf(value) : undefined,
  } as TypeToken<Input>;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}
