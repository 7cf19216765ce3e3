import { attempt } from "../contract/attempt.ts";
import { ResourceTypeError, typeNameOf } from "../contract/errors.ts";
import { isObject } from "../contract/is_object.ts";
import type { ResourceType, TypeToken } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";

/** A method of types that can say why a value is not of the type. */
export const explain: unique symbol = Symbol("explain");

/** The name of a type in messages. */
export function nameOfType(type: ResourceType<unknown>): string {
  return type.name || "(anonymous)";
}

/** Whether `value` is of `type`. */
function isOf<T>(value: unknown, type: ResourceType<T>): value is T {
  if (typeof type === "function" || Symbol.hasInstance in type) return value instanceof type;
  return Object.prototype.isPrototypeOf.call(type.prototype as object, value as object);
}

/** Whether `value` is of `type`: `false` if there is no type, or if its own check throws. */
export function isSafelyOf(value: unknown, type: AskedType): boolean {
  return type !== undefined && attempt(() => isOf(value, type)) === true;
}

/** The type that a resource is loaded as; `undefined` if only its name was given. */
export type AskedType = ResourceType<unknown> | undefined;

/** The type of a resource that was loaded without one: any other value may replace its value. */
export class Unchecked implements TypeToken<unknown> {
  name: string;

  constructor(value: unknown) {
    this.name = typeNameOf(value);
  }

  /** Names it after `value`, by which a reload has replaced the value. */
  renew(value: unknown): void {
    this.name = typeNameOf(value);
  }

  [Symbol.hasInstance](_value: unknown): _value is unknown {
    return true;
  }
}

/** Returns the type in an argument; `undefined` if it was left out, or if it is an options object. */
export function typeIn(argument: ResourceType<unknown> | object | undefined): AskedType {
  const isOptions = isObject(argument) &&
    !("prototype" in argument || Symbol.hasInstance in argument);
  return isOptions ? undefined : argument as AskedType;
}

/** Whether a value can be a type: a class or a token. */
export function isType(value: unknown): value is ResourceType<unknown> {
  return typeof value === "function" || isObject(value);
}

/** Throws a `TypeError` unless `type` is a type or was left out. */
export function assertIsType(name: string, type: AskedType): void {
  if (type === undefined || isType(type)) return;
  throw new TypeError(
    `Cannot use ${quote(name)} as ${type}: that is not a type, use a class or a token such as Text`,
  );
}

/** Throws {@linkcode ResourceTypeError} unless `value`, of the resource `key`, is of `type`. */
export function assertType(key: string, value: unknown, type: AskedType): void {
  if (value !== undefined && (type === undefined || isOf(value, type))) return;
  if (type === undefined) throw new ResourceTypeError(key, "a value", "undefined");
  const cause = (type as { [explain]?(value: unknown): unknown })[explain]?.(value);
  const options = cause === undefined ? undefined : { cause };
  throw new ResourceTypeError(key, nameOfType(type), typeNameOf(value), options);
}
