import { assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { StrictWatch } from "../../src/leaks/strict_watch.ts";

Deno.test("StrictWatch reports at the end of the task, once, what was not adopted by then", async () => {
  const reported: string[] = [];
  const watch = new StrictWatch<{ name: string; adopted: boolean }>(({ name }) =>
    reported.push(name)
  );
  const [a, b] = ["a", "b"].map((name) => ({ name, adopted: false }));
  watch.add(a!);
  watch.add(b!);
  await Promise.resolve();
  assertEquals(reported, []);
  b!.adopted = true;
  await setImmediate();
  assertEquals(reported, ["a"]);
  watch.add({ name: "c", adopted: false });
  await setImmediate();
  assertEquals(reported, ["a", "c"]);
});
