import { Kind, KINDS, RESIDENT } from "./kind.ts";
import { REASONS, type Recorder } from "./recorder.ts";

/** A leak, as a page gets it. */
export interface LeakData {
  readonly type: string;
  readonly label?: string;
  /** The size of its resource, unless that is 0. */
  readonly bytes?: number;
  /** Where its handle was opened: the number of one of the stacks. */
  readonly stack?: number;
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
  /** New call sites, the frames one a line: leaks of a loop have one. */
  readonly stacks: readonly string[];
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
  /** When the oldest event that is kept came, in microseconds; without it, that is when the trace began. */
  readonly from?: number;
  /** In bytes. */
  readonly budget?: number;
  readonly keepsIdle: boolean;
  /** How many older events were forgotten. */
  readonly forgotten: number;
  /** Why a resource was unloaded, by number. */
  readonly reasons: readonly string[];
  /** Where a page that follows a manager hears of it; it has nothing before. */
  readonly live?: LiveLink;
}

/** A `BroadcastChannel` by its name; without one, there is a stream of events beside the page. */
export interface LiveLink {
  readonly channel?: string;
}

/** Packs a recording for a page. O(events). */
export function pageData(recorder: Recorder, title: string): PageData {
  return new PagePacker(recorder, { title, zero: recorder.since }).begin();
}

/** Numbers for names, in the order in which they come. */
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

  /** Those that have come since this was asked last. */
  take(): string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

/** Packs a recording for one page, also while it goes on: first all that is there, then what comes. */
export class PagePacker {
  readonly #keys = new Names();
  readonly #types = new Names();
  readonly #stacks = new Names();
  #leaks: LeakData[] = [];
  #leakCount = 0;
  readonly #recorder: Recorder;
  readonly #title: string;
  /** The moment that the page calls 0. */
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

  /** How many events were forgotten before they were packed: it can't go on after that. */
  get lost(): number {
    return Math.max(0, this.#recorder.log.forgotten - this.#next);
  }

  /** How many events are to be packed. */
  get left(): number {
    const { forgotten, length } = this.#recorder.log;
    return forgotten + length - this.#next;
  }

  /** How many events it has packed. */
  get packed(): number {
    return this.#packed;
  }

  /** What was resident when the oldest event that is kept came, and up to `most` events. */
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

  /** Up to `most` of the events that have come since. */
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

/** Writes whole numbers of 0 or more, the small ones in few bytes. */
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

  /** What was written, in base 64. It begins anew. */
  take(): string {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return base64Of(bytes);
  }
}

/** What newer engines do by themselves, a hundred times as fast. */
function base64Of(bytes: Uint8Array & { toBase64?(): string }): string {
  if (bytes.toBase64) return bytes.toBase64();
  let text = "";
  const step = 0x3000; // a multiple of 3, and few enough to be arguments
  for (let at = 0; at < bytes.length; at += step) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + step)));
  }
  return text;
}
