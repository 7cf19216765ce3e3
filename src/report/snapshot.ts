import { format as formatBytes } from "@std/fmt/bytes";
import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { plural } from "../contract/errors.ts";
import type { FormatStatsOptions, Holder, QueuedWork } from "../contract/stats.ts";
import { holdersOf } from "../leaks/holders.ts";
import { recordScopes } from "../leaks/nursery.ts";
import { quote } from "../contract/printable.ts";
import { bold } from "./colors.ts";
import { AMOUNTS, HOLDERS, IDENTITY, nameHolders, waiting } from "./format_stats.ts";
import { drawTable, joinParts } from "./table.ts";
import { terminalWidth } from "./terminal.ts";

/**
 * A resource that was not resident at the time of the snapshot, or has more bytes or references now.
 *
 * @example
 * ```ts
 * import { type GrownResource, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using before = mgr.snapshot();
 * using _hero = mgr.load("hero.txt", Text);
 * const [grown]: readonly GrownResource[] = before.compare().grown;
 * assertEquals([grown?.key, grown?.isNew, grown?.references], ["hero.txt", true, 1]);
 * ```
 */
export interface GrownResource {
  /** Its key. */
  key: string;
  /** The name of the type that it was loaded as. */
  type: string;
  /** `"live"` if something references it, otherwise `"idle"`. */
  state: "live" | "idle";
  /** Whether it was not resident at the time of the snapshot. */
  isNew: boolean;
  /** How many bytes larger it is; negative if it is smaller and has more references. */
  bytes: number;
  /** How many more references it has, open handles and manual ones; negative if it has fewer. */
  references: number;
  /** Its holders now, as `ResourceManager.holders` returns them. */
  holders: readonly Holder[];
}

/**
 * What has changed since a {@linkcode Snapshot}: numbers, which may be negative, and a table.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, type SnapshotComparison } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using before = mgr.snapshot("level 2");
 * const nothing: SnapshotComparison = before.compare();
 * assertEquals(nothing.toString().includes("0 B"), true);
 * assertEquals([nothing.label, nothing.bytes, nothing.grown.length], ["level 2", 0, 0]);
 * ```
 */
export class SnapshotComparison {
  /** The label of the snapshot. */
  readonly label: string;
  /** How many more resources are resident. */
  readonly resources: number;
  /** How many more references there are. */
  readonly references: number;
  /** How many more bytes are resident. */
  readonly bytes: number;
  /** The resources that are new or have grown, the one with the most new bytes first. */
  readonly grown: readonly GrownResource[];
  /** The work that waits for the next `pump`, and still takes memory. Only with `pacing: "pumped"`. */
  readonly queued?: QueuedWork;

  /**
   * Called by {@linkcode Snapshot.compare}.
   *
   * @ignore
   */
  constructor(label: string, { queued, ...totals }: Totals, grown: GrownResource[]) {
    this.label = label;
    if (queued !== undefined) this.queued = queued;
    this.resources = totals.resources;
    this.references = totals.references;
    this.bytes = totals.bytes;
    this.grown = grown.sort((a, b) => b.bytes - a.bytes || b.references - a.references);
  }

  /**
   * Returns the totals, and below them an aligned table of the resources that have grown. `maxRows` and
   * `maxWidth` are those of {@linkcode formatStats}. O(resources that have grown).
   */
  toString(options: Pick<FormatStatsOptions, "maxRows" | "maxWidth"> = {}): string {
    const { maxRows, maxWidth = terminalWidth() } = options;
    const { resources, references, bytes } = this;
    const name = this.label === "" ? "Since the snapshot" : `Since ${quote(this.label)}`;
    const totals = [
      signed(resources, (count) => plural(count, "resource")),
      signed(references, (count) => plural(count, "reference")),
      signed(bytes, formatBytes),
      ...waiting(this.queued),
    ];
    const [more = "", ...others] = totals;
    const parts = joinParts([`${name}: ${more}`, ...others], maxWidth);
    const title = bold(name) + parts.slice(name.length);
    if (this.grown.length === 0) return title;
    const rows = this.grown.map((each) => [
      each.key,
      each.type,
      each.state,
      each.isNew ? "new" : "",
      each.references === 0 ? "" : signed(each.references, String),
      each.bytes === 0 ? "" : signed(each.bytes, formatBytes),
      nameHolders(each.holders),
    ]);
    const columns = [...IDENTITY, { title: "" }, ...AMOUNTS, HOLDERS];
    return [title, ...drawTable(columns, rows, { maxRows, maxWidth })].join("\n");
  }
}

function signed(value: number, format: (amount: number) => string): string {
  const sign = value > 0 ? "+" : value < 0 ? "-" : "";
  return sign + format(Math.abs(value));
}

/** The numbers of a comparison. */
interface Totals {
  resources: number;
  references: number;
  bytes: number;
  readonly queued: QueuedWork | undefined;
}

/** What a snapshot stores of a resource. */
interface Seen {
  readonly references: number;
  readonly bytes: number;
}

/**
 * The resident resources at one moment, taken by {@linkcode ResourceManager.snapshot}. A later
 * comparison shows, for example, what level 2 left behind. Until it is disposed, it stores the key, the
 * size and the reference count of each resource; it does not reference any resource.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A", "b.txt": "BB" }) });
 * using before = mgr.snapshot("level 2");
 * using forgotten = mgr.load("b.txt", Text);
 * {
 *   using _given = mgr.load("a.txt", Text);
 * }
 * const { resources, references, bytes, grown } = before.compare();
 * assertEquals([resources, references, bytes], [1, 1, 2]);
 * assertEquals(grown.map(({ key }) => key), [forgotten.key]);
 * assertStringIncludes(before.compare().toString(), "+2 B");
 * ```
 */
export class Snapshot implements Disposable {
  /** The name of the snapshot in reports; `""` if it was taken without a label. */
  readonly label: string;
  readonly #cache: Cache;
  /** What was resident, by key; `undefined` once the snapshot is disposed. */
  #seen: Map<string, Seen> | undefined = new Map();

  /**
   * Called by `ResourceManager.snapshot`.
   *
   * @ignore
   */
  constructor(label: string, cache: Cache) {
    this.label = label;
    this.#cache = cache;
    for (const { key, count, bytes } of cache.entries) {
      this.#seen!.set(key, { references: count, bytes });
    }
  }

  /**
   * Compares the resources that are resident now with those of the snapshot. Can be called repeatedly.
   * O(resources then and now).
   *
   * @throws {ReferenceError} The snapshot is disposed.
   */
  compare(): SnapshotComparison {
    const seen = this.#seen;
    if (!seen) {
      const what = this.label === "" ? "" : ` with ${quote(this.label)}`;
      throw new ReferenceError(`Cannot compare${what}: the snapshot is disposed`);
    }
    const { entries, unloading: { work } } = this.#cache;
    const totals: Totals = { resources: -seen.size, references: 0, bytes: 0, queued: work?.queued };
    for (const { references, bytes } of seen.values()) {
      totals.references -= references;
      totals.bytes -= bytes;
    }
    const grown: GrownResource[] = [];
    recordScopes();
    for (const entry of entries) {
      totals.resources++;
      totals.references += entry.count;
      totals.bytes += entry.bytes;
      const before = seen.get(entry.key);
      const growth = growthOf(entry, before);
      if (growth) grown.push(growth);
    }
    return new SnapshotComparison(this.label, totals, grown);
  }

  /**
   * Releases what the snapshot has stored. Later calls do nothing. O(1).
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertThrows } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource() });
   * const before = mgr.snapshot("level 2");
   * before[Symbol.dispose]();
   * assertThrows(() => before.compare(), ReferenceError);
   * ```
   */
  [Symbol.dispose](): void {
    this.#seen = undefined;
  }
}

/** How much `entry` has grown since `before`; `undefined` if it has not. */
function growthOf(entry: Entry, before: Seen | undefined): GrownResource | undefined {
  const { key, typeName: type, count } = entry;
  const references = count - (before?.references ?? 0);
  const bytes = entry.bytes - (before?.bytes ?? 0);
  if (before && references <= 0 && bytes <= 0) return undefined;
  const state = count > 0 ? "live" : "idle";
  return { key, type, state, isNew: !before, bytes, references, holders: holdersOf(entry) };
}
