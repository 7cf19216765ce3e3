/**
 * Random schedules of asynchronous loads: waiters that join, leave and abort, sources that fail,
 * synchronous loads in between, forced unloads, reloads, and the disposal of the manager at any time.
 * Half of the managers are paced, and pumped at random moments; half of the loaders continue in turns.
 * After each step every pending read is still needed; after each schedule no reference is lost,
 * nothing hangs, and every value was unloaded once. An unhandled rejection fails the test by itself.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Handle, type Holder, type Loader, type LoadTask, ResourceManager } from "../mod.ts";
import { GatedSource } from "../src/testing.ts";
import { seedOfRun, type Step, stepLists } from "./_random_steps.ts";
import { Other, Thing } from "./_thing.ts";
import { letThrough, turns } from "./_turns.ts";

const FILES: Record<string, string> = {
  "a.node": "",
  "b.node": "",
  "c.node": "a.node\nb.node",
  "d.node": "c.node\nb.node",
  "x.node": "y.node",
  "y.node": "x.node",
};
const KEYS = Object.keys(FILES);
const MAX_STEPS = 24;

function dependenciesOf(key: string): string[] {
  return FILES[key]!.split("\n").filter(Boolean);
}

/** Loads dependencies in every way: one after the other, each by a call of its own, and all by one call. */
class NodeLoader implements Loader<Thing> {
  readonly name = "node";
  readonly extensions = [".node"];
  readonly values: Thing[] = [];
  /** Whether `loadAsync` continues in turns. */
  takesTurns = false;

  load: NonNullable<Loader<Thing>["load"]> = (bytes, context) => {
    const names = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
    for (const name of names) context.load(name, Thing);
    return this.#make(context.key);
  };

  loadAsync: Loader<Thing>["loadAsync"] = async (bytes, context) => {
    const names = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
    const tasks = names.map((name) => context.loadAsync(name, Thing));
    await Promise.all([context.loadAll(names), ...tasks]);
    const { takesTurns } = this;
    if (!takesTurns) return this.#make(context.key);
    // Then come turns side by side, and one turn more, which may contain another.
    const uploads = names.map((_, i) => context.turn(() => i, { uploadBytes: i }));
    assertEquals(await Promise.all(uploads), names.map((_, i) => i));
    const uploadBytes = names.length * 2;
    return await context.turn(() => {
      assert(!context.disposed); // it is still needed
      return names.length === 1
        ? context.turn(() => this.#make(context.key))
        : this.#make(context.key);
    }, { uploadBytes });
  };

  unload = (thing: Thing): void => void thing.unloads++;

  #make(key: string): Thing {
    const thing = new Thing(key, "");
    this.values.push(thing);
    return thing;
  }
}

interface Policy {
  readonly keeps: boolean;
  readonly obeysSignals: boolean;
  readonly pumped: boolean;
  readonly takesTurns: boolean;
  /** Whether loaders are synchronous. */
  readonly loadsNow: boolean;
  readonly maxConcurrency: number;
}

/** A waiter, and how it ended. */
interface Waiter {
  readonly key: string;
  readonly task: LoadTask<unknown>;
  readonly abort: AbortController;
  outcome: "waiting" | "has it" | "failed";
  released: boolean;
}

function release(waiter: Waiter): void {
  waiter.released = true;
  waiter.task[Symbol.dispose]();
}

class Schedule {
  readonly #source: GatedSource;
  readonly #loader = new NodeLoader();
  readonly #mgr: ResourceManager;
  readonly #waiters: Waiter[] = [];
  readonly #handles: Handle<unknown>[] = [];
  readonly #reloads: Promise<void>[] = [];
  /** The keys that are being reloaded, each as often as it is. */
  readonly #reloading: string[] = [];
  /** The keys that were ever reloaded: what was made of them and lands later is reloaded by itself. */
  readonly #reloaded = new Set<string>();
  readonly #maxConcurrency: number;
  /** Whether an old value may stay alive, because a value that was made of it does. */
  #keepsOld = false;
  #leaks = 0;
  /** How many handles of synchronous loads were open when the manager was disposed. */
  #openHandles = 0;
  /** The waiters that had not released their load by then. */
  #openWaiters: Waiter[] = [];

  constructor({ keeps, obeysSignals, pumped, takesTurns, loadsNow, maxConcurrency }: Policy) {
    this.#loader.takesTurns = takesTurns;
    if (loadsNow) this.#loader.loadAsync = undefined;
    this.#source = new GatedSource(FILES, { heedsSignals: obeysSignals });
    this.#maxConcurrency = maxConcurrency;
    this.#mgr = new ResourceManager({
      source: this.#source,
      loaders: [this.#loader],
      idle: keeps ? { maxEntries: 2 } : "unload",
      maxConcurrency,
      pacing: pumped ? "pumped" : "immediate",
      leaks: { onLeak: () => this.#leaks++ },
    });
    this.#mgr.on("error", ({ key }) => {
      if (key !== undefined && this.#mgr.has(key)) this.#keepsOld = true; // its reload failed
    });
    this.#mgr.on("warning", () => {}); // of what is not unloaded because it is in use
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const [kind, first, second] of steps) {
      this.#step(kind % 15, KEYS[first % KEYS.length]!, second);
      if (second % 3 === 0) continue;
      await turns();
      assert(this.#source.mostAtOnce <= this.#maxConcurrency);
      this.#assertWanted();
    }
    await this.#end();
  }

  #step(kind: number, key: string, choice: number): void {
    const waiter = this.#waiters[choice % Math.max(1, this.#waiters.length)];
    const { waiting } = this.#source;
    const gate = waiting[choice % Math.max(1, waiting.length)];
    const steps = [
      () => this.#join(key, choice),
      () => this.#join(key, choice),
      () => this.#join(key, choice),
      () => gate?.open(),
      () => gate?.open(),
      () => gate?.fail(new Error("disk")),
      () => waiter && release(waiter),
      () => waiter?.abort.abort(),
      () => this.#loadNow(key),
      () => this.#handles.splice(0, 1).forEach((handle) => handle[Symbol.dispose]()),
      () => this.#unload(key, choice % 2 === 0),
      () => this.#reload(key),
      () => choice % 5 === 0 && this.#dispose(),
      () => this.#pump(choice % 2 === 0 ? 0 : Infinity),
      () => this.#pump(Infinity, choice % 3),
    ];
    steps[kind]!();
  }

  #join(key: string, choice: number): void {
    const abort = new AbortController();
    const priority = (["high", "normal", "low"] as const)[choice % 3];
    const type = choice % 7 === 0 ? Other : Thing;
    const task: LoadTask<unknown> = this.#mgr.loadAsync<unknown>(key, type, {
      signal: abort.signal,
      ...(priority && { priority }),
    });
    const waiter: Waiter = { key, task, abort, outcome: "waiting", released: false };
    task.then(() => waiter.outcome = "has it", () => waiter.outcome = "failed");
    this.#waiters.push(waiter);
  }

  #loadNow(key: string): void {
    try {
      this.#handles.push(this.#mgr.load(key, Thing));
    } catch {
      return; // A cycle, x and y need each other; or the manager is disposed.
    }
  }

  #unload(key: string, force: boolean): void {
    if (this.#mgr.disposed) return;
    // A value that was made of the old one keeps it, because there is no newer one.
    if (force && this.#reloaded.has(key)) this.#keepsOld = true;
    this.#mgr.unload(key, { force });
  }

  #reload(key: string): void {
    if (!this.#mgr.has(key)) return;
    this.#reloading.push(key);
    this.#reloaded.add(key);
    const ended = () => void this.#reloading.splice(this.#reloading.indexOf(key), 1);
    this.#reloads.push(this.#mgr.reloadAsync(key).then(ended, ended));
  }

  #dispose(): void {
    if (this.#mgr.disposed) return;
    this.#openHandles = this.#handles.length;
    this.#openWaiters = this.#waiters.filter(({ released }) => !released);
    this.#mgr[Symbol.dispose]();
  }

  /** Returns how many pieces of work are left. */
  #pump(maxMs: number, maxUploadBytes = Infinity): number {
    return this.#mgr.disposed ? 0 : this.#mgr.pump({ maxMs, maxUploadBytes });
  }

  /** Lets every read end, and runs what waits for a pump. */
  async #drain(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet++) {
      await letThrough(this.#source);
      if (this.#mgr.disposed) return;
      const { loads, unloads } = this.#mgr.cacheStats().queued ?? { loads: 0, unloads: 0 };
      if (loads + unloads > 0) quiet = 0;
      assertEquals(this.#pump(Infinity), 0);
    }
  }

  /** Asserts that each pending read is needed: by a waiter, a reload, or a load that depends on it. */
  #assertWanted(): void {
    const waiting = this.#waiters.filter(({ outcome }) => outcome === "waiting");
    const wanted = new Set(this.#reloading);
    for (const key of wanted) {
      for (const each of KEYS) if (dependenciesOf(each).includes(key)) wanted.add(each);
    }
    for (const key of this.#reloaded) {
      for (const each of KEYS) {
        if (!dependenciesOf(each).includes(key)) continue;
        this.#reloaded.add(each);
        wanted.add(each);
      }
    }
    for (const { key } of waiting) wanted.add(key);
    for (const key of wanted) for (const each of dependenciesOf(key)) wanted.add(each);
    const idle = this.#source.waiting.filter(({ key, signal }) =>
      !signal!.aborted && !wanted.has(key)
    );
    assertEquals(idle.map(({ key }) => key), []);
  }

  async #end(): Promise<void> {
    await this.#drain();
    await Promise.all(this.#reloads);
    assertEquals(this.#waiters.filter(({ outcome }) => outcome === "waiting").length, 0);
    this.#assertSound();
    const open = this.#waiters.filter(({ outcome }) => outcome === "has it");
    for (const waiter of open) release(waiter);
    for (const handle of this.#handles) handle[Symbol.dispose]();
    assertEquals(this.#mgr.cacheStats().totalReferences, this.#dependencies());
    await this.#mgr[Symbol.asyncDispose]();
    const leaked = this.#openWaiters.filter(({ outcome }) => outcome === "has it").length;
    assertEquals(this.#leaks, this.#openHandles + leaked);
    assertEquals([this.#mgr.size, this.#mgr.bytes], [0, 0]);
    assertEquals(this.#loader.values.filter(({ unloads }) => unloads !== 1), []);
  }

  /** Asserts that each value is resident, or unloaded, or used by one that was not reloaded after it. */
  #assertSound(): void {
    const alive = this.#loader.values.filter(({ unloads }) => unloads === 0);
    if (!this.#keepsOld) assertEquals(alive.length, this.#mgr.size);
    assert(alive.length >= this.#mgr.size);
    assertEquals(this.#source.waiting, []);
  }

  /** How many references the resident resources hold on each other. */
  #dependencies(): number {
    return this.#holders().reduce((sum, { handles }) => sum + handles, 0);
  }

  #holders(): Holder[] {
    return Object.keys(this.#mgr.cacheStats().resources).flatMap((key) => this.#mgr.holders(key));
  }
}

/** This schedule once lost an old value: two reloads overlapped, and each left a load to the other. */
const OVERLAPPING: readonly Step[] = [
  ...[[8, 3, 0], [10, 2, 0], [11, 1, 0], [3, 0, 1]] as const,
  ...[[3, 0, 0], [0, 0, 1], [10, 1, 0], [11, 0, 0]] as const,
];

/** Here a key is unloaded by force after its reload, while a loader still has the old value. */
const FORCED_OUT: readonly Step[] = [
  ...[[0, 0, 372], [3, 0, 0], [0, 3, 274], [11, 0, 0]] as const,
  ...[[3, 0, 33734], [3, 0, 0], [3, 0, 5588], [10, 0, 0]] as const,
];

/** Runs `schedules` random schedules. A failure prints the seed; MODEL_SEED runs it again. */
export async function checkSchedules(schedules: number): Promise<void> {
  const policy = fc.record({
    keeps: fc.boolean(),
    obeysSignals: fc.boolean(),
    pumped: fc.boolean(),
    takesTurns: fc.boolean(),
    loadsNow: fc.boolean(),
    maxConcurrency: fc.constantFrom(1, 2, 16),
  });
  const property = fc.asyncProperty(
    policy,
    stepLists(MAX_STEPS),
    (rules, list) => new Schedule(rules).run(list),
  );
  await fc.assert(property, {
    seed: seedOfRun(),
    numRuns: schedules,
    examples: [
      [
        {
          keeps: true,
          obeysSignals: false,
          pumped: false,
          takesTurns: false,
          loadsNow: false,
          maxConcurrency: 1,
        },
        OVERLAPPING,
      ],
      [
        {
          keeps: false,
          obeysSignals: false,
          pumped: false,
          takesTurns: false,
          loadsNow: false,
          maxConcurrency: 16,
        },
        FORCED_OUT,
      ],
    ],
  });
}
