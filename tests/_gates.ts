import { ResourceLoadError, type Source } from "../mod.ts";

/** One read that a test lets through, or fails. */
export interface Gate {
  readonly key: string;
  readonly signal: AbortSignal | undefined;
  open(): void;
  fail(error: unknown): void;
}

/** A source whose reads wait until the test says so. */
export class GatedReads implements Source {
  readonly #files: Record<string, string>;
  /** The reads that wait, in their order. */
  readonly waiting: Gate[] = [];
  /** All keys that were read. */
  readonly log: string[] = [];
  /** The most reads at once so far. */
  most = 0;

  constructor(files: Record<string, string>) {
    this.#files = files;
  }

  read(key: string): Uint8Array<ArrayBuffer> {
    const text = this.#files[key];
    if (text === undefined) throw new ResourceLoadError(key, "there is no such key");
    return new TextEncoder().encode(text);
  }

  /** Heeds no signal: what was withdrawn answers all the same, late. */
  readAsync(
    key: string,
    options: { signal?: AbortSignal } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    this.log.push(key);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const gate: Gate = { key, signal: options.signal, open: resolve, fail: reject };
    this.waiting.push(gate);
    this.most = Math.max(this.most, this.waiting.length);
    return promise.finally(() => this.waiting.splice(this.waiting.indexOf(gate), 1))
      .then(() => this.read(key));
  }

  gate(key: string): Gate {
    const gate = this.waiting.find((each) => each.key === key);
    if (gate === undefined) throw new Error(`Nothing reads ${key}`);
    return gate;
  }

  /** Lets every read through, those too that follow from it. */
  async openAll(): Promise<void> {
    await turns();
    while (this.waiting.length > 0) {
      for (const gate of [...this.waiting]) gate.open();
      await turns();
    }
  }
}

/** Lets everything happen that needs no more than turns of the microtask queue. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
