/** What one reader of a stream is told. */
export interface Feed {
  /** The next event, as JSON is made of it; `undefined` if there is none until it wakes its stream. */
  next(): unknown;
  /** Called once, when the stream has ended or its reader has left. */
  close(): void;
}

/** Opens a feed that calls `wake` when there is something new. */
export type FeedOpener = (wake: () => void) => Feed;

/**
 * The streams of server-sent events that are open. An event is made when its reader has room for it,
 * so that one who reads slowly fills no memory.
 */
export class EventStreams {
  /** What ends each of them. */
  readonly #ends = new Set<() => void>();

  /** Answers a request with a stream. What opening the feed throws is thrown. */
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

  /** Ends all of them. */
  end(): void {
    for (const end of [...this.#ends]) end();
  }
}

function eventOf(data: unknown): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(data)}\n\n`);
}
