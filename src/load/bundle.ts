import { messageOf } from "../contract/errors.ts";
import type { EventHub } from "../contract/events.ts";
import type { Handle } from "../contract/handle.ts";
import type { ResourceType } from "../contract/loader.ts";
import type {
  Bundle,
  LoadAllOptions,
  LoadedBundle,
  LoadProgress,
  LoadTask,
} from "../contract/task.ts";
import { disposeAll } from "../handles/dispose_all.ts";

/** Loads one resource of a bundle; `onProgress` is told how many bytes were read. */
export type LoadOne = (
  name: string,
  type: ResourceType<unknown>,
  onProgress: (bytes: number, totalBytes?: number) => void,
) => LoadTask<unknown>;

/** Adds up what the parts of a bundle tell. */
class Progress {
  readonly #tell: (progress: LoadProgress) => void;
  readonly #bytes: number[];
  readonly #totals: (number | undefined)[];
  #done = 0;

  constructor(total: number, tell: (progress: LoadProgress) => void) {
    this.#tell = tell;
    this.#bytes = new Array(total).fill(0);
    this.#totals = new Array(total).fill(undefined);
    tell({ done: 0, total });
  }

  read(part: number, bytes: number, totalBytes?: number): void {
    this.#bytes[part] = bytes;
    this.#totals[part] = totalBytes;
    this.#report();
  }

  /** A part has ended: what it has not read by now, it had no need to. */
  end(part: number): void {
    this.#done++;
    this.#totals[part] = this.#bytes[part]!;
    this.#report();
  }

  #report(): void {
    const add = (sum: number, size: number | undefined) => sum + size!;
    const bytes = this.#bytes.reduce(add, 0);
    const progress: LoadProgress = { done: this.#done, total: this.#bytes.length };
    if (bytes > 0) progress.bytes = bytes;
    if (bytes > 0 && !this.#totals.includes(undefined)) {
      progress.totalBytes = this.#totals.reduce(add, 0) as number;
    }
    this.#tell(progress);
  }
}

/**
 * Loads all of a bundle by `load`, or none: waits for all, and gives back what was loaded if any
 * failed. What `onProgress` throws goes to the `error` event.
 */
export async function loadBundle<B extends Bundle>(
  bundle: B,
  { signal, onProgress }: LoadAllOptions,
  events: EventHub,
  load: LoadOne,
): Promise<LoadedBundle<B>> {
  const names = Object.keys(bundle);
  const progress = new Progress(names.length, (each) => {
    try {
      onProgress?.(each);
    } catch (error) {
      events.fail(error);
    }
  });
  const tasks = names.map((each, part) => {
    const [name, type] = bundle[each]!;
    const task = load(name, type, (bytes, total) => progress.read(part, bytes, total));
    const end = () => progress.end(part);
    task.then(end, end);
    return task;
  });
  const results = await Promise.allSettled(tasks);
  const failures = results.filter((result) => result.status === "rejected");
  const handles = results.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
  if (failures.length === 0) return loadedBundle<B>(names, handles);
  disposeAll(handles);
  signal?.throwIfAborted();
  const reasons = failures.map(({ reason }) => reason);
  throw new AggregateError(
    reasons,
    `Cannot load ${failures.length} of ${names.length} resources: ${
      reasons.map(messageOf).join("; ")
    }`,
  );
}

function loadedBundle<B extends Bundle>(
  names: string[],
  handles: Handle<unknown>[],
): LoadedBundle<B> {
  // Own properties by definition: a resource may well be called __proto__.
  const loaded = Object.fromEntries(names.map((name, i) => [name, handles[i]!]));
  Object.defineProperty(loaded, Symbol.dispose, { value: () => disposeAll(handles) });
  return loaded as unknown as LoadedBundle<B>;
}
