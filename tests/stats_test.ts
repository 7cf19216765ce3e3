import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatStats, type ResourceStats } from "../mod.ts";
import { stripAnsiCode } from "./_ansi.ts";
import { bench, Thing } from "./_thing.ts";

const TOTALS = {
  totalReferences: 3,
  bytes: 1_500_000,
  idleCount: 1,
  idleBytes: 500_000,
  maxBytes: 4_000_000,
  hits: 10,
  misses: 2,
  evictions: 1,
  leaks: 0,
};

function resource(part: Partial<ResourceStats>): ResourceStats {
  return {
    type: "Texture",
    refCount: 1,
    handles: 1,
    bytes: 1_000_000,
    state: "live",
    version: 1,
    lastAccessed: Date.now(),
    dependencies: [],
    ...part,
  };
}

Deno.test("formatStats() draws an aligned table, the largest first", () => {
  const table = formatStats({
    resourceCount: 2,
    ...TOTALS,
    resources: {
      "b.png": resource({
        bytes: 500_000,
        state: "idle",
        refCount: 0,
        lastAccessed: Date.now() - 65_500,
      }),
      "long/name.png": resource({ refCount: 12 }),
    },
  });
  assertEquals(stripAnsiCode(table).split("\n"), [
    "2 resources · 3 references · 1.5 MB of 4 MB · 1 idle (500 kB) · 10 hits · 2 misses · 1 eviction · 0 leaks",
    "key            type     state  refs    size  used",
    "long/name.png  Texture  live     12    1 MB  now",
    "b.png          Texture  idle      0  500 kB  65 s ago",
  ]);
});

Deno.test("formatStats() says how long ago in one unit, and counts in the right number", () => {
  const lines = [0, 119, 120, 7199, 7200, -5].map((seconds) => {
    const lastAccessed = Date.now() - seconds * 1000 - 10;
    const table = formatStats({
      ...TOTALS,
      resourceCount: 1,
      misses: 1,
      leaks: 1,
      maxBytes: undefined,
      resources: { a: resource({ state: "idle", lastAccessed }) },
    });
    assertStringIncludes(stripAnsiCode(table), "1 resource · 3 references · 1.5 MB · 1 idle");
    assertStringIncludes(table, "1 miss · 1 eviction · 1 leak\n");
    return stripAnsiCode(table).split("  ").at(-1);
  });
  assertEquals(lines, ["just now", "119 s ago", "2 min ago", "119 min ago", "2 h ago", "just now"]);
});

Deno.test("formatStats() takes what a manager gives, with nothing in it too", () => {
  using b = bench({ "a.thing": "abc" }, { idle: "keep" });
  assertStringIncludes(formatStats(b.mgr.cacheStats()), "0 resources");
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  assertStringIncludes(stripAnsiCode(formatStats(b.mgr.cacheStats())), "3 B  just now");
});

Deno.test("formatStats() respects NO_COLOR", async () => {
  const program = `import { formatStats, ResourceManager } from "@holdfast/resources";
    using mgr = new ResourceManager();
    console.log(JSON.stringify(formatStats(mgr.cacheStats())));`;
  const run = async (env: Record<string, string>) => {
    const command = new Deno.Command(Deno.execPath(), {
      args: ["eval", program],
      cwd: new URL("..", import.meta.url),
      env,
      stderr: "inherit",
    });
    return new TextDecoder().decode((await command.output()).stdout);
  };
  assertEquals((await run({ NO_COLOR: "1" })).includes("\\u001b"), false);
});
