/**
 * Loads the resources of a scene before the scene requests them, as recorded in an earlier play.
 *
 * {@linkcode recordPlay} records, by the labels of scopes, what each scene loads, in what order, how
 * large it is, and which scene comes next. A {@linkcode Plan} of that fits into a small text file. In
 * the next run {@linkcode Plan.enter} loads the resources of a scene side by side, the most urgent
 * first, and {@linkcode Plan.next} loads those of the likely next scenes in the background.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { Plan, recordPlay } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "map.txt": "#.#", "hero.txt": "@" });
 * using mgr = new ResourceManager({ source });
 * using first = recordPlay(mgr);
 * {
 *   using cave = mgr.scope("cave");
 *   cave.load("map.txt", Text);
 *   cave.load("hero.txt", Text);
 * }
 * const file = String(first.plan); // Deno.writeTextFile("plan.json", file)
 * assertEquals(first.report().blockingMisses, 2);
 *
 * const plan = new Plan(file); // in the next run
 * using second = recordPlay(mgr);
 * {
 *   using cave = await plan.enter(mgr, "cave");
 *   cave.load("map.txt", Text);
 *   cave.load("hero.txt", Text);
 * }
 * assertEquals([second.report().blockingMisses, second.report().waste], [0, 0]);
 * ```
 *
 * @module
 */
export type { SizedResource } from "./plan/holding.ts";
export { type EnterOptions, Plan, type Preload } from "./plan/plan.ts";
export type { PlanFile, PlannedScene } from "./plan/plan_file.ts";
export {
  type PlayedResource,
  type PlayRecord,
  type PlayReport,
  recordPlay,
  type SceneReport,
} from "./plan/play.ts";
