import { quote } from "../contract/printable.ts";
import type { LoadOptions } from "../contract/task.ts";
import { chainOf, disposeAll } from "../handles/dispose_all.ts";
import type { ResourceManager } from "../manager.ts";
import type { ResourceScope } from "../scope.ts";
import { fileOf, type PlanFile, type PlannedScene, scenesOf } from "./plan_file.ts";
import { loadAhead, loadScene } from "./preloading.ts";

/** A scene that followed less often than this is not loaded ahead. */
const MIN_SHARE = 0.25;

/**
 * How {@linkcode Plan.enter} loads.
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
 * What {@linkcode Plan.next} loads ahead. Disposing it gives it back, and withdraws what is not there
 * yet.
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
   * Resolves when all is there that can be loaded. Rejects if that is withdrawn, which nobody has to
   * handle.
   */
  readonly loaded: Promise<void>;
}

/**
 * What each scene of a game needs, from an earlier play. `recordPlay` makes it, a file keeps it.
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
 * assertEquals(cave.load("map.txt", Text).value, "#.#"); // it is there already
 * assertEquals([plan.scenes, plan.toString()], [["", "cave"], file]);
 * assertEquals(Object.keys(plan.toJSON().scenes.cave!.urgent), ["map.txt", "hero.txt"]);
 * ```
 */
export class Plan {
  readonly #scenes: ReadonlyMap<string, PlannedScene>;
  /** The managers that have entered a scene last. */
  readonly #managers = new Map<string, WeakRef<ResourceManager>>();

  /**
   * Reads a plan: the text of a file, or what its JSON says.
   *
   * @throws {SyntaxError} It is not JSON.
   * @throws {RangeError} It is of another version.
   * @throws {TypeError} It is not a plan. The message says what is wrong where.
   */
  constructor(file: string | PlanFile) {
    this.#scenes = scenesOf(file);
  }

  /** The labels of the scenes, in the order in which they were entered first. O(scenes). */
  get scenes(): string[] {
    return [...this.#scenes.keys()];
  }

  /**
   * Makes a scope of the label `scene`, and loads into it all that the scene has asked for in the
   * recorded play: side by side, first what it stood still for, in the order in which it asked. What
   * can't be loaded is left out, and a `warning` says so: a plan may be older than the files. A scene
   * that the plan does not know gets an empty scope. O(what the scene asks for).
   *
   * @throws {ManagerDisposedError} The manager is disposed, before all is there or already.
   * @throws {DOMException} An `AbortError`: the load was withdrawn; or the reason of the signal. The
   * scope is disposed then.
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
   * Loads at low priority what mostly follows `scene`, for the manager that has entered it last: all
   * scenes that followed it at least one time in four, the most frequent first. What can't be loaded is
   * left out. O(what these scenes ask for).
   *
   * Keep the result until the next scene is entered: what it holds is idle afterwards, or unloaded, as
   * the `idle` option of the manager says.
   *
   * @throws {ReferenceError} No manager has entered the scene by this plan, or it is disposed.
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
    const loaded = Promise.all(loads.map((each) => each.loaded)).then(nothing);
    loaded.catch(nothing);
    return {
      scenes: loads.map(({ label }) => label),
      loaded,
      [Symbol.dispose]: () => disposeAll(loads.map(({ scope }) => scope)),
    };
  }

  /** The plan as it is written to a file. O(plan). */
  toJSON(): PlanFile {
    return fileOf(this.#scenes);
  }

  /** The text of the file: JSON with a line for each resource. O(plan). */
  toString(): string {
    return `${JSON.stringify(this, null, 2)}\n`;
  }

  /** The scenes that mostly follow, the most frequent first. */
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

function nothing(): void {}

/** Disposes `scope` after `error`. Returns that, or both if disposing throws too: as `using` does. */
function disposedAfter(error: unknown, scope: Disposable): unknown {
  try {
    scope[Symbol.dispose]();
  } catch (later) {
    return chainOf([error, later]);
  }
  return error;
}
