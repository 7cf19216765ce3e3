/** The cost of one operation as the work around it grows, from a hundred to a million. */
import type { Handle, ResourceManager, ResourceManagerOptions } from "../../mod.ts";
import { generating, nameOf, namesOf, Sprite } from "../_sprites.ts";
import type { Work } from "./workloads.ts";

export const SIZES = [100, 1_000, 10_000, 100_000, 1_000_000];

const HOT = 7;
const hot = nameOf(HOT);
/** The number of operations in a step. */
const TIMES = 1_000;

/** A manager that loads the same sprite for every name. */
function managerOf(options?: ResourceManagerOptions): ResourceManager {
  return generating({ idle: "keep", ...options }, () => HOT);
}

/** A manager with `size` idle sprites. They are loaded, not added, as in a game. */
function filled(size: number, options?: ResourceManagerOptions): ResourceManager {
  const mgr = managerOf(options);
  for (const name of namesOf(size)) mgr.load(name, Sprite)[Symbol.dispose]();
  return mgr;
}

/** A manager whose sprites are all held. */
function held(size: number): ResourceManager {
  const mgr = filled(size);
  for (const name of namesOf(size)) mgr.acquire(name);
  return mgr;
}

function visit(mgr: ResourceManager, name: string): number {
  const handle = mgr.load(name, Sprite);
  const { id } = handle.value;
  handle[Symbol.dispose]();
  return id;
}

/** Repeats an operation, which returns the id 7 each time to prove that it did its work. */
function repeated(operation: () => number): Work {
  const step = () => {
    let sum = 0;
    for (let i = 0; i < TIMES; i++) sum += operation();
    return sum;
  };
  return { step, times: TIMES, expected: { sum: HOT * TIMES } };
}

/** Measures the unloading of `names`, but not the loading before it. */
function unloading(mgr: ResourceManager, names: readonly string[]): Work {
  const once = () => {
    for (const name of names) mgr.load(name, Sprite)[Symbol.dispose]();
    const start = performance.now();
    if (mgr.unloadUnused() !== names.length) throw new Error("Cannot measure: not all was idle");
    return performance.now() - start;
  };
  const timed = (steps: number) => {
    let ms = 0;
    for (let i = 0; i < steps; i++) ms += once();
    return ms;
  };
  return { step: () => (once(), 0), timed, times: names.length, expected: { sum: 0 } };
}

/** The operations, named after what grows around them. */
export const GROWTH = {
  "hit, held, of n resident": (size) => {
    const mgr = held(size);
    return repeated(() => visit(mgr, hot));
  },
  "hit through idle, of n idle": (size) => {
    const mgr = filled(size);
    return repeated(() => visit(mgr, hot));
  },
  "64 names in turns, of n idle": (size) => {
    const mgr = filled(size);
    const names = namesOf(64);
    let next = 0;
    return repeated(() => visit(mgr, names[next++ & 63]!));
  },
  "hit beside n open handles": (size) => {
    const mgr = filled(100);
    const handles: Handle<Sprite>[] = [];
    for (let i = 0; i < size; i++) handles.push(mgr.load(hot, Sprite));
    const end = () => handles.splice(0).forEach((handle) => handle[Symbol.dispose]());
    return { ...repeated(() => visit(mgr, hot)), end };
  },
  "hit beside n listeners": (size) => {
    const mgr = filled(100);
    for (let i = 0; i < size; i++) mgr.on("load", () => {});
    return repeated(() => visit(mgr, hot));
  },
  "`with`, of n idle": (size) => {
    const mgr = filled(size);
    return repeated(() => mgr.with(hot, Sprite, ({ id }) => id));
  },
  "`acquire` and `release`, of n idle": (size) => {
    const mgr = filled(size);
    return repeated(() => {
      mgr.acquire(hot);
      mgr.release(hot);
      return HOT;
    });
  },
  "a miss and its unloading, beside n idle": (size) => {
    const mgr = filled(size);
    const names = newNames(size);
    return repeated(() => {
      const name = names.next().value!;
      const id = visit(mgr, name);
      mgr.unload(name);
      return id;
    });
  },
  "a miss that evicts, of n that fit": (size) => {
    const mgr = filled(size, { maxBytes: size * 64 });
    const names = newNames(size);
    return repeated(() => visit(mgr, names.next().value!));
  },
  "`unloadUnused`, for each of n idle": (size) => unloading(managerOf(), namesOf(size, size)),
  "`unloadUnused`, for each of 100 idle beside n live": (size) =>
    unloading(held(size), namesOf(100, size)),
} satisfies Record<string, (size: number) => Work>;

export type GrowthName = keyof typeof GROWTH;

/** Names that are not loaded yet, over and over: 10 % more than fit. */
function* newNames(size: number): Generator<string> {
  const names = namesOf(size + Math.ceil(size / 10), size);
  for (;;) yield* names;
}
