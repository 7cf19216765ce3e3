import { plural } from "../contract/errors.ts";
import type { Leak } from "../contract/events.ts";
import { printable, quote } from "../contract/printable.ts";
import { sitesOf as sitesIn } from "../leaks/holders.ts";

/**
 * References to a resource that were not released: those of one scope, or all others.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertNoLeaks, type HeldResource, ResourceLeakError } from "@holdfast/resources/testing";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _hero = mgr.load("hero.txt", Text);
 * const error = assertThrows(() => assertNoLeaks(mgr), ResourceLeakError);
 * const held: readonly HeldResource[] = error.managers[0]!.held;
 * assertEquals([held[0]?.key, held[0]?.handles], ["hero.txt", 1]);
 * ```
 */
export interface HeldResource {
  /** The key of the resource. */
  readonly key: string;
  /** The name of its type. */
  readonly type: string;
  /** The label of the scope that the handles belong to, if any. */
  readonly label?: string;
  /** How many handles are open. */
  readonly handles: number;
  /** How many calls of `acquire` had no `release`. */
  readonly manual: number;
  /** The call sites that opened handles, one frame a line, if `leaks.stacks` captured them. */
  readonly stacks: readonly string[];
}

/**
 * The leaks of one manager.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertNoLeaks, type ManagerLeaks, ResourceLeakError } from "@holdfast/resources/testing";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _hero = mgr.load("hero.txt", Text);
 * const error = assertThrows(() => assertNoLeaks(mgr), ResourceLeakError);
 * const [leaks]: readonly ManagerLeaks[] = error.managers;
 * assertEquals([leaks?.held.length, leaks?.reported.length], [1, 0]);
 * ```
 */
export interface ManagerLeaks {
  /** Where the manager was made, one frame a line, if `trackManagers` watched it. */
  readonly site?: string;
  /** What is still held. */
  readonly held: readonly HeldResource[];
  /** The leaks that the manager has reported, if `trackManagers` watched it. */
  readonly reported: readonly Leak[];
  /** How many other leaks it has reported. Only their number is known. */
  readonly unseen: number;
}

/** How many resources and call sites the message lists. */
const MAX_ROWS = 40;
/** How many frames of a call site the message shows. */
const MAX_FRAMES = 3;

/**
 * Thrown by `assertNoLeaks` and at the end of `trackManagers`: handles or manual references were not
 * released. The message has a line for each resource and holder, and below it the call sites that opened
 * its handles, if they were captured. If a call site opened handles of several resources, a list of call
 * sites comes first. Each list has at most 40 entries for each manager.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertNoLeaks, ResourceLeakError } from "@holdfast/resources/testing";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * using scene = mgr.scope("title");
 * scene.load("intro.txt", Text);
 * const error = assertThrows(() => assertNoLeaks(mgr), ResourceLeakError);
 * assertEquals(error.count, 1);
 * assertEquals(error.managers[0]?.held[0]?.label, "title");
 * ```
 */
export class ResourceLeakError extends Error {
  /**
   * How many references were not released. Reported leaks count too, although they have been released
   * since.
   */
  readonly count: number;
  /** The leaks of each manager. */
  readonly managers: readonly ManagerLeaks[];

  /** Creates the error for `managers`, each of which has leaks. */
  constructor(managers: readonly ManagerLeaks[]) {
    const count = managers.reduce((sum, each) => sum + countOf(each), 0);
    super([titleOf(count), ...managers.flatMap(describe)].join("\n"));
    this.name = "ResourceLeakError";
    this.count = count;
    this.managers = managers;
  }
}

function countOf({ held, reported, unseen }: ManagerLeaks): number {
  const references = held.reduce((sum, { handles, manual }) => sum + handles + manual, 0);
  return references + reported.length + unseen;
}

function titleOf(count: number): string {
  const references = `${plural(count, "reference")} ${count === 1 ? "was" : "were"}`;
  return `Cannot end without leaks: ${references} not released, dispose the handles and release() what was acquired`;
}

/** A line of the message, and the call sites below it. */
interface Row {
  readonly cells: readonly [key: string, type: string, what: string];
  readonly stacks: readonly string[];
}

function describe(leaks: ManagerLeaks): string[] {
  const rows = [...leaks.held.flatMap(rowsOfHeld), ...rowsOfReported(leaks.reported)]
    .sort((a, b) => a.cells[0] < b.cells[0] ? -1 : Number(a.cells[0] > b.cells[0]));
  const [key, type] = [0, 1].map((column) =>
    Math.max(...rows.map(({ cells }) => cells[column]!.length))
  );
  const lines = rows.slice(0, MAX_ROWS).flatMap(({ cells, stacks }) => [
    `  ${cells[0].padEnd(key!)}  ${cells[1].padEnd(type!)}  ${cells[2]}`,
    ...sitesOf(stacks).map((frame) => `  ${" ".repeat(key! + type! + 4)}  ${frame}`),
  ]);
  if (rows.length > MAX_ROWS) lines.push(`  ${rows.length - MAX_ROWS} more: see error.managers`);
  if (leaks.unseen > 0) {
    lines.push(
      `  ${plural(leaks.unseen, "handle")} reported as leaked before, trackManagers() shows which`,
    );
  }
  if (rows.length > 0 && rows.every(({ stacks }) => stacks.length === 0)) {
    lines.push("  set leaks.stacks to see where they were opened");
  }
  const [frame] = framesOf(leaks.site ?? "");
  const made = frame === undefined ? [] : [`  in the manager that was made ${frame}`];
  return [...made, ...describeSites(rows), ...lines];
}

/** Lists the call sites, if one of them opened handles of several rows. */
function describeSites(rows: readonly Row[]): string[] {
  const known = rows.filter(({ stacks }) => stacks.length > 0);
  const stacks = known.flatMap(({ stacks }) => stacks.map((stack) => framesOf(stack).join("\n")));
  const sites = sitesIn(stacks);
  const total = known.reduce((sum, { stacks }) => sum + sitesIn(stacks).length, 0);
  if (sites.length === total) return [];
  return sites.slice(0, MAX_ROWS).map(({ site, count }) => {
    const handles = `${plural(count, "handle")} ${count === 1 ? "was" : "were"}`;
    return `  ${handles} opened at ${site}`;
  });
}

function rowsOfHeld({ key, type, label, handles, manual, stacks }: HeldResource): Row[] {
  const rows: Row[] = [];
  if (handles > 0) rows.push(rowOf(key, type, handlesOf(handles, label), stacks));
  if (manual > 0) rows.push(rowOf(key, type, `${plural(manual, "acquire()")} not released`));
  return rows;
}

/** One row for all reports that differ only in their call site. */
function rowsOfReported(leaks: readonly Leak[]): Row[] {
  const groups = Map.groupBy(leaks, ({ key, type, label }) => JSON.stringify([key, type, label]));
  return [...groups.values()].map((group) => {
    const { key, type, label } = group[0]!;
    const stacks = group.flatMap(({ stack }) => stack ?? []);
    return rowOf(key, type, `${handlesOf(group.length, label)}, reported as leaked`, stacks);
  });
}

function rowOf(key: string, type: string, what: string, stacks: readonly string[] = []): Row {
  return { cells: [printable(key), printable(type), what], stacks };
}

function handlesOf(count: number, label: string | undefined): string {
  return plural(count, "handle") + (label ? ` of ${quote(label)}` : "");
}

/** The first frames of each call site, with the number of its handles. */
function sitesOf(stacks: readonly string[]): string[] {
  return sitesIn(stacks.map((stack) => framesOf(stack).join("\n"))).flatMap(({ stack, count }) => {
    const [first = "", ...rest] = framesOf(stack).slice(0, MAX_FRAMES);
    return [count > 1 ? `${first} (${count} times)` : first, ...rest];
  });
}

/** The frames of a call site, without those of the test runner. */
function framesOf(stack: string): string[] {
  return stack.split("\n").map((line) => printable(line.trim()))
    .filter((frame) => frame !== "" && !frame.includes("ext:"));
}
