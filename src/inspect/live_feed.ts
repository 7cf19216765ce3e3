import type { Action, LiveMessage } from "../trace/live_data.ts";
import { PagePacker } from "../trace/page_data.ts";
import type { Recorder } from "../trace/recorder.ts";

/** The most events in a message: packing them takes less than half a millisecond. */
const MOST = 4096;
/** A page gets a message at least this often, so that its time goes on, in ms. */
const QUIET = 500;
/** A page that was too slow waits at least this long before it gets everything again, in ms. */
const PAUSE = 1000;

/** What a feed reads from. */
export interface Subject {
  readonly recorder: Recorder;
  readonly title: string;
  /** How many events the recorder keeps. */
  readonly maxEvents: number;
  /** The actions that a page may ask for. */
  readonly actions: readonly Action[];
  /** Whether the manager is disposed. */
  readonly ended: boolean;
}

/**
 * The messages for one page: first everything that the recorder keeps, then what it adds, a few
 * thousand events at a time. The feed reads the recorder's events and stores none itself. If the
 * recorder has forgotten events before the feed read them, the feed counts them and sends
 * everything again. It also starts again after twice as many events as the recorder keeps, which is
 * the most that a page has to hold.
 */
export class LiveFeed {
  readonly #subject: Subject;
  #packer: PagePacker | undefined;
  #dropped = 0;
  /** Whether a message may be sent now, if there is something to send. */
  #due = true;
  /** When it last sent everything, and when it last sent a message. */
  #began = -Infinity;
  #sent = -Infinity;
  #over = false;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** Allows the next message. */
  tick(): void {
    this.#due = true;
  }

  /**
   * The next message; `undefined` if there is none now. O(events in it); the first one O(resident).
   */
  next(): LiveMessage | undefined {
    const packer = this.#packer;
    if (this.#over || !this.#due && !(packer!.left > MOST)) return undefined;
    this.#due = false;
    if (packer === undefined) return this.#begin();
    if (packer.lost > 0) return this.#beginAfterLoss(packer.lost);
    if (packer.packed > 2 * this.#subject.maxEvents) return this.#begin();
    const isQuiet = packer.left === 0 && performance.now() - this.#sent < QUIET;
    return isQuiet && !this.#subject.ended ? undefined : this.#message({ more: packer.more(MOST) });
  }

  #beginAfterLoss(lost: number): LiveMessage | undefined {
    if (performance.now() - this.#began < PAUSE) return undefined;
    this.#dropped += lost;
    return this.#begin();
  }

  #begin(): LiveMessage {
    const { recorder, title, actions } = this.#subject;
    this.#began = performance.now();
    this.#packer = new PagePacker(recorder, { title, zero: recorder.started });
    return this.#message({ begin: this.#packer.begin(MOST), actions });
  }

  #message(content: Pick<LiveMessage, "begin" | "more" | "actions">): LiveMessage {
    const { left } = this.#packer!;
    this.#sent = performance.now();
    this.#over = this.#subject.ended && left === 0;
    return {
      ...content,
      dropped: this.#dropped,
      ...(left > MOST && { behind: true }),
      ...(this.#over && { ended: true }),
    };
  }
}
