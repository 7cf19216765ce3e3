import { attempt } from "../contract/attempt.ts";
import type { Clock } from "../contract/clock.ts";
import { ResourceLoadError } from "../contract/errors.ts";
import { isObject } from "../contract/is_object.ts";
import { quote } from "../contract/printable.ts";
import { normalizeName } from "../names/names.ts";
import { readEvents } from "./event_stream.ts";
import type { WatchListener } from "./file_watch.ts";
import { discard } from "./http_body.ts";
import { HttpFailure, refusal, shown, unreachable } from "./http_failure.ts";
import { pause } from "./pause.ts";

/** The milliseconds before it connects again: at first, and at most. Each wait is twice the last one. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5_000;

interface HttpWatchOptions {
  /** Where the stream of events is. */
  readonly url: URL;
  readonly clock: Clock;
  readonly fetch: ((url: URL, init: RequestInit) => Promise<Response>) | undefined;
}

/**
 * Tells which keys change, by what a server says in a stream of events: one stream, however many listen.
 *
 * An event is `{"changed": [key, …]}`, or `{"files": {key: version, …}}` for all files that there are,
 * which the server sends whenever somebody connects. A version is the `ETag` of the file. So what has
 * changed while nobody was connected is found by comparing it with what was read.
 */
export class HttpWatch {
  readonly #options: HttpWatchOptions;
  readonly #listeners = new Set<WatchListener>();
  /** The version of each file that was read last: `null` for one that could not be read. */
  readonly #given = new Map<string, string | null>();
  /** The versions that the server had when it was connected last, if it told. */
  #files: ReadonlyMap<string, unknown> | undefined;
  /** Ends the stream. There only while it is open, or is about to be. */
  #aborting: AbortController | undefined;
  #ended: Promise<void> | undefined;

  constructor(options: HttpWatchOptions) {
    this.#options = options;
  }

  /**
   * Notes that `key` is being read. The result is to be called with the version that came, or with
   * `null` when the read has failed. O(1).
   */
  reading(key: string): (version: string | null) => void {
    const files = this.#files;
    return (version) => {
      this.#given.set(key, version);
      if (this.#files !== files) this.#compare(key, version);
    };
  }

  /** Tells `listener` until the result is disposed. */
  add(listener: WatchListener): Disposable & AsyncDisposable {
    this.#listeners.add(listener);
    if (this.#aborting === undefined) {
      this.#aborting = new AbortController();
      this.#ended = this.#run(this.#aborting);
    }
    const leave = () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#aborting?.abort();
      this.#aborting = undefined;
    };
    return {
      [Symbol.dispose]: leave,
      [Symbol.asyncDispose]: async () => {
        leave();
        if (this.#listeners.size === 0) await this.#ended;
      },
    };
  }

  /** Connects again and again, until it is aborted or the server refuses. Never rejects. */
  async #run(aborting: AbortController): Promise<void> {
    const { clock } = this.#options;
    const { signal } = aborting;
    let wait = FIRST_WAIT;
    let isTold = false;
    this.#files = undefined;
    for (let opened = 0;;) {
      const start = clock.now();
      const failure = await this.#listen(signal, () => opened++ > 0 && this.#reopened());
      if (signal.aborted) return;
      if (failure && !isTold) this.#fail(failure);
      if (failure && !failure.options.transient) break;
      isTold = failure !== undefined;
      if (clock.now() - start > LONGEST_WAIT) wait = FIRST_WAIT; // it has worked for a while
      await pause(clock, wait, signal).catch(() => {});
      if (signal.aborted) return;
      wait = Math.min(2 * wait, LONGEST_WAIT);
    }
    this.#aborting = undefined;
  }

  /** Listens until the stream ends. Returns why, if it could not be opened or makes no sense. */
  async #listen(signal: AbortSignal, onOpen: () => void): Promise<HttpFailure | undefined> {
    try {
      const response = await this.#open(signal);
      onOpen();
      await readEvents(response, (data) => this.#said(data));
    } catch (error) {
      if (error instanceof HttpFailure) return error;
    }
    return undefined;
  }

  async #open(signal: AbortSignal): Promise<Response> {
    const { url, fetch = globalThis.fetch } = this.#options;
    const headers = { accept: "text/event-stream" };
    let response: Response;
    try {
      response = await fetch(url, { headers, signal, cache: "no-store", redirect: "manual" });
    } catch (cause) {
      throw unreachable(url, cause);
    }
    const type = response.headers.get("content-type") ?? "";
    if (response.ok && /^text\/event-stream\b/i.test(type)) return response;
    discard(response);
    if (!response.ok) throw refusal(response, url);
    const problem = `${quote(shown(url))} is ${quote(type)}, and not a "text/event-stream"`;
    throw refusal(response, url, { problem });
  }

  /** A server that doesn't tell versions may have changed anything meanwhile. */
  #reopened(): void {
    if (this.#files !== undefined) return;
    for (const key of this.#given.keys()) this.#report(key);
  }

  #said(data: string): void {
    const { changed, files } = Object(attempt(() => JSON.parse(data)));
    if (isObject(files)) {
      this.#files = new Map(Object.entries(files));
      for (const [key, version] of this.#given) this.#compare(key, version);
    }
    if (Array.isArray(changed)) { for (const key of changed) this.#report(key); }
  }

  #compare(key: string, version: string | null): void {
    if (this.#files && (this.#files.get(key) ?? null) !== version) this.#report(key);
  }

  /** Tells of `key`, unless no file has such a key. */
  #report(key: unknown): void {
    if (typeof key !== "string" || attempt(() => normalizeName(key)) !== key) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener.onChange(key);
      } catch (error) {
        listener.onError(error);
      }
    }
  }

  #fail({ message, cause, options }: HttpFailure): void {
    const problem = options.transient ? `${message}; it is tried again until it works` : message;
    const error = new ResourceLoadError(".", problem, { cause, action: "watch" });
    for (const listener of [...this.#listeners]) listener.onError(error);
  }
}
