import { FileSource } from "@holdfast/resources";

/** So many bytes of a file are sent at once. */
const CHUNK = 1024;
/** In milliseconds: the pause before each chunk, long enough to see a progress bar move. */
const PAUSE = 10;
/** In milliseconds: what is held back is given up then. */
const PATIENCE = 1000;

/** One answer that the server begins, and does not go on with. */
export interface Held {
  /** Resolves when it was begun. */
  readonly begun: Promise<void>;
  /** Resolves when the client has left, or the server has lost its patience. */
  readonly over: Promise<void>;
}

/** A {@linkcode Held}, as the server sees it. */
interface Hold {
  begin(): void;
  end(): void;
}

/**
 * Serves the files below a folder to this machine, and nothing else, on a port that is free. It
 * writes down what it is asked for. Disposing it ends it.
 */
export class AssetServer implements AsyncDisposable {
  /** The keys that it was asked for, in that order. */
  readonly requests: string[] = [];
  /** Those of which a client wanted no more while they were held back. */
  readonly aborted: string[] = [];
  readonly #files: FileSource;
  readonly #holds = new Map<string, Hold>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(root: URL) {
    this.#files = new FileSource(root);
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** Where the folder is found. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** Holds back all but the first bytes of the next answer for `key`. */
  hold(key: string): Held {
    const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    this.#holds.set(key, { begin: begun.resolve, end: over.resolve });
    return { begun: begun.promise, over: over.promise };
  }

  /** The source refuses keys that lead out of the folder; what it cannot read is not there. */
  async #answer({ url }: Request): Promise<Response> {
    try {
      const key = decodeURIComponent(new URL(url).pathname.slice(1));
      this.requests.push(key);
      const bytes = await this.#files.readAsync(key);
      const headers = { "content-length": String(bytes.length) };
      return new Response(this.#bodyOf(key, bytes), { headers });
    } catch {
      return new Response("There is no such file", { status: 404 });
    }
  }

  #bodyOf(key: string, bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
    const hold = this.#holds.get(key);
    if (hold === undefined) return ReadableStream.from(slowly(bytes));
    this.#holds.delete(key);
    return this.#heldBody(key, bytes, hold);
  }

  #heldBody(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    hold: Hold,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    let timer: ReturnType<typeof setTimeout>;
    return new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, CHUNK));
        timer = setTimeout(() => {
          controller.error(new DOMException("Nobody has left", "TimeoutError"));
          hold.end();
        }, PATIENCE);
      },
      pull: hold.begin, // that is, when the first bytes are on their way
      cancel: () => {
        clearTimeout(timer);
        this.aborted.push(key);
        hold.end();
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

async function* slowly(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length; start += CHUNK) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    yield bytes.subarray(start, start + CHUNK);
  }
}
