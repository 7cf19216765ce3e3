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
import { sleep } from "./sleep.ts";

/** How long to wait before it connects again, in ms: each wait is twice the one before. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5_000;

interface HttpWatchOptions {
  /** The URL of the event stream. */
  readonly url: URL;
  readonly clock: Clock;
  readonly fetch: ((url: URL, init: RequestInit) => Promise<Response>) | undefined;
}

/**
 * Reports which keys change, as a server announces it in an event stream. All listeners share one stream.
 *
 * An event is `{"changed": [key, …]}`, or `{"files": {key: version, …}}` with all files of the server,
 * which it sends to each new connection. A version is the file's `ETag`. Comparing these versions with
 * those that were read finds what changed while the stream was closed.
 */
export class HttpWatch {
  readonly #options: HttpWatchOptions;
  readonly #listeners = new Set<WatchListener>();
  /** For each key, the version that was read last: `null` if the read failed. */
  readonly #read = new Map<string, string | null>();
  /** The versions that the server sent for the last connection, if it sends any. */
  #files: ReadonlyMap<string, unknown> | undefined;
  /** Ends the stream. Exists only while the stream is open or being opened. */
  #aborting: AbortController | undefined;
  #ended: Promise<void> | undefined;

  constructor(options: HttpWatchOptions) {
    this.#options = options;
  }

  /**
   * Notes that `key` is being read. Call the result with the version that was read, or with `null` if
   * the read failed. O(1).
   */
  reading(key: string): (version: string | null) => void {
    const files = this.#files;
    return (version) => {
      this.#read.set(key, version);
      if (this.#files !== files) this.#compare(key, version);
    };
  }

  /** Notifies `listener` of changes until the result is disposed. */
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

  /** Keeps a connection open, until it is aborted or the server refuses. Never rejects. */
  async #run(aborting: AbortController): Promise<void> {
    const { clock } = this.#options;
    const { signal } = aborting;
    let wait = FIRST_WAIT;
    let isReported = false;
    this.#files = undefined;
    for (let opened = 0;;) {
      const start = clock.now();
      // The first connection finds nothing that was missed.
      const failure = await this.#listen(signal, () => opened++ > 0 && this.#reopened());
      if (signal.aborted) return;
      if (failure && !isReported) this.#fail(failure);
      if (failure && !failure.options.transient) break;
      isReported = failure !== undefined;
      if (clock.now() - start > LONGEST_WAIT) wait = FIRST_WAIT; // the connection was good for a while
      await sleep(clock, wait, signal).catch(() => {});
      if (signal.aborted) return;
      wait = Math.min(2 * wait, LONGEST_WAIT);
    }
    this.#aborting = undefined;
  }

  /** Listens until the stream ends. Returns the failure if it cannot be opened or its events are too long. */
  async #listen(signal: AbortSignal, onOpen: () => void): Promise<HttpFailure | undefined> {
    try {
      const response = await this.#open(signal);
      onOpen();
      await readEvents(response, (data) => this.#onEvent(data));
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

  /** Reports all keys if the server sends no versions: each may have changed while the stream was closed. */
  #reopened(): void {
    if (this.#files !== undefined) return;
    for (const key of this.#read.keys()) this.#report(key);
  }

  #onEvent(data: string): void {
    const { changed, files } = Object(attempt(() => JSON.parse(data)));
    if (isObject(files)) {
      this.#files = new Map(Object.entries(files));
      for (const [key, version] of this.#read) this.#compare(key, version);
    }
    if (Array.isArray(changed)) { for (const key of changed) this.#report(key); }
  }

  #compare(key: string, version: string | null): void {
    if (this.#files && (this.#files.get(key) ?? null) !== version) this.#report(key);
  }

  /** Reports `key`, unless it is not a valid key. */
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
