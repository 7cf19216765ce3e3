import type { Kind } from "./kind.ts";

/** What is done with each event, in the order in which they came. */
export type Visitor = (time: number, kind: Kind, subject: number, value: number) => void;

/** How many events a chunk has. */
const CHUNK = 4096;

/** Some thousand events, a column for each field: 21 bytes an event. */
class Chunk {
  readonly times = new Float64Array(CHUNK);
  readonly values = new Float64Array(CHUNK);
  readonly subjects = new Uint32Array(CHUNK);
  readonly kinds = new Uint8Array(CHUNK);
}

/** The newest events, up to a number of them. To add one allocates nothing, chunks apart. */
export class EventLog {
  readonly #capacity: number;
  readonly #forget: Visitor;
  #chunks: Chunk[] = [];
  #last = new Chunk();
  /** A chunk of which all is forgotten. */
  #spare: Chunk | undefined = this.#last;
  /** The place of the next event in the last chunk. */
  #next = CHUNK;
  /** The place of the oldest event that is kept in the first chunk. */
  #first = 0;
  /** How many events are kept. */
  length = 0;
  /** How many were forgotten to make room. */
  forgotten = 0;

  /** `forget` gets each event that has to go. */
  constructor(capacity: number, forget: Visitor) {
    this.#capacity = capacity;
    this.#forget = forget;
  }

  /** Adds an event that happens now. `subject` is a whole number. */
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

  /** When the oldest event that is kept happened; `undefined` if there is none. */
  get since(): number | undefined {
    return this.length === 0 ? undefined : this.#chunks[0]!.times[this.#first];
  }

  /** Shows each event that is kept to `visit`, from the oldest to the newest. */
  forEach(visit: Visitor): void {
    let place = this.#first;
    let left = this.length;
    for (const { times, kinds, subjects, values } of this.#chunks) {
      for (; place < CHUNK && left > 0; place++, left--) {
        visit(times[place]!, kinds[place] as Kind, subjects[place]!, values[place]!);
      }
      place = 0;
    }
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
      this.#spare = this.#chunks.shift();
      this.#first = 0;
    }
    this.#forget(times[place]!, kinds[place] as Kind, subjects[place]!, values[place]!);
  }
}
