import type { ResourceManager } from "../manager.ts";
import { cacheOf } from "../cache/managers.ts";
import { fileOf, type PlanFile, type PlannedScene } from "./plan_file.ts";
import { Plan } from "./plan.ts";
import { Recorder } from "./recorder.ts";
import type { Scene } from "./scene.ts";
import type { SizedResource } from "./holding.ts";

/**
 * The figures of a recorded play.
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
  /** How many reads blocked the game: synchronous loads of what was not in memory. */
  readonly blockingMisses: number;
  /** How many milliseconds they blocked it. */
  readonly blockedMs: number;
  /** The bytes that plans have loaded; 0 if the game does not use a plan. */
  readonly fetchedBytes: number;
  /** How many of the fetched bytes the game has not requested. */
  readonly unusedBytes: number;
  /** The share of the fetched bytes that is unused, from 0 to 1. */
  readonly waste: number;
  /** The scenes by label; `""` is the time outside of all scenes. The object has no prototype. */
  readonly scenes: Readonly<Record<string, SceneReport>>;
}

/**
 * The figures of a scene, over all visits.
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
  /** How often a scope with this label was created. */
  readonly visits: number;
  /** How many reads blocked the scene. */
  readonly blockingMisses: number;
  /** How many milliseconds they blocked it. */
  readonly blockedMs: number;
  /** The most bytes that it held at once. */
  readonly peak: number;
  /** The resources that it held then, the largest first; dependencies are listed too. */
  readonly atPeak: readonly SizedResource[];
  /** The resources that it requested, in the order of the first requests. */
  readonly resources: readonly PlayedResource[];
}

/**
 * A resource that a scene has requested.
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
  /** Its bytes, with those of everything that it was made from. */
  readonly bytes: number;
  /** Whether the first request was a synchronous load: the scene could not go on without it. */
  readonly isUrgent: boolean;
  /** How many milliseconds the load of the first request took; 0 if the resource was in memory. */
  readonly ms: number;
}

/**
 * A recording of a play, made by `recordPlay`. Disposing it stops the recording; the recorded data stays.
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
  /** A plan of what was recorded so far. `String(plan)` is the text for a file. O(requested resources). */
  readonly plan: Plan;
  /** Whether the recording has stopped. */
  readonly disposed: boolean;
  /** Returns the plan as plain data: `JSON.stringify(play)` is a plan on one line. O(requested resources). */
  toJSON(): PlanFile;
  /** Returns the figures of what was recorded so far. O(requested resources). */
  report(): PlayReport;
}

/**
 * Records what each scene requests, until the result is disposed. A scene is a scope with a label, from
 * its creation until it is disposed; scopes with the same label are one scene. A request without such a
 * scope counts for the open scene that was entered last, or for `""` if there is none. Meanwhile each
 * load with its disposal costs about 50 ns more, or 110 ns if the disposal makes the resource idle.
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
