/** The workloads of the contenders. Each names its unit, and the results that prove the work. */
import { idOf, nameOf, namesOf } from "../_sprites.ts";
import type { CacheOptions, Contender } from "./contender.ts";
import type { ContenderName } from "./contenders.ts";

/** Work that can be repeated until it is measured. */
export interface Work {
  /** Does the work. Returns the sum of the ids that it saw. */
  step(): number;
  /** The milliseconds of some steps, if not all of a step should be measured. */
  timed?(steps: number): number;
  /** Releases the references that it holds. */
  end?(): void;
  /** How many units a step has. */
  readonly times: number;
  /** The result that one step must return, and how many values it must make and free. */
  readonly expected: { readonly sum: number; readonly made?: number; readonly gone?: number };
}

export interface Workload {
  readonly title: string;
  /** The name of one operation, such as a visit. */
  readonly unit: string;
  readonly options: CacheOptions;
  readonly contenders: readonly ContenderName[];
  prepare(cache: Contender): Work;
}

const MAPS = ["bare `Map` and a count", "`Map` with closures"] as const;
const COUNTING = [...MAPS, "Effect 4 `RcMap`", "VS Code `ReferenceCollection`"] as const;
const LRU = [
  "`lru-cache`",
  "`quick-lru`",
  "`mnemonist` `LRUMap`",
  "`@std/cache` `LruCache`",
] as const;
const HOLDFAST = [
  "Holdfast",
  "Holdfast, detection off",
  "Holdfast, one site in 1 000",
  "detection in the usual way",
] as const;
/**
 * For development only: they take a tenth of a millisecond each, so only single visits are
 * measured.
 */
const SLOW = ["the same, leaks tracked", "Holdfast, strict"] as const;
const WAYS = [
  "bare `Map` and a count",
  "Holdfast",
  "`using` of nothing",
  "`using` a load",
  "a scope for 64 loads",
  "`mgr.with`",
  "`handle.clone()`",
  "`weak.upgrade()`",
  "`handle.value`",
] as const;

const HOT = 7;
const NAMES = 10_000;
/** The number of visits in a step. */
const VISITS = 1_000;
const MILLION = 1_000_000;

function sumOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + idOf(name), 0);
}

/**
 * Pseudo-random numbers from 0 to 1, the same for the same seed: a linear congruential generator.
 */
function* numbers(seed: number): Generator<number> {
  for (let state = seed;;) yield (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

/** Picks `count` of `names` at random. */
function pick(names: readonly string[], count: number, seed = 1): string[] {
  const random = numbers(seed);
  return Array.from(
    { length: count },
    () => names[Math.floor(random.next().value! * names.length)]!,
  );
}

/** Visits the same names in each step. Makes and frees no values. */
function visits(cache: Contender, names: readonly string[]): Work {
  const expected = { sum: sumOf(names), made: 0, gone: 0 };
  return { step: () => cache.visitAll(names), times: names.length, expected };
}

const hot = Array.from({ length: VISITS }, () => nameOf(HOT));

/** Visits some of `count` names, all of which are held. */
function held(cache: Contender, count: number, visited: readonly string[] = hot): Work {
  cache.hold(namesOf(count));
  return visits(cache, visited);
}

/** Changes scenes: takes the references of the next scene, then releases those of the last one. */
function stage(cache: Contender, first: readonly string[]): (next: readonly string[]) => void {
  let references = cache.takeAll(first);
  return (next) => {
    const before = references;
    references = cache.takeAll(next);
    cache.releaseAll(before);
  };
}

/**
 * Frames of 2 000 loads. Some are kept for three frames, and every 20th frame changes the scene.
 */
function frames(cache: Contender): Work {
  const scenes = [namesOf(1_000), namesOf(1_000, 500)];
  const wanted = scenes.map((names, i) => pick(names, 1_900, i + 1));
  const keep = scenes.map((names) => names.slice(400, 500));
  let scene = 0;
  const change = stage(cache, scenes[scene]!);
  const kept: unknown[] = [];
  const frame = (): number => {
    kept.push(cache.takeAll(keep[scene]!));
    if (kept.length > 3) cache.releaseAll(kept.shift());
    return cache.visitAll(wanted[scene]!);
  };
  const step = () => {
    let sum = 0;
    for (let i = 0; i < 40; i++) {
      if (i % 20 === 0) change(scenes[scene = 1 - scene]!);
      sum += frame();
    }
    return sum;
  };
  return { step, times: 40 * 2_000, expected: { sum: 20 * sumOf(wanted.flat()) } };
}

/**
 * Visits names in turn. Only a tenth of them fits, so each visit makes a value and frees another.
 */
function churn(cache: Contender): Work {
  const names = namesOf(NAMES);
  cache.visitAll(names);
  const expected = { sum: sumOf(names), made: NAMES, gone: NAMES };
  return { step: () => cache.visitAll(names), times: NAMES, expected };
}

/**
 * Takes the 10 000 names of the next scene, of which 7 000 are shared, then releases this scene.
 */
function sceneChanges(cache: Contender): Work {
  const scenes = [namesOf(NAMES), namesOf(NAMES, 3_000)];
  const change = stage(cache, scenes[0]!);
  const step = () => {
    change(scenes[1]!);
    change(scenes[0]!);
    return 0;
  };
  return { step, times: 2, expected: { sum: 0, made: 6_000, gone: 6_000 } };
}

/** Every workload, by its short name. */
export const WORKLOADS = {
  held: {
    title: "one hot name, held",
    unit: "visit",
    options: { idle: false },
    contenders: [...COUNTING, SLOW[0], ...LRU, ...HOLDFAST, SLOW[1]],
    prepare: (cache) => held(cache, NAMES),
  },
  idle: {
    title: "one hot name, through idle",
    unit: "visit",
    options: { idle: true },
    contenders: ["bare `Map` and a count", "Effect 4 `RcMap`", ...LRU, ...HOLDFAST],
    prepare(cache) {
      cache.releaseAll(cache.takeAll(namesOf(NAMES)));
      return visits(cache, hot);
    },
  },
  random: {
    title: "10 000 names at random, held",
    unit: "visit",
    options: { idle: false },
    contenders: [...COUNTING, ...LRU, ...HOLDFAST],
    prepare: (cache) => held(cache, NAMES, pick(namesOf(NAMES), 20_000)),
  },
  frame: {
    title: "frames of 2 000 loads",
    unit: "load",
    options: { idle: false },
    contenders: [...COUNTING, ...HOLDFAST, "`using` a load", "`mgr.with`"],
    prepare: frames,
  },
  churn: {
    title: "churn: each load makes one, and one goes",
    unit: "load",
    options: { idle: true, maxEntries: NAMES / 10 },
    contenders: [
      "`Map` with closures",
      "Effect 4 `RcMap`",
      "VS Code `ReferenceCollection`",
      ...LRU,
      ...HOLDFAST,
    ],
    prepare: churn,
  },
  scene: {
    title: "a change of scene, 10 000 loads",
    unit: "change",
    options: { idle: false },
    contenders: [
      "`Map` with closures",
      "Effect 4 `RcMap`",
      "VS Code `ReferenceCollection`",
      ...HOLDFAST,
      "Holdfast, by scopes",
    ],
    prepare: sceneChanges,
  },
  million: {
    title: "one hot name among 1 000 000",
    unit: "visit",
    options: { idle: false },
    contenders: [...MAPS, "VS Code `ReferenceCollection`", "`lru-cache`", ...HOLDFAST.slice(0, 2)],
    prepare: (cache) => held(cache, MILLION),
  },
  ways: {
    title: "ways to look at a value, held",
    unit: "visit",
    options: { idle: false },
    contenders: WAYS,
    prepare: (cache) => held(cache, NAMES),
  },
} satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof WORKLOADS;
