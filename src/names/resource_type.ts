import { ResourceTypeError, typeNameOf } from "../contract/errors.ts";
import type { ResourceType } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";

/** A type that can say why a value is not of it. */
export const explain: unique symbol = Symbol("explain");

/** What a type is called, for a message. */
export function nameOfType(type: ResourceType<unknown>): string {
  return type.name || "(anonymous)";
}

/** Whether `value` is of `type`. */
export function isOf<T>(value: unknown, type: ResourceType<T>): value is T {
  if (typeof type === "function" || Symbol.hasInstance in type) return value instanceof type;
  return Object.prototype.isPrototypeOf.call(type.prototype as object, value as object);
}

/** Throws unless `type` is one: a caller in plain JavaScript may have forgotten it. */
export function assertIsType(name: string, type: ResourceType<unknown>): void {
  if (typeof type === "function" || (typeof type === "object" && type !== null)) return;
  throw new TypeError(
    `Cannot use ${quote(name)} as ${type}: that is no type, use a class or a token such as Text`,
  );
}

/** Throws {@linkcode ResourceTypeError} unless `value`, of the resource `key`, is of `type`. */
export function assertType(key: string, value: unknown, type: ResourceType<unknown>): void {
  if (value !== undefined && isOf(value, type)) return;
  const cause = (type as { [explain]?(value: unknown): unknown })[explain]?.(value);
  const options = cause === undefined ? undefined : { cause };
  throw new ResourceTypeError(key, nameOfType(type), typeNameOf(value), options);
}
