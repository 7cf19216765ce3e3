/** What a comparison has found, and what of it has to hold. */
import type { ContenderName } from "./contenders.ts";
import type { OperationTimes } from "./flatness.ts";
import { type GrowthName, SIZES } from "./growth.ts";
import type { WorkloadName } from "./workloads.ts";

/** Nanoseconds of one time, and why somebody has none. */
export interface Speed {
  readonly times: Partial<Record<ContenderName, number>>;
  readonly missing: Partial<Record<ContenderName, string>>;
}

/** Bytes beyond the payload. */
export interface Bytes {
  /** A resident resource and the first reference to it. */
  readonly referenced?: number;
  /** One more reference. */
  readonly reference?: number;
  /** A resource that nobody references. */
  readonly idle?: number;
}

/** With a million references to one resource. */
export interface Million {
  /** Bytes for each. */
  readonly bytes: number;
  /** Milliseconds of a full collection. */
  readonly ms: number;
  /** Milliseconds of a full collection before they were taken. */
  readonly without: number;
}

export interface Report {
  readonly machine: string;
  readonly speed: Record<WorkloadName, Speed>;
  readonly operations: OperationTimes;
  /** Nanoseconds at each of {@linkcode SIZES}. */
  readonly growth: Record<GrowthName, readonly number[]>;
  readonly bytes: Partial<Record<ContenderName, Bytes>>;
  readonly million: Partial<Record<ContenderName, Million>>;
}

/** Something that has to hold. */
export interface Limit {
  readonly what: string;
  readonly value: number;
  readonly atMost: number;
  readonly unit: string;
}

/** How many times the cost of `of` one time of `who` takes. */
function ratio({ times }: Speed, who: ContenderName, of: ContenderName): number {
  return times[who]! / times[of]!;
}

const BARE = "bare `Map` and a count";
const OFF = "Holdfast, detection off";

/** What is promised of speed. */
function speedLimits({ speed }: Report): Limit[] {
  const times = (what: string, value: number, atMost: number) => ({
    what,
    value,
    atMost,
    unit: "×",
  });
  const { held, idle, random, ways, million } = speed;
  const detection = (["held", "idle", "random", "frame"] as const).map((name) =>
    times(`${name}: to detection off`, ratio(speed[name], "Holdfast", OFF), 1.5)
  );
  return [
    times("held: to a bare `Map`", ratio(held, "Holdfast", BARE), 3.5),
    times("through idle: to a bare `Map`", ratio(idle, "Holdfast", BARE), 6),
    times("at random: to a bare `Map`", ratio(random, "Holdfast", BARE), 2.5),
    ...detection,
    times(
      "`using` a load: to `using` of nothing",
      ratio(ways, "`using` a load", "`using` of nothing"),
      1.25,
    ),
    times("a scope for 64: to a load", ratio(ways, "a scope for 64 loads", "Holdfast"), 6),
    times("held: to Effect's `RcMap`", ratio(held, "Holdfast", "Effect 4 `RcMap`"), 1 / 40),
    times(
      "held: to VS Code's references",
      ratio(held, "Holdfast", "VS Code `ReferenceCollection`"),
      1 / 1.4,
    ),
    times(
      "held: to those when tracked",
      ratio(held, "Holdfast", "the same, leaks tracked"),
      1 / 1000,
    ),
    times("held: to `lru-cache`", ratio(held, "Holdfast", "`lru-cache`"), 2),
    times("among 1 000 000: to among 10 000", million.times.Holdfast! / held.times.Holdfast!, 1.5),
    { what: "a change of scene", value: speed.scene.times.Holdfast! / 1e6, atMost: 20, unit: "ms" },
  ];
}

/** What must stay the same as the work around it grows. */
function growthLimits({ growth, speed }: Report): Limit[] {
  const flat: GrowthName[] = [
    "hit, held, of n resident",
    "hit through idle, of n idle",
    "64 names in turns, of n idle",
    "hit beside n open handles",
    "hit beside n listeners",
    "`with`, of n idle",
    "`acquire` and `release`, of n idle",
  ];
  const each = Math.max(...growth["`unloadUnused`, for each of n idle"]);
  return [
    ...flat.map((name) => {
      const list = growth[name];
      const value = Math.max(...list.slice(1)) / list[0]!;
      return { what: `${name}: to n = ${SIZES[0]}`, value, atMost: 2, unit: "×" };
    }),
    {
      what: "`unloadUnused`, each: to a bare `Map`",
      value: each / speed.held.times[BARE]!,
      atMost: 16,
      unit: "×",
    },
  ];
}

/** What is promised of memory. */
function memoryLimits({ bytes, million }: Report): Limit[] {
  const unit = "bytes";
  const pause = million.Holdfast!.ms / million[OFF]!.ms;
  return [
    { what: "a resident resource", value: bytes.Holdfast!.idle!, atMost: 200, unit },
    { what: "a handle", value: bytes[OFF]!.reference!, atMost: 48, unit },
    { what: "a handle that is registered", value: bytes.Holdfast!.reference!, atMost: 165, unit },
    { what: "a collection of 1 000 000: to detection off", value: pause, atMost: 3.3, unit: "×" },
  ];
}

/** Everything that has to hold. */
export function limitsOf(report: Report): Limit[] {
  return [...speedLimits(report), ...growthLimits(report), ...memoryLimits(report)];
}
