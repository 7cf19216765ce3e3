import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  isWithdrawn,
  type Loader,
  ManagerDisposedError,
  MemorySource,
  type ResourceEvents,
  Text,
  textLoader,
} from "../../mod.ts";
import { Plan, type PlannedScene, recordPlay } from "../../src/plan.ts";
import { GatedSource } from "../../src/testing.ts";
import { turns } from "../_turns.ts";
import { FILES, Level, newGame } from "./_game.ts";

/** A plan of these scenes. */
function planOf(scenes: Record<string, Partial<PlannedScene>>): Plan {
  const empty = { peak: 0, next: {}, urgent: {}, other: {} };
  const whole = Object.entries(scenes).map(([label, scene]) => [label, { ...empty, ...scene }]);
  return new Plan({ version: 1, scenes: Object.fromEntries(whole) });
}

const CAVE = planOf({ cave: { urgent: { "cave.level": 25 }, other: { "hero.txt": 1 } } });

Deno.test("Plan.enter() resolves to a scope that holds the loaded resources of the scene", async () => {
  using mgr = newGame();
  {
    using cave = await CAVE.enter(mgr, "cave");
    assertEquals(cave.label, "cave");
    assertEquals(mgr.size, 4);
    const { misses } = mgr.cacheStats();
    assertEquals(cave.load("cave.level", Level).value.texts, ["bat", "a bear"]);
    assertEquals(mgr.with("hero.txt", Text, String), "@");
    assertEquals(mgr.cacheStats().misses, misses);
    assertEquals(mgr.holders("hero.txt").map(({ label }) => label), ["cave"]);
  }
  assertEquals(mgr.size, 0);
});

Deno.test("Plan.enter() reads the urgent resources and their dependencies first, in the order of use", async () => {
  const source = new GatedSource(FILES);
  using mgr = newGame({ source, maxConcurrency: 1 });
  const plan = planOf({
    cave: {
      urgent: { "hero.txt": 1, "cave.level": 25, "logo.txt": 8 },
      other: { "theme.txt": 5, "spark.txt": 1 },
    },
  });
  const entering = plan.enter(mgr, "cave");
  source.openAll();
  using _cave = await entering;
  assertEquals(source.reads, [
    "hero.txt",
    "cave.level",
    "logo.txt",
    "bat.txt",
    "bear.txt",
    "theme.txt",
    "spark.txt",
  ]);
});

Deno.test("Plan.enter() loads side by side, and reports its progress", async () => {
  const source = new GatedSource(FILES);
  using mgr = newGame({ source });
  const steps: string[] = [];
  const entering = CAVE.enter(mgr, "cave", {
    onProgress: ({ done, total }) => steps.push(`${done} of ${total}`),
  });
  assertEquals(source.waiting.map(({ key }) => key), ["cave.level", "hero.txt"]);
  source.openAll();
  using _cave = await entering;
  assertEquals([steps.at(0), steps.at(-1)], ["0 of 2", "4 of 4"]);
});

Deno.test("Plan.enter() leaves out what can't be loaded, and raises a warning", async () => {
  using mgr = newGame();
  const warnings: ResourceEvents["warning"][] = [];
  using _warnings = mgr.on("warning", (warning) => warnings.push(warning));
  const plan = planOf({
    cave: { urgent: { "gone.txt": 3, "hero.txt": 1, "what.is": 3 }, other: { "../out.txt": 1 } },
  });
  using _cave = await plan.enter(mgr, "cave");
  assert(mgr.has("hero.txt"));
  assertEquals(warnings.map(({ key }) => key), ["gone.txt", "what.is", "../out.txt"]);
  assertEquals(
    warnings[0]!.message,
    'Cannot load all that is planned for the scene "cave", record the play again: ' +
      'Cannot load "gone.txt": the memory source has no such key',
  );
});

Deno.test("Plan.enter() creates an empty scope for a scene that the plan does not have", async () => {
  using mgr = newGame();
  using lair = await CAVE.enter(mgr, "lair");
  assertEquals([lair.label, lair.disposed, mgr.size], ["lair", false, 0]);
});

Deno.test("Plan.enter() loads by key, even if the key is also the name of an indexed file", async () => {
  const files = { "hero.txt": "root", "chars/hero.txt": "indexed" };
  using mgr = newGame({ source: new MemorySource(files) });
  mgr.indexDirectory("chars");
  const plan = planOf({ cave: { urgent: { "hero.txt": 4, "chars/hero.txt": 7 } } });
  using _cave = await plan.enter(mgr, "cave");
  assertEquals([mgr.peek("./hero.txt"), mgr.peek("hero")], ["root", "indexed"]);
});

Deno.test("Plan.enter() rejects when its signal aborts, and holds nothing then", async () => {
  const source = new GatedSource(FILES);
  using mgr = newGame({ source });
  const player = new AbortController();
  const entering = CAVE.enter(mgr, "cave", { signal: player.signal });
  source.open("hero.txt");
  await turns();
  assertEquals(mgr.size, 1);
  player.abort(new Error("left"));
  await assertRejects(() => entering, Error, "left");
  assertEquals([mgr.size, source.waiting], [0, []]);
  await assertRejects(() => CAVE.enter(mgr, "cave", { signal: player.signal }), Error, "left");
  assertEquals([mgr.size, source.reads], [0, ["cave.level", "hero.txt"]]);
});

Deno.test("Plan.enter() rejects when the manager is disposed or cleared by force", async () => {
  const source = new GatedSource(FILES);
  const mgr = newGame({ source });
  const first = CAVE.enter(mgr, "cave");
  mgr.clear({ force: true });
  assert(isWithdrawn(await first.catch((error) => error)));
  const second = CAVE.enter(mgr, "cave");
  mgr[Symbol.dispose]();
  await assertRejects(() => second, ManagerDisposedError);
  await assertRejects(() => CAVE.enter(mgr, "cave"), ManagerDisposedError);
});

Deno.test("Plan.enter() loses no error when unloading throws too", async () => {
  const source = new GatedSource(FILES);
  const stubborn: Loader<string> = {
    ...textLoader,
    load: textLoader.load!,
    unload() {
      throw new Error("stubborn");
    },
  };
  using mgr = newGame({ source, loaders: [stubborn] });
  const player = new AbortController();
  const plan = planOf({ cave: { other: { "hero.txt": 1, "bat.txt": 3 } } });
  const errors: unknown[] = [];
  using _errors = mgr.on("error", ({ error }) => errors.push(error));
  const entering = plan.enter(mgr, "cave", { signal: player.signal });
  source.open("hero.txt");
  await turns();
  player.abort(new Error("left"));
  const error = await entering.catch((error) => error);
  const all = [...errors, error, error.error, error.suppressed].filter(Boolean).map(String);
  assertEquals(all.filter((text) => text === "Error: left").length, 1);
  assert(all.some((text) => text === "Error: stubborn"), all.join());
});

const FOLLOWED = planOf({
  title: { next: { cave: 5, lair: 3, end: 1 }, urgent: { "logo.txt": 8 } },
  cave: { urgent: { "hero.txt": 1, "bat.txt": 3 } },
  lair: { other: { "theme.txt": 5, "gone.txt": 1 } },
  end: { urgent: { "spark.txt": 1 } },
});

Deno.test("Plan.next() loads what probably follows, the most frequent scene first, after other loads", async () => {
  const source = new GatedSource(FILES);
  using mgr = newGame({ source, maxConcurrency: 1 });
  source.openAll();
  using _title = await FOLLOWED.enter(mgr, "title");
  source.closeAll();
  {
    using ahead = FOLLOWED.next("title");
    using _bear = mgr.loadAsync("bear.txt", Text);
    assertEquals(ahead.scenes, ["cave", "lair"]);
    source.openAll();
    await ahead.loaded;
    assertEquals(source.reads, [
      "logo.txt",
      "hero.txt",
      "bear.txt",
      "bat.txt",
      "theme.txt",
      "gone.txt",
    ]);
    assertEquals(mgr.size, 5);
  }
  assertEquals(mgr.size, 1);
});

Deno.test("Plan.next() preloads a scene that followed one time in four, and none that did so less often", async () => {
  for (const [cave, scenes] of [[3, ["cave", "lair"]], [4, ["cave"]]] as const) {
    using mgr = newGame({ source: new MemorySource(FILES) });
    const plan = planOf({ title: { next: { cave, lair: 1 } }, cave: {}, lair: {} });
    using _title = await plan.enter(mgr, "title");
    using ahead = plan.next("title");
    assertEquals(ahead.scenes, scenes);
  }
});

Deno.test("Plan.next() withdraws the loads that are under way when its result is disposed", async () => {
  const source = new GatedSource(FILES);
  using mgr = newGame({ source });
  source.open("logo.txt");
  using _title = await FOLLOWED.enter(mgr, "title");
  const ahead = FOLLOWED.next("title");
  assertEquals(source.waiting.length, 4);
  ahead[Symbol.dispose]();
  ahead[Symbol.dispose]();
  assertEquals(source.waiting, []);
  assert(isWithdrawn(await ahead.loaded.catch((error) => error)));
});

Deno.test("Plan.enter() shares the reads that next() has started", async () => {
  const source = new GatedSource(FILES);
  using mgr = newGame({ source });
  source.open("logo.txt");
  using _title = await FOLLOWED.enter(mgr, "title");
  const ahead = FOLLOWED.next("title");
  const entering = FOLLOWED.enter(mgr, "cave");
  ahead[Symbol.dispose]();
  assertEquals(source.waiting.map(({ key }) => key), ["hero.txt", "bat.txt"]);
  source.openAll();
  using _cave = await entering;
  assertEquals(source.reads.filter((key) => key === "hero.txt"), ["hero.txt"]);
});

Deno.test("Plan.next() loads nothing if no scene follows, or if the plan does not have that scene", async () => {
  using mgr = newGame();
  const plan = planOf({ cave: { next: { lair: 1 } }, end: {} });
  for (const scene of ["cave", "end", "elsewhere"]) {
    using _scene = await plan.enter(mgr, scene);
    using ahead = plan.next(scene);
    await ahead.loaded;
    assertEquals([ahead.scenes, mgr.size], [[], 0]);
  }
});

Deno.test("Plan.next() throws if no manager has entered the scene, or if that manager is disposed", async () => {
  const plan = planOf({ lair: {} });
  {
    using mgr = newGame();
    using _lair = await plan.enter(mgr, "lair");
    plan.next("lair")[Symbol.dispose]();
  }
  assertThrows(() => plan.next("lair"), ReferenceError, 'what follows "lair"');
  assertThrows(
    () => planOf({ cave: {} }).next("cave"),
    ReferenceError,
    'Cannot preload what follows "cave": it was not entered, call enter() first',
  );
});

Deno.test("PlayRecord.report() counts the bytes that a plan has loaded, and those that were not used", async () => {
  using mgr = newGame({ idle: "keep" });
  using play = recordPlay(mgr);
  const plan = planOf({
    title: { next: { cave: 1 }, urgent: { "logo.txt": 8 } },
    cave: { urgent: { "cave.level": 25, "hero.txt": 1 }, other: { "theme.txt": 5 } },
  });
  {
    using title = await plan.enter(mgr, "title");
    title.load("logo.txt", Text);
    using ahead = plan.next("title");
    await ahead.loaded;
  }
  const figures = () => {
    const { fetchedBytes, unusedBytes, blockingMisses } = play.report();
    return [fetchedBytes, unusedBytes, blockingMisses];
  };
  assertEquals(figures(), [39, 31, 0]);
  using cave = await plan.enter(mgr, "cave");
  assertEquals(figures(), [39, 31, 0]);
  cave.load("cave.level", Level);
  assertEquals(figures(), [39, 6, 0]);
  cave.load("hero.txt", Text);
  cave.load("spark.txt", Text);
  assertEquals(figures(), [39, 5, 1]);
  assertEquals(play.report().waste, 5 / 39);
});

Deno.test("PlayRecord.report() counts what is unloaded before it is used as unused", async () => {
  using mgr = newGame();
  using play = recordPlay(mgr);
  (await CAVE.enter(mgr, "cave")).dispose();
  using again = await CAVE.enter(mgr, "cave");
  again.load("cave.level", Level);
  again.load("hero.txt", Text);
  assertEquals([play.report().fetchedBytes, play.report().unusedBytes], [52, 26]);
});
