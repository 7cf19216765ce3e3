import type { ResourceManager } from "../../mod.ts";
import type { Findings } from "./findings.ts";

/** An error that the soak itself has raised. */
export class Provoked extends Error {
  override readonly name = "Provoked";
}

interface Made {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Books kept beside a manager, by what its loaders, its events and the game see, to compare with
 * those that it keeps itself. One for each manager.
 */
export class Ledger {
  readonly #findings: Findings;
  /** The values that are made and not unloaded. */
  readonly #alive = new Map<object, Made>();
  #mgr: ResourceManager | undefined = undefined;
  bytes = 0;
  loads = 0;
  unloads = 0;
  evictions = 0;
  reloads = 0;
  /** Errors of what is resident: it keeps its value, and the old ones that this was made from. */
  failedReloads = 0;
  /** Leaks that were reported. */
  leaks = 0;
  /** Handles that the game has dropped. */
  forgotten = 0;
  /** Asked for by the game or by a loader; among them those that were resident; and what was added. */
  asked = 0;
  hits = 0;
  added = 0;
  /** Synchronous loads that found nothing resident and failed. */
  failed = 0;
  /** Left in contexts, and given back by them. */
  opened = 0;
  closed = 0;
  /** What unloading has thrown, and what of that has reached somebody. */
  readonly thrown = new Set<unknown>();
  readonly told = new Set<unknown>();
  /** What the game reloads at the moment without blocking: it may be unloaded meanwhile. */
  readonly reloading: string[] = [];
  /** How often each key was forced out of memory. */
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

  /** Any value that is not unloaded, and its key. */
  first(): [value: object, key: string] | undefined {
    for (const [value, { key }] of this.#alive) return [value, key];
    return undefined;
  }

  /** `key` is about to be asked for. To look there counts as no use. */
  ask(key: string): void {
    this.asked++;
    if (this.#mgr!.has(key)) this.hits++;
  }

  /** A loader has made `value`, or the game gives it to `add`. */
  made<T extends object>(value: T, key: string, bytes: number): T {
    this.#alive.set(value, { key, bytes });
    this.bytes += bytes;
    return value;
  }

  /** `value` is unloaded. */
  unloaded(value: object, key: string): void {
    const made = this.#alive.get(value);
    this.#findings.check("once", made !== undefined, () => `"${key}" was unloaded again`);
    if (made === undefined) return;
    this.#alive.delete(value);
    this.bytes -= made.bytes;
  }

  /** An error for an unload to throw. */
  provoke(key: string): Provoked {
    const error = new Provoked(`"${key}" does not like to be unloaded`);
    this.thrown.add(error);
    return error;
  }
}
