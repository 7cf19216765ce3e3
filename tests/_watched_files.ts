import { dirname } from "node:path";
import {
  FileSource,
  Json,
  ResourceManager,
  type ResourceManagerOptions,
  Text,
  type WatchOptions,
} from "../mod.ts";
import type { FakeClock } from "./_fake_clock.ts";
import { withPatience } from "./_patience.ts";

/** How long the manager waits after a change, in ms. */
const DEBOUNCE = 50;

/** A file of every test: when its change has been seen, all changes before it have been seen too. */
const FENCE = "fence.txt";

/** Waits until an event makes a condition true. */
class Events {
  #onEvent: () => void = () => {};

  happened(): void {
    this.#onEvent();
  }

  async until(condition: () => boolean, instead: () => unknown): Promise<void> {
    if (condition()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEvent = () => condition() && resolve();
    try {
      await withPatience(promise, () => new Error(`Only ${Deno.inspect(instead())} came`));
    } finally {
      this.#onEvent = () => {};
    }
  }
}

/** A watcher of a source: what was reported to it, and a way to wait for that. */
export class SeenChanges {
  readonly keys: string[] = [];
  readonly errors: unknown[] = [];
  readonly #events = new Events();

  readonly onChange = (key: string): void => {
    this.keys.push(key);
    this.#events.happened();
  };

  readonly onError = (error: unknown): void => {
    this.errors.push(error);
    this.#events.happened();
  };

  async until(condition: () => boolean): Promise<void> {
    await this.#events.until(condition, () => [this.keys, this.errors]);
  }

  /** Resolves when each of `keys` was reported. */
  async untilKeys(...keys: string[]): Promise<void> {
    await this.until(() => keys.every((key) => this.keys.includes(key)));
  }
}

export interface WatchedFilesOptions extends WatchOptions {
  /** May return another path to the root. */
  prepare?(files: { home: string; root: string }): string | URL | void;
  /** The manager's clock: nothing is reloaded before the test advances it. */
  readonly clock?: FakeClock;
}

/** Real files, a manager that watches them, and a way to wait for what it does. */
export class WatchedFiles implements AsyncDisposable {
  /** What is removed at the end; the root is in it. */
  readonly home: string;
  readonly root: string;
  readonly mgr: ResourceManager;
  /** What the source has reported. */
  readonly changes: SeenChanges = new SeenChanges();
  /** Each reload, as `key version`. */
  readonly reloads: string[] = [];
  readonly errors: unknown[] = [];
  readonly #events = new Events();
  readonly #clock: FakeClock | undefined;
  readonly #debounce: number;
  readonly #watches: AsyncDisposable[] = [];
  #fences = 0;

  /** Writes `files`, loads them all, and watches. */
  constructor(files: Record<string, string>, options: WatchedFilesOptions = {}) {
    const { clock, debounce = DEBOUNCE } = options;
    this.#clock = clock;
    this.#debounce = debounce;
    this.home = Deno.realPathSync(Deno.makeTempDirSync());
    this.root = `${this.home}/assets`;
    Deno.mkdirSync(this.root);
    for (const [key, text] of Object.entries({ ...files, [FENCE]: "" })) this.write(key, text);
    const source = new FileSource(options.prepare?.(this) ?? this.root);
    this.mgr = this.manage(clock === undefined ? { source } : { source, clock });
    for (const key of [...Object.keys(files), FENCE]) this.load(key);
    this.#watches.push(this.mgr.watch({ debounce }), source.watch(this.changes.onChange));
  }

  /** Makes a manager whose reloads and errors are recorded. */
  manage(options: ResourceManagerOptions): ResourceManager {
    const mgr = new ResourceManager({ idle: "keep", ...options });
    mgr.on(
      "reload",
      ({ key, version }) => this.#note(() => this.reloads.push(`${key} ${version}`)),
    );
    mgr.on("error", ({ error }) => this.#note(() => this.errors.push(error)));
    return mgr;
  }

  #note(note: () => void): void {
    note();
    this.#events.happened();
  }

  path(key: string): string {
    return `${this.root}/${key}`;
  }

  /** Writes a file in place, and makes the directories that it needs. */
  write(key: string, text: string): void {
    Deno.mkdirSync(dirname(this.path(key)), { recursive: true });
    Deno.writeTextFileSync(this.path(key), text);
  }

  rename(from: string, to: string): void {
    Deno.renameSync(this.path(from), this.path(to));
  }

  remove(key: string): void {
    Deno.removeSync(this.path(key), { recursive: true });
  }

  /** Makes a text, or JSON, resident, and leaves it idle. */
  load(key: string): void {
    this.mgr.load<unknown>(key, key.endsWith(".json") ? Json : Text)[Symbol.dispose]();
  }

  text(key: string): unknown {
    return this.mgr.peek(key);
  }

  /** What could not be reloaded, and why. */
  get messages(): string[] {
    return this.errors.map((error) => (error as Error).message.replaceAll(this.home, ""));
  }

  /** Resolves after the reload or the error that makes `condition` true. */
  async until(condition: () => boolean): Promise<void> {
    await this.#events.until(condition, () => [this.reloads, this.messages]);
  }

  /** Resolves when `key` has the text `text`. */
  async untilText(key: string, text: string): Promise<void> {
    await this.until(() => this.text(key) === text);
  }

  /**
   * Waits until all changes so far are handled, at the root or in `directory`: a change behind a link
   * may be reported after a later change elsewhere. Returns the reloads since the last call.
   */
  async settled(directory = ""): Promise<string[]> {
    const text = `fence ${++this.#fences}`;
    const fence = `${directory}${FENCE}`;
    if (!this.mgr.has(fence)) this.write(fence, "");
    this.load(fence);
    this.write(fence, text);
    if (this.#clock !== undefined) {
      await this.#untilAllReported();
      this.#clock.advance(this.#debounce);
    }
    await this.untilText(fence, text);
    await this.mgr.watch({ debounce: this.#debounce })[Symbol.asyncDispose](); // the rest of its reloads
    return this.reloads.splice(0).filter((reload) => !reload.startsWith(fence)).toSorted();
  }

  /** Resolves when the source has reported all changes so far. */
  async #untilAllReported(): Promise<void> {
    const last = `${this.#fences}.last`; // it is not resident, so it is reported and not reloaded
    this.write(last, "");
    await this.changes.untilKeys(last);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watch of this.#watches) await watch[Symbol.asyncDispose]();
    await this.mgr[Symbol.asyncDispose]();
    Deno.removeSync(this.home, { recursive: true });
  }
}
