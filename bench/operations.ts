/**
 * The operations of a game, each with a number of loaded resources. `operations_bench.ts` shows
 * what one costs, and `flat.ts` fails if the cost depends on how many resources are loaded.
 *
 * An operation uses 16 names in turn, spread evenly over the residents. The data of 16 names fits
 * into the fastest cache of the processor, so a time that grows comes from the algorithm and not
 * from slow memory. With 64 names, a load among 1 000 000 takes twice as long as among 10.
 */
import { type IdlePolicy, ResourceManager } from "../mod.ts";
import { idOf, nameOf, namesOf, prove, Sprite } from "./_sprites.ts";

/** How many resources are loaded. */
export const RESIDENTS = [10, 1_000, 100_000, 1_000_000] as const;

/** How many names an operation uses in turn: a power of two. */
const NAMES = 16;
/** How many resources one `unloadUnused` finds idle. */
const UNUSED = 1_000;
const BYTES = new Uint8Array(64);

/** Whether the residents are held, and what happens to a resource that is not held. */
export interface State {
  readonly held: boolean;
  readonly idle: IdlePolicy;
}

const LIVE: State = { held: true, idle: "unload" };
const LIVE_IDLE_KEPT: State = { held: true, idle: "keep" };
const IDLE: State = { held: false, idle: "keep" };

/** A manager with `count` sprites loaded. */
export class Residents {
  readonly manager: ResourceManager;
  /** How many sprites were decoded, and how many unloaded. */
  decoded = 0;
  unloaded = 0;

  constructor(readonly count: number, { held, idle }: State) {
    const manager = new ResourceManager({
      source: { read: () => BYTES },
      loaders: [{
        name: "sprite",
        extensions: [".png"],
        load: (_bytes, { key }) => this.#decode(key),
        unload: () => void this.unloaded++,
      }],
      idle,
    });
    for (let id = 0; id < count; id++) {
      const sprite = manager.load(nameOf(id), Sprite);
      if (held) manager.acquire(nameOf(id));
      sprite[Symbol.dispose]();
    }
    const idleBytes = held ? 0 : count * BYTES.length;
    prove("loading", manager.size === count && manager.idleBytes === idleBytes);
    this.manager = manager;
  }

  #decode(key: string): Sprite {
    this.decoded++;
    return new Sprite(idOf(key));
  }

  /** The names of {@linkcode NAMES} residents. They repeat if there are fewer. */
  get someNames(): string[] {
    const stride = Math.max(1, Math.floor(this.count / NAMES));
    return Array.from({ length: NAMES }, (_, i) => nameOf(i * stride % this.count));
  }
}

/** An operation that is ready to be measured. */
export interface Prepared {
  /** Does the measured work. Returns a number that proves it. */
  run(): number;
  /** Runs before each run, and is not measured. */
  before?(): void;
  /** The results of the first runs. */
  readonly expected: readonly number[];
  /** How many sprites each run decodes and unloads; 0 by default. */
  readonly changes?: number;
}

export interface Operation {
  readonly residents: State;
  /** How many operations one run has; 1 by default. */
  readonly times?: number;
  prepare(residents: Residents): Prepared;
}

/** Returns a function that goes through a list of {@linkcode NAMES} items, over and over. */
function inTurn<T>(list: readonly T[]): () => T {
  let next = 0;
  return () => list[next++ & (NAMES - 1)]!;
}

/** Takes a handle to each of `names` in turn, reads the value and disposes the handle. */
function loadAndDispose(manager: ResourceManager, names: readonly string[]): Prepared {
  const name = inTurn(names);
  const run = () => {
    const sprite = manager.load(name(), Sprite);
    const { id } = sprite.value;
    sprite[Symbol.dispose]();
    return id;
  };
  return { run, expected: names.map(idOf) };
}

/** Every operation, by its name. */
export const OPERATIONS = {
  "load + dispose, live": {
    residents: LIVE,
    prepare: ({ manager, someNames }) => loadAndDispose(manager, someNames),
  },
  "load + dispose, idle and back": {
    residents: IDLE,
    prepare: ({ manager, someNames }) => loadAndDispose(manager, someNames),
  },
  "acquire + release": {
    residents: LIVE,
    prepare({ manager, someNames }) {
      const name = inTurn(someNames);
      const run = () => {
        const taken = name();
        manager.acquire(taken);
        manager.release(taken);
        return 0;
      };
      const [first] = someNames as [string];
      manager.acquire(first);
      prove("acquire", manager.holders(first)[0]?.manual === 2);
      manager.release(first);
      prove("release", manager.holders(first)[0]?.manual === 1);
      return { run, expected: someNames.map(() => 0) };
    },
  },
  "clone + dispose": {
    residents: LIVE,
    prepare({ manager, someNames }) {
      const handle = inTurn(someNames.map((name) => manager.load(name, Sprite)));
      const run = () => {
        const clone = handle().clone();
        const { id } = clone.value;
        clone[Symbol.dispose]();
        return id;
      };
      return { run, expected: someNames.map(idOf) };
    },
  },
  "weak.upgrade + dispose": {
    residents: LIVE,
    prepare({ manager, someNames }) {
      const weak = inTurn(someNames.map((name) => {
        using handle = manager.load(name, Sprite);
        return handle.weak();
      }));
      const run = () => {
        const handle = weak().upgrade()!;
        const { id } = handle.value;
        handle[Symbol.dispose]();
        return id;
      };
      return { run, expected: someNames.map(idOf) };
    },
  },
  "with": {
    residents: LIVE,
    prepare({ manager, someNames }) {
      const name = inTurn(someNames);
      const run = () => manager.with(name(), Sprite, ({ id }) => id);
      return { run, expected: someNames.map(idOf) };
    },
  },
  "has": {
    residents: LIVE,
    prepare({ manager, someNames }) {
      const name = inTurn(someNames);
      return { run: () => Number(manager.has(name())), expected: someNames.map(() => 1) };
    },
  },
  // With 10 residents nearly everything is unloaded. Most of the time goes into shrinking the table
  // of names.
  "unloadUnused, each": {
    residents: LIVE_IDLE_KEPT,
    times: UNUSED,
    prepare({ manager, count }) {
      const unused = namesOf(UNUSED, count);
      const before = () => {
        for (const name of unused) manager.load(name, Sprite)[Symbol.dispose]();
      };
      const run = () => manager.unloadUnused();
      return { run, before, expected: [UNUSED, UNUSED], changes: UNUSED };
    },
  },
  "a miss": {
    residents: LIVE,
    prepare: ({ manager, count }) => ({
      ...loadAndDispose(manager, namesOf(NAMES, count)),
      changes: 1,
    }),
  },
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;

/** Prepares an operation. Throws unless it does its work and leaves all residents as they were. */
export function prepare(name: OperationName, residents: Residents): Prepared {
  const operation: Operation = OPERATIONS[name];
  const { manager, decoded, unloaded } = residents;
  const before = [manager.size, manager.idleBytes];
  const prepared = operation.prepare(residents);
  const { expected, changes = 0 } = prepared;
  for (const result of expected) {
    prepared.before?.();
    prove(name, prepared.run() === result);
  }
  const changed = changes * expected.length;
  prove(`${name}: decoding`, residents.decoded - decoded === changed);
  prove(`${name}: unloading`, residents.unloaded - unloaded === changed);
  prove(`${name}: leaving the rest`, `${[manager.size, manager.idleBytes]}` === `${before}`);
  return prepared;
}
