import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { LazyStack } from "../../src/load/lazy_stack.ts";

/** What a stack does with everything that can be put into it, and after it is disposed. */
function life(stack: DisposableStack): unknown[] {
  const log: unknown[] = [stack.disposed];
  const logs = (what: string) => () => void log.push(what);
  log.push(stack.use(null), stack.adopt("value", (value) => log.push(value)));
  stack.defer(logs("deferred"));
  stack.use({ [Symbol.dispose]: logs("used") });
  assertThrows(() => stack.use({} as Disposable), TypeError);
  assertThrows(() => stack.defer("no function" as never), TypeError);
  const moved = stack.move();
  log.push(moved instanceof DisposableStack, stack.disposed, moved.disposed);
  assertThrows(() => stack.move(), ReferenceError);
  assertThrows(() => stack.defer(logs("too late")), ReferenceError);
  stack.dispose();
  moved[Symbol.dispose]();
  log.push(moved.disposed);
  return log;
}

/** What a stack does when it is disposed before anything was put into it. */
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

Deno.test("LazyStack does everything that a DisposableStack does", () => {
  for (const live of [life, emptyLife, failingLife]) {
    assertEquals(live(new LazyStack()), live(new DisposableStack()));
  }
});

Deno.test("LazyStack and its subclasses are instances of DisposableStack", () => {
  class Own extends LazyStack {}
  assertInstanceOf(new Own(), DisposableStack);
  assertInstanceOf(new Own(), LazyStack);
});

Deno.test("LazyStack disposes each stack separately", () => {
  const [one, other] = [new LazyStack(), new LazyStack()];
  one.dispose();
  assert(one.disposed && !other.disposed);
  other.defer(() => {});
  assert(!other.disposed);
});
