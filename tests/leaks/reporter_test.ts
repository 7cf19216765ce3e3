import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type Leak,
  type LeakOptions,
  logEvents,
  MemorySource,
  ResourceManager,
  Text,
} from "../../mod.ts";
import { SiteSampler } from "../../src/leaks/call_sites.ts";
import { startTrace } from "../../src/trace.ts";
import { stripAnsiCode } from "../_ansi.ts";
import { captured } from "../_console.ts";

/** Leaves a handle open in a manager that ends, and returns the leak that was reported. */
function leakOf(leaks: LeakOptions, label?: string): Leak | undefined {
  let reported: Leak | undefined;
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: { ...leaks, onLeak: (leak) => reported = leak },
  });
  forget(label === undefined ? mgr : mgr.scope(label));
  mgr[Symbol.dispose]();
  return reported;
}

function forget(loads: Pick<ResourceManager, "load">): void {
  loads.load("a.txt", Text);
}

Deno.test("leaks.stacks tells where a handle was opened: the first frame is the caller's", () => {
  const leak = leakOf({ stacks: true });
  assertMatch(leak?.stack?.split("\n")[0] ?? "", /^ {4}at forget \(.*reporter_test\.ts:\d+:\d+\)$/);
  assertEquals(leak?.label, undefined);
  const scoped = leakOf({ stacks: true }, "level 1");
  assertMatch(scoped?.stack?.split("\n")[0] ?? "", /at forget/);
  assertEquals(scoped?.label, "level 1");
});

Deno.test("leaks.stacks as a number captures one site in so many", () => {
  const stacks: boolean[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: { stacks: 3, onLeak: ({ stack }) => stacks.push(stack !== undefined) },
  });
  for (let i = 0; i < 9; i++) mgr.load("a.txt", Text);
  mgr[Symbol.dispose]();
  assertEquals(stacks.filter(Boolean).length, 3);
});

Deno.test("leaks.stacks knows where get(), add(), clone() and upgrade() were called", () => {
  const sites: string[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: { stacks: true, onLeak: ({ stack }) => sites.push(stack?.split("\n")[0] ?? "") },
  });
  const add = () => mgr.add("x", "x");
  const get = () => mgr.get("x", Text)!;
  const clone = () => handle.clone();
  const upgrade = () => handle.weak().upgrade();
  const handle = add();
  get();
  clone();
  upgrade();
  assertEquals(mgr.holders("x")[0]?.stacks.length, 4);
  mgr[Symbol.dispose]();
  assertEquals(sites.map((site) => site.match(/at (\w+)/)?.[1]).sort(), [
    "add",
    "clone",
    "get",
    "upgrade",
  ]);
});

Deno.test("leaks.stacks restores the stack trace limit", () => {
  const limit = Error.stackTraceLimit;
  leakOf({ stacks: true });
  assertEquals(Error.stackTraceLimit, limit);
});

Deno.test("leaks are told by one console.warn each when there is no onLeak", () => {
  const lines = captured("warn", () => {
    const mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "" }) });
    mgr.load("a.txt", Text);
    mgr.scope("level 1").load("a.txt", Text);
    mgr[Symbol.dispose]();
  });
  assertEquals(lines.length, 2);
  assertStringIncludes(
    stripAnsiCode(lines.join()),
    'Leaked handle: "a.txt" (Text) of "level 1" was still open when its manager was disposed',
  );
  assertStringIncludes(stripAnsiCode(lines.join()), "set leaks.stacks to see where it was opened");
});

Deno.test("a listener on leak takes the place of the console, and a trace does not", () => {
  const warned = (watch: (mgr: ResourceManager) => Disposable) =>
    captured("warn", () => {
      const mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "" }) });
      using _watch = watch(mgr);
      forget(mgr);
      mgr[Symbol.dispose]();
    }).length;
  const keys: string[] = [];
  assertEquals(warned((mgr) => mgr.on("leak", ({ key }) => keys.push(key))), 0);
  assertEquals(warned((mgr) => startTrace(mgr)), 1);
  assertEquals(captured("log", () => assertEquals(warned(logEvents), 0)).length, 3);
  const both = (mgr: ResourceManager) => {
    const stack = new DisposableStack();
    stack.use(startTrace(mgr));
    stack.use(mgr.on("leak", ({ key }) => keys.push(key)));
    return stack;
  };
  assertEquals([warned(both), keys], [0, ["a.txt", "a.txt"]]);
});

Deno.test("onLeak is called also when somebody listens on leak", () => {
  const keys: string[] = [];
  const onLeak = ({ key }: Leak) => keys.push(`onLeak ${key}`);
  const mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "" }), leaks: { onLeak } });
  mgr.on("leak", ({ key }) => keys.push(`listener ${key}`));
  forget(mgr);
  mgr[Symbol.dispose]();
  assertEquals(keys, ["listener a.txt", "onLeak a.txt"]);
});

Deno.test("what onLeak throws goes to the error event", () => {
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: {
      onLeak: () => {
        throw new Error("in onLeak");
      },
    },
  });
  mgr.load("a.txt", Text);
  const lines = captured("error", () => mgr[Symbol.dispose]());
  assertStringIncludes(stripAnsiCode(lines.join()), "in onLeak");
});

Deno.test("leaks.detect: false reports nothing", () => {
  assertEquals(leakOf({ detect: false }), undefined);
});

Deno.test("a call site is all frames that there are where the runtime has none of the caller, and none of Node's", () => {
  const sampler = new SiteSampler(1);
  function caller(): void {}
  const site = sampler.site(caller); // in Bun, a method that ends with a call is like that
  assertStringIncludes(site!, "reporter_test.ts");
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () =>
    "Error\n    at game.ts:1:2\n    at async node:internal/loader:3:4\n    at x (node:internal/y:5:6)";
  try {
    assertEquals(sampler.site(caller), "    at game.ts:1:2");
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});
