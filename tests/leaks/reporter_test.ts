import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type Leak,
  type LeakOptions,
  logEvents,
  MemorySource,
  ResourceManager,
  Text,
} from "../../mod.ts";
import { startTrace } from "../../src/trace.ts";
import { stripAnsiCode } from "../_ansi.ts";
import { captured } from "../_console.ts";
import { FakeTime } from "../trace/_recordings.ts";

/** Leaves a handle open in a manager that is disposed, and returns the leak that was reported. */
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

Deno.test("leaks.stacks says where a handle was opened: the first frame is the caller's", () => {
  const leak = leakOf({ stacks: true });
  assertMatch(leak?.stack?.split("\n")[0] ?? "", /^ {4}at forget \(.*reporter_test\.ts:\d+:\d+\)$/);
  assertEquals(leak?.label, undefined);
  const scoped = leakOf({ stacks: true }, "level 1");
  assertMatch(scoped?.stack?.split("\n")[0] ?? "", /at forget/);
  assertEquals(scoped?.label, "level 1");
});

Deno.test("leaks.stacks as a number captures one site in that many", () => {
  const stacks: boolean[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: { stacks: 3, onLeak: ({ stack }) => stacks.push(stack !== undefined) },
  });
  for (let i = 0; i < 9; i++) mgr.load("a.txt", Text);
  mgr[Symbol.dispose]();
  assertEquals(stacks.filter(Boolean).length, 3);
});

Deno.test("leaks.stacks as a number captures the first site of each name too", () => {
  const known: string[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "", "b.txt": "" }),
    leaks: { stacks: 100, onLeak: ({ key, stack }) => stack && known.push(key) },
  });
  for (let i = 0; i < 50; i++) mgr.load(i === 20 ? "b.txt" : "a.txt", Text);
  mgr[Symbol.dispose]();
  assertEquals(known.sort(), ["a.txt", "b.txt"]);
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

Deno.test("console.warn reports each leak when there is no onLeak", () => {
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

/** Returns the warnings when a manager is disposed in which `forget` left handles open. */
function warningsOf(
  forget: (mgr: ResourceManager) => void,
  leaks: LeakOptions = {},
): string[] {
  return captured("warn", () => {
    const files = Array.from(
      { length: 200 },
      (_, i) => [`${i}.txt`, "x".repeat(i * 1000)] as const,
    );
    const mgr = new ResourceManager({ source: new MemorySource(files), leaks });
    forget(mgr);
    mgr[Symbol.dispose]();
  }).map((line) => stripAnsiCode(String(line)));
}

Deno.test("many leaks of one line are one warning, with how many they are and what they kept in memory", () => {
  const spawn = (mgr: ResourceManager, count: number) => {
    for (let i = 0; i < count; i++) mgr.load(`${i % 5}.txt`, Text);
  };
  const [line, ...rest] = warningsOf((mgr) => spawn(mgr, 140), { stacks: true });
  const [title, frame, caller] = line!.split("\n");
  assertMatch(
    title!,
    /^Leaked handles: spawn · reporter_test\.ts:\d+ ×140, 10 kB: "0\.txt", "1\.txt", "2\.txt", 2 more were still open when its manager was disposed$/,
  );
  assertMatch(frame!, /^ {4}at spawn \(file:\/\/.*reporter_test\.ts:\d+:\d+\)$/);
  assertMatch(caller!, /warningsOf|reporter_test/);
  assertEquals(rest, []);
  assertEquals(warningsOf((mgr) => spawn(mgr, 140), { stacks: false }), [
    'Leaked handles: ×140, 10 kB: "0.txt", "1.txt", "2.txt", 2 more were still open when its manager ' +
    "was disposed\n    set leaks.stacks to see where they were opened",
  ]);
});

Deno.test("a thousand scopes that leak make twenty warnings, and one that counts the others", () => {
  const lines = warningsOf((mgr) => {
    for (let i = 0; i < 1000; i++) mgr.scope(`scene ${i}`).load("1.txt", Text);
  });
  assertEquals(lines.length, 21);
  assertEquals(
    lines[20],
    "Leaks at 980 more call sites: see cacheStats().leakSites",
  );
});

Deno.test("ten thousand leaks of one scope are one warning, which counts all of them", () => {
  let count = 0;
  const lines = warningsOf((mgr) => {
    mgr.on("leak", () => count++)[Symbol.dispose]();
    const scope = mgr.scope("caves");
    for (let i = 0; i < 10_000; i++) scope.load(`${i % 200}.txt`, Text);
  });
  assertEquals([lines.length, count], [1, 0]);
  assertStringIncludes(lines[0]!, 'Leaked handles: ×10000, 19.9 MB: "0.txt"');
  assertStringIncludes(lines[0]!, '197 more of "caves" were still open');
});

Deno.test("a name or a function can't break or disguise the lines of a warning", () => {
  const name = "\x1b[2J\n    at forged (file:///a.ts:1:1)\u202e";
  const method = "\x1b[2J\u202e";
  const holder = { [method]: (mgr: ResourceManager) => mgr.add(name, "") };
  for (const count of [1, 2]) {
    const [line, ...rest] = warningsOf((mgr) => {
      const handle = holder[method]!(mgr);
      if (count === 2) handle.clone();
    }, { stacks: true });
    assertEquals(rest.length, count - 1);
    // deno-lint-ignore no-control-regex
    assertEquals(/[\x1b\u202e]|^ {4}at forged/m.test([line, ...rest].join("\n")), false, line);
  }
});

Deno.test("two managers report and count their own leaks", () => {
  const spawn = (mgr: ResourceManager) => void mgr.load("3.txt", Text);
  const both = captured("warn", () => {
    const managers = [1, 2].map(() =>
      new ResourceManager({ source: new MemorySource({ "3.txt": "xyz" }), leaks: { stacks: true } })
    );
    for (const mgr of managers) spawn(mgr);
    for (const mgr of managers) mgr[Symbol.dispose]();
    assertEquals(
      managers.map((mgr) => mgr.cacheStats().leakSites!.map(({ count, bytes }) => [count, bytes])),
      [[[1, 3]], [[1, 3]]],
    );
  });
  assertEquals(both.length, 2);
});

Deno.test("a handle of a resource that was unloaded by force keeps no bytes resident", () => {
  const leaks: Leak[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "A" }),
    leaks: { onLeak: (leak) => leaks.push(leak) },
  });
  mgr.load("a.txt", Text);
  mgr.unload("a.txt", { force: true });
  mgr.load("a.txt", Text);
  mgr[Symbol.dispose]();
  assertEquals(leaks.map(({ bytes }) => bytes).sort(), [1, undefined]);
});

Deno.test("cacheStats() has the leaks by call site, as plain data, and only if there are some", () => {
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "A" }),
    leaks: { stacks: true, onLeak() {} },
  });
  assertEquals("leakSites" in mgr.cacheStats(), false);
  {
    using time = new FakeTime();
    for (let i = 0; i < 3; i++, time.wait(100)) forget(mgr);
  }
  mgr[Symbol.dispose]();
  const { leakSites } = mgr.cacheStats();
  const [site] = leakSites!;
  assertMatch(site!.site!, /^forget · reporter_test\.ts:\d+$/);
  assertEquals([site!.count, site!.bytes, site!.keys], [3, 1, ["a.txt"]]);
  assertEquals(site!.openedAt, 1000); // when the first was
  assertEquals(JSON.parse(JSON.stringify(mgr.cacheStats())).leakSites, leakSites);
});

Deno.test("holders() groups open handles by the line that opened them", () => {
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "A" }),
    leaks: { stacks: true },
  });
  using scene = mgr.scope("caves");
  for (let i = 0; i < 3; i++) scene.load("a.txt", Text);
  scene.load("a.txt", Text);
  using _one = mgr.load("a.txt", Text);
  const [ofScene, rest] = mgr.holders("a.txt");
  assertEquals(ofScene!.sites!.map(({ count }) => count), [3, 1]);
  assertEquals([ofScene!.stacks.length, ofScene!.sites![0]!.stack], [4, ofScene!.stacks[0]]);
  assertMatch(rest!.sites![0]!.site, /^reporter_test\.ts:\d+$/);
});

Deno.test("a listener to leak replaces the console, and a trace does not", () => {
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

Deno.test("onLeak is called also when there is a listener to leak", () => {
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
