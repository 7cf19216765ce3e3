import { cacheOf } from "../cache/managers.ts";
import { quote } from "../contract/printable.ts";
import type { ResourceManager } from "../manager.ts";
import { recordersOf } from "../plan/recorder.ts";
import { ResourcePeakError } from "./peak_error.ts";

/**
 * Asserts that a scene never held more than `bytes` bytes, so that a test fails when somebody commits a
 * picture of 8 MB. It needs a recording of the manager by `recordPlay` of `@holdfast/resources/plan`,
 * which must begin before the scene is played. The recording may still run, or have ended; if there are
 * several, the highest peak counts.
 *
 * A scene holds the resources that it has requested, as long as anything uses them, and the resources
 * that they depend on. Each resource counts once, with the bytes that it has in memory. Resources that a
 * plan has loaded for the scene count too. O(resources that the scene held).
 *
 * @throws {ResourcePeakError} The scene held more. The message lists the largest resources.
 * @throws {RangeError} `bytes` is not a number of 0 or more, or no recording has the scene: then the
 * assertion could never fail.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { recordPlay } from "@holdfast/resources/plan";
 * import { assertPeak, ResourcePeakError } from "@holdfast/resources/testing";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "map.txt": "#.#" }) });
 * using _play = recordPlay(mgr);
 * {
 *   using cave = mgr.scope("cave");
 *   cave.load("map.txt", Text);
 * }
 * assertPeak(mgr, "cave", 3);
 * assertThrows(() => assertPeak(mgr, "cave", 2), ResourcePeakError, "map.txt  3");
 * ```
 */
export function assertPeak(manager: ResourceManager, scene: string, bytes: number): void {
  if (!(bytes >= 0)) {
    throw new RangeError(
      `Cannot assert a peak: "bytes" must be a number of 0 or more: received ${quote(bytes)}`,
    );
  }
  const recorders = recordersOf(cacheOf(manager));
  const played = recorders.flatMap(({ scenes }) => scenes.get(scene)?.holding ?? []);
  if (played.length === 0) throw new RangeError(unplayed(scene, recorders));
  const highest = played.reduce((a, b) => b.peak > a.peak ? b : a);
  if (highest.peak <= bytes) return;
  const { peak } = highest;
  const error = new ResourcePeakError(scene, bytes, { peak, resources: highest.atPeak() });
  Error.captureStackTrace(error, assertPeak);
  throw error;
}

function unplayed(scene: string, recorders: ReturnType<typeof recordersOf>): string {
  const action = `Cannot assert the peak of ${quote(scene)}`;
  if (recorders.length === 0) return `${action}: nothing was recorded, call recordPlay() first`;
  const labels = new Set(recorders.flatMap(({ scenes }) => [...scenes.keys()]));
  const known = [...labels].map(quote).join(", ") || "none";
  return `${action}: no scope of that label was made while recordPlay() ran, use one of: ${known}`;
}
