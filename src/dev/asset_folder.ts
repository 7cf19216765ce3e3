import { attempt } from "../contract/attempt.ts";
import { messageOf, ResourceNotFoundError } from "../contract/errors.ts";
import { FileSource } from "../sources/file.ts";
import { stampOf } from "../sources/file_watch.ts";
import { below, keyOf } from "../sources/real_path.ts";
import type { ServedFile } from "./file_answer.ts";

/** For how long a file may change again in the same tick of the system's clock, in ms. */
const TICK = 20;

/** Whether a file is nobody's business: it is hidden, or in a hidden directory. */
function isHidden(key: string): boolean {
  return /(^|\/)\./.test(key);
}

/** The folder that is served: its files with their versions, and what changes in it. */
export class AssetFolder {
  readonly source: FileSource;
  readonly #root: string;
  readonly #listeners = new Set<(key: string) => void>();
  #watch: AsyncDisposable | undefined;

  /** Throws the error of a `FileSource` that lists, if there is no such directory. */
  constructor(directory: string | URL) {
    this.source = new FileSource(directory);
    this.source.list("", { recursive: false });
    this.#root = Deno.realPathSync(this.source.root);
  }

  /** Reads the file `key`; `undefined` if it is hidden. Throws what a `FileSource` throws. */
  async read(key: string): Promise<ServedFile | undefined> {
    if (isHidden(key) || isHidden(this.#realKeyOf(key))) return undefined;
    // Before it is read: if it changes meanwhile, an old version with new bytes is asked for again.
    const version = this.#versionOf(key);
    return { key, version, bytes: await this.source.readAsync(key) };
  }

  /**
   * The versions of all files by their keys: none while the folder is away. `undefined` if something in
   * it can't be listed, for what is there would seem to have gone. O(files).
   */
  versions(): Record<string, string> | undefined {
    try {
      const keys = this.source.list("").filter((key) => !isHidden(key));
      return Object.fromEntries(keys.map((key) => [key, this.#versionOf(key)]));
    } catch (error) {
      if (error instanceof ResourceNotFoundError) return {};
      console.error(messageOf(error));
      return undefined;
    }
  }

  /** What a file is called where it is: it may have more names, by links and by short names of Windows. */
  #realKeyOf(key: string): string {
    const path = attempt(() => Deno.realPathSync(below(this.#root, key)));
    return (path && keyOf(this.#root, path)) ?? key;
  }

  /** Changes with the file. One that may still change without that it shows has another at each look. */
  #versionOf(key: string): string {
    const info = attempt(() => Deno.statSync(below(this.#root, key)));
    if (info === undefined) return "";
    const isFresh = Math.abs(Date.now() - (info.mtime?.getTime() ?? 0)) < TICK;
    const stamp = stampOf(info).replaceAll(" ", "-");
    return isFresh ? `"${stamp}-${performance.now()}"` : `"${stamp}"`;
  }

  /** Calls `onChange` with each key that changes, until the result is called. The first one is slow. */
  watch(onChange: (key: string) => void): () => void {
    this.#watch ??= this.source.watch(
      (key) => {
        if (isHidden(key)) return;
        for (const listener of [...this.#listeners]) listener(key);
      },
      (error) => console.error(messageOf(error)),
    );
    this.#listeners.add(onChange);
    return () => void this.#listeners.delete(onChange);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch?.[Symbol.asyncDispose]();
  }
}
