import { systemFiles } from "./runtime_files.ts";
import type { OpenFile } from "./system_files.ts";

/** From this size on, in bytes, Deno's own calls are slow: they copy the bytes, which takes 1 ms per MB. */
const LARGE = 2 ** 18;

/**
 * Reads large files into buffers of their size, because Deno's own calls copy the bytes once more on the
 * main thread. Asking for a file's size takes as long as reading 2 kB, so it asks only for files with an
 * extension of which a large file was read before.
 */
export class LargeFiles {
  readonly #extensions = new Set<string>();

  /** Notes the size of a file that was read in the usual way. */
  note(path: string, { length }: Uint8Array): void {
    if (length >= LARGE) this.#extensions.add(extensionOf(path));
  }

  /** Reads a file that is known to be large. Returns `undefined` for all others. */
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

  /** Like `read`, without blocking while bytes are read. */
  readAsync(
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> | undefined {
    const large = this.#open(path);
    return large && readAsync(large, signal);
  }

  #open(path: string): LargeFile | undefined {
    const files = systemFiles();
    if (files.openSync === undefined || !this.#extensions.has(extensionOf(path))) return undefined;
    const { size, isFile } = files.statSync(path);
    if (!isFile || size < LARGE) return undefined;
    const bytes = new Uint8Array(size); // before the file is opened, because this may throw
    const file = files.openSync(path);
    return { file, rest: restOf(file, bytes) };
  }
}

/** A large file that is being read. */
interface LargeFile {
  readonly file: OpenFile;
  readonly rest: Rest;
}

/** Yields the part of the buffer to fill, receives how many bytes were read, and returns the whole buffer. */
type Rest = Generator<Uint8Array, Uint8Array<ArrayBuffer> | undefined, number | null>;

/** Fills `bytes`. Returns `undefined` if the file's size has changed since they were allocated. */
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

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
