import { EventStreams, type Feed } from "./event_streams.ts";

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
  readonly #streams = new EventStreams();

  constructor(folder: WatchedFolder) {
    this.#folder = folder;
  }

  /**
   * Opens a stream: it gives the versions of all files, and then what changes. What changes while a
   * page reads slowly is told at once, and each file once, so that a flood fills no memory.
   */
  open(): Response {
    return this.#streams.open((wake) => new ChangeFeed(this.#folder, wake));
  }

  /** Ends all of them. */
  end(): void {
    this.#streams.end();
  }
}

class ChangeFeed implements Feed {
  /** What a page is told first. */
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
