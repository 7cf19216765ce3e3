import { dirname } from "node:path";
import {
  FileSource,
  Json,
  ResourceManager,
  type ResourceManagerOptions,
  Text,
  type WatchOptions,
} from "../mod.ts";

/** How long to wait for what must come, in ms, before a test fails: it says what came instead. */
const DEADLINE = 20_000;

/** Each test has such a file, whose change says that all that came before has been seen. */
const FENCE = "fence.txt";

/** Real files, a manager that watches them, and a way to wait for what it does. */
export class WatchedFiles implements AsyncDisposable {
  /** What is removed at the end; the root is in it. */
  readonly home: string;
  readonly root: string;
  readonly mgr: ResourceManager;
  /** Each reload, as `key version`. */
  readonly reloads: string[] = [];
  readonly errors: unknown[] = [];
  readonly #watcher: Disposable & AsyncDisposable;
  #fences = 0;
  #onEvent: () => void = () => {};

  /** Writes `files`, loads them all, and watches. `prepare` may give another way to the root. */
  constructor(
    files: Record<string, string>,
    options:
      & { prepare?(files: { home: string; root: string }): string | URL | void }
      & WatchOptions = {},
  ) {
    this.home = Deno.realPathSync(Deno.makeTempDirSync());
    this.root = `${this.home}/assets`;
    Deno.mkdirSync(this.root);
    for (const [key, text] of Object.entries({ ...files, [FENCE]: "" })) this.write(key, text);
    const root = options.prepare?.(this) ?? this.root;
    this.mgr = this.manage({ source: new FileSource(root) });
    for (const key of [...Object.keys(files), FENCE]) this.load(key);
    this.#watcher = this.mgr.watch(options);
  }

  /** A manager of which every event is noted. */
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
    this.#onEvent();
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
    if (condition()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = () =>
      reject(new Error(`Nothing came but ${Deno.inspect([this.reloads, this.messages])}`));
    const timer = setTimeout(late, DEADLINE);
    this.#onEvent = () => condition() && resolve();
    try {
      await promise;
    } finally {
      this.#onEvent = () => {};
      clearTimeout(timer);
    }
  }

  /** Resolves when `key` has the text `text`. */
  async untilText(key: string, text: string): Promise<void> {
    await this.until(() => this.text(key) === text);
  }

  /** Waits until all that has changed by now is dealt with. Returns the reloads since the last call. */
  async settled(): Promise<string[]> {
    const text = `fence ${++this.#fences}`;
    this.write(FENCE, text);
    await this.untilText(FENCE, text);
    return this.reloads.splice(0).filter((reload) => !reload.startsWith(FENCE)).toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher[Symbol.asyncDispose]();
    await this.mgr[Symbol.asyncDispose]();
    Deno.removeSync(this.home, { recursive: true });
  }
}
