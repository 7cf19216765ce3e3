import { Kind, KINDS, RESIDENT } from "./kind.ts";
import { REASONS, type Recorder } from "./recorder.ts";

/** A leak, as a page gets it. */
export interface LeakData {
  readonly type: string;
  readonly label?: string;
  /** The size of its resource, unless that is 0. */
  readonly bytes?: number;
  readonly stack?: string;
  /** Microseconds since the trace began, negative if it was opened before; if `stack` says where. */
  readonly openedAt?: number;
}

/**
 * What has come to a trace since the batch before, and nothing but JSON. The first batch is the
 * {@linkcode PageData} itself; a page that is live gets others, and gives each to
 * `View.append(batch)`. Its lists go on those of the batches before: the first new key is the row
 * after the last.
 */
export interface TraceBatch {
  /** How long the trace has run, in microseconds. */
  readonly duration: number;
  /** How many events there are in this batch. */
  readonly count: number;
  /** The keys of new rows. */
  readonly keys: readonly string[];
  /** New types. */
  readonly types: readonly string[];
  /** New leaks. */
  readonly leaks: readonly LeakData[];
  /**
   * The events, in base 64. For each there is the time since the one before in microseconds, then
   * 16 × its row + its kind, and then its value: bytes, a count, or a number in one of the lists.
   * To load and to be resident are followed by the type, the count, and the microseconds of loading.
   * What waits for a pump has no row: unloads have their number in its place.
   * Numbers have seven bits in a byte, the lowest first; the eighth says that more follow.
   * The first event counts from the last of the batch before, or from the beginning.
   */
  readonly events: string;
}

/** What a page is given. It must be small, and hold nothing but JSON. */
export interface PageData extends TraceBatch {
  readonly title: string;
  /** When the trace began: milliseconds since the epoch. */
  readonly start: number;
  /** In bytes. */
  readonly budget?: number;
  readonly keepsIdle: boolean;
  /** How many older events were forgotten. */
  readonly forgotten: number;
  /** Why a resource was unloaded, by number. */
  readonly reasons: readonly string[];
  /**
   * Where a live page gets more, as server-sent events: the data of each `message` is a
   * {@linkcode TraceBatch}, and of each `replace` a `PageData` that takes the place of all before.
   * The page's policy must allow it: `connect-src 'self'`.
   */
  readonly live?: string;
}

/** Packs a recording for a page. O(events). */
export function pageData(recorder: Recorder, title: string): PageData {
  const { log, maxBytes, keepsIdle, since, ended } = recorder;
  const packer = new Packer(recorder);
  return {
    title,
    start: Math.round(performance.timeOrigin + since),
    duration: Math.ceil((ended - since) * 1000),
    ...(maxBytes !== undefined && { budget: maxBytes }),
    keepsIdle,
    forgotten: log.forgotten,
    count: log.length,
    events: packer.pack(),
    keys: packer.keys.names,
    types: packer.types.names,
    reasons: REASONS,
    leaks: packer.leaks,
  };
}

/** Numbers for names, in the order in which they come. */
class Names {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      this.#numbers.set(name, number = this.names.length);
      this.names.push(name);
    }
    return number;
  }
}

class Packer {
  readonly keys = new Names();
  readonly types = new Names();
  readonly leaks: LeakData[] = [];
  readonly #recorder: Recorder;
  readonly #numbers = new NumberWriter();
  #now = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  pack(): string {
    const { lives, log, waiting } = this.#recorder;
    for (const [id, { resident, bytes }] of lives) if (resident) this.#event(RESIDENT, id, bytes);
    if (waiting !== undefined) {
      this.#numbers.write(0, Kind.queuedLoads, waiting.loads);
      this.#numbers.write(0, waiting.unloads * KINDS + Kind.queuedUnloads, waiting.bytes);
    }
    log.forEach((time, kind, id, value) => {
      const now = Math.max(0, Math.round((time - this.#recorder.since) * 1000));
      const elapsed = now - this.#now;
      this.#now = now;
      if (kind === Kind.leak) this.#leak(value, elapsed);
      else if (kind >= Kind.overbudget) this.#numbers.write(elapsed, id * KINDS + kind, value);
      else this.#event(kind, id, value, elapsed);
    });
    return this.#numbers.base64();
  }

  #event(kind: number, id: number, value: number, elapsed = 0): void {
    const { key, type, refs, loading = 0 } = this.#recorder.lives.get(id)!;
    this.#numbers.write(elapsed, this.keys.numberOf(key) * KINDS + kind, value);
    if (kind !== Kind.load && kind !== RESIDENT) return;
    this.#numbers.write(this.types.numberOf(type), refs, Math.round(loading * 1000));
  }

  #leak(number: number, elapsed: number): void {
    const { leaks, since } = this.#recorder;
    const { key, type, label, bytes, stack, openedAt } = leaks.get(number)!;
    const opened = openedAt === undefined ? undefined : Math.round((openedAt - since) * 1000);
    this.#numbers.write(elapsed, this.keys.numberOf(key) * KINDS + Kind.leak, this.leaks.length);
    this.leaks.push({ type, label, bytes, stack, openedAt: opened });
  }
}

/** Writes whole numbers of 0 or more, the small ones in few bytes. */
class NumberWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  write(...numbers: [number, number, number]): void {
    if (this.#length + 24 > this.#bytes.length) {
      const bytes = new Uint8Array(this.#bytes.length * 2);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    for (let number of numbers) {
      for (; number >= 0x80; number = Math.floor(number / 0x80)) {
        this.#bytes[this.#length++] = 0x80 | (number % 0x80);
      }
      this.#bytes[this.#length++] = number;
    }
  }

  base64(): string {
    let text = "";
    const step = 0x3000; // a multiple of 3, and few enough to be arguments
    for (let at = 0; at < this.#length; at += step) {
      text += btoa(
        String.fromCharCode(...this.#bytes.subarray(at, Math.min(at + step, this.#length))),
      );
    }
    return text;
  }
}
