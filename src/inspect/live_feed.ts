import type { Action, LiveMessage } from "../trace/live_data.ts";
import { PagePacker } from "../trace/page_data.ts";
import type { Recorder } from "../trace/recorder.ts";

/** The events of one message: to pack them takes less than half a millisecond. */
const MOST = 4096;
/** A page hears at least so often that the game goes on, in ms. */
const QUIET = 500;
/** So long a page that was too slow waits at least before it is told everything again, in ms. */
const PAUSE = 1000;

/** What is told. */
export interface Subject {
  readonly recorder: Recorder;
  readonly title: string;
  /** How many events the recorder keeps. */
  readonly maxEvents: number;
  /** What a page may ask for. */
  readonly actions: readonly Action[];
  /** Whether the manager is disposed. */
  readonly ended: boolean;
}

/**
 * What one page is told: everything that is kept, and then what comes, in messages of a few thousand
 * events. It keeps no events itself but reads those of the recorder. When the recorder has forgotten
 * some before they were read, they are counted, and the page begins anew. So it does when it has got
 * twice as many events as the recorder keeps: that is the most that a page has to hold.
 */
export class LiveFeed {
  readonly #subject: Subject;
  #packer: PagePacker | undefined;
  #dropped = 0;
  /** Whether it is time for a message, if there is something to tell. */
  #due = true;
  /** When it began, and when it said something, both last. */
  #began = -Infinity;
  #spoke = -Infinity;
  #over = false;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** It is time for a message. */
  tick(): void {
    this.#due = true;
  }

  /** The next message; `undefined` if there is none now. O(events in it), to begin O(resident). */
  next(): LiveMessage | undefined {
    const packer = this.#packer;
    if (this.#over || !this.#due && !(packer!.left > MOST)) return undefined;
    this.#due = false;
    if (packer === undefined) return this.#begin();
    if (packer.lost > 0) return this.#beginAfterLoss(packer.lost);
    if (packer.packed > 2 * this.#subject.maxEvents) return this.#begin();
    const isQuiet = packer.left === 0 && performance.now() - this.#spoke < QUIET;
    return isQuiet && !this.#subject.ended ? undefined : this.#tell({ more: packer.more(MOST) });
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
    return this.#tell({ begin: this.#packer.begin(MOST), actions });
  }

  #tell(content: Pick<LiveMessage, "begin" | "more" | "actions">): LiveMessage {
    const { left } = this.#packer!;
    this.#spoke = performance.now();
    this.#over = this.#subject.ended && left === 0;
    return {
      ...content,
      dropped: this.#dropped,
      ...(left > MOST && { behind: true }),
      ...(this.#over && { ended: true }),
    };
  }
}
