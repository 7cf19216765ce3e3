import { assertEquals, assertThrows } from "@std/assert";
import { SynchronousContext } from "../../src/load/load_context.ts";
import type { Loading } from "../../src/load/loading.ts";
import { Text } from "../../mod.ts";

/** A context whose dependencies `open` makes. */
function contextOf(key: string, open: (name: string) => unknown): SynchronousContext {
  const keyOf = (name: string) => name;
  const cache = { tick: () => 1, unloading: {} };
  const loading = { active: [], cache, dependency: open, keyOf } as unknown as Loading;
  return new SynchronousContext(key, loading);
}

Deno.test("SynchronousContext resolves relative names, and loads nothing after it has ended", () => {
  const names: string[] = [];
  const context = contextOf("dir/a.txt", (name) => {
    names.push(name);
    return { key: name, [Symbol.dispose]: () => names.push("disposed") };
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

Deno.test("SynchronousContext.end() returns what the resource has to keep, if there is anything", () => {
  const log: string[] = [];
  const make = () => contextOf("a.txt", () => ({ key: "b.txt" }));
  const uses: ((context: SynchronousContext) => unknown)[] = [
    (context) => context.use({ [Symbol.dispose]: () => log.push("use") }),
    (context) => context.adopt("adopt", (value) => log.push(value)),
    (context) => context.defer(() => log.push("defer")),
  ];
  for (const use of uses) {
    const context = make();
    use(context);
    const { context: kept, dependencies } = context.end({ value: "", bytes: 0, unloader: {} });
    assertEquals([context.disposed, kept!.disposed, dependencies], [true, false, undefined]);
    kept!.dispose();
  }
  assertEquals(log, ["use", "adopt", "defer"]);
  const unused = make();
  assertEquals([unused.end({ value: "", bytes: 0, unloader: {} }).context, unused.disposed], [
    undefined,
    true,
  ]);
});
