import { AddedUnloader, type Content, type Unloader } from "../cache/entry.ts";
import { ResourceTypeError, typeNameOf } from "../contract/errors.ts";
import type { ResourceType } from "../contract/loader.ts";
import type { AddOptions } from "../contract/options.ts";

/** What an added value is, and the type that it goes by. Throws if it is none, or has no size. */
export function addedContent<T>(
  key: string,
  value: T,
  options: AddOptions<T>,
): { content: Content; type: ResourceType<unknown> } {
  const { byteLength: bytes = 0 } = options;
  if (value === undefined) throw new ResourceTypeError(key, "a value", "undefined");
  if (!Number.isFinite(bytes) || bytes < 0) {
    throw new RangeError(
      `Cannot add "${key}": "byteLength" must be a finite number of bytes: received ${bytes}`,
    );
  }
  const unload = options.unload?.bind(options) as Unloader["unload"];
  const content = { value, bytes: Math.ceil(bytes), unloader: new AddedUnloader(unload) };
  return { content, type: typeOf(value) };
}

/** Its class, or anything with the name of what it is. */
function typeOf(value: unknown): ResourceType<unknown> {
  const type = (value as object | null)?.constructor;
  if (typeof type === "function" && value instanceof type) return type as ResourceType<unknown>;
  return { name: typeNameOf(value), prototype: Object.prototype };
}
