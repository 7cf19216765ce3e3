/** A folder whose changes are told. */
export interface WatchedFolder {
  /** The versions of all files by their keys, if they can be told. */
  versions(): Record<string, string> | undefined;
  /** Calls `onChange` with each key that changes, until the result is called. */
  watch(onChange: (key: string) => void): () => void;
}

/** The streams of events that are open: each tells a page what changes in the folder. */
export class ChangeStreams {
  readonly #folder: WatchedFolder;
  /** What ends each of them. */
  readonly #ends = new Set<() => void>();

  constructor(folder: WatchedFolder) {
    this.#folder = folder;
  }

  /**
   * Opens a stream: it gives the versions of all files, and then what changes. What changes while a
   * page reads slowly is told at once, and each file once, so that a flood fills no memory.
   */
  open(): Response {
    const changed = new Set<string>();
    let wake = () => {};
    const leave = this.#folder.watch((key) => {
      changed.add(key);
      wake();
    });
    let end = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        end = () => {
          leave();
          this.#ends.delete(end);
          controller.close();
          wake();
        };
        controller.enqueue(eventOf({ files: this.#folder.versions() }));
      },
      pull: async (controller) => {
        if (changed.size === 0) await new Promise<void>((resolve) => wake = resolve);
        if (!this.#ends.has(end)) return;
        controller.enqueue(eventOf({ changed: [...changed] }));
        changed.clear();
      },
      cancel: () => {
        leave();
        this.#ends.delete(end);
        wake();
      },
    }, { highWaterMark: 0 });
    this.#ends.add(end);
    return new Response(body, {
      headers: { "cache-control": "no-store, no-transform", "content-type": "text/event-stream" },
    });
  }

  /** Ends all of them. */
  end(): void {
    for (const end of [...this.#ends]) end();
  }
}

function eventOf(data: unknown): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(data)}\n\n`);
}
