import type { Handle } from "./handle.ts";
import type { LoadTask } from "./load_task.ts";

/**
 * What a resource is asked for as: a class (private constructors too), or anything with a name
 * that answers `value instanceof type`.
 *
 * @typeParam T The type of the resource's value.
 */
export type ResourceType<T> =
  | (abstract new (...args: never[]) => T)
  | { readonly name: string; readonly prototype: T }
  | { readonly name: string; [Symbol.hasInstance](value: unknown): value is T };

/**
 * Makes values from bytes, for the extensions that it names.
 *
 * A loader says how its values are unloaded and how large they are. Without `unload`, a value with
 * `[Symbol.dispose]` or `[Symbol.asyncDispose]` is disposed; without `byteLength`, the size is that
 * of the bytes. Memory that the garbage collector does not see (textures, FFI pointers) is given
 * back by `unload` and by nothing else.
 *
 * @typeParam T The type of the values that it makes.
 *
 * @example
 * ```ts
 * import { type Loader, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * class Palette {
 *   constructor(readonly colors: string[]) {}
 * }
 * const paletteLoader: Loader<Palette> = {
 *   name: "palette",
 *   extensions: [".gpl"],
 *   load: (bytes) => new Palette(new TextDecoder().decode(bytes).trim().split("\n")),
 *   byteLength: (palette) => palette.colors.length * 8,
 * };
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "night.gpl": "#000020\n#f0f0ff\n" }),
 *   loaders: [paletteLoader],
 * });
 * using night = mgr.load("night.gpl", Palette);
 * assertEquals(night.value.colors[0], "#000020");
 * ```
 */
export interface Loader<T> {
  /** What it is called in messages. */
  readonly name: string;
  /** The endings that it reads, with the dot: `".png"`, `".tar.gz"`. The longest match wins, in any case. */
  readonly extensions: readonly string[];
  /** Decodes `bytes`, which are the loader's own to keep. Loads what it needs through `context`. */
  load?(bytes: Uint8Array<ArrayBuffer>, context: LoadContext): T;
  /** Decodes `bytes` without blocking. */
  loadAsync?(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<T>;
  /** Unloads a value that this loader made. Called exactly once for each. */
  unload?(value: T): void | Promise<void>;
  /** The size of a value in bytes: a finite number, 0 or more. */
  byteLength?(value: T): number;
}

/**
 * What a loader loads its dependencies through.
 *
 * It is a `DisposableStack`: if the load fails, all that it holds is disposed; if it succeeds, the
 * resource owns it, and disposes it after its own unloading.
 */
export interface LoadContext extends DisposableStack {
  /** The key that is being loaded. */
  readonly key: string;
  /**
   * Loads a dependency, which stays referenced for as long as the resource is resident.
   * Names that start with `./` or `../` start at the directory of `key`.
   */
  load<T>(name: string, type: ResourceType<T>): Handle<T>;
}

/** What an asynchronous loader loads its dependencies through. */
export interface AsyncLoadContext extends LoadContext {
  /** Aborts when nobody waits for the resource any more. */
  readonly signal: AbortSignal;
  /**
   * Loads a dependency without blocking; several at once load side by side. The resource holds it
   * for as long as it is resident, and names are resolved as by {@linkcode LoadContext.load}.
   */
  loadAsync<T>(name: string, type: ResourceType<T>): LoadTask<T>;
}
