import type { Kind } from "./kind.ts";

/** Called for each event, in the order in which they came. */
export type Visitor = (time: number, kind: Kind, subject: number, value: number) => void;

/** The number of events in a chunk. */
const CHUNK = 4096;

/** Thousands of events, in one column for each field: 21 bytes for each event. */
class Chunk {
  readonly times = new Float64Array(CHUNK);
  readonly values = new Float64Array(CHUNK);
  readonly subjects = new Uint32Array(CHUNK);
  readonly kinds = new Uint8Array(CHUNK);
}

/** The events of one chunk that are kept. */
export class EventSlice {
  readonly #chunk: Chunk;
  readonly #from: number;
  readonly #to: number;

  /** The events from the index `from` of a chunk to before the index `to`. */
  constructor(chunk: Chunk, from: number, to: number) {
    this.#chunk = chunk;
    this.#from = from;
    this.#to = to;
  }

  forEach(visit: Visitor): void {
    const { times, kinds, subjects, values } = this.#chunk;
    for (let place = this.#from; place < this.#to; place++) {
      visit(times[place]!, kinds[place] as Kind, subjects[place]!, values[place]!);
    }
  }
}

/**
 * The newest events, up to a maximum number. Adding an event allocates nothing but a chunk at
 * times.
 */
export class EventLog {
  readonly #capacity: number;
  readonly #forget: Visitor;
  #chunks: Chunk[] = [];
  #last = new Chunk();
  /** A chunk whose events are all forgotten. It is used again. */
  #spare: Chunk | undefined = this.#last;
  /**
   * How many of the oldest chunks may still be read by slices, so that they can't be used again.
   */
  #shared = 0;
  /** The index of the next event in the last chunk. */
  #next = CHUNK;
  /** The index of the oldest event in the first chunk. */
  #first = 0;
  /** How many events are kept. */
  length = 0;
  /** How many events were forgotten to make room. */
  forgotten = 0;

  /** Calls `forget` with each event that it forgets. */
  constructor(capacity: number, forget: Visitor) {
    this.#capacity = capacity;
    this.#forget = forget;
  }

  /** Adds an event that happens now. `subject` is a whole number. May forget the oldest. */
  add(kind: Kind, subject: number, value: number): void {
    if (this.#next === CHUNK) this.#grow();
    const chunk = this.#last;
    const place = this.#next++;
    chunk.times[place] = performance.now();
    chunk.values[place] = value;
    chunk.subjects[place] = subject;
    chunk.kinds[place] = kind;
    if (this.length === this.#capacity) this.#forgetOldest();
    else this.length++;
  }

  /** The time of the oldest event; `undefined` if there is none. */
  get since(): number | undefined {
    return this.length === 0 ? undefined : this.#chunks[0]!.times[this.#first];
  }

  /** The time of the newest event; `undefined` if there is none. */
  get until(): number | undefined {
    return this.length === 0 ? undefined : this.#last.times[this.#next - 1];
  }

  /**
   * The current events, from the oldest to the newest, in slices of up to 4096. Later events do not
   * change the slices.
   */
  slices(): EventSlice[] {
    this.#shared = this.#chunks.length;
    const last = this.#chunks.length - 1;
    return this.#chunks.map((chunk, i) =>
      new EventSlice(chunk, i === 0 ? this.#first : 0, i === last ? this.#next : CHUNK)
    );
  }

  /**
   * Calls `visit` for up to `most` events, from the event with the number `from` on, which must be
   * kept. The first event ever added has the number 0. Returns how many events it visited.
   * O(those).
   */
  visit(from: number, most: number, visit: Visitor): number {
    const first = this.#first + from - this.forgotten;
    const end = Math.min(first + most, this.#first + this.length);
    for (let place = first; place < end;) {
      const at = place % CHUNK;
      const to = Math.min(CHUNK, at + end - place);
      new EventSlice(this.#chunks[(place - at) / CHUNK]!, at, to).forEach(visit);
      place += to - at;
    }
    return end - first;
  }

  #grow(): void {
    this.#chunks.push(this.#last = this.#spare ?? new Chunk());
    this.#spare = undefined;
    this.#next = 0;
  }

  #forgetOldest(): void {
    const { times, kinds, subjects, values } = this.#chunks[0]!;
    const place = this.#first++;
    this.forgotten++;
    if (this.#first === CHUNK) {
      const chunk = this.#chunks.shift();
      if (this.#shared > 0) this.#shared--;
      else this.#spare = chunk;
      this.#first = 0;
    }
    this.#forget(times[place]!, kinds[place] as Kind, subjects[place]!, values[place]!);
  }
}
