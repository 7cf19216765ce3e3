/** Parts of a whole, and resources that are made without bytes, from loading to unloading. */
import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  type AsyncLoadContext,
  type LoadContext,
  type Loader,
  LoaderNotFoundError,
  MemorySource,
  ResourceCycleError,
  ResourceLoadError,
  ResourceManager,
  type ResourceManagerOptions,
  ResourceNotFoundError,
  ResourcePathError,
  ResourceTypeError,
  ResourceUnloadedError,
  Text,
} from "../mod.ts";
import { GatedSource } from "../src/testing.ts";
import { FakeClock } from "./_fake_clock.ts";
import { follow } from "./_thing.ts";
import { letThrough, turns } from "./_turns.ts";

/** A whole: a line for each of its regions, with its name and its look. */
class Sheet {
  readonly regions: ReadonlyMap<string, string>;

  constructor(readonly key: string, text: string) {
    const lines = text.split("\n").filter(Boolean);
    this.regions = new Map(lines.map((line) => line.split(" ") as [string, string]));
  }
}

class Region {
  constructor(readonly key: string, readonly look: string, readonly sheet: Sheet) {}
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A manager of sheets and their regions, with a log of its loaders: `+key` and `-key`. */
function sheets(files: Record<string, string>, options: ResourceManagerOptions = {}) {
  const log: string[] = [];
  const events: string[] = [];
  const errors: string[] = [];
  const clock = new FakeClock();
  const source = new MemorySource(files);
  const sheetLoader: Loader<Sheet, ".sheet"> = {
    name: "sheet",
    extensions: [".sheet"],
    variants: true,
    load(bytes, { key }) {
      log.push(`+${key}`);
      return new Sheet(key, decode(bytes));
    },
    unload: ({ key }) => void log.push(`-${key}`),
  };
  const regionLoader: Loader<Region, ".sheet#"> = {
    name: "region",
    extensions: [".sheet#"],
    variants: true,
    make(context) {
      const { key, path, variant, part } = context;
      const sheet = context.load(variant ? `${path}?${variant}` : path, Sheet).value;
      const look = sheet.regions.get(part);
      if (look === undefined) return undefined;
      log.push(`+${key}`);
      return new Region(key, look, sheet);
    },
    parts: (sheet: Sheet) => sheet.regions.keys(),
    unload: ({ key }) => void log.push(`-${key}`),
    byteLength: () => 1,
  };
  const mgr = new ResourceManager({
    source,
    clock,
    loaders: [sheetLoader, regionLoader],
    ...options,
  });
  follow(mgr as unknown as ResourceManager, events);
  mgr.on("error", ({ key, error }) => errors.push(`${key}: ${(error as Error).message}`));
  return {
    mgr,
    source,
    log,
    events,
    errors,
    take: () => ({ log: log.splice(0), events: events.splice(0), errors: errors.splice(0) }),
    async change(files: Record<string, string>) {
      for (const [key, text] of Object.entries(files)) source.set(key, text);
      clock.advance(50);
      await turns();
    },
    [Symbol.dispose]: () => mgr[Symbol.dispose](),
  };
}

const HERO = "idle @\nrun &\nruns/left <\n";

Deno.test("many parts share one decoding of their whole, and each is a resource of its own", () => {
  using s = sheets({ "a/hero.sheet": HERO });
  using idle = s.mgr.load("a/hero.sheet#idle", Region);
  using run = s.mgr.load("a/hero.sheet#run", Region);
  using left = s.mgr.load("a/hero.sheet#runs/left", Region);
  using again = s.mgr.load("a/./hero.sheet#run", Region);
  assertEquals([idle, run, left].map(({ value }) => value.look), ["@", "&", "<"]);
  assertStrictEquals(run.value, again.value);
  assertEquals([idle.key, left.key], ["a/hero.sheet#idle", "a/hero.sheet#runs/left"]);
  assertEquals(s.log, [
    "+a/hero.sheet",
    "+a/hero.sheet#idle",
    "+a/hero.sheet#run",
    "+a/hero.sheet#runs/left",
  ]);
  const { resources, hits, misses, bytes } = s.mgr.cacheStats();
  assertEquals([hits, misses, bytes], [3, 4, HERO.length + 3]);
  assertEquals(resources["a/hero.sheet"]?.refCount, 3);
  assertEquals(resources["a/hero.sheet#run"]?.refCount, 2);
  assertEquals(resources["a/hero.sheet#runs/left"]?.dependencies, ["a/hero.sheet"]);
});

Deno.test("a part keeps its whole, and releases it when it is unloaded", () => {
  using s = sheets({ "hero.sheet": HERO });
  const run = s.mgr.load("hero.sheet#run", Region);
  const idle = s.mgr.load("hero.sheet#idle", Region);
  assertEquals(s.mgr.holders("hero.sheet").map(({ label, handles }) => [label, handles]), [
    ["hero.sheet#run", 1],
    ["hero.sheet#idle", 1],
  ]);
  assertEquals(s.mgr.unload("hero.sheet"), false);
  s.take();
  run[Symbol.dispose]();
  assertEquals([s.take().log, s.mgr.has("hero.sheet")], [["-hero.sheet#run"], true]);
  idle[Symbol.dispose]();
  assertEquals(s.take().log, ["-hero.sheet#idle", "-hero.sheet"]);
  assertEquals([s.mgr.size, s.mgr.bytes], [0, 0]);
});

Deno.test("a change of the file reloads the whole once, and then each part once", async () => {
  using s = sheets({ "hero.sheet": HERO, "other.sheet": "run x" });
  using run = s.mgr.load("hero.sheet#run", Region);
  using idle = s.mgr.load("hero.sheet#idle", Region);
  using whole = s.mgr.load("hero.sheet", Sheet);
  using other = s.mgr.load("other.sheet#run", Region);
  using _watcher = s.mgr.watch();
  s.take();
  await s.change({ "hero.sheet": "idle 1\nrun 2" });
  assertEquals([run.value.look, idle.value.look], ["2", "1"]);
  assertStrictEquals(run.value.sheet, whole.value);
  assertEquals([whole, run, idle, other].map(({ version }) => version), [2, 2, 2, 1]);
  assertEquals(s.take(), {
    log: [
      "+hero.sheet",
      "+hero.sheet#idle",
      "+hero.sheet#run",
      "-hero.sheet#run",
      "-hero.sheet#idle",
      "-hero.sheet",
    ],
    events: ["reload hero.sheet 2", "reload hero.sheet#idle 2", "reload hero.sheet#run 2"],
    errors: [],
  });
});

Deno.test("a part that is missing after a reload keeps its value, until a change brings it back", async () => {
  using s = sheets({ "hero.sheet": HERO });
  using run = s.mgr.load("hero.sheet#run", Region);
  using _watcher = s.mgr.watch();
  const [old, before] = [run.value, run.value.sheet];
  s.take();
  await s.change({ "hero.sheet": "idle @\nruns &" });
  assertStrictEquals(run.value, old);
  assertEquals(s.take(), {
    log: ["+hero.sheet"], // The old sheet lives as long as the part that was made from it.
    events: ["reload hero.sheet 2"],
    errors: [
      'hero.sheet#run: Cannot load "hero.sheet#run": "hero.sheet" has no part "run", did you mean "runs"?',
    ],
  });
  await s.change({ "hero.sheet": "idle @\nruns &&" });
  assertEquals(s.take(), {
    log: ["+hero.sheet", "-hero.sheet"],
    events: ["reload hero.sheet 3"],
    errors: [], // It was reported before.
  });
  await s.change({ "hero.sheet": "run 3" });
  assertEquals([run.value.look, run.version], ["3", 2]);
  assertEquals(s.take(), {
    log: ["+hero.sheet", "+hero.sheet#run", "-hero.sheet#run", "-hero.sheet", "-hero.sheet"],
    events: ["reload hero.sheet 4", "reload hero.sheet#run 2"],
    errors: [],
  });
  assertEquals(before === run.value.sheet, false);
});

Deno.test("a whole that is unloaded by force leaves its parts, and a reload of those loads it again", async () => {
  using s = sheets({ "hero.sheet": HERO });
  using run = s.mgr.load("hero.sheet#run", Region);
  using whole = s.mgr.load("hero.sheet", Sheet);
  using _watcher = s.mgr.watch();
  s.take();
  assertEquals(s.mgr.unload("hero.sheet", { force: true }), true);
  assertThrows(() => whole.value, ResourceUnloadedError);
  assertEquals([run.value.look, s.mgr.has("hero.sheet")], ["&", false]);
  assertEquals(s.take().log, ["-hero.sheet"]);
  await s.change({ "hero.sheet": "run 2" });
  assertEquals([run.value.look, run.version, s.mgr.has("hero.sheet")], ["2", 2, true]);
  assertEquals(s.take(), {
    log: ["+hero.sheet", "+hero.sheet#run", "-hero.sheet#run"],
    events: ["load hero.sheet", "reload hero.sheet#run 2"],
    errors: [],
  });
});

Deno.test("a part is reloaded after a change even if its whole is unloaded by force before the reload", async () => {
  using s = sheets({ "hero.sheet": HERO });
  using run = s.mgr.load("hero.sheet#run", Region);
  using _watcher = s.mgr.watch();
  s.source.set("hero.sheet", "run 2");
  s.mgr.unload("hero.sheet", { force: true });
  await s.change({});
  assertEquals([run.value.look, run.version, s.mgr.has("hero.sheet")], ["2", 2, true]);
  assertEquals(s.errors, []);
});

Deno.test("a part is reloaded after a change even if its whole is unloaded by force during the reload", async () => {
  const files = new MemorySource({ "hero.sheet": HERO });
  const gate = Promise.withResolvers<void>();
  const source = {
    read: (key: string) => files.read(key),
    async readAsync(key: string) {
      await gate.promise;
      return files.read(key);
    },
    watch: (onChange: (key: string) => void) => files.watch(onChange),
  };
  using s = sheets({}, { source });
  using run = s.mgr.load("hero.sheet#run", Region);
  using _watcher = s.mgr.watch();
  files.set("hero.sheet", "run 2");
  await s.change({});
  s.mgr.unload("hero.sheet", { force: true });
  gate.resolve();
  await turns();
  await s.change({});
  assertEquals([run.value.look, run.version, s.mgr.has("hero.sheet")], ["2", 2, true]);
  assertEquals(s.errors, []);
});

Deno.test("a part of a variant is made from that variant, which is reloaded before it", async () => {
  using s = sheets({ "hero.sheet": HERO });
  using small = s.mgr.load("hero.sheet#run", Region);
  using large = s.mgr.load("hero.sheet?2x#run", Region);
  using _watcher = s.mgr.watch();
  assertEquals(large.value.sheet.key, "hero.sheet?2x");
  assertEquals(s.mgr.cacheStats().resources["hero.sheet?2x#run"]?.dependencies, ["hero.sheet?2x"]);
  assertThrows(
    () => s.mgr.load("hero.sheet?2x#runs"),
    ResourceNotFoundError,
    'Cannot load "hero.sheet?2x#runs": "hero.sheet?2x" has no part "runs", did you mean "run"?',
  );
  s.take();
  await s.change({ "hero.sheet": "run 2" });
  assertEquals([small, large].map(({ value, version }) => [value.look, version]), [["2", 2], [
    "2",
    2,
  ]]);
  assertEquals(s.take().events, [
    "reload hero.sheet 2",
    "reload hero.sheet#run 2",
    "reload hero.sheet?2x 2",
    "reload hero.sheet?2x#run 2",
  ]);
});

Deno.test("a part that does not exist is not found, and the message names the parts that exist", () => {
  using s = sheets({
    "hero.sheet": HERO,
    "tiles.sheet": Array.from({ length: 12 }, (_, i) => `tile-${i} ${i}`).join("\n"),
  });
  const refused = (name: string, message: string) => {
    const error = assertThrows(() => s.mgr.load(name, Region), ResourceNotFoundError);
    assertEquals([error.key, error.message], [name, `Cannot load "${name}": ${message}`]);
  };
  refused("hero.sheet#rum", '"hero.sheet" has no part "rum", did you mean "run"?');
  refused("hero.sheet#jump", '"hero.sheet" has no part "jump", it has "idle", "run", "runs/left"');
  refused(
    "tiles.sheet#nothing like it",
    '"tiles.sheet" has no part "nothing like it", it has ' +
      Array.from({ length: 8 }, (_, i) => `"tile-${i}", `).join("") + "4 more",
  );
  assertEquals([s.mgr.size, s.mgr.bytes], [0, 0]);
  const error = assertThrows(() => s.mgr.load("villain.sheet#run"), ResourceNotFoundError);
  assertEquals(error.key, "villain.sheet#run");
});

Deno.test("names with an empty part, a part of a part, or no loader of parts are refused", () => {
  using s = sheets({ "hero.sheet": HERO });
  const path = (name: string, why: string) =>
    assertThrows(() => s.mgr.load(name), ResourcePathError, why);
  path("hero.sheet#", 'it ends in "#", write the part after it');
  path("hero.sheet#run#left", "a part has no parts of its own");
  path("hero.sheet?#run", 'its variant is empty, write one after "?"');
  path("#run", "it is empty");
  assertThrows(() => s.mgr.load("a.txt#b"), LoaderNotFoundError, 'for parts of ".txt" files');
});

Deno.test("every method of a manager accepts the name of a part", () => {
  using s = sheets({ "chars/hero.sheet": HERO }, { idle: "keep" });
  const name = "chars/hero.sheet#run";
  const { mgr } = s;
  assertEquals([mgr.has(name), mgr.peek(name), mgr.get(name)], [false, undefined, undefined]);
  assertEquals(mgr.with(name, Region, ({ look }) => look), "&");
  assertEquals([mgr.has(name), (mgr.peek(name) as Region).look], [true, "&"]);
  using got = mgr.get(name, Region)!;
  mgr.acquire(name);
  assertEquals(mgr.holders(name).map(({ handles, manual }) => [handles, manual]), [[1, 1]]);
  mgr.release(name);
  mgr.reload(name);
  assertEquals([got.version, mgr.cacheStats().resources["chars/hero.sheet"]?.version], [2, 1]);
  mgr.reload(["chars/hero.sheet", name]);
  assertEquals([got.version, mgr.cacheStats().resources["chars/hero.sheet"]?.version], [3, 2]);
  assertEquals(mgr.unload(name), false);
  assertEquals(mgr.unload(name, { force: true }), true);
  assertEquals([mgr.has(name), mgr.has("chars/hero.sheet")], [false, true]);
  using added = mgr.add("chars/hero.sheet#mine", new Region("mine", "m", new Sheet("", "")));
  assertStrictEquals(mgr.peek("chars/hero.sheet#mine"), added.value);
});

Deno.test("short names of wholes lead to their parts too", () => {
  using s = sheets({ "chars/hero.sheet": HERO, "mods/hero.sheet": "run m" }, { idle: "keep" });
  s.mgr.indexDirectory("chars");
  using run = s.mgr.load("hero#run", Region);
  using same = s.mgr.load("hero.sheet#run", Region);
  assertEquals([run.key, same.key], ["chars/hero.sheet#run", "chars/hero.sheet#run"]);
  s.mgr.indexDirectory("mods");
  assertThrows(() => s.mgr.load("hero#run", Region), ResourcePathError, "ambiguous");
  assertThrows(() => s.mgr.has("hero#run"), ResourcePathError, "ambiguous");
  using modded = s.mgr.load("mods/hero.sheet#run", Region);
  assertEquals([run.value.look, modded.value.look], ["&", "m"]);
});

Deno.test("parts load side by side without blocking, from one read and one decoding", async () => {
  const log: string[] = [];
  const source = new GatedSource({ "hero.sheet": HERO });
  const loaders = [
    {
      name: "sheet",
      extensions: [".sheet"],
      loadAsync(bytes) {
        log.push("+sheet");
        return Promise.resolve(new Sheet("", decode(bytes)));
      },
    } as const satisfies Loader<Sheet>,
    {
      name: "region",
      extensions: [".sheet#"],
      async makeAsync(context: AsyncLoadContext) {
        const { value } = await context.loadAsync(context.path, Sheet);
        log.push(`+${context.part}`);
        return value.regions.get(context.part);
      },
      parts: (sheet: Sheet) => sheet.regions.keys(),
    } as const satisfies Loader<string>,
  ] as const;
  using mgr = new ResourceManager({ source, loaders });
  const all = mgr.loadAll(["hero.sheet#idle", "hero.sheet#run"]);
  const twice = mgr.loadAsync("hero.sheet#run");
  const missing = mgr.loadAsync("hero.sheet#rum");
  await letThrough(source);
  using both = await all;
  using run = await twice;
  const looks: string[] = [both["hero.sheet#idle"].value, both["hero.sheet#run"].value, run.value];
  assertEquals(looks, ["@", "&", "&"]);
  await assertRejects(() => missing, ResourceNotFoundError, 'did you mean "run"?');
  assertEquals(source.reads, ["hero.sheet"]);
  assertEquals(log, ["+sheet", "+idle", "+run", "+rum"]);
  assertThrows(
    () => mgr.load("hero.sheet#other"),
    LoaderNotFoundError,
    'Cannot load "hero.sheet#other": its loader "region" is asynchronous, use loadAsync',
  );
});

/** A manager of resources that `make` makes without bytes. */
function making(
  make: Loader<unknown>["make"],
  options: ResourceManagerOptions & Pick<Loader<unknown>, "byteLength"> = {},
) {
  const { byteLength, ...rest } = options;
  const log: string[] = [];
  const source = new MemorySource();
  const loader: Loader<unknown, ".noise"> = {
    name: "noise",
    extensions: [".noise"],
    make(context) {
      log.push(`+${context.key}`);
      return make!(context);
    },
    unload: (value) => void log.push(`-${value}`),
    ...(byteLength && { byteLength }),
  };
  const mgr = new ResourceManager({ source, loaders: [loader], ...rest });
  return { mgr, log, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

Deno.test("a made resource is made once for all handles, has no bytes, and is made again after it was unloaded", () => {
  using m = making(({ path }) => `value of ${path}`);
  {
    using a = m.mgr.load("1.noise");
    using b = m.mgr.load("1.noise", Text);
    assertStrictEquals(a.value, b.value);
    assertEquals([m.mgr.bytes, m.mgr.size], [0, 1]);
  }
  using _again = m.mgr.load("1.noise");
  assertEquals(m.log, ["+1.noise", "-value of 1.noise", "+1.noise"]);
});

Deno.test("a made resource that was evicted is made again", () => {
  using m = making(({ path }) => path, { idle: "keep", maxBytes: 10, byteLength: () => 6 });
  m.mgr.load("1.noise")[Symbol.dispose]();
  m.mgr.load("2.noise")[Symbol.dispose]();
  assertEquals([m.mgr.has("1.noise"), m.mgr.has("2.noise"), m.mgr.bytes], [false, true, 6]);
  m.mgr.load("1.noise")[Symbol.dispose]();
  assertEquals(m.log, ["+1.noise", "+2.noise", "-1.noise", "+1.noise", "-2.noise"]);
  assertEquals(m.mgr.cacheStats().evictions, 2);
});

Deno.test("a made resource is reloaded in place by reload()", () => {
  let count = 0;
  using m = making(() => ++count);
  using noise = m.mgr.load("1.noise");
  m.mgr.reload("1.noise");
  assertEquals([noise.value, noise.version, m.log], [2, 2, ["+1.noise", "+1.noise", "-1"]]);
});

Deno.test("a load fails when make() returns undefined or a promise, or throws, and null is a value", async () => {
  const fails = async (
    make: Loader<unknown>["make"],
    kind: typeof ResourceLoadError,
    why: string,
  ) => {
    using m = making(make);
    const error = assertThrows(() => m.mgr.load("1.noise"), kind, why);
    assertEquals([error.key, m.mgr.size], ["1.noise", 0]);
    const later = await assertRejects(() => m.mgr.loadAsync("1.noise"), kind, why);
    assertEquals([later.message, m.mgr.size], [error.message, 0]);
  };
  await fails(() => undefined, ResourceNotFoundError, 'its loader "noise" returned undefined');
  await fails(
    () => Promise.reject(new Error("unseen")),
    ResourceLoadError,
    'the make of its loader "noise" returned a promise, make it synchronous or call it makeAsync',
  );
  await fails(
    () => {
      throw new RangeError("too loud");
    },
    ResourceLoadError,
    'Cannot load "1.noise": too loud',
  );
  using m = making(() => null);
  using noise = m.mgr.load("1.noise");
  assertEquals([noise.value, m.mgr.has("1.noise"), m.mgr.peek("1.noise")], [null, true, null]);
});

Deno.test("made resources that need each other are a cycle, in load() and in loadAsync()", async () => {
  const next = { "1.noise": "2.noise", "2.noise": "1.noise#x" } as Record<string, string>;
  using m = making((context) => context.load(next[context.path]!).value);
  m.mgr.registerLoader({
    name: "part",
    extensions: [".noise#"],
    make: (context: LoadContext) => context.load(context.path).value,
  });
  const error = assertThrows(() => m.mgr.load("1.noise"), ResourceCycleError);
  assertEquals(error.chain, ["1.noise", "2.noise", "1.noise#x", "1.noise"]);
  await assertRejects(() => m.mgr.loadAsync("1.noise"), ResourceCycleError);
  assertEquals(m.mgr.size, 0);
});

/** A manager of resources that `makeAsync` makes, when the test resolves them. */
function makingLater() {
  const log: string[] = [];
  const makes: PromiseWithResolvers<string | undefined>[] = [];
  const loader: Loader<string, ".noise"> = {
    name: "noise",
    extensions: [".noise"],
    makeAsync({ key, signal }) {
      log.push(`+${key}`);
      signal.addEventListener("abort", () => log.push(`abort ${key}`));
      const made = Promise.withResolvers<string | undefined>();
      makes.push(made);
      return made.promise;
    },
    unload: (value) => void log.push(`-${value}`),
  };
  const mgr = new ResourceManager({ source: new MemorySource(), loaders: [loader] });
  return { mgr, log, makes, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

Deno.test("all waiting loads of a made resource share one makeAsync()", async () => {
  using m = makingLater();
  const [first, second] = [
    m.mgr.loadAsync("1.noise"),
    m.mgr.loadAsync("./1.noise", Sheet),
  ];
  second.catch(() => {});
  await turns();
  assertEquals(m.log, ["+1.noise"]);
  m.makes[0]!.resolve("hiss");
  using one = await first;
  assertEquals(one.value, "hiss");
  await assertRejects(() => second, ResourceTypeError);
  assertEquals(m.log, ["+1.noise"]);
});

Deno.test("makeAsync() is aborted when the last waiter leaves, and what it makes then is unloaded", async () => {
  using m = makingLater();
  const controller = new AbortController();
  const one = m.mgr.loadAsync("1.noise", { signal: controller.signal });
  const two = m.mgr.loadAsync("1.noise");
  await turns();
  controller.abort();
  await assertRejects(() => one, DOMException);
  assertEquals(m.log, ["+1.noise"]);
  two[Symbol.dispose]();
  assertEquals(m.log, ["+1.noise", "abort 1.noise"]);
  m.makes[0]!.resolve("hiss");
  await turns();
  assertEquals([m.log, m.mgr.size], [["+1.noise", "abort 1.noise", "-hiss"], 0]);
  await assertRejects(() => two);
});

Deno.test("a load fails when makeAsync() resolves to undefined or rejects", async () => {
  using m = makingLater();
  const loads = ["1.noise", "2.noise"].map((name) => m.mgr.loadAsync(name));
  await turns();
  m.makes[0]!.resolve(undefined);
  m.makes[1]!.reject(new Error("too loud"));
  const [missing, broken] = await Promise.allSettled(loads);
  assertInstanceOf((missing as PromiseRejectedResult).reason, ResourceNotFoundError);
  assertEquals(
    String((broken as PromiseRejectedResult).reason.message),
    'Cannot load "2.noise": too loud',
  );
  assertEquals(m.mgr.size, 0);
});

Deno.test("the error of load() names a loader that has only makeAsync(), and loadAsync", () => {
  using m = makingLater();
  const error = assertThrows(() => m.mgr.load("1.noise"), LoaderNotFoundError);
  assertEquals(
    [error.message, error.loader],
    ['Cannot load "1.noise": its loader "noise" is asynchronous, use loadAsync', "noise"],
  );
  assertEquals([m.log, m.mgr.size], [[], 0]);
});

Deno.test("a part depends on what its loader loads, and has the value that it makes, by load() and loadAsync()", async () => {
  const thenable = { then: (resolve: (value: number) => void) => resolve(5) };
  const wholes: Loader<string> = {
    name: "whole",
    extensions: [".sheet"],
    variants: true,
    load: (bytes) => decode(bytes),
  };
  const parts: Loader<unknown> = {
    name: "part",
    extensions: [".sheet#"],
    variants: true,
    make: (context) => {
      if (context.part === "own") context.load(context.path); // without the variant
      return thenable;
    },
  };
  const source = new MemorySource({ "hero.sheet": "" });
  using mgr = new ResourceManager({ source, loaders: [wholes, parts] });
  const look = (handle: Disposable & { readonly value: unknown; readonly key: string }) => {
    using part = handle;
    assertStrictEquals(part.value, thenable);
    return mgr.cacheStats().resources[part.key]?.dependencies;
  };
  for (const [part, dependencies] of Object.entries({ own: ["hero.sheet"], none: [] })) {
    const name = `hero.sheet?2x#${part}`;
    assertEquals(look(mgr.load(name)), dependencies);
    assertEquals(look(await mgr.loadAsync(name)), dependencies);
    assertEquals(mgr.size, 0);
  }
});
