import { assertEquals } from "@std/assert";
import {
  isWithdrawn,
  ManagerDisposedError,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  Text,
} from "../../mod.ts";
import { isNoted, noteWithdrawal, withdrawalOf } from "../../src/contract/withdrawal.ts";

Deno.test("isWithdrawn() is true for aborts and for the end of the manager, and false for failures", () => {
  const wanted = [
    withdrawalOf('"a.txt"'),
    new DOMException("from elsewhere", "AbortError"),
    new ManagerDisposedError('load "a.txt"'),
  ];
  assertEquals(wanted.map(isWithdrawn), [true, true, true]);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const failures = [
    new ResourceLoadError("a.txt", "disk"),
    new AggregateError([withdrawalOf('"a.txt"')]),
    new DOMException("too late", "TimeoutError"),
    proxy,
    undefined,
    null,
    "AbortError",
    { name: "AbortError" },
  ];
  assertEquals(failures.map(isWithdrawn), failures.map(() => false));
});

Deno.test("isWithdrawn() recognises the reason of a signal, of any type", async () => {
  using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "" }) });
  const reasons = [new Error("left"), "turned round", 7, Symbol("s"), () => {}, null];
  for (const reason of reasons) {
    const abort = new AbortController();
    const task = mgr.loadAsync("a.txt", Text, { signal: abort.signal });
    abort.abort(reason);
    const error = await task.catch((error) => error);
    assertEquals([error, isWithdrawn(error)], [reason, true]);
    const late = mgr.loadAsync("a.txt", Text, { signal: AbortSignal.abort(reason) });
    assertEquals(await late.catch(isWithdrawn), true);
  }
  assertEquals(isWithdrawn("never a reason"), false);
});

Deno.test("noteWithdrawal() keeps only the last reasons that are not objects", () => {
  for (let i = 0; i < 1_000; i++) noteWithdrawal(`reason ${i}`);
  assertEquals([isNoted("reason 999"), isNoted("reason 0")], [true, false]);
});
