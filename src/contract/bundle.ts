import type { Handle } from "./handle.ts";
import type { LoadOptions, LoadTask } from "./task.ts";
import type { ResourceType } from "./loader.ts";

/**
 * Resources to load together, each by a name of the caller's own.
 *
 * @example
 * ```ts
 * import { type Bundle, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const level = { hero: ["hero.txt", Text] } as const satisfies Bundle;
 * using loaded = await mgr.loadAll(level);
 * assertEquals(loaded.hero.value, "@");
 * ```
 */
export type Bundle = Record<string, readonly [name: string, type: ResourceType<unknown>]>;

/**
 * The type of the values of a resource type.
 *
 * @typeParam Type The resource type.
 *
 * @example
 * ```ts
 * import { Text, type ValueOf } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const hero: ValueOf<typeof Text> = "@"; // a string
 * assertEquals(typeof hero, "string");
 * ```
 */
export type ValueOf<Type> = Type extends abstract new (...args: never[]) => infer T ? T
  : Type extends { [Symbol.hasInstance](value: unknown): value is infer T } ? T
  : Type extends { readonly prototype: infer T } ? T
  : never;

/**
 * A handle for each resource of a {@linkcode Bundle}. Disposing it disposes all of them.
 *
 * @typeParam B The bundle.
 *
 * @example
 * ```ts
 * import { type LoadedBundle, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * type Level = { hero: readonly ["hero.txt", typeof Text] };
 * using level: LoadedBundle<Level> = await mgr.loadAll({ hero: ["hero.txt", Text] });
 * assertEquals(level.hero.value, "@");
 * ```
 */
export type LoadedBundle<B extends Bundle> =
  & { readonly [Name in keyof B]: Handle<ValueOf<B[Name][1]>> }
  & Disposable;

/**
 * How far a {@linkcode Bundle} is.
 *
 * @example
 * ```ts
 * import { type LoadProgress, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const bar: LoadProgress[] = [];
 * using _level = await mgr.loadAll({ hero: ["hero.txt", Text] }, {
 *   onProgress: (progress) => bar.push(progress),
 * });
 * assertEquals(bar.at(-1), { done: 1, total: 1, bytes: 1, totalBytes: 1 });
 * ```
 */
export interface LoadProgress {
  /** How many resources are loaded, or have failed. */
  done: number;
  /** How many there are. */
  total: number;
  /** How many bytes were read so far, once any were. */
  bytes?: number;
  /** How many bytes will be read, if the source knows all sizes. */
  totalBytes?: number;
}

/**
 * How `loadAll` loads.
 *
 * @example
 * ```ts
 * import { type LoadAllOptions, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assert } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const options: LoadAllOptions = {
 *   priority: "high",
 *   signal: new AbortController().signal,
 *   onProgress: ({ done, total }) => assert(done <= total),
 * };
 * using level = await mgr.loadAll({ hero: ["hero.txt", Text] }, options);
 * assert(level.hero.value === "@");
 * ```
 */
export interface LoadAllOptions extends LoadOptions {
  /** Told of progress: at the start, with each resource, and as bytes come in. */
  onProgress?(progress: LoadProgress): void;
}

/** Loads one resource of a bundle; told how bytes come in. */
export type LoadOne = (
  name: string,
  type: ResourceType<unknown>,
  onProgress: (bytes: number, totalBytes?: number) => void,
) => LoadTask<unknown>;

/** Adds up what the parts of a bundle tell. */
class Progress {
  readonly #tell: (progress: LoadProgress) => void;
  readonly #bytes: number[];
  readonly #totals: (number | undefined)[];
  #done = 0;

  constructor(total: number, tell: (progress: LoadProgress) => void) {
    this.#tell = tell;
    this.#bytes = new Array(total).fill(0);
    this.#totals = new Array(total).fill(undefined);
    tell({ done: 0, total });
  }

  read(part: number, bytes: number, totalBytes?: number): void {
    this.#bytes[part] = bytes;
    this.#totals[part] = totalBytes;
    this.#report();
  }

  /** A part has ended: what it has not read by now, it had no need to. */
  end(part: number): void {
    this.#done++;
    this.#totals[part] = this.#bytes[part]!;
    this.#report();
  }

  #report(): void {
    const add = (sum: number, size: number | undefined) => sum + size!;
    const bytes = this.#bytes.reduce(add, 0);
    const progress: LoadProgress = { done: this.#done, total: this.#bytes.length };
    if (bytes > 0) progress.bytes = bytes;
    if (bytes > 0 && !this.#totals.includes(undefined)) {
      progress.totalBytes = this.#totals.reduce(add, 0) as number;
    }
    this.#tell(progress);
  }
}

/** Loads all of a bundle, or none: waits for all, and gives back what was loaded if any failed. */
export async function loadBundle<B extends Bundle>(
  bundle: B,
  options: LoadAllOptions,
  load: LoadOne,
): Promise<LoadedBundle<B>> {
  const names = Object.keys(bundle);
  const progress = new Progress(names.length, (each) => options.onProgress?.(each));
  const tasks = names.map((each, part) => {
    const [name, type] = bundle[each]!;
    const task = load(name, type, (bytes, total) => progress.read(part, bytes, total));
    const end = () => progress.end(part);
    task.then(end, end);
    return task;
  });
  const results = await Promise.allSettled(tasks);
  const failures = results.filter((result) => result.status === "rejected");
  const handles = results.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
  if (failures.length === 0) return loadedBundle<B>(names, handles);
  disposeAll(handles);
  options.signal?.throwIfAborted();
  const reasons = failures.map(({ reason }) => reason);
  const messages = reasons.map((reason) => reason instanceof Error ? reason.message : reason);
  throw new AggregateError(
    reasons,
    `Cannot load ${failures.length} of ${names.length} resources: ${messages.join("; ")}`,
  );
}

function loadedBundle<B extends Bundle>(
  names: string[],
  handles: Handle<unknown>[],
): LoadedBundle<B> {
  // Own properties by definition: a resource may well be called __proto__.
  const loaded = Object.fromEntries(names.map((name, i) => [name, handles[i]!]));
  Object.defineProperty(loaded, Symbol.dispose, { value: () => disposeAll(handles) });
  return loaded as unknown as LoadedBundle<B>;
}

/** In reverse order, all of them even if one throws. */
function disposeAll(handles: Handle<unknown>[]): void {
  const stack = new DisposableStack();
  for (const handle of handles) stack.use(handle);
  stack.dispose();
}
