import { attempt } from "../contract/attempt.ts";
import { messageOf, ResourceNotFoundError, ResourcePathError } from "../contract/errors.ts";
import { quote } from "../contract/printable.ts";
import { scan } from "../manifest/scan.ts";
import { normalizeName } from "../names/names.ts";
import { crossOrigin, isOwnName, preflight } from "./access.ts";
import { AssetFolder } from "./asset_folder.ts";
import { ChangeStreams } from "./change_streams.ts";
import { answerWith } from "./file_answer.ts";

/**
 * Options for {@linkcode serveAssets}.
 *
 * @example The game's page from the same server
 * ```ts
 * import { serveAssets, type ServeAssetsOptions } from "@holdfast/resources/dev";
 * import { assertEquals } from "@std/assert";
 *
 * const options: ServeAssetsOptions = {
 *   port: 0, // any free port
 *   path: "/assets/",
 *   fallback: () => new Response("<canvas></canvas>", { headers: { "content-type": "text/html" } }),
 *   onListen() {},
 * };
 * await using server = serveAssets("examples/assets", options);
 * const page = await fetch(new URL("/", server.url));
 * assertEquals(await page.text(), "<canvas></canvas>");
 * ```
 */
export interface ServeAssetsOptions {
  /**
   * The address to listen on: by default only this machine can reach it. With `"0.0.0.0"` every
   * device in the network can, such as a phone.
   *
   * @default {"127.0.0.1"}
   */
  hostname?: string;
  /**
   * The number of the port, or 0 for any free port.
   *
   * @default {8000}
   */
  port?: number;
  /**
   * The path below which the files are served.
   *
   * @default {"/"}
   */
  path?: string;
  /**
   * Answers requests for everything that is not a file of the folder, such as the page of the game.
   *
   * @default {Answers 404.}
   */
  fallback?(request: Request): Response | Promise<Response>;
  /**
   * Called with the URL of the files when the server listens. If it throws, the server ends.
   *
   * @default {Prints the URL.}
   */
  onListen?(url: string): void;
}

/**
 * A server that {@linkcode serveAssets} has started. Disposing it ends the server at once and
 * closes all open connections.
 *
 * @example
 * ```ts
 * import { type AssetServer, serveAssets } from "@holdfast/resources/dev";
 * import { assertEquals } from "@std/assert";
 *
 * await using server: AssetServer = serveAssets("examples/assets", { port: 0, onListen() {} });
 * const response = await fetch(new URL("common/coin.png", server.url));
 * assertEquals([response.status, (await response.blob()).type], [200, "image/png"]);
 * ```
 */
export interface AssetServer extends Disposable, AsyncDisposable {
  /** The URL of the files, which ends with a slash: the base of an `HttpSource`. */
  readonly url: string;
}

/**
 * Serves the files below `directory` over HTTP, for development.
 *
 * - `.changes` is a stream of events that reports which files change, for the option `watch` of
 *   `HttpSource`.
 * - `.manifest.json` is a manifest of the files as they are now, for the option `manifest` of
 *   `HttpSource`. Each request for it costs O(bytes).
 * - Each file has an `ETag`, so that a browser downloads only what has changed. Range requests
 *   work.
 * - Pages of this machine may read the files, whatever their port. Pages from elsewhere may not.
 * - Files and directories whose names begin with a dot are not served. Links that lead out of the
 *   directory are not followed.
 *
 * Do not use it to serve players: each request reads the whole file into memory. It needs
 * `--allow-read` for the directory and `--allow-net` for the host name and the port. Starting it
 * costs O(files directly in the directory); each page that watches costs O(files).
 *
 * @throws {ResourceNotFoundError} There is no such directory.
 * @throws {ResourceLoadError} The directory may not be read.
 * @throws {Deno.errors.AddrInUse} The port is in use.
 * @throws {TypeError} `directory` is a URL but not a file URL, `path` does not begin with a slash, or
 * the runtime is not Deno.
 *
 * @example
 * ```ts
 * import { HttpSource, ResourceManager, Text } from "@holdfast/resources";
 * import { serveAssets } from "@holdfast/resources/dev";
 * import { assertStringIncludes } from "@std/assert";
 *
 * await using server = serveAssets("examples/assets", { port: 0, onListen() {} });
 * const manifest = await (await fetch(new URL(".manifest.json", server.url))).json();
 * const source = new HttpSource(server.url, { watch: ".changes", manifest });
 * await using mgr = new ResourceManager({ source });
 * const texts = await mgr.loadAll(mgr.find("title/*.txt"));
 * assertStringIncludes(texts["title/story.txt"]!.value as string, "ember");
 * texts[Symbol.dispose]();
 * ```
 */
export function serveAssets(
  directory: string | URL,
  options: ServeAssetsOptions = {},
): AssetServer {
  const { hostname = "127.0.0.1", port = 8000, onListen = announce } = options;
  if (!globalThis.Deno) throw new TypeError("Cannot serve assets: it needs Deno, use npx deno run");
  const assets = new Assets(directory, { ...options, hostname, path: pathOf(options) });
  const aborting = new AbortController();
  const { signal } = aborting;
  const server = listen({ hostname, port, signal, onListen() {} }, assets);
  const url = urlOf(server.addr, assets.path);
  const end = () => {
    assets.end();
    aborting.abort();
  };
  try {
    onListen(url);
  } catch (error) {
    end(); // The caller never gets the server, and could not end it.
    throw error;
  }
  return {
    url,
    [Symbol.dispose]: end,
    async [Symbol.asyncDispose]() {
      end();
      await Promise.all([server.finished, assets.ended]);
    },
  };
}

function listen(options: Deno.ServeTcpOptions, assets: Assets): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(options, (request) => assets.answer(request));
  } catch (error) {
    assets.end();
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    const problem = `port ${options.port} is in use, choose another one with "port"`;
    throw new Deno.errors.AddrInUse(`Cannot serve assets: ${problem}`, { cause: error });
  }
}

/** The path, encoded as in URLs. It ends with a slash. */
function pathOf({ path = "/" }: ServeAssetsOptions): string {
  if (path.startsWith("/")) return new URL(`http://localhost${path.replace(/\/*$/, "/")}`).pathname;
  throw new TypeError(
    `Cannot serve assets: "path" must begin with a slash: received ${quote(path)}`,
  );
}

function announce(url: string): void {
  console.log(`Assets are served at ${url}`);
}

/** A URL with which this machine reaches the server. */
function urlOf({ hostname, port }: Deno.NetAddr, path: string): string {
  const name = /^(0\.0\.0\.0|::)$/.test(hostname) ? "localhost" : hostname;
  return new URL(`http://${name.includes(":") ? `[${name}]` : name}:${port}${path}`).href;
}

class Assets {
  /** The path of the files' URLs, which begins and ends with a slash. */
  readonly path: string;
  /** Resolves when the folder is no longer watched; `undefined` before `end()`. */
  ended: Promise<void> | undefined;
  readonly #hostname: string;
  readonly #fallback: ServeAssetsOptions["fallback"];
  readonly #folder: AssetFolder;
  readonly #streams: ChangeStreams;

  constructor(
    directory: string | URL,
    { hostname, path, fallback }: ServeAssetsOptions & { hostname: string; path: string },
  ) {
    this.path = path;
    this.#hostname = hostname;
    this.#fallback = fallback;
    this.#folder = new AssetFolder(directory);
    this.#streams = new ChangeStreams(this.#folder);
  }

  async answer(request: Request): Promise<Response> {
    const url = attempt(() => new URL(request.url));
    if (url === undefined) return refuse(400, "The host name is not valid");
    const { hostname, pathname } = url;
    if (!isOwnName(hostname, this.#hostname)) {
      return refuse(403, "This is not a name of the server");
    }
    if (!pathname.startsWith(this.path)) return this.#fallback?.(request) ?? notFound();
    const name = attempt(() => decodeURIComponent(pathname.slice(this.path.length)));
    if (name === undefined) return refuse(400, "The path is not encoded as UTF-8");
    const found = await this.#respond(request, name);
    if (found === undefined && this.#fallback) return this.#fallback(request);
    const response = found ?? notFound();
    const more = {
      ...crossOrigin(request, hostname),
      // Without CORS a foreign page could still show pictures and run scripts: not with this.
      "cross-origin-resource-policy": "same-site",
      "x-content-type-options": "nosniff",
    };
    for (const [header, value] of Object.entries(more)) response.headers.set(header, value);
    response.headers.append("vary", "origin");
    return response;
  }

  /** Ends the streams and stops watching. */
  end(): void {
    this.#streams.end();
    this.ended ??= this.#folder[Symbol.asyncDispose]();
  }

  /** A stream of changes; 503 if the folder can't be watched now, so that the page tries again. */
  #changes(): Response {
    try {
      return this.#streams.open();
    } catch (error) {
      return refuse(503, messageOf(error));
    }
  }

  /** The answer for the file `name`; `undefined` if there is no such file. */
  async #respond(request: Request, name: string): Promise<Response | undefined> {
    const { method, headers } = request;
    if (method === "OPTIONS" && headers.has("origin")) return preflight(request);
    const isRead = method === "GET" || method === "HEAD";
    try {
      if (method === "GET" && name === ".changes") return this.#changes();
      if (isRead && name === ".manifest.json") {
        return Response.json(await scan(this.#folder.source), {
          headers: { "cache-control": "no-store" },
        });
      }
      if (name === "") return undefined;
      const file = await this.#folder.read(normalizeName(name));
      if (file === undefined) return undefined;
      if (isRead) return answerWith(file, request);
      return refuse(405, "A file can only be read", { allow: "GET, HEAD, OPTIONS" });
    } catch (error) {
      if (error instanceof ResourceNotFoundError) return undefined;
      return refuse(error instanceof ResourcePathError ? 403 : 500, messageOf(error));
    }
  }
}

function notFound(): Response {
  return refuse(404, "There is no such file");
}

function refuse(status: number, problem: string, headers?: Record<string, string>): Response {
  return new Response(`${problem}\n`, { status, headers });
}
