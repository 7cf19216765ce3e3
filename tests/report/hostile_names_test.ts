/** Names that try to fake lines of a log, or to reverse its text. */
import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import {
  formatStats,
  logEvents,
  ManagerDisposedError,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  ResourcePathError,
} from "../../mod.ts";
import { EventHub } from "../../src/contract/events.ts";
import { assertNoLeaks, ResourceLeakError } from "../../src/testing.ts";
import { stripAnsiCode } from "../_ansi.ts";
import { captured } from "../_console.ts";
import { guardAgainstLeaks, leakOnPurpose } from "../_guard.ts";
import { bench, Thing, ThingLoader } from "../_thing.ts";

guardAgainstLeaks();

/** A key with line ends, escape sequences and a character that reverses text. */
const HOSTILE = "\x1b[2Jx\nunload  other\r\u2028.txt\x9b\u202e.thing";
const SHOWN = "\\u001b[2Jx\\nunload  other\\r\\u2028.txt\\u009b\\u202e.thing";

Deno.test("logEvents() prints one line for each event, even if names have line ends", () => {
  leakOnPurpose();
  const b = bench({ [HOSTILE]: "throw\n\x1b[2J" }, { leaks: { stacks: true } });
  const lines = captured("log", () => {
    using _log = logEvents(b.mgr);
    assertThrows(() => b.mgr.load(HOSTILE, Thing), ResourceLoadError);
    b.source.set(HOSTILE, "");
    const scope = b.mgr.scope(`level\n1\x1b`);
    scope.load(HOSTILE, Thing);
    b.mgr.reload(HOSTILE);
    assertFalse(b.mgr.unload(HOSTILE));
    b.source.set(HOSTILE, "throw");
    assertThrows(() => b.mgr.reload(HOSTILE));
    b.mgr[Symbol.dispose]();
  }).map((line) => stripAnsiCode(String(line)).replace(/[\d.]+ ms/, "N ms"));
  const [warning, leak] = [lines.splice(2, 1)[0]!, lines.pop()!];
  assertEquals(lines, [
    `load    ${SHOWN} (Thing, 0 B, N ms)`,
    `reload  ${SHOWN} (version 2, N ms)`,
    `error   Cannot load "${SHOWN}": ${SHOWN.replace("\\n", " ")} is broken`, // The loader's message.
    `unload  ${SHOWN} (Thing, 0 B, disposed)`,
  ]);
  const start =
    `warning Cannot unload "${SHOWN}": it is held by 1 handle of "level\\n1\\u001b", opened`;
  assert(warning.startsWith(start), warning);
  assert(leak.startsWith(`leak    ${SHOWN} (Thing, level\\n1\\u001b, at `), leak);
  for (const line of [...lines, warning, leak]) assert(isPlain(line), JSON.stringify(line));
});

Deno.test("logEvents() prints one line for a warning with several lines", () => {
  const hub = new EventHub();
  const lines = captured("log", () => {
    using _log = logEvents(hub);
    hub.warn("Cannot load all: broken\nload    other.png\x1b[2J");
  });
  const shown = "warning Cannot load all: broken load    other.png\\u001b[2J";
  assertEquals(lines.map((line) => stripAnsiCode(String(line))), [shown]);
});

Deno.test("tables, messages and what the console shows have no control characters of names", () => {
  leakOnPurpose();
  const texts: string[] = [];
  const loader = new ThingLoader();
  const printed = captured("warn", () => {
    const mgr = new ResourceManager({
      source: new MemorySource({ [HOSTILE]: "", [`x/${HOSTILE}`]: "", [`y/${HOSTILE}`]: "" }),
      loaders: [loader],
      leaks: { onLeak: undefined },
    });
    const snapshot = mgr.snapshot("level\n1\u202e");
    const forgotten = mgr.scope(HOSTILE).load(HOSTILE, Thing);
    mgr.indexDirectory();
    assertFalse(mgr.unload(`./${HOSTILE}`));
    mgr.registerLoader({ name: HOSTILE, extensions: [".thing"], load: () => 1 });
    const [stats, grown] = [mgr.cacheStats(), snapshot.compare()];
    texts.push(formatStats(stats), String(grown), Deno.inspect(grown));
    texts.push(Deno.inspect(forgotten), Deno.inspect(forgotten.weak()));
    texts.push(assertThrows(() => assertNoLeaks(mgr), ResourceLeakError).message);
    texts.push(assertThrows(() => mgr.load(HOSTILE, Thing), ResourcePathError).message);
    mgr[Symbol.dispose]();
    texts.push(assertThrows(() => mgr.load(HOSTILE, Thing), ManagerDisposedError).message);
    const disposed = new ResourceManager().snapshot(HOSTILE);
    disposed[Symbol.dispose]();
    texts.push(assertThrows(() => disposed.compare(), ReferenceError).message);
  }).map(String);
  assertEquals(printed.length, 7); // Two ambiguous names of three files, an unload, a loader, a leak.
  for (const text of [...printed, ...texts].map(stripAnsiCode)) {
    assert(isPlain(text.replaceAll("\n", "")), JSON.stringify(text));
    assert(!/^unload/m.test(text), JSON.stringify(text));
    assert(text.includes("u202e.thing"), JSON.stringify(text));
  }
});

/** Whether text has no character that a terminal interprets. */
function isPlain(text: string): boolean {
  return !/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(text);
}
