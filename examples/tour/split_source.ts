import { type ReadOptions, ResourceLoadError, type Source } from "@holdfast/resources";

/** The two sources of a {@linkcode SplitSource}. */
export interface Halves {
  readonly near: Required<Pick<Source, "read" | "readAsync">>;
  readonly far: Required<Pick<Source, "readAsync">>;
}

/** Reads the keys below one folder from a far source, and all others from a near source. */
export class SplitSource implements Source {
  readonly #folder: string;
  readonly #halves: Halves;

  constructor(folder: string, halves: Halves) {
    this.#folder = `${folder}/`;
    this.#halves = halves;
  }

  read(key: string): Uint8Array<ArrayBuffer> {
    if (!key.startsWith(this.#folder)) return this.#halves.near.read(key);
    throw new ResourceLoadError(key, "it comes from far away, use loadAsync");
  }

  readAsync(key: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    const { near, far } = this.#halves;
    return (key.startsWith(this.#folder) ? far : near).readAsync(key, options);
  }
}
