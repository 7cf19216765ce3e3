/** The events for one reader of a stream. */
export interface Feed {
  /** The next event, to be sent as JSON; `undefined` if there is none before the next `wake`. */
  next(): unknown;
  /** Called once, when the stream ends or its reader leaves. */
  close(): void;
}

/** Opens a feed that calls `wake` when there is something new. */
export type FeedOpener = (wake: () => void) => Feed;

/**
 * The open streams of server-sent events. An event is made when its reader has room for it, so that
 * a slow reader does not fill the memory.
 */
export class EventStreams {
  /** Each function ends one stream. */
  readonly #ends = new Set<() => void>();

  /** Answers a request with a stream. Throws what `openFeed` throws. */
  open(openFeed: FeedOpener): Response {
    let wake = () => {};
    const feed = openFeed(() => wake());
    let end = () => {};
    const leave = () => {
      if (this.#ends.delete(end)) feed.close();
      wake();
    };
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        end = () => {
          controller.close();
          leave();
        };
      },
      pull: async (controller) => {
        while (this.#ends.has(end)) {
          const event = feed.next();
          if (event !== undefined) return controller.enqueue(eventOf(event));
          await new Promise<void>((resolve) => wake = resolve);
        }
      },
      cancel: leave,
    }, { highWaterMark: 0 });
    this.#ends.add(end);
    return new Response(body, {
      headers: { "cache-control": "no-store, no-transform", "content-type": "text/event-stream" },
    });
  }

  /** Ends all streams. */
  end(): void {
    for (const end of [...this.#ends]) end();
  }
}

function eventOf(data: unknown): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(data)}\n\n`);
}
