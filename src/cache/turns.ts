import type { LoadPriority } from "../contract/task.ts";
import { moreUrgent, PriorityLines, type Queued } from "./priority_lines.ts";

/** A turn that has waited for this many pumps becomes urgent. At 60 frames a second that is a second. */
const PATIENCE = 60;

/** A load whose loader waits for a pump, to start or to continue. */
export interface TurnTaker {
  readonly loadPriority: LoadPriority;
  /** The turns that wait; `undefined` until the load has its first one. */
  turns: Set<Turn> | undefined;
  /** Throws if nobody wants the load any more. */
  assertWanted(): void;
}

/** One piece of work of a loader, which one pump runs. */
export interface Turn extends Queued {
  /** How many bytes it uploads to the GPU. */
  readonly uploadBytes: number;
  /** Its number. Of equally urgent turns, the one with the lower number runs first. */
  readonly order: number;
  /** How many pumps there had been when it was added. */
  readonly pumps: number;
  /** Never throws. */
  readonly run: () => void;
  /** Rejects its promise, because nobody wants the load any more. */
  readonly withdraw: (reason: unknown) => void;
}

/** The turns of loaders that wait for a pump. The most urgent runs first; uploads have a limit of bytes. */
export class Turns {
  readonly #plain: PriorityLines<Turn> = new PriorityLines();
  readonly #uploads: PriorityLines<Turn> = new PriorityLines();
  #nextOrder = 0;
  #pumps = 0;
  /** How many bytes of uploads may start in this pump. */
  #maxUploadBytes = Infinity;
  /** How many bytes of uploads have started in this pump. */
  #uploadedBytes = 0;

  /** How many turns wait. */
  get size(): number {
    return this.#plain.size + this.#uploads.size;
  }

  /**
   * Adds a turn of `load`, which calls `run`. Throws if nobody wants the load any more, because nothing
   * would withdraw the turn again.
   */
  wait<T>(load: TurnTaker, run: () => T, uploadBytes: number): Promise<Awaited<T>> {
    load.assertWanted();
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<T>>();
    const turn: Turn = {
      line: undefined,
      uploadBytes,
      order: this.#nextOrder++,
      pumps: this.#pumps,
      run() {
        load.turns!.delete(turn);
        try {
          load.assertWanted(); // A reload is not wanted once its resource was unloaded.
          resolve(run() as Awaited<T>);
        } catch (error) {
          reject(error);
        }
      },
      withdraw(reason) {
        load.turns!.delete(turn);
        promise.catch(() => {}); // The loader may be waiting for something else, and handles it later.
        reject(reason);
      },
    };
    (load.turns ??= new Set()).add(turn);
    this.#linesOf(turn).add(turn, load.loadPriority);
    return promise;
  }

  /** Moves the turns of a load that has become more urgent. */
  raise({ turns, loadPriority }: TurnTaker): void {
    for (const turn of turns ?? []) {
      if (moreUrgent(turn.line!, loadPriority) === turn.line) continue;
      this.#linesOf(turn).withdraw(turn);
      this.#linesOf(turn).add(turn, loadPriority);
    }
  }

  /** Removes the turns of a load that nobody wants any more. Their promises reject with `reason`. */
  withdraw({ turns }: TurnTaker, reason: unknown): void {
    for (const turn of turns ?? []) {
      this.#linesOf(turn).withdraw(turn);
      turn.withdraw(reason);
    }
  }

  /** Starts a pump. Uploads of up to `maxUploadBytes` may start in it, but always one. */
  beginPump(maxUploadBytes: number): void {
    this.#maxUploadBytes = maxUploadBytes;
    this.#uploadedBytes = 0;
    const urgentSince = this.#pumps++ - PATIENCE;
    for (const lines of [this.#plain, this.#uploads]) {
      lines.promote(({ pumps }) => pumps <= urgentSince);
    }
  }

  /**
   * Removes the next turn and returns it. If the next upload does not fit into this pump, turns without
   * uploads may pass it, and other uploads may not.
   */
  next(): Turn | undefined {
    const plain = this.#plain.first;
    const upload = this.#uploads.first;
    const fits = upload !== undefined && this.#fits(upload);
    const turn = fits && (plain === undefined || precedes(upload, plain)) ? upload : plain;
    if (turn === undefined) return undefined;
    this.#linesOf(turn).withdraw(turn);
    this.#uploadedBytes += turn.uploadBytes;
    return turn;
  }

  #fits({ uploadBytes }: Turn): boolean {
    const uploaded = this.#uploadedBytes;
    return uploaded === 0 || uploaded + uploadBytes <= this.#maxUploadBytes;
  }

  #linesOf({ uploadBytes }: Turn): PriorityLines<Turn> {
    return uploadBytes > 0 ? this.#uploads : this.#plain;
  }
}

/** Whether `a` is more urgent than `b`, or as urgent and earlier. */
function precedes(a: Turn, b: Turn): boolean {
  return a.line === b.line ? a.order < b.order : moreUrgent(a.line!, b.line!) === a.line;
}
