import { pause } from "./files.ts";
import type { Random } from "./random.ts";

/** Serves the files below a root, slowly and badly. Disposing it ends the server. */
export class BadServer implements AsyncDisposable {
  /** The keys with at least one bad answer. */
  readonly wronged = new Set<string>();
  requests = 0;
  faults = 0;
  readonly #root: string;
  readonly #random: Random;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(root: string, random: Random) {
    this.#root = root;
    this.#random = random;
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  async #answer({ url }: Request): Promise<Response> {
    this.requests++;
    const key = new URL(url).pathname.slice(1);
    const bytes = await Deno.readFile(`${this.#root}/${key}`);
    if (this.#random.chance(0.2)) await pause(this.#random.below(60));
    if (!this.#random.chance(0.25)) return whole(bytes);
    this.faults++;
    this.wronged.add(key);
    return this.#random.pick([busy, tooShort, brokenOff])(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function whole(bytes: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes);
}

function busy(): Response {
  return new Response("Come back later", { status: 503 });
}

/** Half of the file, as if it were all. */
function tooShort(bytes: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes.slice(0, bytes.length >> 1));
}

/** The connection ends in the middle: half of the promised length is sent. */
function brokenOff(bytes: Uint8Array<ArrayBuffer>): Response {
  const body = ReadableStream.from([bytes.slice(0, bytes.length >> 1)]);
  return new Response(body, { headers: { "content-length": String(bytes.length) } });
}
