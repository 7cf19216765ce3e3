import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { formatStats, type ResourceStats } from "../../mod.ts";
import { stripAnsiCode } from "../_ansi.ts";
import { StillDate } from "../_date.ts";
import { guardAgainstLeaks } from "../_guard.ts";
import { outputOf } from "../_run_deno.ts";
import { bench, Thing } from "../_thing.ts";

guardAgainstLeaks();

const TOTALS = {
  totalReferences: 3,
  bytes: 1_500_000,
  idleCount: 1,
  idleBytes: 500_000,
  reclaimableBytes: 500_000,
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
    lastAccessed: 0,
    dependencies: [],
    ...part,
  };
}

Deno.test("formatStats() shows what waits for a pump, if anything does", () => {
  const stats = (loads: number, unloads: number) =>
    formatStats({
      resourceCount: 0,
      ...TOTALS,
      queued: { loads, unloads, bytes: 1_500_000 },
      resources: {},
    }, { maxWidth: Infinity });
  assertEquals(
    stripAnsiCode(stats(1, 2)).split("\n")[0]!.split(" · ").at(-1),
    "1 load and 2 unloads (1.5 MB) wait",
  );
  assertEquals(stripAnsiCode(stats(0, 0)).includes("wait"), false);
});

Deno.test("formatStats() returns an aligned table, the largest resource first", () => {
  using date = new StillDate();
  const table = formatStats({
    resourceCount: 2,
    ...TOTALS,
    resources: {
      "b.png": resource({
        bytes: 500_000,
        state: "idle",
        refCount: 0,
        lastAccessed: date.now - 65_500,
      }),
      "long/name.png": resource({ refCount: 12, handles: 12 }),
    },
  }, { maxWidth: Infinity });
  assertEquals(stripAnsiCode(table).split("\n"), [
    "2 resources · 3 references · 1.5 MB of 4 MB · 1 idle (500 kB) · 10 hits · 2 misses · 1 eviction · 0 leaks",
    "key            type     state  refs    size  used",
    "long/name.png  Texture  live     12    1 MB  now",
    "b.png          Texture  idle      0  500 kB  65 s ago",
  ]);
});

Deno.test("formatStats() fits the table and its totals into maxWidth and maxRows", () => {
  using date = new StillDate();
  const held = { state: "idle", refCount: 0, lastAccessed: date.now } as const;
  const table = formatStats({
    resourceCount: 2,
    ...TOTALS,
    resources: {
      "levels/forest/a/very/long/path/to/backdrop.png": resource(held),
      "b.png": resource({ ...held, bytes: 1 }),
    },
  }, { maxWidth: 60, maxRows: 1 });
  assertEquals(stripAnsiCode(table).split("\n"), [
    "2 resources · 3 references · 1.5 MB of 4 MB",
    "1 idle (500 kB) · 10 hits · 2 misses · 1 eviction · 0 leaks",
    "key                     type     state  refs  size  used",
    "levels/fore…ckdrop.png  Texture  idle      0  1 MB  just now",
    "… 1 more",
  ]);
});

Deno.test("formatStats() names the holders of each resource, as far as they have names", () => {
  using b = bench({ "a.thing": "b.thing", "b.thing": "", "c.thing": "" });
  using level = b.mgr.scope("level 1");
  using boss = b.mgr.scope("boss");
  for (const scope of [level, level, boss]) scope.load("a.thing", Thing);
  using _one = b.mgr.load("b.thing", Thing);
  using _two = b.mgr.load("b.thing", Thing);
  using _three = b.mgr.load("c.thing", Thing);
  b.mgr.acquire("c.thing");
  const rows = stripAnsiCode(formatStats(b.mgr.cacheStats(), { sortBy: "key", maxWidth: Infinity }))
    .split("\n").slice(
      2,
    );
  assertEquals(rows.map((row) => row.split(/now */)[1]), [
    "level 1 ×2, boss",
    "a.thing, 2 others",
    "1 acquired",
  ]);
  b.mgr.release("c.thing");
});

Deno.test("formatStats() sorts by bytes, references, age or key, and throws for another order", () => {
  using date = new StillDate();
  const { now } = date;
  const stats = {
    resourceCount: 3,
    ...TOTALS,
    resources: {
      c: resource({ bytes: 3, refCount: 1, lastAccessed: now - 2000 }),
      a: resource({ bytes: 1, refCount: 2, lastAccessed: now - 1000 }),
      b: resource({ bytes: 2, refCount: 3, lastAccessed: now - 3000 }),
    },
  };
  const orders = (["bytes", "references", "age", "key"] as const).map((sortBy) =>
    formatStats(stats, { sortBy, maxWidth: Infinity }).split("\n").slice(2).map((row) => row[0])
      .join("")
  );
  assertEquals(orders, ["cba", "bac", "bca", "abc"]);
  assertThrows(
    () => formatStats(stats, { sortBy: "size" as "bytes" }),
    TypeError,
    'Cannot sort by "size": no such order, use one of "bytes", "references", "age", "key"',
  );
});

Deno.test("CacheStats have all of their fields and keys in JSON, also a key __proto__", () => {
  using b = bench({ "a.thing": "" });
  using scope = b.mgr.scope("level 1");
  scope.load("a.thing", Thing);
  using _handle = b.mgr.add("__proto__", "x");
  const stats = b.mgr.cacheStats();
  const { resources, ...totals } = JSON.parse(JSON.stringify(stats));
  assertEquals(
    Object.keys(totals).concat("maxBytes", "resources").sort(),
    Object.keys(stats).sort(),
  );
  assertEquals(resources["a.thing"], { ...stats.resources["a.thing"] });
  assertEquals(Object.hasOwn(resources, "__proto__"), true);
});

Deno.test("formatStats() shows ages in one unit, and uses singular and plural correctly", () => {
  using date = new StillDate();
  const lines = [0, 119, 120, 7199, 7200, -5].map((seconds) => {
    const lastAccessed = date.now - seconds * 1000;
    const table = formatStats({
      ...TOTALS,
      resourceCount: 1,
      misses: 1,
      leaks: 1,
      maxBytes: undefined,
      resources: { a: resource({ state: "idle", lastAccessed }) },
    }, { maxWidth: Infinity });
    assertStringIncludes(stripAnsiCode(table), "1 resource · 3 references · 1.5 MB · 1 idle");
    assertStringIncludes(table, "1 miss · 1 eviction · 1 leak\n");
    return stripAnsiCode(table).split("  ").at(-1);
  });
  assertEquals(lines, ["just now", "119 s ago", "2 min ago", "119 min ago", "2 h ago", "just now"]);
});

Deno.test("formatStats() accepts the statistics of a manager, also of an empty one", () => {
  using _date = new StillDate();
  using b = bench({ "a.thing": "abc" }, { idle: "keep" });
  assertStringIncludes(formatStats(b.mgr.cacheStats()), "0 resources");
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  assertStringIncludes(stripAnsiCode(formatStats(b.mgr.cacheStats())), "3 B  just now");
});

Deno.test("formatStats() uses colours, except under NO_COLOR", async () => {
  const program = `import { formatStats, ResourceManager } from "@holdfast/resources";
    using mgr = new ResourceManager();
    console.log(formatStats(mgr.cacheStats()));`;
  const table = await outputOf(["eval", program], { env: { NO_COLOR: undefined } });
  const plain = await outputOf(["eval", program], { env: { NO_COLOR: "1" } });
  assertStringIncludes(table, "\x1b[1m");
  assertEquals(stripAnsiCode(table), plain);
  assertStringIncludes(plain, "0 resources · 0 references");
});
