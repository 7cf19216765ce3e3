import { assertEquals, assertStringIncludes } from "@std/assert";
import { SiteSampler } from "../../src/leaks/call_sites.ts";

/** Returns a call site above `caller`, whose text `make` makes. */
function siteBelow(
  caller: (...args: never[]) => unknown,
  make = Error.prepareStackTrace,
): string | undefined {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = make;
  try {
    return new SiteSampler(1).site(caller, "a.txt")?.stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

Deno.test("a call site has all frames but the runtime's own where the runtime drops that of the caller", () => {
  function caller(): void {}
  assertStringIncludes(siteBelow(caller)!, "call_sites_test.ts"); // Bun drops a method that ends with a call
  const frames = "    at game.ts:1:2\n    at async node:internal/loader:3:4\n" +
    "    at x (node:internal/y:5:6)\n    at x (ext:core/02_timers.js:250:7)\n" +
    "    at loadModule (native:2)\n    at processTicks (native:7:39)"; // those of Bun
  assertEquals(siteBelow(caller, () => `Error\n${frames}`), "    at game.ts:1:2");
});

Deno.test("a call site has no frame of the library where the runtime drops that of the caller, but in a bundle", () => {
  const own = (file: string) =>
    `    at <anonymous> (/g/node_modules/@holdfast/resources/src/${file})`;
  const game = "    at spawn (/g/src/leaks/game.ts:1:2)";
  const frames = [own("leaks/call_sites.js:50:11"), own("handles/open.js:1:2"), game].join("\n");
  let calls = 0; // Bun has no frames above the caller, and all of them without one
  const stack = () => calls++ === 0 ? "Error" : `Error\n${frames}`;
  assertEquals(siteBelow(siteBelow, stack), game);
  calls = 0;
  const bundled = "    at captureSite (/g/game.js:1:2)\n    at spawn (/g/game.js:3:4)";
  assertEquals(siteBelow(siteBelow, () => calls++ === 0 ? "Error" : bundled), bundled);
});

Deno.test("a call site keeps the first frame of a stack without a title, as in Firefox and Safari", () => {
  const frames = "spawn@http://localhost/make.js:1:2\nupdate@http://localhost/game.js:3:4";
  assertEquals(siteBelow(siteBelow, () => frames), frames);
});

Deno.test("a call site is empty, and the load goes on, if Error.prepareStackTrace throws or makes no stack", () => {
  const makers = [() => undefined, () => Symbol("stack"), () => Object.create(null), () => 5];
  const thrower = () => {
    throw new Error("no stack");
  };
  for (const make of [...makers, thrower]) assertEquals(siteBelow(siteBelow, make), "");
});
