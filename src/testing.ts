/**
 * Tools for the tests of a game, which find forgotten handles, collect garbage, and hold a load until
 * the test lets it continue. They work in `deno test` with its sanitizers on, without flags and
 * permissions.
 *
 * - {@linkcode trackManagers} fails the test that forgets a handle, and says where it was opened.
 * - {@linkcode assertNoLeaks} checks one manager, at any moment.
 * - {@linkcode assertPeak} fails when a scene holds more bytes than it may.
 * - {@linkcode collectGarbage} collects garbage, so that forgotten handles are found.
 * - {@linkcode GatedSource} delays each read until the test opens its gate.
 *
 * @example
 * ```ts
 * import { ResourceManager, Text } from "@holdfast/resources";
 * import { assertNoLeaks, GatedSource, trackManagers } from "@holdfast/resources/testing";
 * import { assertEquals } from "@std/assert";
 *
 * Deno.test("the title is shown when its text is there", async () => {
 *   using _managers = trackManagers();
 *   const source = new GatedSource({ "title.txt": "Holdfast" });
 *   using mgr = new ResourceManager({ source });
 *   const task = mgr.loadAsync("title.txt", Text);
 *   assertEquals(mgr.size, 0);
 *   source.open("title.txt");
 *   {
 *     using title = await task;
 *     assertEquals(title.value, "Holdfast");
 *   }
 *   assertNoLeaks(mgr);
 * });
 * ```
 *
 * @module
 */
export { assertNoLeaks } from "./testing/assert_no_leaks.ts";
export { assertPeak } from "./testing/assert_peak.ts";
export { collectGarbage, type CollectGarbageOptions } from "./testing/garbage.ts";
export { type GatedRead, GatedSource, type GatedSourceOptions } from "./testing/gated_source.ts";
export { type HeldResource, type ManagerLeaks, ResourceLeakError } from "./testing/leak_error.ts";
export { ResourcePeakError } from "./testing/peak_error.ts";
export type { SizedResource } from "./plan/holding.ts";
export {
  type ManagerTracker,
  trackManagers,
  type TrackManagersOptions,
} from "./testing/track_managers.ts";
