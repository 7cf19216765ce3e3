import { Kind, KINDS, RESIDENT } from "./kind.ts";
import { REASONS, type Recorder } from "./recorder.ts";

/** A leak in the data of a page. */
export interface LeakData {
  readonly type: string;
  readonly label?: string;
  /** The size of its resource, unless that is 0. */
  readonly bytes?: number;
  /** Where its handle was opened, as an index of the stacks. */
  readonly stack?: number;
  /**
   * When its handle was opened, if known: microseconds since the trace began, negative before that.
   */
  readonly openedAt?: number;
}

/**
 * New events of a trace, as JSON. The first batch is the {@linkcode PageData} itself. A live page
 * receives more batches, and passes each to `View.append(batch)`. The lists of a batch continue
 * those of the batches before: its first key is the row after the last.
 */
export interface TraceBatch {
  /** The length of the trace, in microseconds. */
  readonly duration: number;
  /** How many events there are in this batch. */
  readonly count: number;
  /** The keys of new rows. */
  readonly keys: readonly string[];
  /** New types. */
  readonly types: readonly string[];
  /** New call sites, with one stack frame on each line. Leaks of the same site share one. */
  readonly stacks: readonly string[];
  /** New leaks. */
  readonly leaks: readonly LeakData[];
  /**
   * The events, in base 64. Each event has three numbers: the microseconds since the event before,
   * 16 × its row + its kind, and its value, which is bytes, a count or an index of one of the
   * lists. Events of a load or of a resident resource have three more: the type, the count, and the
   * microseconds of loading. Work that waits for a pump has no row; its unloads have their number
   * instead. A number takes seven bits of each byte, the lowest first; the eighth bit says that
   * more follow. The first event counts from the last one of the batch before, or from the start of
   * the trace.
   */
  readonly events: string;
}

/** The data of a page. It should be small, and contains only JSON. */
export interface PageData extends TraceBatch {
  readonly title: string;
  /** When the trace began: milliseconds since the epoch. */
  readonly start: number;
  /** The time of the oldest event, in microseconds; 0 by default. */
  readonly from?: number;
  /** The budget in bytes. */
  readonly budget?: number;
  readonly keepsIdle: boolean;
  /** How many older events were forgotten. */
  readonly forgotten: number;
  /** The reasons for an unload, by number. */
  readonly reasons: readonly string[];
  /** Where a live page gets its events. It has none before. */
  readonly live?: LiveLink;
}

/** The name of a `BroadcastChannel`; without one, the page's own server has a stream of events. */
export interface LiveLink {
  readonly channel?: string;
}

/** Packs a recording for a page. O(events). */
export function pageData(recorder: Recorder, title: string): PageData {
  return new PagePacker(recorder, { title, zero: recorder.since }).begin();
}

/** Gives each new name the next number. */
class Names {
  readonly #numbers = new Map<string, number>();
  #fresh: string[] = [];

  numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      this.#numbers.set(name, number = this.#numbers.size);
      this.#fresh.push(name);
    }
    return number;
  }

  /** The names that are new since the last call. */
  take(): string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

/** Packs a recording for one page, even while it goes on: first all events, then new ones. */
export class PagePacker {
  readonly #keys = new Names();
  readonly #types = new Names();
  readonly #stacks = new Names();
  #leaks: LeakData[] = [];
  #leakCount = 0;
  readonly #recorder: Recorder;
  readonly #title: string;
  /** The time 0 of the page. */
  readonly #zero: number;
  readonly #numbers = new NumberWriter();
  #now = 0;
  /** The number of the next event to pack, among all that were ever recorded. */
  #next: number;
  #packed = 0;

  constructor(recorder: Recorder, { title, zero }: { title: string; zero: number }) {
    this.#recorder = recorder;
    this.#title = title;
    this.#zero = zero;
    this.#next = recorder.log.forgotten;
  }

  /** How many events were forgotten before they were packed. If there are any, it can't go on. */
  get lost(): number {
    return Math.max(0, this.#recorder.log.forgotten - this.#next);
  }

  /** How many events are not packed yet. */
  get left(): number {
    const { forgotten, length } = this.#recorder.log;
    return forgotten + length - this.#next;
  }

  /** How many events it has packed. */
  get packed(): number {
    return this.#packed;
  }

  /** Packs everything that was resident before the oldest event, and up to `most` events. */
  begin(most = Infinity): PageData {
    const { lives, waiting, since, maxBytes, keepsIdle } = this.#recorder;
    const from = this.#microseconds(since);
    let elapsed = from;
    for (const [id, { resident, bytes }] of lives) {
      if (!resident) continue;
      this.#event(RESIDENT, id, bytes, elapsed);
      elapsed = 0;
    }
    if (waiting !== undefined) {
      this.#numbers.write(elapsed, Kind.queuedLoads, waiting.loads);
      this.#numbers.write(0, waiting.unloads * KINDS + Kind.queuedUnloads, waiting.bytes);
      elapsed = 0;
    }
    this.#now = from - elapsed;
    return {
      title: this.#title,
      start: Math.round(performance.timeOrigin + this.#zero),
      ...(from > 0 && { from }),
      ...(maxBytes !== undefined && { budget: maxBytes }),
      keepsIdle,
      forgotten: this.#next,
      reasons: REASONS,
      ...this.more(most),
    };
  }

  /** Packs up to `most` new events. */
  more(most = Infinity): TraceBatch {
    const { log, ended } = this.#recorder;
    const packed = log.visit(this.#next, most, (time, kind, id, value) => {
      const now = Math.max(this.#now, this.#microseconds(time));
      const elapsed = now - this.#now;
      this.#now = now;
      if (kind === Kind.leak) this.#leak(value, elapsed);
      else if (kind >= Kind.overbudget) this.#numbers.write(elapsed, id * KINDS + kind, value);
      else this.#event(kind, id, value, elapsed);
    });
    this.#next += packed;
    this.#packed += packed;
    const leaks = this.#leaks;
    this.#leaks = [];
    return {
      duration: this.left > 0 ? this.#now : Math.ceil((ended - this.#zero) * 1000),
      count: packed,
      keys: this.#keys.take(),
      types: this.#types.take(),
      stacks: this.#stacks.take(),
      leaks,
      events: this.#numbers.take(),
    };
  }

  #microseconds(time: number): number {
    return Math.max(0, Math.round((time - this.#zero) * 1000));
  }

  #event(kind: number, id: number, value: number, elapsed: number): void {
    const { key, type, refs, loading = 0 } = this.#recorder.lives.get(id)!;
    this.#numbers.write(elapsed, this.#keys.numberOf(key) * KINDS + kind, value);
    if (kind !== Kind.load && kind !== RESIDENT) return;
    this.#numbers.write(this.#types.numberOf(type), refs, Math.round(loading * 1000));
  }

  #leak(number: number, elapsed: number): void {
    const { key, type, label, bytes, stack, openedAt } = this.#recorder.leaks.get(number)!;
    const opened = openedAt && Math.round((openedAt - this.#zero) * 1000);
    this.#numbers.write(elapsed, this.#keys.numberOf(key) * KINDS + Kind.leak, this.#leakCount++);
    const site = stack ? this.#stacks.numberOf(stack) : undefined;
    this.#leaks.push({ type, label, bytes, stack: site, openedAt: opened });
  }
}

/** Writes whole numbers, 0 or more. Small numbers take few bytes. */
class NumberWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  write(first: number, second: number, third: number): void {
    if (this.#length + 24 > this.#bytes.length) {
      const bytes = new Uint8Array(this.#bytes.length * 2);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#put(first);
    this.#put(second);
    this.#put(third);
  }

  #put(number: number): void {
    for (; number >= 0x80; number = Math.floor(number / 0x80)) {
      this.#bytes[this.#length++] = 0x80 | (number % 0x80);
    }
    this.#bytes[this.#length++] = number;
  }

  /** Returns what was written, in base 64, and clears it. */
  take(): string {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return base64Of(bytes);
  }
}

/** Encodes in base 64. `toBase64` of newer engines is a hundred times faster. */
function base64Of(bytes: Uint8Array & { toBase64?(): string }): string {
  if (bytes.toBase64) return bytes.toBase64();
  let text = "";
  const step = 0x3000; // a multiple of 3, and few enough to be arguments
  for (let at = 0; at < bytes.length; at += step) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + step)));
  }
  return text;
}
