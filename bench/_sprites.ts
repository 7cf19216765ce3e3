/** Sprites for the benchmarks: in a manager, and in the bare map to compare with. */
import { MemorySource, ResourceManager, type ResourceManagerOptions } from "../mod.ts";

export class Sprite {
  constructor(readonly id: number) {}
}

const PREFIX = "sprites/sprite-";

export function nameOf(id: number): string {
  return `${PREFIX}${id}.png`;
}

/** The id in a name of {@linkcode nameOf}. */
export function idOf(name: string): number {
  return parseInt(name.slice(PREFIX.length));
}

/** The names of `count` sprites, from the id `from` on. */
export function namesOf(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => nameOf(from + i));
}

/** The bare minimum: a map and a count. It checks nothing, watches nothing and never unloads. */
export class BareMap {
  readonly #entries = new Map<string, { value: Sprite; count: number }>();

  constructor(names: number) {
    for (let id = 0; id < names; id++) {
      this.#entries.set(nameOf(id), { value: new Sprite(id), count: 0 });
    }
  }

  /** Takes and releases `name` `loops` times. Returns the sum of the ids that it saw. */
  run(name: string, loops: number): number {
    const entries = this.#entries;
    let sum = 0;
    for (let i = 0; i < loops; i++) {
      const entry = entries.get(name)!;
      entry.count++;
      sum += entry.value.id;
      entry.count--;
    }
    return sum;
  }
}

/** A manager with `names` idle sprites of 64 bytes each. */
export function filled(names: number, options: ResourceManagerOptions = {}): ResourceManager {
  const mgr = new ResourceManager({ source: new MemorySource(), idle: "keep", ...options });
  for (let id = 0; id < names; id++) {
    mgr.add(nameOf(id), new Sprite(id), { byteLength: 64 })[Symbol.dispose]();
  }
  return mgr;
}

/** Returns a function that counts from 0 on. */
function counted(): () => number {
  let next = 0;
  return () => next++;
}

/** A manager that can load a sprite of any name without a disk. `id` returns the id of each. */
export function generating(
  options: ResourceManagerOptions = {},
  id = counted(),
): ResourceManager {
  const bytes = new Uint8Array(64);
  return new ResourceManager({
    source: { read: () => bytes },
    loaders: [{ name: "sprite", extensions: [".png"], load: () => new Sprite(id()) }],
    ...options,
  });
}

export function loadAndDispose(mgr: ResourceManager, name: string, loops: number): number {
  let sum = 0;
  for (let i = 0; i < loops; i++) {
    const sprite = mgr.load(name, Sprite);
    sum += sprite.value.id;
    sprite[Symbol.dispose]();
  }
  return sum;
}

/**
 * Throws unless the work was done, because a benchmark that measures nothing is worse than none.
 */
export function prove(what: string, done: boolean): void {
  if (!done) throw new Error(`${what} did not do its work`);
}
