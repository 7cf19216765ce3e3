/** What `clock_gettime` calls the time for which the calling thread has run, where there is such a clock. */
const CLOCKS: Readonly<Record<string, readonly [library: string, clock: number]>> = {
  linux: ["libc.so.6", 3],
  darwin: ["libSystem.dylib", 16],
};

/**
 * For how long this thread has run, in ms: the time that other programs take from it is no part, nor is
 * what it waits for a disk. Where the system does not tell, it is the real time.
 */
export class ThreadClock implements Disposable {
  /** The time of the thread when {@linkcode tick} was last called. */
  own = 0;
  /** The real time then. */
  real = 0;
  readonly #library: Library | undefined;
  readonly #clock: number;
  readonly #time = new Int32Array(4);

  constructor() {
    const [name, clock] = CLOCKS[Deno.build.os] ?? ["", 0];
    this.#clock = clock;
    this.#library = open(name);
    this.tick();
  }

  /** Whether it can leave out what is not this thread's. */
  get isExact(): boolean {
    return this.#library !== undefined;
  }

  /** Looks at both clocks. Makes no garbage: it is called a thousand times a frame. About 1 µs. */
  tick(): void {
    this.real = performance.now();
    this.own = this.now();
  }

  /** The time of the thread. */
  now(): number {
    if (this.#library === undefined) return performance.now();
    this.#library.symbols.clock_gettime(this.#clock, this.#time);
    const [seconds = 0, , nanoseconds = 0] = this.#time; // 64 bits each, of which the upper are 0
    return seconds * 1_000 + nanoseconds / 1e6;
  }

  [Symbol.dispose](): void {
    this.#library?.close();
  }
}

const SYMBOLS = { clock_gettime: { parameters: ["i32", "buffer"], result: "i32" } } as const;
type Library = Deno.DynamicLibrary<typeof SYMBOLS>;

function open(name: string): Library | undefined {
  try {
    return Deno.dlopen(name, SYMBOLS);
  } catch {
    return undefined;
  }
}
