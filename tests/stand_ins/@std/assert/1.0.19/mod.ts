/** Stand-in for `@std/assert`: the assertions that the tests use, by `node:assert/strict`. */
import nodeAssert from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type Class<T> = abstract new (...args: any[]) => T;

export const AssertionError: typeof nodeAssert.AssertionError = nodeAssert.AssertionError;

export function fail(msg?: string): never {
  throw new AssertionError({ message: `Failed assertion${msg ? `: ${msg}` : "."}` });
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError({ message: msg });
}

export function assertFalse(expr: unknown, msg?: string): void {
  if (expr) throw new AssertionError({ message: msg ?? "Expected a falsy value" });
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, msg);
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, msg);
}

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  nodeAssert.strictEqual(actual, expected, msg);
}

export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.notStrictEqual(actual, expected, msg);
}

export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw new AssertionError({ message: msg ?? `Expected a value, got ${actual}` });
  }
}

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (Object.is(actual, expected) || Math.abs(expected - actual) <= allowed) return;
  throw new AssertionError({
    message: msg ?? `Expected ${actual} to be within ${allowed} of ${expected}`,
  });
}

export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) {
    throw new AssertionError({ message: msg ?? `Expected ${actual} > ${expected}` });
  }
}

export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual >= expected)) {
    throw new AssertionError({ message: msg ?? `Expected ${actual} >= ${expected}` });
  }
}

export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) {
    throw new AssertionError({ message: msg ?? `Expected ${actual} < ${expected}` });
  }
}

export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual <= expected)) {
    throw new AssertionError({ message: msg ?? `Expected ${actual} <= ${expected}` });
  }
}

export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  nodeAssert.match(actual, expected, msg);
}

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) {
    throw new AssertionError({ message: msg ?? `Expected "${actual}" to contain "${expected}"` });
  }
}

export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: Class<T>,
  msg?: string,
): asserts actual is T {
  if (actual instanceof expectedType) return;
  throw new AssertionError({
    message: msg ?? `Expected an instance of "${expectedType.name}", got ${Deno.inspect(actual)}`,
  });
}

export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: Class<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  assertInstanceOf(error, ErrorClass ?? Error, msg);
  const message = (error as Error).message;
  if (msgMatches instanceof RegExp) assertMatch(message, msgMatches, msg);
  else if (msgMatches) assertStringIncludes(message, msgMatches, msg);
}

export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass?: Class<E> | string,
  msgIncludes = "",
  msg?: string,
): E | Error | unknown {
  let caught: unknown;
  try {
    fn();
  } catch (error) {
    caught = error;
    if (typeof ErrorClass === "function") assertIsError(error, ErrorClass, msgIncludes, msg);
    return caught;
  }
  throw new AssertionError({ message: "Expected function to throw" });
}

export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: Class<E> | string,
  msgIncludes = "",
  msg?: string,
): Promise<E | Error | unknown> {
  const promise = fn();
  try {
    await promise;
  } catch (error) {
    if (typeof ErrorClass === "function") assertIsError(error, ErrorClass, msgIncludes, msg);
    return error;
  }
  throw new AssertionError({ message: "Expected function to reject" });
}
