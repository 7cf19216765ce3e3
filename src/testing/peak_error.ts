import { printable, quote } from "../contract/printable.ts";
import type { SizedResource } from "../plan/holding.ts";

/** How many resources the message lists. */
const MAX_LISTED = 8;

/**
 * Thrown by `assertPeak` when a scene held more bytes than it may. The message lists the eight largest
 * resources that it held at its peak.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { recordPlay } from "@holdfast/resources/plan";
 * import { assertPeak, ResourcePeakError } from "@holdfast/resources/testing";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "map.txt": "#.#" }) });
 * using _play = recordPlay(mgr);
 * using cave = mgr.scope("cave");
 * cave.load("map.txt", Text);
 * const error = assertThrows(() => assertPeak(mgr, "cave", 2), ResourcePeakError);
 * assertEquals([error.scene, error.peak, error.limit], ["cave", 3, 2]);
 * assertEquals(error.resources, [{ key: "map.txt", bytes: 3 }]);
 * ```
 */
export class ResourcePeakError extends Error {
  /** The label of the scene. */
  readonly scene: string;
  /** The most bytes that it held at once. */
  readonly peak: number;
  /** The bytes that it may hold. */
  readonly limit: number;
  /** The resources that it held at its peak, the largest first. */
  readonly resources: readonly SizedResource[];

  /** Creates the error for `scene`, which may hold `limit` bytes and held `peak`, of `resources`. */
  constructor(
    scene: string,
    limit: number,
    { peak, resources }: { peak: number; resources: readonly SizedResource[] },
  ) {
    const [held, allowed] = [peak, limit].map((bytes) => `${bytes.toLocaleString("en")} bytes`);
    const title = `Cannot keep the scene ${quote(scene)} within ${allowed}: it held ${held} at ` +
      "its peak, make what it loads smaller or release it earlier";
    super([title, ...linesOf(resources)].join("\n"));
    this.name = "ResourcePeakError";
    this.scene = scene;
    this.peak = peak;
    this.limit = limit;
    this.resources = resources;
  }
}

function linesOf(resources: readonly SizedResource[]): string[] {
  const rows = resources.slice(0, MAX_LISTED)
    .map(({ key, bytes }) => [printable(key), bytes.toLocaleString("en")] as const);
  const [key, bytes] = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  const lines = rows.map((row) => `  ${row[0].padEnd(key!)}  ${row[1].padStart(bytes!)}`);
  const more = resources.length - rows.length;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}
