import { systemFiles } from "./runtime_files.ts";
import type { OpenFile } from "./system_files.ts";

/** From how many bytes on Deno's own calls take long: they copy what they have read, 1 ms for each MB. */
const LARGE = 2 ** 18;

/**
 * Reads large files into buffers of their size, where Deno would copy their bytes on the main thread.
 * To ask for a size takes as long as to read 2 kB. So it is asked only of files whose names end as that
 * of a large one did.
 */
export class LargeFiles {
  readonly #endings = new Set<string>();

  /** A file has been read in the usual way. */
  note(path: string, { length }: Uint8Array): void {
    if (length >= LARGE) this.#endings.add(endingOf(path));
  }

  /** Reads a large file. `undefined` of another one, and of what is not known to be one. */
  read(path: string): Uint8Array<ArrayBuffer> | undefined {
    const large = this.#open(path);
    if (large === undefined) return undefined;
    try {
      while (large.took(large.file.readSync(large.rest)));
      return large.whole;
    } finally {
      large.file.close();
    }
  }

  /** The same, without blocking while bytes are read. */
  readAsync(
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> | undefined {
    const large = this.#open(path);
    return large && readAsync(large, signal);
  }

  #open(path: string): LargeFile | undefined {
    const files = systemFiles();
    if (files.openSync === undefined || !this.#endings.has(endingOf(path))) return undefined;
    const { size, isFile } = files.statSync(path);
    if (!isFile || size < LARGE) return undefined;
    const bytes = new Uint8Array(size); // first: it may be more than there is memory for
    return new LargeFile(files.openSync(path), bytes);
  }
}

/** A large file that is being read. */
class LargeFile {
  readonly file: OpenFile;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(file: OpenFile, bytes: Uint8Array<ArrayBuffer>) {
    this.file = file;
    this.#bytes = bytes;
  }

  /** Where the rest is to be read into. */
  get rest(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(this.#length);
  }

  /** So many bytes of the rest were read. Returns whether there are more. */
  took(read: number | null): boolean {
    this.#length += read ?? 0;
    return read !== null && this.#length < this.#bytes.length;
  }

  /** Its bytes; `undefined` if it has become longer or shorter meanwhile. */
  get whole(): Uint8Array<ArrayBuffer> | undefined {
    const { length } = this.#bytes;
    return this.#length === length && this.file.statSync().size === length
      ? this.#bytes
      : undefined;
  }
}

async function readAsync(large: LargeFile, signal: AbortSignal | undefined) {
  try {
    for (let isMore = true; isMore;) {
      isMore = large.took(await large.file.read(large.rest));
      signal?.throwIfAborted();
    }
    return large.whole;
  } finally {
    large.file.close();
  }
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
