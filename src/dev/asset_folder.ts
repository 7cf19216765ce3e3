import { attempt } from "../contract/attempt.ts";
import { messageOf, ResourceNotFoundError } from "../contract/errors.ts";
import { FileSource } from "../sources/file.ts";
import { stampOf } from "../sources/file_watch.ts";
import { below, keyOf } from "../sources/real_path.ts";
import type { ServedFile } from "./file_answer.ts";

/** A file that changes twice within this time may keep its time of change, in ms. */
const TICK = 20;

/** Whether a file or one of its directories is hidden: its name begins with a dot. */
function isHidden(key: string): boolean {
  return /(^|\/)\./.test(key);
}

/** The folder that is served: its files, their versions, and their changes. */
export class AssetFolder {
  readonly source: FileSource;
  readonly #root: string;
  readonly #listeners = new Set<(key: string) => void>();
  #watch: AsyncDisposable | undefined;

  /** Throws what `FileSource.list` throws if there is no such directory. */
  constructor(directory: string | URL) {
    this.source = new FileSource(directory);
    this.source.list("", { recursive: false });
    this.#root = Deno.realPathSync(this.source.root);
  }

  /** Reads the file `key`; `undefined` if it is hidden. Throws what a `FileSource` throws. */
  async read(key: string): Promise<ServedFile | undefined> {
    if (isHidden(key) || isHidden(this.#realKeyOf(key))) return undefined;
    // Taken before the bytes are read: if the file changes in between, the page asks again.
    const version = this.#versionOf(key);
    return { key, version, bytes: await this.source.readAsync(key) };
  }

  /**
   * The versions of all files by their keys; an empty object while the folder is missing.
   * `undefined` if a part of it can't be listed, because its files would seem to be deleted.
   * O(files).
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

  /** The key of the file itself: `key` may be a link, or a short name of Windows. */
  #realKeyOf(key: string): string {
    const path = attempt(() => Deno.realPathSync(below(this.#root, key)));
    return (path && keyOf(this.#root, path)) ?? key;
  }

  /**
   * The version of a file. It differs at each call while a change might not show in the file's
   * time.
   */
  #versionOf(key: string): string {
    const info = attempt(() => Deno.statSync(below(this.#root, key)));
    if (info === undefined) return "";
    const isFresh = Math.abs(Date.now() - (info.mtime?.getTime() ?? 0)) < TICK;
    const stamp = stampOf(info).replaceAll(" ", "-");
    return isFresh ? `"${stamp}-${performance.now()}"` : `"${stamp}"`;
  }

  /**
   * Calls `onChange` with each key that changes until the caller calls the result. The first call
   * is slow.
   */
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
