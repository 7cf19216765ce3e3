/**
 * Random schedules in which every callback calls the manager again: sources, loaders, checks of types,
 * sizes, unloads, progress and listeners load, dispose, unload by force, reload, replace and clear. In
 * the end everything has settled, nothing live was unloaded, and every value was unloaded once.
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
import { turns } from "./_turns.ts";

const FILES = { "a.it": "", "b.it": "a.it", "c.it": "b.it a.it", "d.it": "", "e.it": "d.it c.it" };
const KEYS = Object.keys(FILES);
const MAX_STEPS = 12;
/** How deep callbacks call the manager again. */
const MAX_DEPTH = 3;
/** How often in one schedule: callbacks that go on for ever would find nothing more. */
const MAX_CALLS = 60;

class It {
  unloads = 0;
  constructor(readonly key: string) {}
}

type Step = readonly [kind: number, key: number, choice: number];

interface Policy {
  readonly keeps: boolean;
  readonly pumped: boolean;
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

  constructor({ keeps, pumped }: Policy, script: readonly Step[]) {
    this.#script = script;
    this.#mgr = new ResourceManager({
      source: this.#source(),
      loaders: [this.#loader()],
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

  #loader(): Loader<It> {
    const namesIn = (bytes: Uint8Array) =>
      new TextDecoder().decode(bytes).split(" ").filter(Boolean);
    const make = (key: string) => {
      const it = new It(key);
      this.#made.push(it);
      this.#call();
      return it;
    };
    return {
      name: "it",
      extensions: [".it"],
      load: (bytes, context) => {
        this.#call();
        for (const name of namesIn(bytes)) context.load(name, this.#type);
        return make(context.key);
      },
      loadAsync: async (bytes, context) => {
        this.#call();
        await Promise.all(namesIn(bytes).map((name) => context.loadAsync(name, this.#type)));
        this.#call();
        return make(context.key);
      },
      unload: (it) => {
        it.unloads++;
        this.#call();
      },
      byteLength: () => {
        this.#call();
        return 1;
      },
    };
  }

  /** Does the next thing of the script, as a callback. */
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
      () => this.#handles.splice(choice % 4, 1).forEach((handle) => handle[Symbol.dispose]()),
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
        else wait(task.then((handle) => handle[Symbol.dispose]()));
      },
      () => mgr.pump({ maxMs: choice % 2 === 0 ? 0 : Infinity }),
      () => mgr.trim(choice % 4),
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
        this.#mgr.pump({ maxMs: Infinity });
      }
      await ended;
      await turns();
    }
    this.#assertAlive();
    this.#scope.dispose();
    for (const handle of this.#handles) handle[Symbol.dispose]();
    await turns();
    this.#assertSettled();
    await this.#mgr[Symbol.asyncDispose]();
    assertEquals(this.#made.filter(({ unloads }) => unloads !== 1), []);
  }

  /** A handle leads to a value that lives, or says that it was forced out. */
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

  /** Without handles, nothing has a reference but what residents hold on each other. */
  #assertSettled(): void {
    const stats = this.#mgr.cacheStats();
    const held = Object.keys(stats.resources)
      .flatMap((key) => this.#mgr.holders(key)).reduce((sum, { handles }) => sum + handles, 0);
    assertEquals(stats.totalReferences, held);
    const labels = Object.keys(stats.resources)
      .flatMap((key) => this.#mgr.holders(key)).map(({ label }) => label);
    assert(!labels.includes(undefined), "a reference is held by nobody");
  }
}

/** Runs so many schedules. A failure prints the seed; MODEL_SEED runs it again. */
export async function checkReentrancy(schedules: number): Promise<void> {
  const seed = Number(Deno.env.get("MODEL_SEED") ?? Math.trunc(Math.random() * 2 ** 31));
  const number = fc.nat(1 << 16);
  const steps = fc.array(fc.tuple(number, number, number), { maxLength: MAX_STEPS, size: "max" });
  const policy = fc.record({ keeps: fc.boolean(), pumped: fc.boolean() });
  const property = fc.asyncProperty(
    policy,
    steps,
    steps,
    (rules, script: Step[], list: Step[]) => new Schedule(rules, script).run(list),
  );
  await fc.assert(property, { seed, numRuns: schedules });
}
