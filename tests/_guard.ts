import { assert } from "@std/assert";
import { type ManagerTracker, ResourceLeakError, trackManagers } from "../src/testing.ts";

let tracker: ManagerTracker;
let isMeantToLeak = false;
let guards = false;

/** Fails each test of the module that leaves a manager with open handles, or with leaks. */
export function guardAgainstLeaks(): void {
  if (!("beforeEach" in Deno.test)) return; // An old Deno, which has no hooks yet.
  if (guards) return; // Another file of the same module has said so.
  guards = true;
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

/** Says that the running test leaks, and has to. */
export function leakOnPurpose(): void {
  isMeantToLeak = true;
}
