import { MemorySource, type Source } from "../mod.ts";

/** Asynchronous reads wait until they are released. Every other one reads its bytes only then. */
export class SlowSource implements Source {
  readonly files: MemorySource = new MemorySource();
  readonly #waiting: (() => void)[] = [];
  #reads = 0;

  read(key: string): Uint8Array<ArrayBuffer> {
    return this.files.read(key);
  }

  async readAsync(key: string): Promise<Uint8Array<ArrayBuffer>> {
    const early = this.#reads++ % 2 === 0 ? this.files.read(key) : undefined;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return early ?? this.files.read(key);
  }

  list(directory: string, options?: { recursive?: boolean }): Iterable<string> {
    return this.files.list(directory, options);
  }

  watch(onChange: (key: string) => void): Disposable {
    return this.files.watch(onChange);
  }

  /** Ends one of the waiting reads. Returns whether there was one. */
  release(choice: number): boolean {
    const [resolve] = this.#waiting.splice(choice % Math.max(1, this.#waiting.length), 1);
    resolve?.();
    return resolve !== undefined;
  }
}
