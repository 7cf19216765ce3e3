/** Names of variants and parts are complete wherever resources are shown. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import {
  formatStats,
  type Loader,
  logEvents,
  MemorySource,
  ResourceManager,
  type ResourceManagerOptions,
  ResourceNotFoundError,
} from "../../mod.ts";
import { startTrace } from "../../src/trace.ts";
import { assertNoLeaks, ResourceLeakError } from "../../src/testing.ts";
import { stripAnsiCode } from "../_ansi.ts";
import { captured } from "../_console.ts";
import { guardAgainstLeaks, leakOnPurpose } from "../_guard.ts";
import { modelOf } from "../trace/_recordings.ts";
import { parseTrace } from "../trace/_trace_format.ts";

guardAgainstLeaks();

const RUN = "a/b.sheet?2x#run/1";
const LONG = `a/b.sheet#${"very/long.part ".repeat(40)}end`;

/** A manager of a sheet that has parts of any name, except "none". */
function sheets(options: ResourceManagerOptions = {}): ResourceManager {
  const sheet: Loader<string[], ".sheet"> = {
    name: "sheet",
    extensions: [".sheet"],
    variants: ["2x"],
    load: (_bytes, { key }) => [key],
  };
  const part: Loader<{ part: string }, ".sheet#"> = {
    name: "part",
    extensions: [".sheet#"],
    variants: ["2x"],
    make(context) {
      const { key, part } = context;
      context.load(key.slice(0, key.indexOf("#")), Array);
      return part === "none" ? undefined : { part };
    },
    byteLength: () => 1,
  };
  return new ResourceManager({
    source: new MemorySource({ "a/b.sheet": "" }),
    loaders: [sheet, part],
    ...options,
  });
}

Deno.test("logEvents() shows the complete names of variants and parts", () => {
  const lines = captured("log", () => {
    using mgr = sheets();
    using _log = logEvents(mgr);
    using _run = mgr.load(RUN);
    using _long = mgr.load(LONG);
    mgr.reload(RUN);
    assertThrows(() => mgr.load("a/b.sheet#none"), ResourceNotFoundError);
    assertEquals(mgr.unload("a/b.sheet?2x"), false);
  }).map((line) => stripAnsiCode(String(line)).replace(/[\d.]+ ms/, "N ms"));
  assertEquals(lines, [
    "load    a/b.sheet?2x (Array, 0 B, N ms)",
    `load    ${RUN} (Object, 1 B, N ms)`,
    "load    a/b.sheet (Array, 0 B, N ms)",
    `load    ${LONG} (Object, 1 B, N ms)`,
    `reload  ${RUN} (version 2, N ms)`,
    `warning Cannot unload "a/b.sheet?2x": it is held by 1 handle of "${RUN}"`,
    `unload  ${LONG} (Object, 1 B, released)`,
    "unload  a/b.sheet (Array, 0 B, released)",
    `unload  ${RUN} (Object, 1 B, released)`,
    "unload  a/b.sheet?2x (Array, 0 B, released)",
  ]);
});

Deno.test("formatStats(), holders() and snapshots show the complete names of variants and parts", () => {
  using mgr = sheets();
  using before = mgr.snapshot();
  using _run = mgr.load(RUN);
  using _long = mgr.load(LONG);
  const table = stripAnsiCode(formatStats(mgr.cacheStats(), { sortBy: "key", maxWidth: Infinity }));
  const rows = table.split("\n").slice(2).map((row) => row.split(/ {2,}/));
  assertEquals(rows.map((row) => [row.at(0), row.at(-1)]), [
    ["a/b.sheet", LONG],
    [LONG, "now"],
    ["a/b.sheet?2x", RUN],
    [RUN, "now"],
  ]);
  assertEquals(mgr.holders("a/b.sheet?2x").map(({ label }) => label), [RUN]);
  const compared = before.compare();
  assertEquals(compared.grown.map(({ key }) => key).sort(), [
    "a/b.sheet",
    LONG,
    "a/b.sheet?2x",
    RUN,
  ]);
  const whole = stripAnsiCode(compared.toString({ maxWidth: Infinity }));
  for (const key of [RUN, LONG]) assertStringIncludes(whole, key);
});

Deno.test("reports of leaks have the complete names of variants and parts, also in strict mode", async () => {
  leakOnPurpose();
  const leaks: string[] = [];
  const mgr = sheets({ leaks: { strict: true, onLeak: ({ key }) => leaks.push(key) } });
  mgr.load(RUN);
  mgr.load(LONG);
  await setImmediate();
  await setImmediate();
  assertEquals(leaks, [RUN, LONG]);
  const { message } = assertThrows(() => assertNoLeaks(mgr), ResourceLeakError);
  assertStringIncludes(message, `  ${RUN} `);
  assertStringIncludes(message, `  ${LONG}  Object  1 handle`);
  const warned = captured("warn", () => {
    const other = sheets({ leaks: { onLeak: undefined } });
    other.load(RUN);
    other[Symbol.dispose]();
  });
  assertStringIncludes(stripAnsiCode(String(warned)), `Leaked handle: "${RUN}" (Object) was`);
  mgr[Symbol.dispose]();
});

Deno.test("a trace has the complete names of variants and parts, in its file and on its page", () => {
  using mgr = sheets();
  using trace = startTrace(mgr);
  for (const name of [RUN, LONG]) mgr.load(name)[Symbol.dispose]();
  const keys = ["a/b.sheet?2x", RUN, "a/b.sheet", LONG];
  assertEquals(modelOf(trace).rows.map(({ key }) => key), keys);
  const { traceEvents } = parseTrace(JSON.stringify(trace));
  const names = new Set(traceEvents.map(({ name }) => name));
  assert(keys.every((key) => names.has(key) && names.has(`load ${key}`)));
});
