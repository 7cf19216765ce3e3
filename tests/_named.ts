/**
 * Random schedules of names with variants and parts: files in variants, parts that hold their whole,
 * made resources, short names that move when directories are indexed again, files that change,
 * disappear and come back, wholes that are unloaded by force, loads that are aborted. After each step
 * all counts, bytes and names match a naive model, and no live value refers to an unloaded one. In the
 * end every value matches its file, and each was unloaded once.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type AsyncLoadContext,
  type Handle,
  type LoadContext,
  type Loader,
  ResourceManager,
  type ResourceScope,
  ResourceUnloadedError,
} from "../mod.ts";
import { cacheOf } from "../src/cache/managers.ts";
import { FakeClock } from "./_fake_clock.ts";
import { seedOfRun, type Step, stepLists } from "./_random_steps.ts";
import { SlowSource } from "./_slow_source.ts";
import { turns } from "./_turns.ts";

const FILES = ["one.sheet", "a/one.sheet", "a/two.atlas", "pic.bmp", "a/pic.bmp"];
const DIRECTORIES = ["", "a"];
/** What may follow the path of a name; not every loader knows each. */
const SUFFIXES = ["", "?2x", "#p", "?2x#p", "#r", "?pixels"];
const MADE = ["1.noise", "a/1.noise?256", "1.noise#p"];
const NAMES = [...FILES.flatMap((file) => SUFFIXES.map((suffix) => file + suffix)), ...MADE];
const MAX_STEPS = 60;

/** A value that keeps handles of what it was made from. */
class Value {
  unloads = 0;
  constructor(
    readonly key: string,
    /** The text of the file; for a part, the text of its whole. */
    readonly text: string,
    readonly from: readonly Handle<Value>[],
  ) {}
}

/** What a sheet or an atlas lists after its number: its parts, and a picture. */
interface Content {
  readonly parts: readonly string[];
  readonly picture: string | undefined;
}

function contentOf(text: string): Content {
  const [, parts = "", picture] = text.split(" ");
  return { parts: [...parts], picture };
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Loaders of all kinds, which record the values that they made. */
class Loaders {
  readonly made: Value[] = [];

  make(context: LoadContext, text: string, from: readonly Handle<Value>[] = []): Value {
    if (text.includes("!")) throw new Error(`${context.key} is broken`);
    const value = new Value(context.key, text, from);
    this.made.push(value);
    return value;
  }

  #part(context: LoadContext, whole: Handle<Value>): Value | undefined {
    const { text } = whole.value;
    if (!contentOf(text).parts.includes(context.part)) return undefined;
    // One part is made from another.
    const other = context.part === "r" ? [context.load(`${context.whole}#p`, Value)] : [];
    return this.make(context, text, [whole, ...other]);
  }

  all(): Loader<Value>[] {
    const unload = (value: Value) => void value.unloads++;
    const parts = (whole: Value) => contentOf(whole.text).parts;
    const byteLength = ({ text }: Value) => text.length;
    return [
      {
        name: "sheet",
        extensions: [".sheet", ".atlas"],
        variants: ["2x"],
        load: (bytes, context) => {
          const { picture } = contentOf(decode(bytes));
          const from = picture === undefined ? [] : [context.load(picture, Value)];
          return this.make(context, decode(bytes), from);
        },
        loadAsync: async (bytes, context) => {
          const { picture } = contentOf(decode(bytes));
          const from = picture === undefined ? [] : [await context.loadAsync(picture, Value)];
          return this.make(context, decode(bytes), from);
        },
        byteLength,
        unload,
      },
      {
        name: "region",
        extensions: [".sheet#"],
        variants: ["2x"],
        make: (context) => this.#part(context, context.load(context.whole, Value))!,
        parts,
        unload,
      },
      {
        name: "atlas part",
        extensions: [".atlas#"],
        variants: true,
        make: (context) => this.#part(context, context.load(context.whole, Value))!,
        makeAsync: async (context: AsyncLoadContext) =>
          this.#part(context, await context.loadAsync(context.whole, Value))!,
        parts,
        unload,
      },
      {
        name: "picture",
        extensions: [".bmp"],
        variants: ["2x"],
        load: (bytes, context) => this.make(context, decode(bytes)),
        unload,
      },
      {
        name: "pixels",
        extensions: [".bmp?pixels"],
        loadAsync: (bytes, context) => Promise.resolve(this.make(context, decode(bytes))),
        load: (bytes, context) => this.make(context, decode(bytes)),
        unload,
      },
      {
        name: "noise",
        extensions: [".noise"],
        variants: true,
        make: (context) => this.make(context, context.variant),
        byteLength: () => 7,
        unload,
      },
      {
        name: "octave",
        extensions: [".noise#"],
        make: (context) => this.make(context, "", [context.load(context.whole, Value)]),
        unload,
      },
    ];
  }
}

/** What names stand for, computed in the simplest way. */
class Names {
  readonly #claims = new Map<string, readonly [name: string, key: string][]>();

  index(directory: string, keys: Iterable<string>): void {
    const claims: [string, string][] = [];
    for (const key of keys) {
      const file = key.split("/").at(-1)!;
      claims.push([file, key], [file.split(".")[0]!, key]);
    }
    this.#claims.set(directory, claims);
  }

  /** The key of a name; `undefined` if several claim it. */
  keyOf(name: string): string | undefined {
    const [path] = name.split(/[?#]/) as [string];
    const rest = name.slice(path.length);
    const all = [...this.#claims.values()].flat();
    const keys = new Set(all.filter(([each]) => each === path).map(([, key]) => key));
    if (keys.size > 1) return undefined;
    return ([...keys][0] ?? path.replace(/^\.\//, "").replace(/^x\/\.\.\//, "")) + rest;
  }
}

/** All ways to write the name of a key. */
function spellings(key: string): string[] {
  const [path] = key.split(/[?#]/) as [string];
  const rest = key.slice(path.length);
  const file = path.split("/").at(-1)!;
  return [path, `./${path}`, `x/../${path}`, file, file.split(".")[0]!].map((each) => each + rest);
}

const ALL_NAMES = [...new Set(NAMES.flatMap(spellings))];

class Schedule {
  readonly #source = new SlowSource();
  readonly #loaders = new Loaders();
  readonly #names = new Names();
  readonly #clock = new FakeClock();
  readonly #mgr: ResourceManager;
  readonly #handles: Handle<Value>[] = [];
  readonly #tasks: Disposable[] = [];
  readonly #manual: string[] = [];
  #scope: ResourceScope;
  readonly #watch: Disposable;
  #edits = 0;
  /** Whether something was unloaded by force: values that were made from it may still refer to it. */
  #isForced = false;

  constructor(keeps: boolean, maxBytes: number) {
    for (const key of FILES) this.#edit(key, 31);
    this.#mgr = new ResourceManager({
      source: this.#source,
      loaders: this.#loaders.all(),
      idle: keeps ? "keep" : "unload",
      clock: this.#clock,
      leaks: { onLeak() {} },
      ...(keeps && { maxBytes }),
    });
    this.#mgr.on("error", () => {});
    this.#mgr.on("warning", () => {});
    this.#watch = this.#mgr.watch({ debounce: 10 });
    this.#scope = this.#mgr.scope("one");
  }

  #edit(file: string, choice: number): void {
    const parts = ["p", "r"].filter((_, i) => (choice >> i) % 3 > 0).join("");
    const picture = ["", "./pic.bmp", "./pic.bmp?2x", "./pic.bmp?pixels"][(choice >> 4) % 4];
    const broken = choice % 11 === 0 ? "!" : "";
    if (FILES.includes(file)) {
      this.#source.files.set(file, `${this.#edits++}${broken} ${parts} ${picture}`.trimEnd());
    }
  }

  #load(name: string, choice: number): void {
    switch (choice % 5) {
      case 0:
        return void this.#handles.push(this.#mgr.load(name) as Handle<Value>);
      case 1:
        return void this.#handles.push(this.#scope.load(name, Value).clone());
      case 2:
        return this.#mgr.with(name, Value, (value) => assertEquals(value.unloads, 0));
      case 3: {
        const handle = this.#mgr.get(name, Value);
        if (handle !== undefined) this.#handles.push(handle);
        return;
      }
      default:
        return void this.#handles.push(this.#mgr.load(name, Value));
    }
  }

  #loadLater(name: string, choice: number): void {
    const keep = (handle: Handle<Value>) => {
      if (valueOf(handle) !== undefined) this.#handles.push(handle.clone());
      handle[Symbol.dispose]();
    };
    if (choice % 4 === 0) {
      const names = [name, NAMES[choice % NAMES.length]!];
      const all = choice % 8 === 0 ? this.#mgr.loadAll(names) : this.#scope.loadAll(names);
      all.then((loaded) => {
        for (const handle of Object.values(loaded)) keep(handle as unknown as Handle<Value>);
      }, () => {});
      return;
    }
    const abort = new AbortController();
    const { signal } = abort;
    const task = choice % 4 === 1
      ? this.#mgr.loadAsync<Value>(name, Value, { signal })
      : this.#mgr.loadAsync(name, { signal }) as Promise<Handle<Value>>;
    this.#tasks.push({ [Symbol.dispose]: () => abort.abort() });
    task.then(keep, () => {});
  }

  #index(choice: number): void {
    const directory = DIRECTORIES[choice % DIRECTORIES.length]!;
    const recursive = choice % 2 === 0;
    const keys = this.#source.list(directory, { recursive });
    this.#mgr.indexDirectory(directory, { recursive });
    this.#names.index(directory, keys);
  }

  #step(kind: number, first: number, choice: number): void {
    const known = Object.keys(this.#mgr.cacheStats().resources);
    const all = choice % 7 < 4 && known.length > 0 ? known : NAMES;
    const key = all[first % all.length]!;
    const name = spellings(key)[choice % 5]!;
    const file = key.split(/[?#]/)[0]!;
    const dispose = ([each]: Disposable[]) => each?.[Symbol.dispose]();
    const steps = [
      () => this.#edit(file, choice),
      () => this.#edit(file, choice),
      () => this.#edit(file, choice),
      () => this.#source.files.delete(file),
      () => this.#load(name, choice),
      () => this.#load(name, choice),
      () => this.#load(name, choice),
      () => this.#loadLater(name, choice),
      () => this.#loadLater(name, choice),
      () => this.#loadLater(name, choice),
      () => void this.#source.release(choice),
      () => void this.#source.release(choice),
      () => this.#clock.advance(choice % 20),
      () => this.#clock.advance(choice % 20),
      () => this.#mgr.reload(name),
      () => void this.#mgr.reloadAsync(name).catch(() => {}),
      () => dispose(this.#handles.splice(choice % Math.max(1, this.#handles.length), 1)),
      () => dispose(this.#handles.splice(choice % Math.max(1, this.#handles.length), 1)),
      () => dispose(this.#tasks.splice(choice % Math.max(1, this.#tasks.length), 1)),
      () => this.#index(choice),
      () => this.#index(choice),
      () => {
        this.#mgr.acquire(name);
        this.#manual.push(this.#names.keyOf(name)!);
      },
      () => this.#release(choice),
      () => void this.#mgr.unload(name),
      () => this.#force(name, choice),
      () => void (choice % 2 === 0 ? this.#mgr.unloadUnused() : this.#mgr.clear()),
      () => {
        this.#scope[Symbol.dispose]();
        this.#scope = this.#mgr.scope("next");
      },
    ];
    try {
      steps[kind % steps.length]!();
    } catch (error) {
      // A file is missing or broken, a name is ambiguous, a variant or a part does not exist.
      if (/^Assertion|^Values/.test(String((error as Error)?.name))) throw error;
    }
  }

  #release(choice: number): void {
    const [key] = this.#manual.splice(choice % Math.max(1, this.#manual.length), 1);
    if (key !== undefined && this.#mgr.has(`./${key}`)) this.#mgr.release(`./${key}`);
  }

  #force(name: string, choice: number): void {
    if (choice % 3 > 0) return;
    this.#isForced = true;
    if (choice % 9 === 0) this.#mgr.clear({ force: true });
    else this.#mgr.unload(name, { force: true });
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const [kind, first, second] of steps) {
      this.#step(kind, first, second);
      if (second % 4 === 0) await this.#checkSettled();
      else if (second % 4 === 1) await turns();
      this.#check();
    }
    await this.#checkSettled();
    this.#watch[Symbol.dispose]();
    this.#scope[Symbol.dispose]();
    for (const handle of this.#handles) handle[Symbol.dispose]();
    await this.#mgr[Symbol.asyncDispose]();
    assertEquals(this.#loaders.made.filter(({ unloads }) => unloads !== 1), []);
    const { dependents, entries } = cacheOf(this.#mgr);
    assertEquals(NAMES.filter((name) => dependents.of(name) !== dependents.of("")), []);
    assertEquals(entries.size, 0);
  }

  /** Lets all work end, and asserts that each value is current then. */
  async #checkSettled(): Promise<void> {
    await this.#settle();
    this.#check();
    for (const value of this.#live()) this.#assertCurrent(value);
  }

  /** Lets all work run to its end. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < 4; quiet++) {
      this.#clock.advance(20);
      await turns();
      while (this.#source.release(0)) {
        quiet = 0;
        await turns();
      }
    }
  }

  /** The values of the handles, without those that were unloaded by force. */
  #live(): Value[] {
    return this.#handles.flatMap((handle) => valueOf(handle) ?? []);
  }

  #check(): void {
    this.#checkCounts();
    this.#checkNames();
    for (const value of this.#live()) this.#assertAlive(value);
  }

  /** Asserts that the totals are the sums of all resources, and that dependencies are live. */
  #checkCounts(): void {
    const { resources, ...stats } = this.#mgr.cacheStats();
    const all = Object.entries(resources);
    const sum = (of: (each: typeof all[number][1]) => number) =>
      all.reduce((total, [, each]) => total + of(each), 0);
    assertEquals(stats.resourceCount, all.length);
    assertEquals(stats.bytes, sum(({ bytes }) => bytes));
    assertEquals(stats.idleBytes, sum(({ state, bytes }) => state === "idle" ? bytes : 0));
    assertEquals(stats.totalReferences, sum(({ refCount }) => refCount));
    for (const [key, { dependencies, refCount, state }] of all) {
      assertEquals(state, refCount > 0 ? "live" : "idle", key);
      if (this.#isForced) continue;
      for (const each of dependencies) {
        assertEquals(resources[each]?.state, "live", `${each} is not live, ${key} is made from it`);
      }
      if (key.includes("#")) {
        assert(dependencies.includes(key.split("#")[0]!), `${key} has no whole`);
      }
    }
  }

  /** Asserts that each spelling leads to its resource, and each path to all resources read from it. */
  #checkNames(): void {
    const { entries } = cacheOf(this.#mgr);
    const resident = new Set(Array.from(entries, ({ key }) => key));
    assertEquals(resident.size, this.#mgr.size);
    for (const name of ALL_NAMES) {
      const key = this.#names.keyOf(name);
      if (key === undefined) continue;
      assertEquals(this.#mgr.has(name), resident.has(key), `${name} stands for ${key}`);
      if (resident.has(key)) {
        assertEquals((this.#mgr.peek(name) as Value).key, key);
        assertEquals(entries.warm.get(name)?.key || key, key);
      }
    }
    for (const file of [...FILES, "1.noise", "a/1.noise"]) {
      const of = Array.from(entries.of(file), ({ key }) => key).sort();
      assertEquals(of, [...resident].filter((key) => key.split(/[?#]/)[0] === file).sort());
    }
  }

  /** Asserts that neither the value nor what it was made from was unloaded. */
  #assertAlive(value: Value): void {
    assertEquals(value.unloads, 0, `${value.key} is used after it was unloaded`);
    for (const handle of value.from) {
      const each = valueOf(handle);
      if (each !== undefined) this.#assertAlive(each);
      else assert(this.#isForced, `${value.key} has a handle of an unloaded value`);
    }
  }

  /** Asserts that the value matches its file, if that can be loaded. */
  #assertCurrent(value: Value): void {
    const { key, text } = value;
    if (!this.#isLoadable(key)) return;
    if (!/noise/.test(key)) assertEquals(text, this.#textOf(key), `${key} is old`);
    for (const handle of value.from) {
      const each = valueOf(handle);
      if (each === undefined) continue;
      assert(each === this.#mgr.peek(`./${each.key}`), `${key} was made of an old ${each.key}`);
      this.#assertCurrent(each);
    }
  }

  #textOf(key: string): string | undefined {
    try {
      return decode(this.#source.read(key.split(/[?#]/)[0]!));
    } catch {
      return undefined;
    }
  }

  #isLoadable(key: string): boolean {
    const [path, part] = key.split("#") as [string, string?];
    if (path.includes(".noise")) return true;
    const text = this.#textOf(path);
    if (text === undefined || text.includes("!")) return false;
    if (/bmp/.test(path)) return part === undefined;
    const { parts, picture } = contentOf(text);
    if (part !== undefined && !parts.includes(part)) return false;
    if (part === "r" && !parts.includes("p")) return false;
    const directory = path.includes("/") ? path.slice(0, path.indexOf("/") + 1) : "";
    return picture === undefined || this.#isLoadable(directory + picture.slice(2));
  }
}

/** The value of a handle; `undefined` if it was unloaded by force. */
function valueOf(handle: Handle<Value>): Value | undefined {
  try {
    return handle.value;
  } catch (error) {
    if (error instanceof ResourceUnloadedError || handle.disposed) return undefined;
    throw error;
  }
}

/** Runs `schedules` random schedules. A failure prints the seed; MODEL_SEED runs it again. */
export async function checkNamed(schedules: number): Promise<void> {
  const property = fc.asyncProperty(
    fc.boolean(),
    fc.constantFrom(Infinity, 10, 40),
    stepLists(MAX_STEPS),
    (keeps, maxBytes, list: Step[]) => new Schedule(keeps, maxBytes).run(list),
  );
  await fc.assert(property, { seed: seedOfRun(), numRuns: schedules });
}
