import { attempt } from "../contract/attempt.ts";
import type { ResourceManager } from "../manager.ts";
import { isOwnName, isOwnOrigin, isSecret } from "../dev/access.ts";
import { EventStreams } from "../dev/event_streams.ts";
import { livePage } from "./live_page.ts";
import type { InspectorOptions } from "./options.ts";
import { Panel } from "./panel.ts";

/** Only this machine can reach it. */
const HOSTNAME = "127.0.0.1";
/** Stands for the URL of a request whose `Host` header is invalid, so that it is refused. */
const NOWHERE = "http://nowhere";

/**
 * Options for {@linkcode serveInspector}.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { serveInspector, type ServeInspectorOptions } from "@holdfast/resources/inspect";
 * import { assertEquals } from "@std/assert";
 *
 * const urls: string[] = [];
 * const options: ServeInspectorOptions = { onListen: (url) => urls.push(url) }; // prints nothing
 * using mgr = new ResourceManager();
 * await using panel = serveInspector(mgr, options);
 * assertEquals(urls, [panel.url]);
 * ```
 */
export interface ServeInspectorOptions extends InspectorOptions {
  /**
   * The number of the port, or 0 for any free port.
   *
   * @default {0}
   */
  port?: number;
  /**
   * Called with the URL of the page when the server listens. If it throws, the server ends.
   *
   * @default {Prints the URL.}
   */
  onListen?(url: string): void;
}

/**
 * A page that {@linkcode serveInspector} serves. Disposing it stops recording, ends the server and
 * closes its connections.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { type Inspector, serveInspector } from "@holdfast/resources/inspect";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * using mgr = new ResourceManager();
 * await using panel: Inspector = serveInspector(mgr, { onListen() {} });
 * assertMatch(panel.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/$/);
 * assertEquals(panel.pages, 0);
 * ```
 */
export interface Inspector extends Disposable, AsyncDisposable {
  /**
   * The URL of the page. Everyone on this machine who has it can see the page: its path is a
   * secret, new for each run.
   */
  readonly url: string;
  /** How many pages follow the manager now. */
  readonly pages: number;
}

/**
 * Serves a page that shows what happens to the resources of `manager` while the game runs: the page
 * of a trace (`@holdfast/resources/trace`), live. Only this machine can open it. Prints the URL.
 *
 * Until the result is disposed, each load, reference, reload and unload costs about 120 ns more,
 * and at most as much again for each open page. Starting costs O(resident resources), and so does
 * opening a page. It needs Deno with `--allow-net=127.0.0.1`.
 *
 * @throws {TypeError} This is not Deno.
 * @throws {RangeError} `maxEvents` is not a positive whole number.
 * @throws {Deno.errors.AddrInUse} The port is in use.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { serveInspector } from "@holdfast/resources/inspect";
 * import { assertStringIncludes } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * await using panel = serveInspector(mgr, { control: true, onListen() {} });
 * using _hero = mgr.load("hero.txt");
 * const page = await fetch(panel.url); // open it in a browser
 * assertStringIncludes(await page.text(), "<canvas");
 * ```
 */
export function serveInspector(
  manager: ResourceManager,
  options: ServeInspectorOptions = {},
): Inspector {
  if (globalThis.Deno?.serve === undefined) {
    throw new TypeError(
      "Cannot serve an inspector: only Deno has the server for it, " +
        "use postInspector in a browser, or startTrace anywhere",
    );
  }
  return new ServedInspector(new Panel(manager, options), options);
}

class ServedInspector implements Inspector {
  readonly url: string;
  readonly #panel: Panel;
  readonly #token: string = crypto.randomUUID();
  readonly #streams = new EventStreams();
  readonly #aborting = new AbortController();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(panel: Panel, { port = 0, onListen = print }: ServeInspectorOptions) {
    this.#panel = panel;
    const { signal } = this.#aborting;
    try {
      this.#server = Deno.serve(
        { hostname: HOSTNAME, port, signal, onListen() {} },
        (request) => this.#answer(request),
      );
    } catch (error) {
      panel.stop();
      throw error;
    }
    this.url = `http://${HOSTNAME}:${this.#server.addr.port}/${this.#token}/`;
    try {
      onListen(this.url);
    } catch (error) {
      this[Symbol.dispose](); // The caller never gets the server, and could not end it.
      throw error;
    }
  }

  get pages(): number {
    return this.#panel.pages;
  }

  [Symbol.dispose](): void {
    this.#streams.end();
    this.#panel.stop();
    this.#aborting.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    await this.#server.finished;
  }

  async #answer(request: Request): Promise<Response> {
    const url = attempt(() => new URL(request.url)) ?? new URL(NOWHERE);
    const response = this.#refuse(request, url) ?? await this.#respond(request, url);
    response.headers.set("cross-origin-resource-policy", "same-origin");
    response.headers.set("referrer-policy", "no-referrer");
    response.headers.set("x-content-type-options", "nosniff");
    return response;
  }

  /** The answer to a request that is not allowed; `undefined` if it is. */
  #refuse(request: Request, { hostname, pathname }: URL): Response | undefined {
    if (!isOwnName(hostname, HOSTNAME)) return refusal(403, "This is not a name of the server");
    if (!isOwnOrigin(request)) return refusal(403, "Another page may not ask this server");
    if (isSecret(pathname.split("/")[1]!, this.#token)) return undefined;
    return refusal(403, "This is not the URL that the game has printed, or the game was restarted");
  }

  async #respond(request: Request, { pathname, searchParams }: URL): Promise<Response> {
    const [, , path, ...rest] = pathname.split("/");
    const asked = rest.length === 0 ? `${request.method} ${path}` : "";
    if (asked === "GET ") return this.#page();
    if (asked === "GET events") return this.#events();
    if (asked === "POST act") return await this.#act(request, searchParams);
    return refusal(404, "There is nothing here");
  }

  #page(): Response {
    return new Response(livePage(this.#panel.title, {}), {
      headers: {
        "cache-control": "no-store",
        "content-security-policy": "frame-ancestors 'none'",
        "content-type": "text/html; charset=utf-8",
      },
    });
  }

  #events(): Response {
    return this.#streams.open((wake) => {
      const feed = this.#panel.open(wake);
      return { next: () => feed.next(), close: () => this.#panel.close(feed) };
    });
  }

  async #act(request: Request, searchParams: URLSearchParams): Promise<Response> {
    const action = searchParams.get("action") ?? "";
    await request.body?.cancel();
    return new Response(await this.#panel.act(action, searchParams.get("key") ?? undefined));
  }
}

function print(url: string): void {
  console.log(`What the game keeps in memory is shown at ${url}`);
}

function refusal(status: number, problem: string): Response {
  return new Response(`${problem}\n`, { status });
}
