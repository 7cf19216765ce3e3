import type { Leak } from "../contract/events.ts";
import type { LeakSite } from "../contract/stats.ts";
import { LeakSites } from "../leaks/leak_sites.ts";
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
  /** Its call site, as a number in the list of them. */
  readonly site: number;
}

/** What a page is given. It must be small, and hold nothing but JSON. */
export interface PageData {
  readonly title: string;
  /** When the trace began: milliseconds since the epoch. */
  readonly start: number;
  /** In microseconds. */
  readonly duration: number;
  /** In bytes. */
  readonly budget?: number;
  readonly keepsIdle: boolean;
  /** How many older events were forgotten. */
  readonly forgotten: number;
  /** How many events there are. */
  readonly count: number;
  /** The key of each row. */
  readonly keys: readonly string[];
  readonly types: readonly string[];
  /** Why a resource was unloaded, by number. */
  readonly reasons: readonly string[];
  readonly leaks: readonly LeakData[];
  /** The leaks by call site, the worst first. Times are microseconds since the trace began. */
  readonly sites: readonly LeakSite[];
  /**
   * The events, in base 64. For each there is the time since the one before in microseconds, then
   * 16 × its row + its kind, and then its value: bytes, a count, or a number in one of these lists.
   * To load and to be resident are followed by the type, the count, and the microseconds of loading.
   * What waits for a pump has no row: unloads have their number in its place.
   * Numbers have seven bits in a byte, the lowest first; the eighth says that more follow.
   */
  readonly events: string;
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
    ...packer.leaksBySite(),
  };
}

function opened(openedAt: number | undefined, since: number): { openedAt?: number } {
  return openedAt === undefined ? {} : { openedAt: Math.round((openedAt - since) * 1000) };
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
  readonly #leaks: Leak[] = [];
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
    const leak = this.#recorder.leaks.get(number)!;
    const row = this.keys.numberOf(leak.key);
    this.#numbers.write(elapsed, row * KINDS + Kind.leak, this.#leaks.length);
    this.#leaks.push(leak);
  }

  /** The leaks that were packed, and their call sites. */
  leaksBySite(): { leaks: LeakData[]; sites: LeakSite[] } {
    const table = new LeakSites();
    const { since } = this.#recorder;
    const leaks = this.#leaks.map((leak) => ({ leak, site: table.add(leak) }));
    const numbers = new Map(table.sorted().map((site, number) => [site, number]));
    return {
      leaks: leaks.map(({ leak: { type, label, bytes, stack, openedAt }, site }) => ({
        type,
        label,
        bytes,
        stack,
        ...opened(openedAt, since),
        site: numbers.get(site)!,
      })),
      sites: table.list().map((site) => ({ ...site, ...opened(site.openedAt, since) })),
    };
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
