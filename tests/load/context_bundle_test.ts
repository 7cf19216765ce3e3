/** `loadAll` of the context of a loader: a level loads everything that it needs. */
import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  type AsyncLoadContext,
  isWithdrawn,
  type Loader,
  type LoadProgress,
  MemorySource,
  ResourceCycleError,
  ResourceLoadError,
  ResourceManager,
  type ResourceManagerOptions,
  ResourceNotFoundError,
  Text,
} from "../../mod.ts";
import { GatedSource } from "../../src/testing.ts";
import { FakeClock } from "../_fake_clock.ts";
import { guardAgainstLeaks } from "../_guard.ts";
import { letThrough, turns } from "../_turns.ts";

guardAgainstLeaks();

/** The parts of a level, by the names in its file. */
type Parts = Record<string, { readonly value: unknown } | undefined>;

class Level {
  constructor(readonly parts: Parts) {}
}

const FILES = {
  "dir/1.level": '{ "hero": "./hero.txt", "hat": "hat.txt" }',
  "dir/hero.txt": "@",
  "hat.txt": "^^",
};

/** Makes a level from a bundle in JSON. `open` may load the bundle in another way. */
class LevelLoader implements Loader<Level> {
  readonly name = "level";
  readonly extensions = [".level"];
  readonly log: string[] = [];

  constructor(readonly open = loadParts) {}

  async loadAsync(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Level> {
    return new Level(await this.open(JSON.parse(new TextDecoder().decode(bytes)), context));
  }

  unload(): void {
    this.log.push("-level");
  }
}

function loadParts(bundle: Record<string, string>, context: AsyncLoadContext): Promise<Parts> {
  return context.loadAll(bundle);
}

function levels(
  files: Record<string, string> = FILES,
  { open = loadParts, ...options }: ResourceManagerOptions & { open?: typeof loadParts } = {},
) {
  const source = new GatedSource(files);
  const loader = new LevelLoader(open);
  const mgr = new ResourceManager({ source, loaders: [loader], ...options });
  return { source, loader, mgr, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

function valuesOf({ parts }: Level): unknown[] {
  return Object.values(parts).map((part) => part?.value);
}

Deno.test("context.loadAll() loads side by side, resolves names relative to the resource, and keeps the values while it is resident", async () => {
  using g = levels();
  g.mgr.on("unload", ({ key }) => g.loader.log.push(`unload ${key}`));
  const task = g.mgr.loadAsync("dir/1.level", Level);
  g.source.open("dir/1.level");
  await Promise.all([g.source.arrival("dir/hero.txt"), g.source.arrival("hat.txt")]);
  await letThrough(g.source);
  {
    using level = await task;
    assertEquals(valuesOf(level.value), ["@", "^^"]);
    const { dependencies } = g.mgr.cacheStats().resources["dir/1.level"]!;
    assertEquals(dependencies, ["dir/hero.txt", "hat.txt"]);
    assertEquals([g.mgr.holders("hat.txt")[0]?.label, g.mgr.size], ["dir/1.level", 3]);
  }
  assertEquals(g.loader.log, [
    "-level",
    "unload dir/1.level",
    "unload hat.txt",
    "unload dir/hero.txt",
  ]);
});

Deno.test("context.loadAll() rejects with a single error as it is, with several as one AggregateError, and keeps nothing", async () => {
  using g = levels({ ...FILES, "2.level": '{ "hat": "hat.txt", "no": "no.txt" }' });
  g.source.openAll();
  const one = await assertRejects(() => g.mgr.loadAsync("2.level", Level), ResourceLoadError);
  assertInstanceOf(one.cause, ResourceNotFoundError);
  assertEquals(one.message, `Cannot load "2.level": ${one.cause.message}`);
  assertEquals(g.mgr.size, 0);

  using two = levels({ "3.level": '{ "hat": "hat.txt", "no": "no.txt", "out": "../x" }' });
  two.source.openAll();
  const error = await assertRejects(() => two.mgr.loadAsync("3.level", Level), ResourceLoadError);
  assertInstanceOf(error.cause, AggregateError);
  assertEquals(error.cause.errors.map(({ key, name }) => key ?? name), [
    "hat.txt",
    "no.txt",
    "ResourcePathError",
  ]);
  assert(error.message.includes("Cannot load 3 of 3 resources: "), error.message);
  assertEquals(two.mgr.size, 0);
});

Deno.test("context.loadAll() releases the others when one fails, even if the loader goes on", async () => {
  const seen: unknown[] = [];
  using g = levels({ "1.level": '{ "a": "a.txt", "no": "no.txt" }', "a.txt": "a" }, {
    async open(bundle, context) {
      const failure = await context.loadAll(bundle).catch((error) => error);
      seen.push(failure instanceof ResourceNotFoundError, g.mgr.has("a.txt"));
      return {};
    },
  });
  g.source.openAll();
  using _level = await g.mgr.loadAsync("1.level", Level);
  assertEquals(seen, [true, false]);
});

Deno.test("context.loadAll() with partial keeps what could be loaded until the resource is unloaded", async () => {
  const errors: string[][] = [];
  const source = new MemorySource({ "1.level": '{ "a": "a.txt", "no": "no.txt" }', "a.txt": "a" });
  const loader = new LevelLoader(async (bundle, context) => {
    const parts = await context.loadAll(bundle, { partial: true });
    errors.push(Object.keys(parts.errors));
    return parts;
  });
  const clock = new FakeClock();
  using mgr = new ResourceManager({ source, loaders: [loader], clock });
  {
    using level = await mgr.loadAsync("1.level", Level);
    assertEquals([valuesOf(level.value), errors], [["a", undefined], [["no"]]]);
    using _watcher = mgr.watch();
    source.set("no.txt", "there now");
    clock.advance(50);
    await turns();
    assertEquals([valuesOf(level.value), errors[1]], [["a", "there now"], []]);
  }
  assertEquals(mgr.size, 0);
});

Deno.test("context.loadAll() makes dependencies: when one is reloaded, so is the resource", async () => {
  using g = levels();
  g.source.openAll();
  using level = await g.mgr.loadAsync("dir/1.level", Level);
  await g.mgr.reloadAsync("hat.txt");
  assertEquals([level.version, valuesOf(level.value)], [2, ["@", "^^"]]);
  assertEquals(g.mgr.cacheStats().totalReferences, 3);
});

Deno.test("context.loadAll() loads a list of names of one type", async () => {
  using g = levels({
    "dir/1.level": '["./hero.txt", "hat.txt"]',
    "dir/hero.txt": "@",
    "hat.txt": "^",
  }, {
    async open(names, context) {
      const { actors } = await context.loadAll({ actors: [names as unknown as string[], Text] });
      return Object.fromEntries(actors.entries());
    },
  });
  g.source.openAll();
  {
    using level = await g.mgr.loadAsync("dir/1.level", Level);
    assertEquals(valuesOf(level.value), ["@", "^"]);
    const { dependencies } = g.mgr.cacheStats().resources["dir/1.level"]!;
    assertEquals(dependencies, ["dir/hero.txt", "hat.txt"]);
  }
  assertEquals(g.mgr.size, 0);
});

Deno.test("context.loadAll() refuses a cycle with its chain, at once", async () => {
  using g = levels({
    "a.level": '{ "b": "b.level", "hat": "hat.txt" }',
    "b.level": '{ "a": "a.level" }',
    "hat.txt": "^",
  });
  g.source.openAll();
  const error = await assertRejects(() => g.mgr.loadAsync("a.level", Level), ResourceCycleError);
  assertEquals(error.chain, ["b.level", "a.level", "b.level"]);
  assertEquals([g.mgr.size, g.mgr.pending()], [0, []]);
});

Deno.test("context.loadAll() counts each resource once in the progress of the load", async () => {
  using g = levels();
  const seen: LoadProgress[] = [];
  g.source.openAll();
  const onProgress = (progress: LoadProgress) => void seen.push(progress);
  using _level = await g.mgr.loadAsync("dir/1.level", Level, { onProgress });
  assertEquals(seen[0], { done: 0, total: 1 });
  assertEquals(seen.at(-1), { done: 3, total: 3, bytes: 45, totalBytes: 45 });
  assert(seen.every(({ done, total }, index) => done < total || index === seen.length - 1));
});

Deno.test("context.loadAll() is as urgent as the load, and becomes more urgent with it", async () => {
  using g = levels(FILES, { maxConcurrency: 1 });
  using scene = g.mgr.scope();
  void scene.loadAsync("dir/1.level", Level, { priority: "low" });
  g.source.open("dir/1.level");
  await g.source.arrival("dir/hero.txt");
  const urgencies = () => g.mgr.pending().map(({ priority }) => priority);
  assertEquals(urgencies(), ["low", "low", "low"]);
  void scene.loadAsync("dir/1.level", Level, { priority: "high" });
  assertEquals(urgencies(), ["high", "high", "high"]);
  await letThrough(g.source);
});

Deno.test("context.loadAll() is withdrawn with its load, and nobody has to handle the rejection", async () => {
  for (const pacing of ["immediate", "pumped"] as const) {
    const seen: unknown[] = [];
    using g = levels(FILES, {
      pacing,
      async open(bundle, context) {
        void context.loadAll(bundle); // nobody handles its rejection
        return await context.loadAll(bundle).catch((error) => {
          seen.push(isWithdrawn(error), error.message);
          throw error;
        });
      },
    });
    const task = g.mgr.loadAsync("dir/1.level", Level);
    g.source.open("dir/1.level");
    await turns();
    g.mgr.pump();
    const reads = await Promise.all([
      g.source.arrival("dir/hero.txt"),
      g.source.arrival("hat.txt"),
    ]);
    task[Symbol.dispose]();
    await turns(); // without a pump, because references are released at once
    const names = 'hero: "./hero.txt", hat: "hat.txt"';
    assertEquals(seen, [true, `Cannot load the bundle { ${names} }: it was withdrawn`]);
    assertEquals(reads.map(({ signal }) => signal?.aborted), [true, true]);
    assertEquals([g.mgr.size, g.mgr.pending()], [0, []]);
  }
});

Deno.test("context.loadAll() that nobody awaits belongs to the resource, and ends with it", async () => {
  using g = levels({ ...FILES, "2.level": '{ "no": "no.txt", "hat": "hat.txt" }' }, {
    open(bundle, context) {
      void context.loadAll(bundle);
      return Promise.resolve({});
    },
  });
  g.source.open("dir/1.level");
  const first = await g.mgr.loadAsync("dir/1.level", Level);
  const { signal } = await g.source.arrival("hat.txt");
  first[Symbol.dispose]();
  assertEquals([signal?.aborted, g.mgr.size], [true, 0]);

  g.source.openAll();
  {
    using _level = await g.mgr.loadAsync("dir/1.level", Level);
    await g.mgr.settled();
    assertEquals(g.mgr.size, 3);
    using _broken = await g.mgr.loadAsync("2.level", Level);
    await g.mgr.settled();
    assertEquals(g.mgr.size, 4); // it has released the hat, which another level still holds
  }
  assertEquals(g.mgr.size, 0);
});

Deno.test("context.loadAll() never throws: it rejects a malformed bundle, and any bundle after the load has ended", async () => {
  const seen: unknown[] = [];
  using g = levels(FILES, {
    async open(bundle, context) {
      assertEquals(Object.keys(await context.loadAll({})), []);
      for (const wrong of [null, { a: 1 }, [["a.txt", Text]]] as never[]) {
        seen.push(await context.loadAll(wrong).catch(({ name }) => name));
      }
      context.dispose();
      const late = await context.loadAll(bundle).catch((error) => error);
      seen.push(late.message, isWithdrawn(late));
      return {};
    },
  });
  g.source.openAll();
  using _level = await g.mgr.loadAsync("dir/1.level", Level);
  assertEquals(seen, [
    "TypeError",
    "TypeError",
    "TypeError",
    'Cannot load the bundle { hero: "./hero.txt", hat: "hat.txt" }: ' +
    'the load of "dir/1.level" has ended',
    true,
  ]);
  assertEquals(g.mgr.cacheStats().resources["dir/1.level"]?.dependencies, []);
});

Deno.test("context.loadAll() lets the loaders of a paced manager wait for their pumps", async () => {
  const files = { "a.level": '{ "b": "b.level", "hat": "hat.txt" }', "b.level": "{}" };
  using g = levels({ ...files, "hat.txt": "^" }, { pacing: "pumped" });
  g.source.openAll();
  const task = g.mgr.loadAsync("a.level", Level);
  const pumps: number[] = [];
  for (let pump = 0; pump < 3; pump++) {
    await turns();
    pumps.push(g.mgr.pending().length);
    assertEquals(g.mgr.has("a.level"), false);
    g.mgr.pump({ maxMs: 0 }); // one piece each
  }
  assertEquals(pumps, [1, 3, 2]);
  using level = await task;
  assertEquals(Object.keys(level.value.parts), ["b", "hat"]);
});
