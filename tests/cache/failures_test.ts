import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { flatten, throwAll } from "../../src/cache/failures.ts";

const [first, second, third] = [new Error("1"), new Error("2"), new Error("3")];

Deno.test("throwAll() throws nothing, one error as it is, or all of them together", () => {
  throwAll([]);
  const one = assertThrows(() => throwAll([{ error: first, key: "a" }]));
  assertStrictEquals(one, first);
  const failures = [{ error: first, key: "a" }, { error: second, key: "b" }];
  const both = assertThrows(() => throwAll(failures), AggregateError);
  assertEquals(both.errors, [first, second]);
  assertEquals(both.message, 'Cannot unload cleanly: 2 resources failed, "a", "b"');
  assertThrows(() => throwAll(failures, "reload"), AggregateError, "Cannot reload cleanly");
});

Deno.test("flatten() gives what a stack chained in the order of throwing", () => {
  const stack = new DisposableStack();
  for (const error of [third, second, first]) {
    stack.defer(() => {
      throw error;
    });
  }
  const chained = assertThrows(() => stack.dispose());
  assertEquals(flatten(chained), [first, second, third]);
  assertEquals(flatten("x"), ["x"]);
});

Deno.test("flatten() takes a chain of any length", () => {
  const stack = new DisposableStack();
  for (let i = 0; i < 50_000; i++) {
    stack.defer(() => {
      throw i;
    });
  }
  assertEquals(flatten(assertThrows(() => stack.dispose())).length, 50_000);
});
