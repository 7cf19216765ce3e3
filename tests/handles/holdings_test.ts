import { assert, assertEquals, assertThrows } from "@std/assert";
import { ResourceManager, Text } from "../../mod.ts";
import { Adopted, Holdings, Mark, MovedStack } from "../../src/handles/holdings.ts";
import { Flights } from "../../src/load/flights.ts";

/** Holdings, and a log of what they dispose. An item whose name begins with "!" throws it. */
function bench() {
  const log: string[] = [];
  const { isOver } = Flights.prototype;
  const held = new Holdings(isOver, { label: "" });
  const stack = new DisposableStack();
  /** Adds a mark, and its entry to a native stack. */
  const mark = (isFirst = false, to = stack) => to.adopt(held.mark(isFirst), Mark.reached);
  const item = (name: string): Disposable => ({
    [Symbol.dispose]() {
      log.push(name);
      if (name.startsWith("!")) throw name;
    },
  });
  return { log, held, stack, mark, item };
}

/** A chain of errors, as text. */
function show(error: unknown): unknown {
  return error instanceof SuppressedError ? [show(error.error), show(error.suppressed)] : error;
}

Deno.test("Holdings.unwind() disposes what was added after a mark, the newest first", () => {
  const { log, held, mark, item } = bench();
  const first = mark(true);
  held.add(item("a"));
  const second = mark();
  held.add(item("b"));
  held.add(item("c"));
  assertEquals(held.over, false);
  held.unwind(second);
  assertEquals([log, held.over], [["c", "b"], true]);
  held.unwind(first);
  held.unwind(first);
  assertEquals(log, ["c", "b", "a"]);
});

Deno.test("Holdings.chain() makes one chain of the errors of its items and of the native stack", () => {
  const { log, held, stack, mark, item } = bench();
  mark(true);
  for (const name of ["!a", "!b"]) held.add(item(name));
  stack.defer(() => {
    throw "other";
  });
  mark();
  for (const name of ["!c", "d", "!e"]) held.add(item(name));
  const native = assertThrows(() => stack.dispose(), SuppressedError);
  assertEquals(show(native), [["!a", "!b"], ["other", ["!c", "!e"]]]);
  assertEquals(show(held.chain(native)), ["!a", ["!b", ["other", ["!c", "!e"]]]]);
  assertEquals(log, ["!e", "d", "!c", "!b", "!a"]);
  assertEquals(new Holdings(() => false, { label: "" }).chain(native), native);
});

Deno.test("Holdings.chain() keeps a SuppressedError that one item throws", () => {
  const { held, stack, mark } = bench();
  const own = new SuppressedError("x", "y");
  mark(true);
  held.add({
    [Symbol.dispose]() {
      throw own;
    },
  });
  mark();
  held.add({
    [Symbol.dispose]() {
      throw "first";
    },
  });
  const error = held.chain(assertThrows(() => stack.dispose())) as SuppressedError;
  assertEquals([error.error, error.suppressed], [own, "first"]);
});

Deno.test("MovedStack disposes what was added without the scope, in the right order, and does not nest", () => {
  const { log, held, mark, item } = bench();
  let stack = new DisposableStack();
  mark(true, stack);
  for (let move = 0; move < 5_000; move++) {
    if (move < 3) {
      mark(false, stack);
      held.add(item(`!item ${move}`));
      stack.defer(() => void log.push(`other ${move}`));
    }
    held.add(new MovedStack(stack));
    stack = new DisposableStack();
    mark(true, stack);
  }
  const error = assertThrows(() => stack.dispose());
  assertEquals(show(held.chain(error)), ["!item 0", ["!item 1", "!item 2"]]);
  const order = [2, 1, 0].flatMap((move) => [`other ${move}`, `!item ${move}`]);
  assertEquals(log, order);
});

Deno.test("a MovedStack whose entries throw adds each error to the chain, as a native stack does", () => {
  const { held, mark, item } = bench();
  const moved = new DisposableStack();
  for (const name of ["first", "second"]) {
    moved.defer(() => {
      throw name;
    });
  }
  const stack = new DisposableStack();
  mark(true, stack);
  held.add(new MovedStack(moved));
  held.add(item("!item"));
  const error = assertThrows(() => stack.dispose());
  assertEquals(show(held.chain(error)), ["first", ["second", "!item"]]);
});

Deno.test("Holdings forgets the items that were disposed early, and nothing else", () => {
  const { log, held, mark, item } = bench();
  using mgr = new ResourceManager({ source: { read: () => new Uint8Array() } });
  const first = mark(true);
  held.add(item("kept"));
  let repeated = 0;
  const again = { [Symbol.dispose]: () => void repeated++ };
  for (let i = 0; i < 1_000; i++) {
    const handle = mgr.load("a.txt", Text);
    const task = mgr.loadAsync("a.txt", Text);
    const stack = new DisposableStack();
    const own = { disposed: true, [Symbol.dispose]: () => {} };
    held.add(handle);
    held.add(task);
    for (const each of [handle, task, stack]) held.add(new Adopted(each, again[Symbol.dispose]));
    if (i < 10) held.add(new Adopted(own, () => void log.push("own")));
    for (const each of [stack, task, handle]) each[Symbol.dispose]();
    for (const each of [task, handle]) Object.assign(each, again);
  }
  assertEquals(mgr.size, 0);
  held.unwind(first);
  assert(repeated < 200, `${repeated} items were kept`);
  assertEquals(log, [...new Array(10).fill("own"), "kept"]);
});

Deno.test("Holdings keeps any number of items that are not disposed", () => {
  const { log, held, mark, item } = bench();
  const first = mark(true);
  for (let i = 0; i < 1_000; i++) held.add(item(`${i}`));
  held.unwind(first);
  assertEquals(log, Array.from({ length: 1_000 }, (_, i) => `${999 - i}`));
});
