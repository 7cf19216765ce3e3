import type { ResourceManager } from "../manager.ts";
import { cacheOf } from "../cache/observers.ts";
import { fileOf, type PlanFile, type PlannedScene } from "./plan_file.ts";
import { Plan } from "./plan.ts";
import { Recorder } from "./recorder.ts";
import type { Scene } from "./scene.ts";
import type { SizedResource } from "./holding.ts";

/**
 * What a play has shown, in figures.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { type PlayReport, recordPlay } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using play = recordPlay(mgr);
 * mgr.load("hero.txt", Text)[Symbol.dispose]();
 * const report: PlayReport = play.report();
 * assertEquals([report.blockingMisses, report.fetchedBytes, report.waste], [1, 0, 0]);
 * ```
 */
export interface PlayReport {
  /** How many reads the game stood still for: synchronous loads of what was not in memory. */
  readonly blockingMisses: number;
  /** How many milliseconds it stood still for them. */
  readonly blockedMs: number;
  /** The bytes that plans have loaded, if the game used one. */
  readonly fetchedBytes: number;
  /** How many of these bytes the game has not asked for. */
  readonly unusedBytes: number;
  /** The share of these bytes, from 0 to 1. */
  readonly waste: number;
  /** The scenes, by label; `""` is what is outside of all. It has no prototype. */
  readonly scenes: Readonly<Record<string, SceneReport>>;
}

/**
 * What a scene has shown, over all visits.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { recordPlay, type SceneReport } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using play = recordPlay(mgr);
 * using cave = mgr.scope("cave");
 * cave.load("hero.txt", Text);
 * const report: SceneReport | undefined = play.report().scenes.cave;
 * assertEquals(report?.atPeak, [{ key: "hero.txt", bytes: 1 }]);
 * ```
 */
export interface SceneReport {
  /** How often a scope of this label was made. */
  readonly visits: number;
  /** How many reads the scene stood still for. */
  readonly blockingMisses: number;
  /** How many milliseconds it stood still for them. */
  readonly blockedMs: number;
  /** The most bytes that it held at once. */
  readonly peak: number;
  /** What that was, the largest first; dependencies are listed too. */
  readonly atPeak: readonly SizedResource[];
  /** What it asked for, in that order. */
  readonly resources: readonly PlayedResource[];
}

/**
 * A resource that a scene has asked for.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { type PlayedResource, recordPlay } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using play = recordPlay(mgr);
 * using cave = mgr.scope("cave");
 * cave.load("hero.txt", Text);
 * const [hero]: readonly PlayedResource[] = play.report().scenes.cave!.resources;
 * assertEquals([hero?.key, hero?.bytes, hero?.isUrgent], ["hero.txt", 1, true]);
 * ```
 */
export interface PlayedResource {
  /** The key of the resource. */
  readonly key: string;
  /** Its bytes, with all that it was made from. */
  readonly bytes: number;
  /** Whether it was asked for synchronously: the scene could not go on without it. */
  readonly isUrgent: boolean;
  /** How many milliseconds its load took when the scene asked for it first; 0 if it was in memory. */
  readonly ms: number;
}

/**
 * A recording of a play. When it is disposed, it stops, and keeps what it has recorded. Made by
 * `recordPlay`.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { type PlayRecord, recordPlay } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const play: PlayRecord = recordPlay(mgr);
 * {
 *   using cave = mgr.scope("cave");
 *   cave.load("hero.txt", Text);
 * }
 * play[Symbol.dispose]();
 * assertEquals(play.toJSON().scenes.cave?.urgent, { "hero.txt": 1 });
 * ```
 */
export interface PlayRecord extends Disposable {
  /** A plan of what was recorded so far. `String(plan)` is the text for a file. O(what was asked for). */
  readonly plan: Plan;
  /** Whether the recording has ended. */
  readonly disposed: boolean;
  /** What `plan` has in its file: `JSON.stringify(play)` is a plan too, on one line. */
  toJSON(): PlanFile;
  /** What was recorded so far, in figures. O(what was asked for). */
  report(): PlayReport;
}

/**
 * Notes what each scene asks for, until the result is disposed. A scene is a scope with a label, from
 * when it is made until it is disposed; scopes with the same label are one scene. What is asked for
 * without such a scope counts for the scene that was entered last, and outside of all scenes for `""`.
 * Each load with its disposal costs some 50 ns more meanwhile, or 110 ns if it becomes idle by that.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { recordPlay } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "map.txt": "#.#", "spark.txt": "*" });
 * using mgr = new ResourceManager({ source });
 * using play = recordPlay(mgr);
 * {
 *   using cave = mgr.scope("cave");
 *   cave.load("map.txt", Text);
 *   using _spark = mgr.load("spark.txt", Text);
 * }
 * assertEquals(play.toJSON(), {
 *   version: 1,
 *   scenes: {
 *     "": { peak: 0, next: { cave: 1 }, urgent: {}, other: {} },
 *     cave: { peak: 4, next: {}, urgent: { "map.txt": 3, "spark.txt": 1 }, other: {} },
 *   },
 * });
 * ```
 */
export function recordPlay(manager: ResourceManager): PlayRecord {
  return new Play(new Recorder(cacheOf(manager)));
}

class Play implements PlayRecord {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  get plan(): Plan {
    return new Plan(this.toJSON());
  }

  get disposed(): boolean {
    return !this.#recorder.running;
  }

  toJSON(): PlanFile {
    const { scenes, visits: { successors } } = this.#recorder;
    const labels = new Set([...successors.has("") ? [""] : [], ...scenes.keys()]);
    return fileOf(
      new Map([...labels].map((label) => [
        label,
        plannedScene(scenes.get(label), successors.get(label)),
      ])),
    );
  }

  report(): PlayReport {
    const { scenes, fetches } = this.#recorder;
    const reports: Record<string, SceneReport> = Object.create(null);
    for (const [label, scene] of scenes) reports[label] = reportOf(scene);
    const all = Object.values(reports);
    return {
      blockingMisses: all.reduce((sum, { blockingMisses }) => sum + blockingMisses, 0),
      blockedMs: all.reduce((sum, { blockedMs }) => sum + blockedMs, 0),
      fetchedBytes: fetches.bytes,
      unusedBytes: fetches.unused,
      waste: fetches.bytes === 0 ? 0 : fetches.unused / fetches.bytes,
      scenes: reports,
    };
  }

  [Symbol.dispose](): void {
    this.#recorder.stop();
  }
}

function plannedScene(
  scene: Scene | undefined,
  successors: ReadonlyMap<string, number> = new Map(),
): PlannedScene {
  const uses = [...scene?.uses ?? []];
  const sizes = (isUrgent: boolean) =>
    Object.fromEntries(
      uses.filter(([, use]) => use.isUrgent === isUrgent).map(([key, { bytes }]) => [key, bytes]),
    );
  return {
    peak: scene?.holding.peak ?? 0,
    next: Object.fromEntries([...successors].sort(([, a], [, b]) => b - a)),
    urgent: sizes(true),
    other: sizes(false),
  };
}

function reportOf({ visits, blocking, blockedMs, uses, holding }: Scene): SceneReport {
  return {
    visits,
    blockingMisses: blocking,
    blockedMs,
    peak: holding.peak,
    atPeak: holding.atPeak(),
    resources: Array.from(uses, ([key, use]) => ({ key, ...use })),
  };
}
