import { FileSource, HttpSource, type ReadOptions, type Source } from "../../mod.ts";
import { type Files, pause } from "./files.ts";
import type { Random } from "./random.ts";

/** Reads `net/` from a server and everything else from files, sometimes slowly. */
export class MixedSource implements Source {
  readonly #files: FileSource;
  readonly #server: HttpSource;
  readonly #random: Random;

  constructor(files: Files, options: { url: string; random: Random }) {
    this.#files = new FileSource(files.root);
    this.#server = new HttpSource(options.url, { backoff: 5 });
    this.#random = options.random;
  }

  read(key: string): Uint8Array<ArrayBuffer> {
    return this.#files.read(key);
  }

  async readAsync(key: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    if (key.startsWith("net/")) return await this.#server.readAsync(key, options);
    if (this.#random.chance(0.1)) await pause(this.#random.below(30));
    return await this.#files.readAsync(key, options);
  }

  list(directory: string, options?: { recursive?: boolean }): Iterable<string> {
    return this.#files.list(directory, options);
  }

  watch(onChange: (key: string) => void, onError?: (error: unknown) => void): Disposable {
    return this.#files.watch(onChange, onError);
  }
}
