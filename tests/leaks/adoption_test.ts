import { assertEquals, assertStrictEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { keep, MemorySource, ResourceManager, Text } from "../../mod.ts";
import { type StrictlyHeld, StrictWatch } from "../../src/leaks/adoption.ts";
import { type Leased, LeaseList, RecordedLease } from "../../src/leaks/leases.ts";

Deno.test("keep() returns what it is given, and disposes nothing", () => {
  using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A" }) });
  using handle = mgr.load("a.txt", Text);
  assertStrictEquals(keep(handle), handle);
  assertEquals([handle.disposed, handle.value], [false, "A"]);
});

Deno.test("StrictWatch reports at the end of the task, once, what was not adopted by then", async () => {
  const reported: string[] = [];
  const watch = new StrictWatch((records) =>
    reported.push(...records.map(({ site }) => site!.stack))
  );
  const held = (stack: string): StrictlyHeld & { adopted: boolean } => ({
    adopted: false,
    record: new RecordedLease(new LeaseList({} as Leased), {
      site: { stack, openedAt: 0 },
    }),
  });
  const [a, b] = ["a", "b"].map(held);
  watch.add(a!);
  watch.add(b!);
  await Promise.resolve();
  assertEquals(reported, []);
  b!.adopted = true;
  await setImmediate();
  assertEquals(reported, ["a"]);
  watch.add(held("c"));
  await setImmediate();
  assertEquals(reported, ["a", "c"]);
});
