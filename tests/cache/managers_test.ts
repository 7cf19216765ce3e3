import { assertEquals } from "@std/assert";
import { ResourceManager } from "../../mod.ts";
import {
  type ManagerObserver,
  managerObservers,
  observedLeakOptions,
} from "../../src/cache/managers.ts";

Deno.test("manager observers see each new manager, and may change its leak options", () => {
  const made: unknown[] = [];
  const observer = (stacks: number): ManagerObserver & Disposable => ({
    leakOptions: (own) => ({ ...own, stacks: Number(own?.stacks ?? 1) * stacks }),
    made: (cache) => made.push(stacks, cache.leaks.watchesAll),
    [Symbol.dispose]() {
      managerObservers.delete(this);
    },
  });
  using two = observer(2);
  managerObservers.add(two);
  using three = observer(3);
  managerObservers.add(three);
  assertEquals(observedLeakOptions({ detect: false }), { detect: false, stacks: 6 });
  using _mgr = new ResourceManager();
  assertEquals(made, [2, true, 3, true]);
});

Deno.test("a manager has its own leak options when there are no manager observers", () => {
  assertEquals([managerObservers.size, observedLeakOptions(undefined)], [0, undefined]);
});
