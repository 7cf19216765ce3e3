import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import type { Handle } from "../../mod.ts";
import { PendingLoad, Waiting } from "../../src/handles/pending_load.ts";

function handle(log: string[] = []): Handle<string> {
  return {
    value: "v",
    key: "k",
    version: 1,
    disposed: false,
    clone: () => handle(log),
    toJSON: () => "a",
    weak: () => ({ key: "k", upgrade: () => undefined }),
    [Symbol.dispose]: () => void log.push("disposed"),
  };
}

Deno.test("PendingLoad is a promise, and its then() returns a plain one", async () => {
  const task = new PendingLoad(handle());
  assertInstanceOf(task, Promise);
  assert(!(task.then(() => {}) instanceof PendingLoad));
  assertEquals([(await task).value, await task.then(({ key }) => key)], ["v", "k"]);
});

Deno.test("PendingLoad calls served() once, however often it is settled", async () => {
  const log: string[] = [];
  const waiting = new Waiting<string>();
  waiting.served = () => log.push("served");
  const task = new PendingLoad(undefined, waiting);
  const given = handle(log);
  task.fulfil(given);
  task.fail(new Error("late"));
  assertStrictEquals(await task, given);
  task[Symbol.dispose]();
  await task[Symbol.asyncDispose]();
  assertEquals(log, ["served", "disposed", "disposed"]);
});

Deno.test("PendingLoad rejects when it is disposed while it waits, and that never counts as unhandled", async () => {
  const task = new PendingLoad<string>(undefined, new Waiting());
  task[Symbol.dispose]();
  await task[Symbol.asyncDispose]();
  const message = "Cannot load a resource: the load was withdrawn";
  const error = await assertRejects(() => task, DOMException, message);
  assertEquals(error.name, "AbortError");
});

Deno.test("PendingLoad calls withdrawn() before served() when it is withdrawn, and only then", async () => {
  const log: string[] = [];
  const waiting = () => {
    const each = new Waiting<string>();
    each.withdrawn = () => log.push("withdrawn");
    each.served = () => log.push("served");
    return each;
  };
  const task = new PendingLoad<string>(undefined, waiting());
  task.withdraw(new Error("left"));
  task.withdraw(new Error("again"));
  await assertRejects(() => task, Error, "left");
  new PendingLoad(undefined, waiting()).fulfil(handle());
  await assertRejects(
    () => {
      const failing = new PendingLoad<string>(undefined, waiting());
      failing.fail(new Error("disk"));
      return failing;
    },
    Error,
    "disk",
  );
  assertEquals(log, ["withdrawn", "served", "served", "served"]);
});

Deno.test("PendingLoad.over says that there is nothing left to dispose", () => {
  let disposed = false;
  const given: Handle<string> = {
    ...handle(),
    get disposed() {
      return disposed;
    },
  };
  const task = new PendingLoad<string>(undefined, new Waiting());
  assertEquals(task.over, false);
  task.fulfil(given);
  assertEquals(task.over, false);
  disposed = true;
  assertEquals(task.over, true);
  const left = new PendingLoad<string>(undefined, new Waiting());
  left[Symbol.dispose]();
  assertEquals(left.over, true);
});

Deno.test("PendingLoad.failed() returns a task that rejects", async () => {
  await assertRejects(() => PendingLoad.failed(new Error("x")), Error, "x");
});
