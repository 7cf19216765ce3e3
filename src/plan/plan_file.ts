import { messageOf, typeNameOf } from "../contract/errors.ts";
import { quote } from "../contract/printable.ts";

/** The version of the format. */
const VERSION = 1;

/**
 * A scene in the file of a plan. Resources are in the order in which the scene first requested them: their
 * keys, with their sizes in bytes, dependencies included.
 *
 * @example
 * ```ts
 * import { Plan, type PlannedScene } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * const title: PlannedScene = {
 *   peak: 500,
 *   next: { cave: 2 },
 *   urgent: { "logo.png": 400, "hero.png": 100 },
 *   other: {},
 * };
 * const plan = new Plan({ version: 1, scenes: { title } });
 * assertEquals(plan.toJSON().scenes.title, title);
 * ```
 */
export interface PlannedScene {
  /** The most bytes that the scene held at once. */
  readonly peak: number;
  /** The labels of the scenes that followed it, with how often they did, the most frequent first. */
  readonly next: Readonly<Record<string, number>>;
  /**
   * The resources that it first requested by a synchronous load, which blocks until they are loaded.
   */
  readonly urgent: Readonly<Record<string, number>>;
  /** The resources that it first requested without blocking, such as by `loadAsync` or `get`. */
  readonly other: Readonly<Record<string, number>>;
}

/**
 * The content of a plan's file, as plain data.
 *
 * @example
 * ```ts
 * import { Plan, type PlanFile } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * const file: PlanFile = { version: 1, scenes: {} };
 * assertEquals(new Plan(file).toJSON(), file);
 * ```
 */
export interface PlanFile {
  /** The version of the format. */
  readonly version: 1;
  /** The scenes, by the labels of their scopes, in the order in which they were first entered. */
  readonly scenes: Readonly<Record<string, PlannedScene>>;
}

/** Returns the scenes of a file, which is its text or its parsed JSON. Throws if it is not valid. */
export function scenesOf(file: unknown): Map<string, PlannedScene> {
  const { version, scenes } = recordOf("it", typeof file === "string" ? parse(file) : file);
  if (version !== VERSION) {
    const found = typeof version === "number" ? `${version}` : kindOf(version);
    throw new RangeError(
      `Cannot read a plan: its version is ${found}, not ${VERSION}, record the play again`,
    );
  }
  const entries = Object.entries(recordOf('"scenes"', scenes));
  return new Map(entries.map(([label, scene]) => [label, sceneOf(label, scene)]));
}

/** Returns the content of the file for `scenes`. */
export function fileOf(scenes: ReadonlyMap<string, PlannedScene>): PlanFile {
  return { version: VERSION, scenes: Object.fromEntries(scenes) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read a plan: it is not JSON: ${messageOf(cause)}`, { cause });
  }
}

function sceneOf(label: string, scene: unknown): PlannedScene {
  const where = `the scene ${quote(label)}`;
  const { peak, next, urgent, other } = recordOf(where, scene);
  return {
    peak: countOf(`"peak" of ${where}`, peak),
    next: countsOf(`"next" of ${where}`, next),
    urgent: countsOf(`"urgent" of ${where}`, urgent),
    other: countsOf(`"other" of ${where}`, other),
  };
}

function countsOf(where: string, counts: unknown): Record<string, number> {
  const entries = Object.entries(recordOf(where, counts));
  return Object.fromEntries(
    entries.map(([name, count]) => [name, countOf(`${quote(name)} in ${where}`, count)]),
  );
}

function countOf(where: string, count: unknown): number {
  if (Number.isSafeInteger(count) && count as number >= 0) return count as number;
  const found = typeof count === "number" ? `${count}` : kindOf(count);
  throw new TypeError(`Cannot read a plan: ${where} is ${found}, not a whole number of 0 or more`);
}

function recordOf(where: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TypeError(`Cannot read a plan: ${where} is ${kindOf(value)}, not an object`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeNameOf(value)}`;
}
