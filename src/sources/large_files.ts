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
    if (!large) return undefined;
    const { file, rest } = large;
    try {
      let next = rest.next();
      while (!next.done) next = rest.next(file.readSync(next.value));
      return next.value;
    } finally {
      file.close();
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
    const file = files.openSync(path);
    return { file, rest: restOf(file, bytes) };
  }
}

/** A large file that is being read. */
interface LargeFile {
  readonly file: OpenFile;
  readonly rest: Rest;
}

/** Gives what the rest is to be read into, is told how many bytes of it were, and returns the whole. */
type Rest = Generator<Uint8Array, Uint8Array<ArrayBuffer> | undefined, number | null>;

/** Fills `bytes`, which are as long as the file was. Returns `undefined` if it has become longer or shorter. */
function* restOf(file: OpenFile, bytes: Uint8Array<ArrayBuffer>): Rest {
  const { length } = bytes;
  for (let filled = 0; filled < length;) {
    const read = yield bytes.subarray(filled);
    if (read === null) return undefined;
    filled += read;
  }
  return file.statSync().size === length ? bytes : undefined;
}

async function readAsync({ file, rest }: LargeFile, signal: AbortSignal | undefined) {
  try {
    let next = rest.next();
    while (!next.done) {
      const read = await file.read(next.value);
      signal?.throwIfAborted();
      next = rest.next(read);
    }
    return next.value;
  } finally {
    file.close();
  }
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
