/**
 * Random schedules in which every callback calls the manager again: sources, loaders, updates, checks of
 * types, sizes, unloads, progress and listeners load, dispose, unload by force, reload, replace, clear,
 * pump, lower the budget and dispose the manager. In the end everything has settled, nothing live was
 * unloaded, and every value was unloaded once.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Handle,
  type Loader,
  MemorySource,
  ResourceManager,
  type ResourceScope,
  type ResourceType,
  type Source,
} from "../mod.ts";
import { seedOfRun, type Step, stepLists } from "./_random_steps.ts";
import { turns } from "./_turns.ts";

const FILES = { "a.it": "", "b.it": "a.it", "c.it": "b.it a.it", "d.it": "", "e.it": "d.it c.it" };
const KEYS = Object.keys(FILES);
const MAX_STEPS = 12;
/** How deep callbacks call the manager again. */
const MAX_DEPTH = 3;
/** How many callbacks of a schedule do so: more would take longer and find no more. */
const MAX_CALLS = 60;

class It {
  unloads = 0;
  constructor(readonly key: string) {}
}

interface Policy {
  readonly keeps: boolean;
  readonly pumped: boolean;
  /** Whether loaders are synchronous. */
  readonly loadsNow: boolean;
  readonly updates: "never" | "now" | "later";
}

class Schedule {
  readonly #files = new MemorySource(FILES);
  readonly #made: It[] = [];
  readonly #handles: Handle<It>[] = [];
  readonly #promises: Promise<unknown>[] = [];
  readonly #mgr: ResourceManager;
  /** What the next callbacks do, over and over. */
  readonly #script: readonly Step[];
  #next = 0;
  #depth = 0;
  #scope: ResourceScope;

  constructor(policy: Policy, script: readonly Step[]) {
    const { keeps, pumped } = policy;
    this.#script = script;
    this.#mgr = new ResourceManager({
      source: this.#source(),
      loaders: [this.#loader(policy)],
      idle: keeps ? { maxEntries: 2 } : "unload",
      leaks: { onLeak: () => this.#call() },
      maxConcurrency: 2,
      pacing: pumped ? "pumped" : "immediate",
    });
    this.#scope = this.#mgr.scope();
    for (const event of ["load", "unload", "reload"] as const) {
      this.#mgr.on(event, () => this.#call());
    }
    this.#mgr.on("error", () => {});
    this.#mgr.on("warning", () => {});
  }

  /** Checks a value by calling the manager. */
  readonly #type: ResourceType<It> = {
    name: "It",
    [Symbol.hasInstance]: (value: unknown): value is It => {
      this.#call();
      return value instanceof It;
    },
  };

  #source(): Source {
    return {
      read: (key) => {
        this.#call();
        return this.#files.read(key);
      },
      readAsync: async (key, options) => {
        this.#call();
        await Promise.resolve();
        this.#call();
        options?.onProgress?.(1, 1);
        return this.#files.read(key);
      },
    };
  }

  #loader({ loadsNow, updates }: Policy): Loader<It> {
    const namesIn = (bytes: Uint8Array) =>
      new TextDecoder().decode(bytes).split(" ").filter(Boolean);
    const make = (key: string) => {
      const it = new It(key);
      this.#made.push(it);
      this.#call();
      return it;
    };
    const loader: Loader<It> = {
      name: "it",
      extensions: [".it"],
      load: (bytes, context) => {
        this.#call();
        for (const name of namesIn(bytes)) context.load(name, this.#type);
        context.defer(() => this.#call());
        return make(context.key);
      },
      unload: (it) => {
        it.unloads++;
        this.#call();
        if (it.key === "c.it") throw new Error("it is stubborn");
        return it.key === "b.it" ? Promise.resolve().then(() => this.#call()) : undefined;
      },
      byteLength: () => {
        this.#call();
        return 1;
      },
    };
    if (!loadsNow) {
      loader.loadAsync = async (bytes, context) => {
        this.#call();
        await Promise.all(namesIn(bytes).map((name) => context.loadAsync(name, this.#type)));
        this.#call();
        return make(context.key);
      };
    }
    if (updates === "never") return loader;
    loader.update = (it, _bytes, context) => {
      assertEquals(it.unloads, 0, `${it.key} is updated after it was unloaded`);
      this.#call();
      for (const name of namesIn(this.#files.read(it.key))) context.load(name, this.#type);
      const isUpdated = it.key !== "d.it";
      return updates === "now" ? isUpdated : Promise.resolve().then(() => isUpdated);
    };
    return loader;
  }

  /** Runs the next step of the script, inside a callback. */
  #call(): void {
    if (this.#script.length === 0 || this.#next >= MAX_CALLS || this.#depth >= MAX_DEPTH) return;
    this.#depth++;
    this.#act(this.#script[this.#next++ % this.#script.length]!);
    this.#depth--;
  }

  #act([kind, keyNumber, choice]: Step): void {
    const key = KEYS[keyNumber % KEYS.length]!;
    const mgr = this.#mgr;
    const keep = (handle: Handle<It>) => void this.#handles.push(handle);
    const wait = (promise: PromiseLike<unknown>) =>
      void this.#promises.push(Promise.resolve(promise).catch(() => {}));
    const actions = [
      () => keep(mgr.load(key, this.#type)),
      () => wait(mgr.loadAsync(key, this.#type).then(keep)),
      () => wait(this.#scope.loadAsync(key, this.#type, {})),
      () => void this.#scope.load(key, this.#type),
      () => this.#handles.splice(choice % 4, 1).forEach(dispose),
      () => mgr.unload(key, { force: choice % 2 === 0 }),
      () => mgr.clear({ force: choice % 3 === 0 }),
      () => mgr.reload(key),
      () => wait(mgr.reloadAsync(key)),
      () => mgr.with(key, this.#type, () => this.#call()),
      () => {
        const old = this.#scope;
        this.#scope = mgr.scope();
        old.dispose();
      },
      () => {
        const task = mgr.loadAsync(key, this.#type);
        wait(task);
        if (choice % 2 === 0) task[Symbol.dispose]();
        else wait(task.then(dispose));
      },
      () => mgr.pump({ maxMs: choice % 2 === 0 ? 0 : Infinity }),
      () => mgr.trim(choice % 4),
      () => mgr.maxBytes = [undefined, 1, 2, 4][choice % 4],
      () => mgr.unloadUnused(),
      () => wait(mgr.settled()),
      () => wait(mgr.loadAll([key, "a.it"]).then((all) => all[Symbol.dispose]())),
      () => {
        const it = new It(key);
        const unload = () => void it.unloads++;
        const handle = mgr.add(key, it, { replace: true, unload });
        this.#made.push(it);
        keep(handle);
      },
      () => {
        if (choice % 13 === 0) mgr[Symbol.dispose]();
        if (choice % 13 === 1) wait(mgr[Symbol.asyncDispose]());
      },
    ];
    try {
      actions[kind % actions.length]!();
    } catch {
      return; // A cycle, a name that is not resident, an unload that throws.
    }
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.#act(step);
      if (step[2] % 3 > 0) await turns();
      this.#assertAlive();
    }
    this.#next = MAX_CALLS;
    for (let seen = -1; seen < this.#promises.length;) {
      seen = this.#promises.length;
      const ended = Promise.all(this.#promises);
      for (let turn = 0; turn < 20; turn++) {
        await turns();
        if (!this.#mgr.disposed) this.#mgr.pump({ maxMs: Infinity });
      }
      await ended;
      await turns();
    }
    this.#assertAlive();
    dispose(this.#scope);
    for (const handle of this.#handles) dispose(handle);
    await turns();
    this.#assertSettled();
    await this.#mgr[Symbol.asyncDispose]().catch(() => {}); // It rejects with the errors of stubborn values.
    assertEquals(this.#made.filter(({ unloads }) => unloads !== 1), []);
  }

  /** Asserts that each handle has a live value, or throws because it was unloaded by force. */
  #assertAlive(): void {
    for (const handle of this.#handles) {
      let value: It;
      try {
        value = handle.value;
      } catch {
        continue;
      }
      assertEquals(value.unloads, 0, `${value.key} is used after it was unloaded`);
    }
  }

  /** Asserts that the only references left are those that resident resources hold on each other. */
  #assertSettled(): void {
    const stats = this.#mgr.cacheStats();
    const held = Object.keys(stats.resources)
      .flatMap((key) => this.#mgr.holders(key)).reduce((sum, { handles }) => sum + handles, 0);
    assertEquals(stats.totalReferences, held);
    const labels = Object.keys(stats.resources)
      .flatMap((key) => this.#mgr.holders(key)).map(({ label }) => label);
    assert(!labels.includes(undefined), "a reference has no holder");
  }
}

/** Disposes something that may throw the error of a stubborn value. */
function dispose(it: Disposable): void {
  try {
    it[Symbol.dispose]();
  } catch {
    return;
  }
}

/** Runs `schedules` random schedules. A failure prints the seed; MODEL_SEED runs it again. */
export async function checkReentrancy(schedules: number): Promise<void> {
  const policy = fc.record({
    keeps: fc.boolean(),
    pumped: fc.boolean(),
    loadsNow: fc.boolean(),
    updates: fc.constantFrom("never", "now", "later"),
  });
  const property = fc.asyncProperty(
    policy,
    stepLists(MAX_STEPS),
    stepLists(MAX_STEPS),
    (rules, script: Step[], list: Step[]) => new Schedule(rules, script).run(list),
  );
  await fc.assert(property, { seed: seedOfRun(), numRuns: schedules });
}
