import type { LoadPriority } from "../contract/task.ts";
import { moreUrgent, PriorityLines, type Queued } from "./priority_lines.ts";

/** What has waited for so many pumps counts as urgent: for a second, at 60 frames a second. */
const PATIENCE = 60;

/** A load whose loader waits for the pump: to begin, or to go on. */
export interface TurnTaker {
  readonly loadPriority: LoadPriority;
  /** The turns that it waits for. There once it has waited. */
  turns: Set<Turn> | undefined;
  /** Throws if nobody wants it any more. */
  assertWanted(): void;
}

/** What a loader does in one call. */
export interface Turn extends Queued {
  /** How many bytes it brings to the GPU. */
  readonly uploadBytes: number;
  /** Comes earlier than those with a higher number. */
  readonly order: number;
  /** How many pumps there had been before it. */
  readonly pumps: number;
  /** Never throws. */
  readonly run: () => void;
  /** Nobody wants it any more. */
  readonly withdraw: (reason: unknown) => void;
}

/** The turns of loaders that wait for a pump: the most urgent first, and uploads within a limit of bytes. */
export class Turns {
  readonly #plain: PriorityLines<Turn> = new PriorityLines();
  readonly #uploads: PriorityLines<Turn> = new PriorityLines();
  #nextOrder = 0;
  #pumps = 0;
  /** How many bytes of uploads may begin in this pump, and how many have. */
  #maxUploadBytes = Infinity;
  #uploadedBytes = 0;

  /** How many wait. */
  get size(): number {
    return this.#plain.size + this.#uploads.size;
  }

  /** Runs `run` when it is the turn of `load`. Throws if nobody wants that: nothing would take it out again. */
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
          load.assertWanted(); // A reload is not, once its resource has gone.
          resolve(run() as Awaited<T>);
        } catch (error) {
          reject(error);
        }
      },
      withdraw(reason) {
        load.turns!.delete(turn);
        promise.catch(() => {}); // Its loader may wait for something else, and does not know yet.
        reject(reason);
      },
    };
    (load.turns ??= new Set()).add(turn);
    this.#linesOf(turn).add(turn, load.loadPriority);
    return promise;
  }

  /** A load has become more urgent. */
  raise({ turns = new Set(), loadPriority }: TurnTaker): void {
    for (const turn of turns) {
      if (moreUrgent(turn.line!, loadPriority) === turn.line) continue;
      this.#linesOf(turn).withdraw(turn);
      this.#linesOf(turn).add(turn, loadPriority);
    }
  }

  /** A load is not wanted any more: its turns fail. */
  withdraw({ turns = new Set() }: TurnTaker, reason: unknown): void {
    for (const turn of turns) {
      this.#linesOf(turn).withdraw(turn);
      turn.withdraw(reason);
    }
  }

  /** A pump begins, in which so many bytes of uploads may begin: one upload in any case. */
  beginPump(maxUploadBytes: number): void {
    this.#maxUploadBytes = maxUploadBytes;
    this.#uploadedBytes = 0;
    const patient = this.#pumps++ - PATIENCE;
    for (const lines of [this.#plain, this.#uploads]) {
      lines.promote(({ pumps }) => pumps <= patient);
    }
  }

  /** Takes the next one out. An upload that does not fit into this pump lets none pass but what is none. */
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
