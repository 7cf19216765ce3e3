import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { MemorySource, ResourceManager, type ResourceManagerOptions, Text } from "../../mod.ts";
import { managerObservers } from "../../src/cache/managers.ts";
import {
  assertNoLeaks,
  collectGarbage,
  ResourceLeakError,
  trackManagers,
  type TrackManagersOptions,
} from "../../src/testing.ts";
import { captured } from "../_console.ts";

function manager(leaks?: ResourceManagerOptions["leaks"]): ResourceManager {
  return new ResourceManager({
    source: new MemorySource({ "a.txt": "a", "b.txt": "b" }),
    ...(leaks && { leaks }),
  });
}

/** The error at the end of a test that runs `play`. */
function failure(play: () => void, options?: TrackManagersOptions): ResourceLeakError {
  return assertThrows(() => {
    using _managers = trackManagers(options);
    play();
  }, ResourceLeakError) as ResourceLeakError;
}

Deno.test("trackManagers() lets a test pass that releases everything", () => {
  using managers = trackManagers();
  using mgr = manager();
  {
    using _a = mgr.load("a.txt", Text);
    assertThrows(() => managers.check(), ResourceLeakError);
  }
  managers.check();
});

Deno.test("trackManagers() fails a test that leaves a manager with open handles, and says where", () => {
  const error = failure(function play() {
    manager().load("a.txt", Text);
  });
  assertStringIncludes(error.message, "in the manager that was made at manager (file:");
  assertStringIncludes(error.message, "  a.txt  Text  1 handle\n                 at play (file:");
  assert(!error.stack?.includes("src/testing"), "it points at the test");
});

Deno.test("trackManagers() fails a test whose manager was disposed with open handles, without a warning", () => {
  const warnings = captured("warn", () => {
    const error = failure(() => {
      using mgr = manager();
      mgr.load("a.txt", Text);
      mgr.load("a.txt", Text);
    });
    assertStringIncludes(error.message, "2 handles, reported as leaked\n");
    assertEquals(error.count, 2);
  });
  assertEquals(warnings, []);
});

Deno.test("trackManagers() fails a test that leaves manual references", () => {
  const error = failure(() => {
    const mgr = manager();
    using _a = mgr.load("a.txt", Text);
    mgr.acquire("a.txt");
  });
  assertStringIncludes(error.message, "1 acquire() not released");
});

Deno.test("trackManagers() fails a test whose handle was collected, with its site", async () => {
  const managers = trackManagers();
  using mgr = manager();
  (function forget() {
    mgr.load("a.txt", Text);
  })();
  await collectGarbage();
  assertEquals(mgr.size, 0);
  assertThrows(() => managers.check(), ResourceLeakError, "at forget");
  assertThrows(() => assertNoLeaks(mgr), ResourceLeakError, "at forget");
  assertThrows(() => managers[Symbol.dispose](), ResourceLeakError, "at forget");
  managers[Symbol.dispose](); // the second call does nothing
});

Deno.test("trackManagers() reports each manager that leaks, but not those made before or after it", () => {
  using before = manager();
  using _held = before.load("a.txt", Text);
  const error = failure(() => {
    manager().load("a.txt", Text);
    manager().load("b.txt", Text);
    using clean = manager();
    clean.load("b.txt", Text)[Symbol.dispose]();
  });
  assertEquals(error.managers.map(({ held }) => held[0]?.key), ["a.txt", "b.txt"]);
  assertEquals(managerObservers.size, 0);
  using after = manager();
  using _also = after.load("a.txt", Text);
});

Deno.test("trackManagers() respects the leak options of a manager", () => {
  let reports = 0;
  const error = failure(() => {
    using mgr = manager({ stacks: false, onLeak: () => reports++ });
    mgr.load("a.txt", Text);
  });
  assertEquals([reports, error.managers[0]?.reported], [1, [{
    key: "a.txt",
    type: "Text",
    bytes: 1,
  }]]);
});

Deno.test("trackManagers() captures no call sites with stacks: false", () => {
  const error = failure(() => void manager().load("a.txt", Text), { stacks: false });
  assertEquals(error.managers[0]?.held[0]?.stacks, []);
  assertStringIncludes(error.message, "set leaks.stacks to see where");
});

Deno.test("trackManagers() keeps the call sites of a strict manager", async () => {
  const managers = trackManagers({ stacks: false });
  using mgr = manager({ strict: true });
  using _held = (function forget() {
    return mgr.load("a.txt", Text).clone();
  })();
  await setImmediate();
  const error = assertThrows(() => managers[Symbol.dispose](), ResourceLeakError);
  assertStringIncludes(
    (error as ResourceLeakError).managers[0]?.reported[0]?.stack ?? "",
    "at forget",
  );
});

Deno.test("trackManagers() may be nested: both see the managers that are made in the inner one", () => {
  const error = failure(() => {
    const inner = failure(() => void manager().load("a.txt", Text));
    assertEquals(inner.count, 1);
  });
  assertEquals(error.count, 1);
});
