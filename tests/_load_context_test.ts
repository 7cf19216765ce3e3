import { assertEquals, assertThrows } from "@std/assert";
import { SynchronousContext } from "../src/_load_context.ts";
import { Text } from "../mod.ts";

Deno.test("SynchronousContext resolves relative names, and gives nothing when it has ended", () => {
  const names: string[] = [];
  const context = new SynchronousContext("dir/a.txt", (name) => {
    names.push(name);
    return { [Symbol.dispose]: () => names.push("disposed") } as never;
  });
  context.load("./b.txt", Text);
  context.load("b.txt", Text);
  context.dispose();
  assertEquals(names, ["./dir/./b.txt", "b.txt", "disposed", "disposed"]);
  assertThrows(
    () => context.load("c.txt", Text),
    ReferenceError,
    'the load of "dir/a.txt" has ended',
  );
});
