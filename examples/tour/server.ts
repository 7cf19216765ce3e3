import { FileSource } from "@holdfast/resources";

/** How many bytes of a file are sent at once. */
const CHUNK = 1024;
/** The pause before each chunk, in ms, long enough to see a progress bar move. */
const PAUSE = 10;
/** How long an answer is held back before the server ends it with an error, in ms. */
const PATIENCE = 1000;

/** An answer that the server begins, but does not continue. */
export interface Held {
  /** Resolves when the server has begun the answer. */
  readonly begun: Promise<void>;
  /** Resolves when the client has left, or after a timeout of the server. */
  readonly over: Promise<void>;
}

/** The server's side of a {@linkcode Held}. */
interface Hold {
  begin(): void;
  end(): void;
}

/**
 * Serves only the files below a folder, only to this machine, on any free port. It records the
 * requests. Disposing it ends the server.
 */
export class AssetServer implements AsyncDisposable {
  /** The requested keys, in order. */
  readonly requests: string[] = [];
  /** The keys whose client left while the answer was held back. */
  readonly aborted: string[] = [];
  readonly #files: FileSource;
  readonly #holds = new Map<string, Hold>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(root: URL) {
    this.#files = new FileSource(root);
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** The URL of the folder. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** Holds back all but the first bytes of the next answer for `key`. */
  hold(key: string): Held {
    const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    this.#holds.set(key, { begin: begun.resolve, end: over.resolve });
    return { begun: begun.promise, over: over.promise };
  }

  /** Answers with a file. The source refuses keys that lead out of the folder. */
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
      pull: hold.begin, // called when the first bytes are being sent
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
