import { quote } from "../contract/printable.ts";
import type { LoadOptions } from "../contract/task.ts";
import { chainOf, disposeAll } from "../handles/dispose_all.ts";
import type { ResourceManager } from "../manager.ts";
import type { ResourceScope } from "../scope.ts";
import { fileOf, type PlanFile, type PlannedScene, scenesOf } from "./plan_file.ts";
import { loadAhead, loadScene } from "./preloading.ts";

/** A scene that followed in a smaller share of cases is not loaded ahead. */
const MIN_SHARE = 0.25;

/**
 * Options for {@linkcode Plan.enter}.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { type EnterOptions, Plan } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * const cave = { peak: 1, next: {}, urgent: { "hero.txt": 1 }, other: {} };
 * const plan = new Plan({ version: 1, scenes: { cave } });
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * let share = 0;
 * const options: EnterOptions = { onProgress: ({ done, total }) => share = done / total };
 * using _cave = await plan.enter(mgr, "cave", options);
 * assertEquals(share, 1);
 * ```
 */
export interface EnterOptions extends Pick<LoadOptions, "signal" | "onProgress"> {}

/**
 * What {@linkcode Plan.next} loads ahead. Disposing it releases the loaded resources and withdraws the
 * loads that are still under way.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { Plan, type Preload } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * const title = { peak: 0, next: { cave: 1 }, urgent: {}, other: {} };
 * const cave = { peak: 1, next: {}, urgent: { "hero.txt": 1 }, other: {} };
 * const plan = new Plan({ version: 1, scenes: { title, cave } });
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _title = await plan.enter(mgr, "title");
 * using ahead: Preload = plan.next("title");
 * await ahead.loaded;
 * assertEquals([ahead.scenes, mgr.has("hero.txt")], [["cave"], true]);
 * ```
 */
export interface Preload extends Disposable {
  /** The scenes that are being loaded, the most probable first. */
  readonly scenes: readonly string[];
  /**
   * Resolves when everything that can be loaded is loaded. Rejects if the loads are withdrawn or the
   * manager is disposed; you need not handle that rejection.
   */
  readonly loaded: Promise<void>;
}

/**
 * The resources that each scene of a game needs, as an earlier play recorded them. `recordPlay` makes a
 * plan, and a file keeps it for the next run.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { Plan, recordPlay } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "map.txt": "#.#", "hero.txt": "@" });
 * using mgr = new ResourceManager({ source });
 * using play = recordPlay(mgr);
 * {
 *   using cave = mgr.scope("cave");
 *   cave.load("map.txt", Text);
 *   cave.load("hero.txt", Text);
 * }
 * const file = String(play.plan); // Deno.writeTextFile("plan.json", file)
 *
 * const plan = new Plan(file); // in the next run
 * using cave = await plan.enter(mgr, "cave");
 * assertEquals(cave.load("map.txt", Text).value, "#.#"); // in memory already
 * assertEquals([plan.scenes, plan.toString()], [["", "cave"], file]);
 * assertEquals(Object.keys(plan.toJSON().scenes.cave!.urgent), ["map.txt", "hero.txt"]);
 * ```
 */
export class Plan {
  readonly #scenes: ReadonlyMap<string, PlannedScene>;
  /** For each scene, the manager that entered it last. */
  readonly #managers = new Map<string, WeakRef<ResourceManager>>();

  /**
   * Creates a plan from the text of a file, or from its parsed JSON. O(plan).
   *
   * @throws {SyntaxError} The text is not JSON.
   * @throws {RangeError} The plan has another version of the format.
   * @throws {TypeError} It is not a plan. The message says which field is wrong.
   */
  constructor(file: string | PlanFile) {
    this.#scenes = scenesOf(file);
  }

  /** The labels of the scenes, in the order in which they were first entered. O(scenes). */
  get scenes(): string[] {
    return [...this.#scenes.keys()];
  }

  /**
   * Creates a scope with the label `scene`, and loads into it what the scene requested in the recorded
   * play. The loads run side by side: first what it requested by synchronous loads, then the rest, in the
   * order of its requests. What can't be loaded is left out with a `warning`, because a plan may be older
   * than the files. If the plan does not have the scene, the scope is empty. O(resources of the scene).
   *
   * The scope is disposed if the promise rejects.
   *
   * @throws {ManagerDisposedError} The manager is disposed, or is disposed before everything is loaded.
   * @throws {DOMException} An `AbortError`: a load was withdrawn. If the signal is aborted, its reason.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { Plan } from "@holdfast/resources/plan";
   * import { assertEquals } from "@std/assert";
   *
   * const cave = { peak: 1, next: {}, urgent: { "hero.txt": 1 }, other: {} };
   * const plan = new Plan({ version: 1, scenes: { cave } });
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scope = await plan.enter(mgr, "cave");
   *   assertEquals([scope.label, mgr.has("hero.txt")], ["cave", true]);
   *   scope.load("hero.txt", Text); // reads nothing
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  async enter(
    manager: ResourceManager,
    scene: string,
    options: EnterOptions = {},
  ): Promise<ResourceScope> {
    const scope = manager.scope(scene);
    this.#managers.set(scene, new WeakRef(manager));
    const planned = this.#scenes.get(scene);
    if (planned === undefined) return scope;
    try {
      await loadScene(planned, scope, { ...options, manager });
      return scope;
    } catch (error) {
      throw disposedAfter(error, scope);
    }
  }

  /**
   * Loads at low priority what probably comes after `scene`: the resources of all scenes that followed it
   * at least one time in four, the most frequent first. It uses the manager that entered `scene` last.
   * What can't be loaded is left out. O(resources of these scenes).
   *
   * Keep the result until the next scene is entered. When you dispose it, what nothing else references
   * becomes idle or is unloaded, depending on the `idle` option of the manager.
   *
   * @throws {ReferenceError} No manager has entered the scene with this plan, or that manager is
   * disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { Plan } from "@holdfast/resources/plan";
   * import { assertEquals } from "@std/assert";
   *
   * const title = { peak: 0, next: { cave: 9, lair: 1 }, urgent: {}, other: {} };
   * const cave = { peak: 1, next: {}, urgent: { "hero.txt": 1 }, other: {} };
   * const plan = new Plan({ version: 1, scenes: { title, cave } });
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using _title = await plan.enter(mgr, "title");
   * {
   *   using ahead = plan.next("title");
   *   assertEquals(ahead.scenes, ["cave"]);
   *   using _cave = await plan.enter(mgr, "cave"); // shares the reads that are under way
   *   assertEquals(mgr.size, 1);
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  next(scene: string): Preload {
    const manager = this.#managers.get(scene)?.deref();
    if (manager === undefined || manager.disposed) {
      const what = `what follows ${quote(scene)}`;
      throw new ReferenceError(`Cannot preload ${what}: it was not entered, call enter() first`);
    }
    const loads = this.#followers(scene).map(([label, planned]) => ({
      label,
      ...loadAhead(planned, label, manager),
    }));
    const loaded = Promise.all(loads.map((each) => each.loaded)).then(() => {});
    loaded.catch(() => {});
    return {
      scenes: loads.map(({ label }) => label),
      loaded,
      [Symbol.dispose]: () => disposeAll(loads.map(({ scope }) => scope)),
    };
  }

  /** Returns the plan as plain data, as in its file. O(plan). */
  toJSON(): PlanFile {
    return fileOf(this.#scenes);
  }

  /** Returns the text for a file: JSON with a line for each resource. O(plan). */
  toString(): string {
    return `${JSON.stringify(this, null, 2)}\n`;
  }

  /** The scenes that probably follow, the most frequent first. */
  #followers(scene: string): [label: string, planned: PlannedScene][] {
    const counts = Object.entries(this.#scenes.get(scene)?.next ?? {});
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    return counts.filter(([, count]) => count > 0 && count >= total * MIN_SHARE)
      .sort(([, a], [, b]) => b - a)
      .flatMap(([label]) => {
        const planned = this.#scenes.get(label);
        return planned === undefined ? [] : [[label, planned]];
      });
  }
}

/** Disposes `scope` after `error`. Returns `error`, with a second one chained as `using` would. */
function disposedAfter(error: unknown, scope: Disposable): unknown {
  try {
    scope[Symbol.dispose]();
  } catch (later) {
    return chainOf([error, later]);
  }
  return error;
}
