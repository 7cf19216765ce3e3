/**
 * Withdraws loads at every moment and in every way: after each turn of the microtask queue, and inside
 * each call of user code. A withdrawn load must reject with a reason that `isWithdrawn` accepts, nothing
 * may stay referenced, each value must be unloaded exactly once, no handle may leak, and no rejection
 * may be unhandled (that fails a test by itself). Some managers are paced, and pumped after random
 * turns; their loaders are synchronous or not.
 */
import { assert, assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import {
  isWithdrawn,
  type Loader,
  ManagerDisposedError,
  type ReadOptions,
  ResourceManager,
  type ResourceScope,
  type Source,
} from "../mod.ts";
import { seedOfRun } from "./_random_steps.ts";
import { Thing } from "./_thing.ts";
import { turns } from "./_turns.ts";

/** What each file depends on; `!` fails, `?` is not awaited, `=` is loaded synchronously. */
const FILES: Record<string, string> = {
  "a.node": "",
  "b.node": "",
  "pair.node": "a.node b.node",
  "deep.node": "pair.node c.node",
  "c.node": "=a.node",
  "lazy.node": "?b.node",
  "broken.node": "a.node !",
  "parent.node": "broken.node b.node",
};
const MAX_MOMENTS = 50;
const REASON = new Error("the player left");

/** A manager with everything that one run of a scenario records. */
class Run {
  readonly mgr: ResourceManager;
  readonly #scope: ResourceScope;
  usesScope = false;
  readonly abort = new AbortController();
  readonly values: Thing[] = [];
  readonly errors: unknown[] = [];
  leaks = 0;
  /** How many calls of user code there were. */
  calls = 0;
  /** What the call with the number `at` withdraws. */
  act: { at: number; what: (run: Run) => void } | undefined;
  withdrawn = false;

  readonly #pumping: Pumping | undefined;

  constructor({ isSynchronous, loadsNow, maxConcurrency, pumping }: Moment) {
    this.#pumping = pumping;
    const loader = this.#loader();
    if (loadsNow) delete loader.loadAsync;
    this.mgr = new ResourceManager({
      source: this.#source(isSynchronous),
      loaders: [loader],
      maxConcurrency,
      pacing: pumping ? "pumped" : "immediate",
      leaks: { onLeak: () => this.leaks++ },
    });
    this.mgr.on("error", ({ error }) => this.errors.push(error));
    this.mgr.on("load", () => this.call());
    this.mgr.on("unload", () => this.call());
    this.#scope = this.mgr.scope("scene");
  }

  get scope(): ResourceScope {
    this.usesScope = true;
    return this.#scope;
  }

  /** Counts a call of user code, and withdraws if this is the call to do so. */
  readonly call = (): void => {
    if (this.calls++ === this.act?.at) this.withdraw(this.act.what);
  };

  withdraw(what: (run: Run) => void): void {
    this.withdrawn = true;
    what(this);
  }

  /** Lets `count` turns of the microtask queue pass, and pumps in some of them. */
  async wait(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn++) {
      await Promise.resolve();
      this.#pump(this.#pumping?.next());
    }
  }

  /** Lets all work run that needs no more than turns and pumps. */
  async settle(): Promise<void> {
    for (let i = 0; i < 8; i++) {
      await turns();
      this.#pump(this.#pumping && Infinity);
    }
  }

  #pump(maxMs: number | undefined): void {
    if (maxMs !== undefined && !this.mgr.disposed) this.mgr.pump({ maxMs });
  }

  #source(isSynchronous: boolean): Source {
    const bytesOf = (key: string) => new TextEncoder().encode(FILES[key]!);
    const read = (key: string) => {
      this.call();
      return bytesOf(key);
    };
    if (isSynchronous) return { read };
    const readAsync = async (key: string, { onProgress }: ReadOptions = {}) => {
      this.call();
      const bytes = bytesOf(key);
      onProgress?.(0, bytes.length);
      await Promise.resolve();
      onProgress?.(bytes.length, bytes.length);
      return bytes;
    };
    return { read, readAsync };
  }

  #loader(): Loader<Thing> & { loadAsync?: Loader<Thing>["loadAsync"] } {
    return {
      name: "node",
      extensions: [".node"],
      load: (bytes, context) => {
        this.call();
        for (const name of namesIn(bytes)) {
          if (name === "!") throw new Error("broken");
          context.load(name.replace(/^\W/, ""), Thing);
        }
        let thing: Thing | undefined;
        context.defer(() => {
          if (thing?.unloads === 0) this.errors.push(`${thing.key} has lost what it is made of`);
        });
        return thing = this.#make(context.key);
      },
      loadAsync: async (bytes, context) => {
        this.call();
        const names = namesIn(bytes);
        for (const name of names) if (name[0] === "=") context.load(name.slice(1), Thing);
        for (const name of names) if (name[0] === "?") void context.loadAsync(name.slice(1), Thing);
        const awaited = names.filter((each) => /^\w/.test(each));
        const tasks = awaited.map((name) => context.loadAsync(name, Thing));
        await Promise.all([context.loadAll(awaited), ...tasks]);
        this.call();
        if (names.includes("!")) throw new Error("broken");
        return this.#make(context.key);
      },
      unload: (thing) => {
        thing.unloads++;
        this.call();
      },
    };
  }

  #make(key: string): Thing {
    const thing = new Thing(key, "");
    this.values.push(thing);
    return thing;
  }
}

function namesIn(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split(" ").filter(Boolean);
}

/** Loads something, and returns all that a caller would get. */
type Scenario = (run: Run) => (Promise<Disposable> | Disposable)[];

const SCENARIOS: Record<string, Scenario> = {
  "tasks": ({ mgr, abort: { signal }, call }) => [
    mgr.loadAsync("deep.node", Thing, { signal, onProgress: call }),
    mgr.loadAsync("a.node", Thing, { signal }),
    mgr.loadAsync("deep.node", Thing, { signal, priority: "high" }),
  ],
  "tasks of a scope": ({ scope, abort: { signal }, call }) => [
    scope.loadAsync("deep.node", Thing, { signal, onProgress: call }),
    scope.loadAsync("lazy.node", Thing, { signal }),
  ],
  "a bundle": ({ mgr, abort: { signal }, call }) => [
    mgr.loadAll({ deep: ["deep.node", Thing], a: ["a.node", Thing], again: ["./a.node", Thing] }, {
      signal,
      onProgress: call,
    }),
  ],
  "a bundle of a scope": ({ scope, abort: { signal }, call }) => [
    scope.loadAll({ lazy: ["lazy.node", Thing], pair: ["pair.node", Thing] }, {
      signal,
      onProgress: call,
    }),
  ],
  "a bundle that fails": ({ mgr, abort: { signal } }) => [
    mgr.loadAll({ a: ["a.node", Thing], parent: ["parent.node", Thing] }, { signal }),
  ],
  "a partial bundle of a scope": ({ scope, abort: { signal }, call }) => [
    scope.loadAll({ a: ["a.node", Thing], broken: ["broken.node", Thing] }, {
      signal,
      partial: true,
      onProgress: call,
    }),
  ],
  "all at once": ({ mgr, scope, abort: { signal } }) => [
    scope.loadAll({ deep: ["deep.node", Thing], b: ["b.node", Thing] }, { signal }),
    mgr.loadAll({ pair: ["pair.node", Thing], lazy: ["lazy.node", Thing] }, { signal }),
    mgr.loadAsync("pair.node", Thing, { signal }),
    scope.loadAsync("c.node", Thing, { signal }),
  ],
};

interface Withdrawal {
  withdraw(run: Run): void;
  /** Whether a load that was withdrawn in this way may reject with `error`. */
  isReason(error: unknown): boolean;
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError" &&
    error.message.includes(".node");
}

/** The load was withdrawn, or requested after its scope was disposed. */
function isAbortOrLate(error: unknown): boolean {
  return isAbort(error) || (error instanceof ReferenceError && /is disposed$/.test(error.message));
}

const WITHDRAWALS: Record<string, Withdrawal> = {
  "signal": {
    withdraw: ({ abort }) => abort.abort(REASON),
    isReason: (error) => error === REASON,
  },
  "scope": { withdraw: ({ scope }) => scope.dispose(), isReason: isAbortOrLate },
  "clear": {
    withdraw: ({ mgr }) => void mgr.clear({ force: true }),
    isReason: isAbort,
  },
  "manager": {
    withdraw: ({ mgr }) => mgr[Symbol.dispose](),
    isReason: (error) => error instanceof ManagerDisposedError,
  },
  "manager, later": {
    withdraw: ({ mgr }) => void mgr[Symbol.asyncDispose](),
    isReason: (error) => error instanceof ManagerDisposedError,
  },
  "base class": {
    withdraw: ({ scope }) => DisposableStack.prototype.dispose.call(scope),
    isReason: isAbortOrLate,
  },
  "moved": { withdraw: ({ scope }) => scope.move().dispose(), isReason: isAbortOrLate },
};

/** How the promises of a run ended: `"loaded"`, or what they rejected with. */
async function outcomesOf(promises: (Promise<Disposable> | Disposable)[]): Promise<unknown[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => result.status === "fulfilled" ? result.value : result.reason);
}

function isDisposable(value: unknown): value is Disposable {
  return typeof (value as Disposable)?.[Symbol.dispose] === "function";
}

/** Ends a run, and checks what is left of it. */
async function end(run: Run, outcomes: readonly unknown[]): Promise<void> {
  const { mgr } = run;
  // A handle that was still open when the manager was disposed is a leak.
  const isOut = mgr.disposed && (run.usesScope || outcomes.some(isDisposable));
  for (const outcome of outcomes) if (isDisposable(outcome)) outcome[Symbol.dispose]();
  run.scope.dispose();
  await run.settle();
  const { totalReferences, resources } = mgr.cacheStats();
  assertEquals([totalReferences, Object.keys(resources)], [0, []]);
  await mgr[Symbol.asyncDispose]();
  assertEquals(run.values.filter(({ unloads }) => unloads !== 1).map(({ key }) => key), []);
  assertEquals(run.errors, []);
  if (!isOut) assertEquals(run.leaks, 0);
}

/** After which turns a manager is pumped, and for how long. */
class Pumping {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** The time for a pump in this turn, if there is one. */
  next(): number | undefined {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return PUMPS[(this.#state >>> 16) % PUMPS.length];
  }
}

const PUMPS = [undefined, undefined, 0, 0, Infinity] as const;

/** When and how a run is withdrawn. */
interface Moment {
  readonly call?: number;
  readonly turn?: number;
  readonly isSynchronous: boolean;
  readonly loadsNow: boolean;
  readonly maxConcurrency: number;
  readonly pumping: Pumping | undefined;
}

/** Runs a scenario that is withdrawn at `moment`. Returns a function that checks it some tasks later. */
async function start(
  scenario: Scenario,
  { withdraw, isReason }: Withdrawal,
  moment: Moment,
): Promise<() => Promise<boolean>> {
  const run = new Run(moment);
  if (moment.call !== undefined) run.act = { at: moment.call, what: withdraw };
  const promises = scenario(run);
  // The rejections of other scenarios get no handler here: the library must mark them as handled.
  if (FAILING.has(scenario)) void outcomesOf(promises);
  await run.wait(moment.turn ?? 0);
  if (moment.turn !== undefined) run.withdraw(withdraw);
  await run.settle();
  return async () => {
    const outcomes = await outcomesOf(promises);
    const { withdrawn } = run;
    run.act = undefined;
    for (const outcome of outcomes.filter((each) => !isDisposable(each))) {
      const isWanted = withdrawn && isReason(outcome) && isWithdrawn(outcome);
      const isFailure = FAILING.has(scenario) && outcome instanceof AggregateError;
      assert(isWanted || isFailure, String(outcome));
    }
    await end(run, outcomes);
    return withdrawn;
  };
}

const FAILING = new Set([SCENARIOS["a bundle that fails"]!]);

/** Sources, loaders and queues of all kinds. */
function* managers(seed: number): Generator<Omit<Moment, "call" | "turn">> {
  for (const isSynchronous of [false, true]) {
    for (const maxConcurrency of [1, 16]) {
      yield { isSynchronous, maxConcurrency, loadsNow: false, pumping: undefined };
      for (const loadsNow of [false, true]) {
        yield { isSynchronous, maxConcurrency, loadsNow, pumping: new Pumping(seed++) };
      }
    }
  }
}

/** Withdraws at one moment in `step`, for all kinds of managers. Returns how many runs were withdrawn. */
async function withdrawAt(scenario: Scenario, how: Withdrawal, step: number): Promise<number> {
  let runs = 0;
  for (const manager of managers(seedOfRun())) {
    const checks: (() => Promise<boolean>)[] = [];
    for (const kind of ["turn", "call"]) {
      for (let at = runs % step; at < MAX_MOMENTS; at += step) {
        checks.push(await start(scenario, how, { ...manager, [kind]: at }));
      }
    }
    await setImmediate(); // What is unhandled is reported by now.
    for (const check of checks) if (await check()) runs++;
  }
  return runs;
}

/** Withdraws each scenario in every way at one moment in `step`. Throws unless all ends well. */
export async function checkWithdrawals(step: number): Promise<void> {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    for (const [way, how] of Object.entries(WITHDRAWALS)) {
      try {
        const runs = await withdrawAt(scenario, how, step);
        assert(runs > 600 / step, `only ${runs} runs`);
      } catch (cause) {
        throw new Error(`${name}, by ${way}: ${(cause as Error).message}`, { cause });
      }
    }
  }
}
