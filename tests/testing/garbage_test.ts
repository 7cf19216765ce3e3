import { assertEquals, assertRejects } from "@std/assert";
import { collectGarbage } from "../../src/testing.ts";

let finalised = 0;
const registry = new FinalizationRegistry<undefined>(() => finalised++);

/** Makes garbage in a function of its own, so that nothing on the stack of a test keeps it alive. */
function litter(count: number): void {
  for (let i = 0; i < count; i++) registry.register({}, undefined);
}

Deno.test("collectGarbage() ends when the finalizers of all garbage have run", async () => {
  litter(1_000);
  await collectGarbage({ collections: 1 });
  assertEquals(finalised, 1_000);
});

let rounds = 0;
/** Counts collections: each finalizer makes garbage for the next one. */
const chain = new FinalizationRegistry<undefined>(() => {
  rounds++;
  relay();
});

function relay(): void {
  chain.register({}, undefined);
}

Deno.test("collectGarbage() collects twice, or as often as `collections` says", async () => {
  relay();
  await collectGarbage();
  assertEquals(rounds, 2);
  await collectGarbage({ collections: 3 });
  assertEquals(rounds, 5);
});

Deno.test("collectGarbage() collects until `until` returns true, and throws if it never does", async () => {
  let asked = 0;
  await collectGarbage({ until: () => ++asked === 3 });
  assertEquals(asked, 3);
  await assertRejects(
    () => collectGarbage({ until: () => false, collections: 1 }),
    Error,
    'Cannot collect garbage until "until" holds: it does not after 1 collection',
  );
});
