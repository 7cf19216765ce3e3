import { type Clock, MAX_DELAY, systemClock } from "../contract/clock.ts";
import { ResourcePathError } from "../contract/errors.ts";
import type { Manifest, ManifestFile } from "../contract/manifest.ts";
import { quote } from "../contract/printable.ts";
import { noteHint, type ReadOptions, type Source } from "../contract/source.ts";
import { keysBelow } from "../names/keys_below.ts";
import { normalizeName } from "../names/names.ts";
import { discard, readBody } from "./http_body.ts";
import { HttpFailure, refusal, shown, unreachable } from "./http_failure.ts";
import { HttpLimit } from "./http_limit.ts";
import { assertIs, expectedFile, type KnownFiles, knownFiles } from "./http_manifest.ts";
import { HttpWatch } from "./http_watch.ts";
import { sleep } from "./sleep.ts";

/**
 * How an {@linkcode HttpSource} fetches files.
 *
 * @example
 * ```ts
 * import { HttpSource, type HttpSourceOptions, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const options: HttpSourceOptions = {
 *   retries: 5,
 *   timeout: 10_000,
 *   headers: { authorization: "Bearer 1234" },
 *   fetch: () => Promise.resolve(new Response("@")), // for a test
 * };
 * using mgr = new ResourceManager({ source: new HttpSource("https://example.com/assets", options) });
 * using hero = await mgr.loadAsync("hero.txt", Text);
 * assertEquals(hero.value, "@");
 * ```
 */
export interface HttpSourceOptions {
  /**
   * How many times a read is retried after a temporary failure: no connection, a body that breaks off,
   * `timeout` or `stall`, or the status 408, 429 or 5xx.
   *
   * @default {2}
   */
  retries?: number;
  /**
   * How long to wait before the first retry, in milliseconds; each further wait is twice as long. Half
   * of each wait is random, so that clients that failed together do not retry together. If the response
   * has a `Retry-After`, that is used instead, up to `maxRetryAfter`. A read that waits does not count
   * for the manager's `maxConcurrency`.
   *
   * @default {250}
   */
  backoff?: number;
  /**
   * The longest wait that a response's `Retry-After` can request, in milliseconds. In browsers, another
   * origin has to expose that header.
   *
   * @default {60_000}
   */
  maxRetryAfter?: number;
  /**
   * How long one try may take, with its redirects and its body, in milliseconds.
   *
   * @default {Infinity}
   */
  timeout?: number;
  /**
   * How long a try may receive nothing before it fails, in milliseconds. Unlike `timeout`, it does not
   * limit a large file on a slow connection. `Infinity` waits forever.
   *
   * @default {30_000}
   */
  stall?: number;
  /**
   * How many bytes one response may have, after decompression. The read of a larger one fails as soon
   * as that is known, and is not retried.
   *
   * @default {Infinity}
   */
  maxBytes?: number;
  /**
   * The files below the URL, as `@holdfast/resources/manifest` lists them. With it the source can
   * list, progress knows `totalBytes` before anything is read, and a key that the manifest lacks
   * causes a {@linkcode ResourceNotFoundError} without a request.
   *
   * If a response does not match the manifest, the file is fetched once more without the HTTP cache,
   * which may have an old copy. If that does not match either, the read fails. Browsers check hashes
   * only on pages from https or localhost: on others, each read fails.
   *
   * @default {undefined} Without a manifest, the source cannot list.
   */
  manifest?: Manifest;
  /**
   * The URL of an event stream in which the server reports changed files, relative to the base URL:
   * `".changes"` with the server of `@holdfast/resources/dev`. With it `mgr.watch()` works. Use it only
   * for development: the runtime's HTTP cache asks the server before it uses a copy (`cache` is
   * `"no-cache"` by default), and files may differ from the `manifest`.
   *
   * @default {undefined} The source cannot be watched.
   */
  watch?: string | URL;
  /**
   * Headers that are sent with each request for a file.
   *
   * @default {undefined} None.
   */
  headers?: HeadersInit;
  /**
   * How the runtime's HTTP cache is used, if it has one.
   *
   * @default {undefined} As `fetch` does; `"no-cache"` with `watch`.
   */
  cache?: RequestCache;
  /**
   * Replaces the global `fetch`. It must obey `signal` and `redirect`, and reject with a `TypeError` for
   * a temporary failure.
   *
   * @default {globalThis.fetch}
   */
  fetch?: (url: URL, init: RequestInit) => Promise<Response>;
  /**
   * The clock for waits and timeouts.
   *
   * @default {The clock of the system}
   */
  clock?: Clock;
}

/** The options that are numbers. */
const NUMBERS = ["retries", "backoff", "maxRetryAfter", "timeout", "stall", "maxBytes"] as const;
/** How many redirects one try follows. */
const MAX_REDIRECTS = 5;
/** The statuses that have a `Location`. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** The file that a try fetches. */
interface Target {
  readonly url: URL;
  /** The expected file, if there is a manifest. */
  readonly file: ManifestFile | undefined;
  readonly cache: RequestCache | undefined;
  /** Called with the `ETag` of the file that was read, if there is `watch`. */
  readonly onRead: ((version: string | null) => void) | undefined;
}

/**
 * Fetches the files below a URL with `GET`. It reads only asynchronously, so use `loadAsync`. It can
 * list its files only with a `manifest`.
 *
 * Nothing outside of the base URL is ever requested: keys cannot lead out of it, and a redirect is
 * followed only to a URL below it. Browsers hide the target of a redirect, so there each redirect is an
 * error.
 *
 * In Deno it needs `--allow-net` for the host. It also runs in browsers.
 *
 * @example
 * ```ts
 * import { HttpSource, Json, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = Deno.serve({ port: 0, onListen() {} }, (request) => {
 *   const { pathname } = new URL(request.url);
 *   return pathname === "/assets/hero.json"
 *     ? Response.json({ hp: 3 })
 *     : new Response(null, { status: 404 });
 * });
 * const base = `http://127.0.0.1:${server.addr.port}/assets/`;
 * using mgr = new ResourceManager({ source: new HttpSource(base, { timeout: 10_000 }) });
 * using hero = await mgr.loadAsync("hero.json", Json);
 * assertEquals(hero.value, { hp: 3 });
 * ```
 */
export class HttpSource implements Source {
  /** The URL to which keys are appended. It ends with a slash, and has no query and no fragment. */
  readonly base: string;
  /**
   * Returns the keys below a directory, sorted; with `recursive: false`, only those directly in it. Exists
   * only if the source has a `manifest`, because a server does not list its files. O(files).
   *
   * @throws {ResourceNotFoundError} The manifest has no file below the directory.
   * @throws {ResourcePathError} `directory` is not a valid key.
   *
   * @example
   * ```ts
   * import { HttpSource, MemorySource } from "@holdfast/resources";
   * import { scan } from "@holdfast/resources/manifest";
   * import { assertEquals } from "@std/assert";
   *
   * const manifest = await scan(new MemorySource({ "chars/hero.txt": "@", "1.txt": "caves" }));
   * const source = new HttpSource("https://example.com/assets", { manifest });
   * assertEquals(source.list?.("chars"), ["chars/hero.txt"]);
   * assertEquals(new HttpSource("https://example.com/assets").list, undefined);
   * ```
   */
  declare readonly list?: (directory: string, options?: { recursive?: boolean }) => string[];
  /**
   * Calls `onChange` with each key that the server reports as changed, until the result is disposed.
   * When it connects, it also reports the keys that were read before and may have changed since.
   * Exists only if the source has the option `watch`.
   *
   * All watchers share one connection. When it is lost, the source tries again until it is connected,
   * and `onError` receives a {@linkcode ResourceLoadError} once for each outage. When the server
   * refuses, it does not try again until the next call of `watch`. Each connection costs O(keys that
   * were read).
   *
   * @example
   * ```ts
   * import { HttpSource } from "@holdfast/resources";
   * import { serveAssets } from "@holdfast/resources/dev";
   * import { assertEquals } from "@std/assert";
   *
   * const directory = await Deno.makeTempDir();
   * await Deno.writeTextFile(`${directory}/sign.txt`, "Beware");
   * {
   *   await using server = serveAssets(directory, { port: 0, onListen() {} });
   *   const source = new HttpSource(server.url, { watch: ".changes" });
   *   await source.readAsync("sign.txt");
   *   const changed = Promise.withResolvers<string>();
   *   await using _watch = source.watch!(changed.resolve, changed.reject);
   *   await Deno.writeTextFile(`${directory}/sign.txt`, "Welcome");
   *   assertEquals(await changed.promise, "sign.txt");
   * }
   * await Deno.remove(directory, { recursive: true });
   * ```
   */
  declare readonly watch?: (
    onChange: (key: string) => void,
    onError?: (error: unknown) => void,
  ) => Disposable & AsyncDisposable;
  readonly #files: KnownFiles | undefined;
  readonly #watch: HttpWatch | undefined;
  readonly #options: Omit<HttpSourceOptions, "headers" | "manifest" | "clock" | "watch">;
  readonly #clock: Clock;
  readonly #headers: Headers;

  /**
   * Creates a source for the files below `base`. A slash is appended to its path if there is none; its
   * query and its fragment are dropped. In a page, `base` may be relative, as in `"assets/"`. Does not
   * request anything yet.
   *
   * @throws {TypeError} `base` or `watch` is not an http or https URL, `headers` is not valid, or
   * `manifest` is not a manifest of version 1.
   * @throws {RangeError} A number of the options is negative or not a number.
   */
  constructor(base: string | URL, options: HttpSourceOptions = {}) {
    const { headers, manifest, clock = systemClock, watch, ...others } = options;
    this.base = baseOf(base);
    for (const name of NUMBERS) {
      const value = others[name];
      if (value === undefined || value >= 0) continue;
      throw new RangeError(
        `Cannot create an HttpSource: "${name}" must be a number of 0 or more: received ${
          quote(value)
        }`,
      );
    }
    this.#options = others;
    this.#clock = clock;
    this.#headers = new Headers(headers);
    if (watch !== undefined) {
      this.#options = { ...others, cache: others.cache ?? "no-cache" };
      const url = httpUrl(watch, { action: "watch", base: this.base });
      const watching = this.#watch = new HttpWatch({ url, clock, fetch: others.fetch });
      this.watch = (onChange, onError = () => {}) => watching.add({ onChange, onError });
    }
    if (manifest === undefined) return;
    const files = this.#files = knownFiles(manifest);
    this.list = (directory, options) =>
      keysBelow(files.keys(), directory, { ...options, owner: "the manifest" });
  }

  /**
   * Returns the size of `key` in bytes as the manifest says; `undefined` without a manifest, or if the
   * manifest lacks the key. O(1).
   *
   * @example
   * ```ts
   * import { HttpSource, MemorySource } from "@holdfast/resources";
   * import { scan } from "@holdfast/resources/manifest";
   * import { assertEquals } from "@std/assert";
   *
   * const manifest = await scan(new MemorySource({ "hero.txt": "@" }));
   * const source = new HttpSource("https://example.com/assets", { manifest });
   * assertEquals([source.size("hero.txt"), source.size("villain.txt")], [1, undefined]);
   * ```
   */
  size(key: string): number | undefined {
    return this.#files?.get(key)?.bytes;
  }

  /**
   * Fetches a file. Retries after a temporary failure; `onProgress` then starts again from 0. The total
   * is known with a `manifest`, or if the response has a `Content-Length` and is not compressed.
   * `signal` aborts the request or the wait at once, and the call rejects with its reason. O(bytes).
   *
   * @throws {ResourceNotFoundError} The server answered 404 or 410, or the `manifest` has no such key.
   * @throws {ResourceLoadError} The server refused or cannot be reached, the last try failed, or the
   * response is larger than `maxBytes`, only a part of the file, does not match the `manifest`, or
   * redirects too often or out of the base URL. If the server answered with an error, `cause` is an
   * {@linkcode HttpError}.
   * @throws {ResourcePathError} `key` is not a valid key, for example because it leads out of the base URL.
   *
   * @example
   * ```ts
   * import { HttpSource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const fetch = () => Promise.resolve(new Response("@")); // for a test
   * const source = new HttpSource("https://example.com/assets", { fetch });
   * assertEquals((await source.readAsync("hero.txt")).length, 1);
   * ```
   */
  async readAsync(key: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { signal, pause = pauseAlone } = options;
    signal?.throwIfAborted();
    const { retries = 2, maxRetryAfter = 60_000 } = this.#options;
    const path = normalizeName(key);
    const url = this.#urlOf(path);
    const onRead = this.#watch?.reading(path);
    const file = this.#files && !onRead ? expectedFile(this.#files, path) : undefined;
    let { cache } = this.#options;
    for (let tries = 1;; tries++) {
      try {
        return await this.#try({ url, file, cache, onRead }, options);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        onRead?.(null);
        if (!(error instanceof HttpFailure)) throw error;
        const { isStale, transient, retryAfter } = error.options;
        if (isStale && cache !== "reload") {
          cache = "reload";
          continue;
        }
        if (!transient || tries > retries) throw error.explain(key, tries);
        const ms = retryAfter === undefined
          ? this.#backoff(tries)
          : Math.min(retryAfter, maxRetryAfter);
        await pause(() => this.#wait(ms, signal));
      }
    }
  }

  /** Encodes each segment, so that a key cannot contain a query, a fragment or an encoded `..`. */
  #urlOf(path: string): URL {
    if (/\p{Surrogate}/u.test(path)) throw new ResourcePathError(path, "it has a lone surrogate");
    return new URL(this.base + path.split("/").map(encodeURIComponent).join("/"));
  }

  /** Returns how long to wait after `tries` tries, in ms. */
  #backoff(tries: number): number {
    const { backoff = 250 } = this.#options;
    return backoff * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
  }

  /** Waits in several steps, because a server may ask for longer than the longest timer. */
  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    for (let left = ms; left > 0; left -= MAX_DELAY) {
      await sleep(this.#clock, Math.min(left, MAX_DELAY), signal);
    }
  }

  /** Tries once, with the time limits. */
  async #try(target: Target, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    const { timeout = Infinity, stall = 30_000 } = this.#options;
    const limit = new HttpLimit(target.url, { clock: this.#clock, timeout, stall });
    try {
      return await this.#follow(target, options, limit);
    } catch (error) {
      throw limit.signal.reason ?? error;
    } finally {
      limit[Symbol.dispose]();
    }
  }

  /** Reads the file, and follows redirects. */
  async #follow(
    { url: start, file, cache, onRead }: Target,
    { onProgress, signal: given }: ReadOptions,
    limit: HttpLimit,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { maxBytes = Infinity } = this.#options;
    const signal = AbortSignal.any(given === undefined ? [limit.signal] : [limit.signal, given]);
    const onReceived = () => limit.received();
    let url = start;
    for (let redirects = 0;; redirects++) {
      const response = await this.#fetch(url, { signal, cache });
      onReceived();
      if (this.#isWanted(response)) {
        const body = { url, signal, maxBytes, expected: file?.bytes, onProgress, onReceived };
        const bytes = await readBody(response, body);
        if (isHtml(response, start)) noteHint(bytes, `"${shown(url)}" is an HTML page`);
        if (file) await assertIs(bytes, file, url);
        onRead?.(response.headers.get("etag") ?? "");
        return bytes;
      }
      discard(response);
      const next = this.#redirectOf(response, url);
      if (redirects === MAX_REDIRECTS) {
        const problem = `"${shown(start)}" redirects more than ${MAX_REDIRECTS} times, ` +
          `at last to "${shown(next)}"`;
        throw refusal(response, url, { problem });
      }
      url = next;
    }
  }

  /** Whether a response has the file. A part of it (206) is accepted only if the headers ask for one. */
  #isWanted({ ok, status }: Response): boolean {
    return ok && (status !== 206 || this.#headers.has("range"));
  }

  async #fetch(
    url: URL,
    { signal, cache }: Pick<RequestInit, "signal" | "cache">,
  ): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#options;
    const init: RequestInit = { headers: this.#headers, redirect: "manual", signal };
    if (cache !== undefined) init.cache = cache;
    try {
      // Not called as a method: browsers throw then.
      return await fetch(url, init);
    } catch (cause) {
      throw unreachable(url, cause);
    }
  }

  /** Returns the URL that a response redirects to. Throws if it is not a redirect that may be followed. */
  #redirectOf(response: Response, url: URL): URL {
    if (response.type === "opaqueredirect") {
      throw new HttpFailure(
        `"${shown(url)}" redirects, and browsers hide where to, use the URL it leads to`,
      );
    }
    const location = response.headers.get("location");
    if (location === null || !REDIRECTS.includes(response.status)) {
      throw this.#refusal(response, url);
    }
    const base = shown(new URL(this.base));
    const target = parse(location, url);
    if (target && shown(target).startsWith(base)) return target;
    const problem = `"${shown(url)}" redirects to ` +
      `${quote(target ? shown(target) : location)}, which is not below "${base}"`;
    throw refusal(response, url, { problem });
  }

  /** The failure for a status that is neither a success nor a redirect. */
  #refusal(response: Response, url: URL): HttpFailure {
    return refusal(response, url, {
      retryAfter: retryAfter(response, this.#clock.now()),
    });
  }
}

/** Waits without a manager, whose `pause` would let other reads run meanwhile. */
function pauseAlone(wait: () => Promise<void>): Promise<void> {
  return wait();
}

/** Whether the response is an HTML page though the key is not: many servers send one instead of a 404. */
function isHtml({ headers }: Response, { pathname }: URL): boolean {
  return /^text\/html\b/i.test(headers.get("content-type") ?? "") && !/\.x?html?$/i.test(pathname);
}

/** The milliseconds that a response's `Retry-After` asks for, in seconds or as an HTTP date. */
function retryAfter({ headers }: Response, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = value.endsWith("GMT") ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The parts of a page's or worker's global scope that are used here. */
interface Page {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

/** Returns the URL to which keys are appended. In a page, a relative one is resolved as `fetch` does. */
function baseOf(base: string | URL): string {
  const page = globalThis as Page;
  const begin = page.document?.baseURI ?? page.location?.href;
  const url = httpUrl(base, { action: "fetch from", base: begin });
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

/** Returns an http or https URL; a relative one is resolved against `base`. */
function httpUrl(
  given: string | URL,
  { action, base }: { action: string; base?: string | undefined },
): URL {
  const url = parse(String(given), base);
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new TypeError(`Cannot ${action} "${given}": it is not an http or https URL`);
}

function parse(url: string, base?: string | URL): URL | undefined {
  return URL.canParse(url, base) ? new URL(url, base) : undefined;
}
