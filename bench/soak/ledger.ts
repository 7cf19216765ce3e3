import type { ResourceManager } from "../../mod.ts";
import type { Findings } from "./findings.ts";

/** An error that the soak itself has thrown. */
export class Provoked extends Error {
  override readonly name = "Provoked";
}

interface Made {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Counts what the loaders, the events and the game see of one manager, to compare that with the
 * manager's own counters.
 */
export class Ledger {
  readonly #findings: Findings;
  /** The values that were made and not unloaded. */
  readonly #alive = new Map<object, Made>();
  #mgr: ResourceManager | undefined = undefined;
  bytes = 0;
  loads = 0;
  unloads = 0;
  evictions = 0;
  reloads = 0;
  /** Failed reloads. The resource keeps its old value, and that keeps its old parts. */
  failedReloads = 0;
  /** Leaks that were reported. */
  leaks = 0;
  /** Handles that the game has dropped. */
  forgotten = 0;
  /** Loads by the game or by a loader, those of them that were hits, and values that were added. */
  asked = 0;
  hits = 0;
  added = 0;
  /** Synchronous loads that found nothing resident and failed. */
  failed = 0;
  /** Disposables that loaders left in their contexts, and those that were disposed. */
  opened = 0;
  closed = 0;
  /** The errors that unloading has thrown, and those of them that were reported. */
  readonly thrown = new Set<unknown>();
  readonly reported = new Set<unknown>();
  /** The keys that the game is reloading asynchronously: they may be unloaded in the meantime. */
  readonly reloading: string[] = [];
  /** How often each key was unloaded by force. */
  readonly #forced = new Map<string, number>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Follows the events of `mgr`. */
  follow(mgr: ResourceManager): void {
    this.#mgr = mgr;
    mgr.on("load", () => this.loads++);
    mgr.on("reload", () => this.reloads++);
    mgr.on("error", ({ key }) => {
      if (key !== undefined && mgr.has(key)) this.failedReloads++;
    });
    mgr.on("leak", () => this.leaks++);
    mgr.on("unload", ({ key, reason }) => {
      this.unloads++;
      if (reason === "evicted") this.evictions++;
      if (reason === "forced" || reason === "cleared") {
        this.#forced.set(key, this.forced(key) + 1);
      }
    });
  }

  get alive(): number {
    return this.#alive.size;
  }

  /** Whether the manager is disposed. */
  get isOver(): boolean {
    return this.#mgr!.disposed;
  }

  forced(key: string): number {
    return this.#forced.get(key) ?? 0;
  }

  isAlive(value: object): boolean {
    return this.#alive.has(value);
  }

  /** Any value that is not unloaded, with its key. */
  first(): [value: object, key: string] | undefined {
    for (const [value, { key }] of this.#alive) return [value, key];
    return undefined;
  }

  /** Counts a load of `key` before it happens. `has` does not count as a use. */
  ask(key: string): void {
    this.asked++;
    if (this.#mgr!.has(key)) this.hits++;
  }

  /** Counts a value that a loader has made, or that the game passes to `add`. */
  made<T extends object>(value: T, key: string, bytes: number): T {
    this.#alive.set(value, { key, bytes });
    this.bytes += bytes;
    return value;
  }

  /** Counts the unloading of `value`. */
  unloaded(value: object, key: string): void {
    const made = this.#alive.get(value);
    this.#findings.check("once", made !== undefined, () => `"${key}" was unloaded again`);
    if (made === undefined) return;
    this.#alive.delete(value);
    this.bytes -= made.bytes;
  }

  /** Makes an error for an unload to throw. */
  provoke(key: string): Provoked {
    const error = new Provoked(`"${key}" refuses to be unloaded`);
    this.thrown.add(error);
    return error;
  }
}
