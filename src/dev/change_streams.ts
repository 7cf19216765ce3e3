import { EventStreams, type Feed } from "./event_streams.ts";

/** A folder whose changes are reported. */
export interface WatchedFolder {
  /** The versions of all files by their keys; `undefined` if they can't be listed. */
  versions(): Record<string, string> | undefined;
  /** Calls `onChange` with each key that changes until the caller calls the result. */
  watch(onChange: (key: string) => void): () => void;
}

/** The open streams of events: each reports to one page what changes in the folder. */
export class ChangeStreams {
  readonly #folder: WatchedFolder;
  readonly #streams = new EventStreams();

  constructor(folder: WatchedFolder) {
    this.#folder = folder;
  }

  /**
   * Opens a stream: it sends the versions of all files first, and then what changes. While a page
   * reads slowly, its changes are collected into one event that names each file once, so that many
   * changes do not fill the memory.
   */
  open(): Response {
    return this.#streams.open((wake) => new ChangeFeed(this.#folder, wake));
  }

  /** Ends all streams. */
  end(): void {
    this.#streams.end();
  }
}

class ChangeFeed implements Feed {
  /** The first event, until it is sent. */
  #files: Record<string, string> | undefined;
  readonly #changed = new Set<string>();
  readonly close: () => void;

  constructor(folder: WatchedFolder, wake: () => void) {
    this.close = folder.watch((key) => {
      this.#changed.add(key);
      wake();
    });
    this.#files = folder.versions();
  }

  next(): unknown {
    const files = this.#files;
    this.#files = undefined;
    if (files !== undefined) return { files };
    if (this.#changed.size === 0) return undefined;
    const changed = [...this.#changed];
    this.#changed.clear();
    return { changed };
  }
}
