import { assert } from "@std/assert";
import { type ManagerTracker, ResourceLeakError, trackManagers } from "../src/testing.ts";

let tracker: ManagerTracker;
let isMeantToLeak = false;
let isGuarded = false;

/** Fails each test of the module that leaves a manager with open handles, or with leaks. */
export function guardAgainstLeaks(): void {
  if (!("beforeEach" in Deno.test)) return; // An old Deno, which has no hooks yet.
  if (isGuarded) return; // Another file of the same module has registered the hooks.
  isGuarded = true;
  Deno.test.beforeEach(() => {
    tracker = trackManagers({ stacks: false });
    isMeantToLeak = false;
  });
  Deno.test.afterEach(() => {
    try {
      tracker[Symbol.dispose]();
    } catch (error) {
      if (isMeantToLeak && error instanceof ResourceLeakError) return;
      throw error;
    }
    assert(!isMeantToLeak, "the test was meant to leak, and does not");
  });
}

/** Declares that the running test must leak. */
export function leakOnPurpose(): void {
  isMeantToLeak = true;
}
