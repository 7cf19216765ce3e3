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
import { pause } from "./pause.ts";

/**
 * How an {@linkcode HttpSource} fetches.
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
   * How often a read is tried again after a failure that may pass: no connection, a body that
   * breaks off, `timeout` or `stall` is over, or the status is 408, 429 or 5xx.
   *
   * @default {2}
   */
  retries?: number;
  /**
   * The milliseconds before the first retry; each further one waits twice as long. Half of each
   * wait is random, so that clients that failed together do not come back together. An answer's
   * `Retry-After` counts instead, up to `maxRetryAfter`. A read that waits holds no place of
   * `maxConcurrency`.
   *
   * @default {250}
   */
  backoff?: number;
  /**
   * The milliseconds that are waited at most when an answer's `Retry-After` asks for more. Browsers
   * hide that header from other origins unless the server exposes it.
   *
   * @default {60_000}
   */
  maxRetryAfter?: number;
  /**
   * The milliseconds that one try may take, with its redirects and its body.
   *
   * @default {Infinity}
   */
  timeout?: number;
  /**
   * The milliseconds that may pass without a byte before a try is given up. Unlike `timeout` it
   * lets a large file take its time on a slow line. `Infinity` waits for good.
   *
   * @default {30_000}
   */
  stall?: number;
  /**
   * The bytes that one response may have, after decompression. One that has more is given up as
   * soon as that is known, and is not tried again.
   *
   * @default {Infinity}
   */
  maxBytes?: number;
  /**
   * The files below the URL, as `@holdfast/resources/manifest` lists them. With it the source can
   * list, progress knows `totalBytes` before anything is read, and a name that is not in the manifest
   * is a {@linkcode ResourceNotFoundError} without a request.
   *
   * A response that has other bytes than the manifest says is refused. It is fetched once more before
   * that, past the HTTP cache, which may have an old copy. Browsers check hashes only on pages that
   * came by https or from localhost: on others, each read fails.
   */
  manifest?: Manifest;
  /**
   * Where a server tells in a stream of events which files change, as a URL from the base URL on:
   * `".changes"` with the server of `@holdfast/resources/dev`. With it `mgr.watch()` works. It is for
   * development: the runtime's HTTP cache is asked for nothing that is not confirmed by the server
   * (`cache` is `"no-cache"` by default), and files may differ from the `manifest`.
   */
  watch?: string | URL;
  /** Sent with each request of a file. */
  headers?: HeadersInit;
  /** How the runtime's HTTP cache is used, if it has one. */
  cache?: RequestCache;
  /**
   * Used instead of the global `fetch`. It has to heed `signal` and `redirect`, and to reject with
   * a `TypeError` for a failure that may pass.
   */
  fetch?: (url: URL, init: RequestInit) => Promise<Response>;
  /**
   * Where waits and timeouts get the time from.
   *
   * @default {systemClock}
   */
  clock?: Clock;
}

/** The options that are numbers. */
const NUMBERS = ["retries", "backoff", "maxRetryAfter", "timeout", "stall", "maxBytes"] as const;
/** How many redirects one try follows. */
const MAX_REDIRECTS = 5;
/** The statuses that have a `Location`. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What one try fetches. */
interface Target {
  readonly url: URL;
  /** What has to come, where there is a manifest. */
  readonly file: ManifestFile | undefined;
  readonly cache: RequestCache | undefined;
  /** Called with the version of what has come, where changes are watched. */
  readonly landed: ((version: string | null) => void) | undefined;
}

/**
 * Files below a URL, fetched with `GET`. It reads only asynchronously, so use `loadAsync`. It can list
 * its files only with a `manifest`.
 *
 * Nothing outside of the base URL is ever requested: keys cannot lead out of it, and a redirect is
 * followed only to a URL below it. Browsers do not tell where a redirect leads to, so there each
 * redirect is an error.
 *
 * In Deno it needs `--allow-net` for the host. It runs in browsers too.
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
  /** The URL that all keys are below. Ends with a slash; has no query and no fragment. */
  readonly base: string;
  /**
   * The keys below a directory, sorted. There only if the source has a `manifest`, because a
   * server does not list its files. O(files).
   *
   * @throws {ResourceNotFoundError} No file of the manifest is below the directory.
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
   * Calls `onChange` with each key that was read and may have changed since, or may be another now than
   * when it was read last. There only if the source has the option `watch`. Opens one connection,
   * however many watch, and connects again when it is lost; `onError` is told once of each time that
   * this fails. Ends for good when the server refuses. Costs O(keys that were read) for each connection.
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
   * Creates a source for what is below `base`. A slash is appended if there is none at the end of
   * its path; its query and its fragment are dropped. In a page, it may be relative, as in
   * `"assets/"`. Requests nothing yet.
   *
   * @throws {TypeError} `base` or `watch` is no http or https URL, `headers` are no headers, or
   * `manifest` is not one of version 1.
   * @throws {RangeError} A number of the options is negative or not a number.
   */
  constructor(base: string | URL, options: HttpSourceOptions = {}) {
    const { headers, manifest, clock = systemClock, watch, ...others } = options;
    this.base = baseOf(base);
    for (const name of NUMBERS) {
      const value = others[name];
      if (value === undefined || value >= 0) continue;
      throw new RangeError(
        `Cannot create an HttpSource: "${name}" must be a number of 0 or more: received ${value}`,
      );
    }
    this.#options = others;
    this.#clock = clock;
    this.#headers = new Headers(headers);
    if (watch !== undefined) {
      this.#options = { cache: "no-cache", ...others };
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
   * How many bytes `key` has by the manifest; `undefined` if there is none, or it does not have the
   * key. O(1).
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
   * Fetches a file. A failure that may pass is tried again; `onProgress` then starts over. The
   * total is known by the `manifest`, or if the response has a `Content-Length` and is not compressed.
   * `signal` aborts at once, the waits too, and the call then rejects with its reason. O(bytes).
   *
   * @throws {ResourceNotFoundError} The server answered 404 or 410, or the `manifest` has no such key.
   * @throws {ResourceLoadError} The server refuses, it cannot be reached, the last try failed, the
   * response is larger than `maxBytes`, a part that was not asked for, not the file of the `manifest`,
   * or a redirect that is not followed. If the server refused, `cause` is an {@linkcode HttpError}.
   * @throws {ResourcePathError} The key leads out of the base URL.
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
    const { signal, pause = run } = options;
    signal?.throwIfAborted();
    const { retries = 2, maxRetryAfter = 60_000 } = this.#options;
    const path = normalizeName(key);
    const url = this.#urlOf(path);
    const landed = this.#watch?.reading(path);
    const file = this.#files && !landed ? expectedFile(this.#files, path) : undefined;
    let { cache } = this.#options;
    for (let tries = 1;; tries++) {
      try {
        return await this.#try({ url, file, cache, landed }, options);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        landed?.(null);
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

  /** Each segment is encoded by itself: a key has no query, no fragment, no encoded `..`. */
  #urlOf(path: string): URL {
    if (/\p{Surrogate}/u.test(path)) throw new ResourcePathError(path, "it has half a character");
    return new URL(this.base + path.split("/").map(encodeURIComponent).join("/"));
  }

  /** The milliseconds to wait after so many tries. */
  #backoff(tries: number): number {
    const { backoff = 250 } = this.#options;
    return backoff * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
  }

  /** Waits: a server may ask for longer than a timer takes. */
  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    for (let left = ms; left > 0; left -= MAX_DELAY) {
      await pause(this.#clock, Math.min(left, MAX_DELAY), signal);
    }
  }

  /** One try, with its time limits. */
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

  /** Reads what is at the URL, or where redirects lead to from there. */
  async #follow(
    { url: start, file, cache, landed }: Target,
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
        if (isHtml(response, start)) noteHint(bytes, "the server answered with an HTML page");
        if (file) await assertIs(bytes, file, url);
        landed?.(response.headers.get("etag") ?? "");
        return bytes;
      }
      discard(response);
      const next = this.#target(response, url);
      if (redirects === MAX_REDIRECTS) {
        const problem = `"${shown(start)}" redirects more than ${MAX_REDIRECTS} times, ` +
          `at last to "${shown(next)}"`;
        throw refusal(response, url, { problem });
      }
      url = next;
    }
  }

  /** Whether a response has what was asked for. A part is wanted only if the headers ask for one. */
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
      // Not as a method: browsers refuse that.
      return await fetch(url, init);
    } catch (cause) {
      throw unreachable(url, cause);
    }
  }

  /** Where a response that is no success redirects to. */
  #target(response: Response, url: URL): URL {
    if (response.type === "opaqueredirect") {
      throw new HttpFailure(
        `"${shown(url)}" redirects, and where to is not told in browsers, use the URL it leads to`,
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

  /** What a status that is neither success nor redirect means. */
  #refusal(response: Response, url: URL): HttpFailure {
    return refusal(response, url, {
      retryAfter: retryAfter(response, this.#clock.now()),
    });
  }
}

/** Where no manager counts who reads, a read that waits is in nobody's way. */
function run(wait: () => Promise<void>): Promise<void> {
  return wait();
}

/** Whether a page was sent for what is no page by its name: many servers do, instead of a 404. */
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

/** What pages and workers have. */
interface Page {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

/** The base URL in the form that keys are appended to. In a page, it begins where that of `fetch` does. */
function baseOf(base: string | URL): string {
  const page = globalThis as Page;
  const begin = page.document?.baseURI ?? page.location?.href;
  const url = httpUrl(base, { action: "fetch from", base: begin });
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

/** A URL that can be fetched; relative ones begin at `base`. */
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
