import { isObject } from "../contract/is_object.ts";
import { attempt } from "../contract/attempt.ts";
import { ResourceTypeError, typeNameOf } from "../contract/errors.ts";
import type { ResourceType, TypeToken } from "../contract/loader.ts";
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

/** Whether `value` is of `type`; not if the type's own check throws, or there is none. */
export function isSafelyOf(value: unknown, type: AskedType): boolean {
  return type !== undefined && attempt(() => isOf(value, type)) === true;
}

/** The type that a resource is asked for as; `undefined` if it was asked for by its name alone. */
export type AskedType = ResourceType<unknown> | undefined;

/** What the value of a resource goes by that was loaded without a type: any other value may replace it. */
export class Unchecked implements TypeToken<unknown> {
  name: string;

  constructor(value: unknown) {
    this.name = typeNameOf(value);
  }

  /** A reload has put `value` in place of the one that it was named by. */
  renew(value: unknown): void {
    this.name = typeNameOf(value);
  }

  [Symbol.hasInstance](_value: unknown): _value is unknown {
    return true;
  }
}

/** The type in an argument; `undefined` if it was left out, or has the options that follow it. */
export function typeIn(argument: ResourceType<unknown> | object | undefined): AskedType {
  const isOptions = isObject(argument) &&
    !("prototype" in argument || Symbol.hasInstance in argument);
  return isOptions ? undefined : argument as AskedType;
}

/** Whether a value can be a type: a class or a token. */
export function isType(value: unknown): value is ResourceType<unknown> {
  return typeof value === "function" || isObject(value);
}

/** Throws unless `type` is one, or was left out. */
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
