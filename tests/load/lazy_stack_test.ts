import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { LazyStack } from "../../src/load/lazy_stack.ts";

/** What a stack does with everything that may be put into it, and once it is disposed. */
function life(stack: DisposableStack): unknown[] {
  const log: unknown[] = [stack.disposed];
  const told = (what: string) => () => void log.push(what);
  log.push(stack.use(null), stack.adopt("value", (value) => log.push(value)));
  stack.defer(told("deferred"));
  stack.use({ [Symbol.dispose]: told("used") });
  assertThrows(() => stack.use({} as Disposable), TypeError);
  assertThrows(() => stack.defer("no function" as never), TypeError);
  const moved = stack.move();
  log.push(moved instanceof DisposableStack, stack.disposed, moved.disposed);
  assertThrows(() => stack.move(), ReferenceError);
  assertThrows(() => stack.defer(told("too late")), ReferenceError);
  stack.dispose();
  moved[Symbol.dispose]();
  log.push(moved.disposed);
  return log;
}

/** What a stack does that is disposed before anything was put into it. */
function emptyLife(stack: DisposableStack): unknown[] {
  stack[Symbol.dispose]();
  stack.dispose();
  for (const late of [() => stack.use(null), () => stack.adopt(1, () => {}), () => stack.move()]) {
    assertThrows(late, ReferenceError);
  }
  return [stack.disposed, `${stack}`];
}

/** What a stack does when two of its callbacks throw. */
function failingLife(stack: DisposableStack): unknown[] {
  for (const message of ["first", "second"]) {
    stack.defer(() => {
      throw new Error(message);
    });
  }
  const { error, suppressed } = assertThrows(() => stack.dispose(), SuppressedError);
  return [error.message, suppressed.message, stack.disposed];
}

Deno.test("LazyStack does all that a DisposableStack does", () => {
  for (const live of [life, emptyLife, failingLife]) {
    assertEquals(live(new LazyStack()), live(new DisposableStack()));
  }
});

Deno.test("LazyStack is a DisposableStack to `instanceof`, in a class of its own too", () => {
  class Own extends LazyStack {}
  assertInstanceOf(new Own(), DisposableStack);
  assertInstanceOf(new Own(), LazyStack);
});

Deno.test("LazyStack ends each stack by itself", () => {
  const [one, other] = [new LazyStack(), new LazyStack()];
  one.dispose();
  assert(one.disposed && !other.disposed);
  other.defer(() => {});
  assert(!other.disposed);
});
