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
  /** What it may come to before the comparison fails: there is room for noise. */
  readonly atMost: number;
  /** What it is meant to be, where that is less. */
  readonly aim?: number;
  readonly unit: string;
}

/** How many times the cost of `of` one time of `who` takes. */
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

/** What is promised of single loads. */
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

/** What is promised of what a game does with them. */
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
  return [
    ...hitLimits(report),
    ...gameLimits(report),
    ...growthLimits(report),
    ...memoryLimits(report),
  ];
}
