import { AddedUnloader, type Content, type Unloader } from "../cache/entry.ts";
import { kindOf, ResourceTypeError } from "../contract/errors.ts";
import type { ResourceType } from "../contract/loader.ts";
import type { AddOptions } from "../contract/options.ts";
import { cannot, quote } from "../contract/printable.ts";
import { exactSize } from "./size.ts";

/**
 * The content and the type of an added value. Throws if `value` is `undefined`, or if its size
 * cannot be counted exactly together with the bytes of `all`.
 */
export function addedContent<T>(
  key: string,
  value: T,
  options: AddOptions<T>,
  all: { readonly bytes: number },
): { content: Content; type: ResourceType<unknown> } {
  const { byteLength = 0 } = options;
  if (value === undefined) throw new ResourceTypeError(key, "a value", "undefined");
  const bytes = exactSize(
    byteLength,
    all.bytes,
    (wanted) => cannot("add", key, `"byteLength" must be ${wanted}: received ${quote(byteLength)}`),
  );
  const unload = options.unload?.bind(options) as Unloader["unload"];
  const content = { value, bytes, unloader: new AddedUnloader(unload) };
  return { content, type: typeOf(value) };
}

/** The class of `value`, or a token of its kind if it has none, such as a string. */
function typeOf(value: unknown): ResourceType<unknown> {
  const type = (value as object | null)?.constructor;
  if (typeof type === "function" && value instanceof type) return type as ResourceType<unknown>;
  const name = kindOf(value);
  return {
    name,
    [Symbol.hasInstance]: (other: unknown): other is unknown => kindOf(other) === name,
  };
}
