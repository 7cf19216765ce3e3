/** The results of a comparison, and their limits. */
import type { ContenderName } from "./contenders.ts";
import type { OperationTimes } from "./flatness.ts";
import { type GrowthName, SIZES } from "./growth.ts";
import type { WorkloadName } from "./workloads.ts";

/** The nanoseconds for each contender, or the reason why it did not run. */
export interface Speed {
  readonly times: Partial<Record<ContenderName, number>>;
  readonly missing: Partial<Record<ContenderName, string>>;
}

/** The bytes besides the payload. */
export interface Bytes {
  /** A resident resource and the first reference to it. */
  readonly referenced?: number;
  /** One more reference. */
  readonly reference?: number;
  /** A resource without references. */
  readonly idle?: number;
}

/** The cost of a million references to one resource. */
export interface Million {
  /** The bytes for each. */
  readonly bytes: number;
  /** The milliseconds of a full garbage collection. */
  readonly ms: number;
  /** The milliseconds of a full garbage collection before the references were taken. */
  readonly without: number;
}

export interface Report {
  readonly machine: string;
  readonly speed: Record<WorkloadName, Speed>;
  readonly operations: OperationTimes;
  /** The nanoseconds at each of {@linkcode SIZES}. */
  readonly growth: Record<GrowthName, readonly number[]>;
  readonly bytes: Partial<Record<ContenderName, Bytes>>;
  readonly million: Partial<Record<ContenderName, Million>>;
}

/** A limit for a measured value. */
export interface Limit {
  readonly what: string;
  readonly value: number;
  /** Above this the comparison fails. It leaves room for noise. */
  readonly atMost: number;
  /** The value that is aimed for, if that is less. */
  readonly aim?: number;
  readonly unit: string;
}

/** The cost of `who`, as a multiple of the cost of `of`. */
function ratio({ times }: Speed, who: ContenderName, of: ContenderName): number {
  return times[who]! / times[of]!;
}

const BARE = "bare `Map` and a count";
const OFF = "Holdfast, detection off";
const CLOSURES = "`Map` with closures";
const VSCODE = "VS Code `ReferenceCollection`";

function times(what: string, value: number, atMost: number, aim?: number): Limit {
  return { what, value, atMost, unit: "×", ...(aim !== undefined && { aim }) };
}

/** The limits for single loads. */
function hitLimits({ speed }: Report): Limit[] {
  const { held, idle, random, ways, million } = speed;
  const heldTo = (who: ContenderName) => ratio(held, "Holdfast", who);
  return [
    times("held: to a bare `Map`", heldTo(BARE), 3.5, 3),
    times("through idle: to a bare `Map`", ratio(idle, "Holdfast", BARE), 6, 4.5),
    times("at random: to a bare `Map`", ratio(random, "Holdfast", BARE), 2.5),
    times(
      "`using` a load: to `using` of nothing",
      ratio(ways, "`using` a load", "`using` of nothing"),
      1.25,
      1.15,
    ),
    times("a load in a scope: to a load", ratio(ways, "a scope for 64 loads", "Holdfast"), 3, 2.2),
    times("held: to Effect's `RcMap`", heldTo("Effect 4 `RcMap`"), 1 / 40),
    times("held: to VS Code's references", heldTo(VSCODE), 1 / 1.4),
    times("held: to those when tracked", heldTo("the same, leaks tracked"), 1 / 1000),
    times("held: to `lru-cache`", heldTo("`lru-cache`"), 2),
    times("among 1 000 000: to among 10 000", million.times.Holdfast! / held.times.Holdfast!, 1.5),
  ];
}

/** The limits for the work of a game. */
function gameLimits({ speed }: Report): Limit[] {
  const { frame, churn, scene } = speed;
  const detection = (["held", "idle", "random", "frame", "scene"] as const).map((name) => {
    const [atMost, aim] = name === "scene" ? [2, 1.2] : [1.5, 1.4];
    return times(`${name}: to detection off`, ratio(speed[name], "Holdfast", OFF), atMost, aim);
  });
  return [
    times("a frame of 2 000 loads: to a bare `Map`", ratio(frame, "Holdfast", BARE), 6, 4.5),
    times("a frame: to VS Code's references", ratio(frame, "Holdfast", VSCODE), 1.3, 1 / 1.3),
    times("a miss: to a `Map` with closures", ratio(churn, "Holdfast", CLOSURES), 12, 8),
    times("a scene: to a `Map` with closures", ratio(scene, "Holdfast", CLOSURES), 3, 2.2),
    times("a scene by scopes: to those", ratio(scene, "Holdfast, by scopes", CLOSURES), 2.5, 1.8),
    { what: "a change of scene", value: scene.times.Holdfast! / 1e6, atMost: 20, unit: "ms" },
    ...detection,
  ];
}

/** The limits for costs that must stay the same as the work around them grows. */
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

/** The limits for memory. */
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

/** All limits. */
export function limitsOf(report: Report): Limit[] {
  return [
    ...hitLimits(report),
    ...gameLimits(report),
    ...growthLimits(report),
    ...memoryLimits(report),
  ];
}
