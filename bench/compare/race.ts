/** Measures several processes in turn, so that a slow moment of the machine hits all of them. */
import { median } from "../_median.ts";

/** One process. */
export interface Runner {
  readonly name: string;
  /** The arguments for `runner.ts`. */
  readonly args: readonly string[];
}

const RUNNER = new URL("runner.ts", import.meta.url).href;
const [HEATS, ROUNDS] = Deno.args.includes("--quick") ? [1, 3] : [3, 7];

/** A process that answers each line with a line. */
class Process implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #complaints: Promise<string>;
  #rest = "";

  constructor(args: readonly string[]) {
    const flags = ["run", "-q", "-A", "--v8-flags=--max-old-space-size=16000", RUNNER];
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...flags, ...args],
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#input = this.#child.stdin.getWriter();
    this.#complaints = this.#child.stderr.text();
  }

  /** The next line; `undefined` if the process has ended. */
  async line(): Promise<string | undefined> {
    while (!this.#rest.includes("\n")) {
      const { done, value } = await this.#lines.read();
      if (done) return undefined;
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  /** The nanoseconds of one more round. */
  async measure(): Promise<number> {
    await this.#input.write(new Uint8Array([10]));
    const line = await this.line();
    if (line === undefined) throw new Error(await this.complaint());
    return Number(line);
  }

  /** The error that the process printed when it ended. */
  async complaint(): Promise<string> {
    return (await this.#complaints).split("\n").find((line) => line.trim() !== "") ??
      "it ended without a message";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await Promise.allSettled([this.#lines.cancel(), this.#input.abort(), this.#complaints]);
    await this.#child.status;
  }
}

/** The median of each runner, or the reason why it did not run. */
export interface Result {
  readonly times: ReadonlyMap<string, number>;
  readonly missing: ReadonlyMap<string, string>;
}

/**
 * Starts all processes one after the other, then measures them in turn. Adds their medians to
 * `times`.
 */
async function heat(
  runners: readonly Runner[],
  times: Map<string, number[]>,
  missing: Map<string, string>,
): Promise<void> {
  await using processes = new AsyncDisposableStack();
  const running: { name: string; process: Process; rounds: number[] }[] = [];
  for (const { name, args } of runners) {
    if (missing.has(name)) continue;
    const process = processes.use(new Process(args));
    if (await process.line() === "ready") running.push({ name, process, rounds: [] });
    else missing.set(name, await process.complaint());
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { process, rounds } of running) rounds.push(await process.measure());
  }
  for (const { name, rounds } of running) {
    times.set(name, [...times.get(name) ?? [], median(rounds)]);
  }
}

/**
 * The medians of several heats, because V8 compiles the same program differently in each process.
 */
export async function race(runners: readonly Runner[], heats = HEATS): Promise<Result> {
  const times = new Map<string, number[]>();
  const missing = new Map<string, string>();
  for (let i = 0; i < heats; i++) await heat(runners, times, missing);
  return { times: new Map([...times].map(([name, list]) => [name, median(list)])), missing };
}
