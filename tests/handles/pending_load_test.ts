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
    weak: () => ({ key: "k", upgrade: () => undefined }),
    [Symbol.dispose]: () => void log.push("disposed"),
  };
}

Deno.test("PendingLoad is a promise, and what follows from it is a plain one", async () => {
  const task = new PendingLoad(handle());
  assertInstanceOf(task, Promise);
  assert(!(task.then(() => {}) instanceof PendingLoad));
  assertEquals([(await task).value, await task.then(({ key }) => key)], ["v", "k"]);
});

Deno.test("PendingLoad calls back once when it is settled, however often it is settled", async () => {
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

Deno.test("PendingLoad that is disposed while it waits rejects, and nobody has to handle that", async () => {
  const task = new PendingLoad<string>(undefined, new Waiting());
  task[Symbol.dispose]();
  await task[Symbol.asyncDispose]();
  const error = await assertRejects(() => task, DOMException, "The load was withdrawn");
  assertEquals(error.name, "AbortError");
});

Deno.test("PendingLoad.failed() has failed", async () => {
  await assertRejects(() => PendingLoad.failed(new Error("x")), Error, "x");
});
