import { ResourceManager, type ResourceManagerOptions } from "../../mod.ts";
import type { Files } from "./files.ts";
import type { Findings } from "./findings.ts";
import { Judge } from "./judge.ts";
import { Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";
import { BadServer } from "./server.ts";
import { MixedSource } from "./source.ts";
import { isMadeFrom, Level, Loaders, typeOf } from "./values.ts";

/** How many loads have just started when a manager is disposed. */
const LAST_LOADS = 24;

/** What all games of a soak share. */
export interface World {
  readonly files: Files;
  readonly findings: Findings;
  readonly device: GPUDevice | undefined;
}

/** One manager with its server, its watcher and its ledger. */
export class Game {
  readonly files: Files;
  readonly findings: Findings;
  readonly ledger: Ledger;
  readonly judge: Judge;
  readonly mgr: ResourceManager;
  readonly server: BadServer;
  readonly options: ResourceManagerOptions;
  readonly #watcher: AsyncDisposable;

  constructor(world: World, options: ResourceManagerOptions, random: Random) {
    const { files, findings, device } = world;
    this.files = files;
    this.findings = findings;
    this.options = options;
    this.ledger = new Ledger(findings);
    this.server = new BadServer(files.root, random.fork());
    const loaders = new Loaders(this.ledger, { random: random.fork(), device });
    this.mgr = new ResourceManager({
      leaks: { onLeak() {} },
      ...options,
      source: new MixedSource(files, { url: this.server.url, random: random.fork() }),
      loaders: loaders.all(),
    });
    this.ledger.follow(this.mgr);
    const isFragile = (key: string) => files.isDraft(key) || this.server.wronged.has(key);
    this.judge = new Judge({ findings, ledger: this.ledger, isFragile });
    this.mgr.on("error", ({ error }) => this.judge.hear(error));
    this.#watcher = this.mgr.watch({ debounce: 20 });
  }

  /** Checks that the value of a handle is not unloaded, nor any of its parts. */
  look(value: object): void {
    this.findings.check("values", this.ledger.isAlive(value), () => Deno.inspect(value));
    if (value instanceof Level) { for (const part of value.parts) this.#lookAtPart(part); }
  }

  /**
   * Checks a part. It may be unloaded by force while its level is resident; then its handle throws.
   */
  #lookAtPart(part: { readonly key: string; readonly value: object }): void {
    try {
      const { value } = part;
      this.findings.check("values", this.ledger.isAlive(value), () => `"${part.key}" of a level`);
    } catch (error) {
      this.judge.hear(error);
    }
  }

  /** Whether the resident value of `key` matches its file. True if `key` is not resident. */
  #isCurrent(key: string): boolean {
    const value = this.mgr.peek(key);
    return value === undefined || isMadeFrom(value, Deno.readFileSync(this.files.path(key)));
  }

  /** The keys of residents that are older than their files. */
  stale(): string[] {
    return this.files.local.filter((key) => !this.#isCurrent(key));
  }

  async endWatch(): Promise<void> {
    await this.#watcher[Symbol.asyncDispose]();
  }

  /** Disposes the manager in the middle of loads and reloads, and then the server. */
  async end(): Promise<void> {
    const begun = this.#begin();
    try {
      await this.mgr[Symbol.asyncDispose]();
    } catch (error) {
      this.judge.hear(error);
    }
    for (const result of await begun) {
      if (result.status === "rejected") this.judge.hear(result.reason);
    }
    await this.server[Symbol.asyncDispose]();
  }

  /** Starts loads and reloads that can't finish in time. */
  async #begin(): Promise<PromiseSettledResult<unknown>[]> {
    const { ledger, mgr } = this;
    const keys = [...this.files.sounds, ...this.files.remote].slice(0, LAST_LOADS);
    return await Promise.allSettled(keys.map((key) => {
      if (mgr.has(key)) return mgr.reloadAsync(key);
      ledger.ask(key);
      return mgr.loadAsync(key, typeOf(key));
    }));
  }
}
