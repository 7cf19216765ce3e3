import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Loader,
  ResourceLoadError,
  type ResourceManager,
  type ResourceScope,
  Text,
} from "../../mod.ts";
import { Plan, recordPlay } from "../../src/plan.ts";
import { FakeTime } from "../trace/_recordings.ts";
import { Level, levelLoader, newGame } from "./_game.ts";

/** Plays a title, then a cave. If there is a plan, it enters them. */
async function playGame(mgr: ResourceManager, plan?: Plan): Promise<void> {
  const enter = (scene: string) => plan?.enter(mgr, scene) ?? mgr.scope(scene);
  {
    using title = await enter("title");
    title.load("logo.txt", Text);
  }
  using cave = await enter("cave");
  cave.load("cave.level", Level);
  for (let frame = 0; frame < 3; frame++) mgr.load("spark.txt", Text)[Symbol.dispose]();
  await cave.loadAsync("theme.txt", Text);
}

/** The labels of the scenes, with the scenes that followed each. */
function orderOf(play: { toJSON(): { scenes: Record<string, { next: object }> } }) {
  return Object.fromEntries(
    Object.entries(play.toJSON().scenes).map(([label, { next }]) => [label, next]),
  );
}

/** The keys that the scene `label` requested, urgent or not. */
function keysOf(play: ReturnType<typeof recordPlay>, label: string): string[] {
  return (play.report().scenes[label]?.resources ?? []).map(({ key }) => key);
}

Deno.test("PlayRecord.plan has a line for each resource that a scene requested", async () => {
  using mgr = newGame();
  using play = recordPlay(mgr);
  await playGame(mgr);
  assertEquals(
    String(play.plan),
    `{
  "version": 1,
  "scenes": {
    "": {
      "peak": 0,
      "next": {
        "title": 1
      },
      "urgent": {},
      "other": {}
    },
    "title": {
      "peak": 8,
      "next": {
        "cave": 1
      },
      "urgent": {
        "logo.txt": 8
      },
      "other": {}
    },
    "cave": {
      "peak": 30,
      "next": {},
      "urgent": {
        "cave.level": 25,
        "spark.txt": 1
      },
      "other": {
        "theme.txt": 5
      }
    }
  }
}
`,
  );
});

Deno.test("PlayRecord.plan is the same for the same play, also with the plan except for the peak", async () => {
  const texts: string[] = [];
  let plan: Plan | undefined;
  for (let run = 0; run < 4; run++) {
    using mgr = newGame();
    using play = recordPlay(mgr);
    await playGame(mgr, plan);
    if (run > 0) plan = play.plan;
    texts.push(String(play.plan));
  }
  assertEquals(texts[1], texts[0]);
  assertEquals(texts[2], texts[0]!.replace('"peak": 30', '"peak": 31'));
  assertEquals(texts[3], texts[2]);
});

Deno.test("PlayRecord.report() counts the reads that block the game, and their time", () => {
  using time = new FakeTime();
  const read = (key: string) => {
    time.wait(key === "bear.txt" ? 10 : 1);
    return new TextEncoder().encode(key === "cave.level" ? "bat.txt bear.txt" : key);
  };
  using mgr = newGame({ source: { read }, idle: "keep" });
  using play = recordPlay(mgr);
  using cave = mgr.scope("cave");
  cave.load("cave.level", Level);
  cave.load("bat.txt", Text); // In memory already.
  mgr.load("spark.txt", Text)[Symbol.dispose]();
  mgr.load("spark.txt", Text)[Symbol.dispose]();
  const { blockingMisses, blockedMs, scenes } = play.report();
  assertEquals([blockingMisses, blockedMs], [4, 13]);
  assertEquals(scenes.cave?.resources, [
    { key: "cave.level", bytes: 16 + 7 + 8, isUrgent: true, ms: 12 },
    { key: "bat.txt", bytes: 7, isUrgent: true, ms: 0 },
    { key: "spark.txt", bytes: 9, isUrgent: true, ms: 1 },
  ]);
  assertEquals([scenes.cave?.visits, scenes.cave?.blockingMisses], [1, 4]);
});

Deno.test("PlayRecord.report() does not count asynchronous loads as blocking", async () => {
  using mgr = newGame();
  using play = recordPlay(mgr);
  using cave = mgr.scope("cave");
  const task = cave.loadAsync("cave.level", Level);
  cave.load("hero.txt", Text);
  await task;
  cave.load("cave.level", Level);
  assertEquals(play.report().blockingMisses, 1);
  assertEquals(play.toJSON().scenes.cave?.urgent, { "hero.txt": 1 });
  assertEquals(play.toJSON().scenes.cave?.other, { "cave.level": 25 });
});

Deno.test("PlayRecord.report() counts a synchronous load that overtakes an asynchronous one", async () => {
  using mgr = newGame();
  using play = recordPlay(mgr);
  using cave = mgr.scope("cave");
  const task = cave.loadAsync("hero.txt", Text);
  cave.load("hero.txt", Text);
  await task;
  assertEquals(play.report().blockingMisses, 1);
});

Deno.test("PlayRecord.report() counts no read of a load that failed for the next scene", () => {
  const broken: Loader<Level> = {
    ...levelLoader,
    load(_bytes, context) {
      context.load("bat.txt", Text);
      throw new Error("broken");
    },
  };
  using mgr = newGame({ loaders: [broken], idle: "keep" });
  mgr.load("hero.txt", Text)[Symbol.dispose]();
  using play = recordPlay(mgr);
  {
    using cave = mgr.scope("cave");
    assertThrows(() => cave.load("cave.level", Level), ResourceLoadError);
  }
  using lair = mgr.scope("lair");
  lair.load("hero.txt", Text);
  assertEquals(play.report().blockingMisses, 0);
});

Deno.test("PlayRecord.report() counts the reads of a synchronous loader for the scene that they block", async () => {
  using mgr = newGame({ loaders: [{ ...levelLoader, loadAsync: undefined }] });
  const empty = { peak: 0, next: {}, urgent: {}, other: {} };
  const scenes = {
    title: { ...empty, next: { cave: 1 } },
    cave: { ...empty, urgent: { "cave.level": 25 } },
  };
  const plan = new Plan({ version: 1, scenes });
  using play = recordPlay(mgr);
  using _title = await plan.enter(mgr, "title");
  using ahead = plan.next("title");
  await ahead.loaded;
  assertEquals(play.report().scenes.title?.blockingMisses, 2);
  using cave = await plan.enter(mgr, "cave");
  cave.load("cave.level", Level);
  assertEquals(play.report().scenes.cave?.blockingMisses, 0);
});

Deno.test("PlayRecord.report() has no scene in which only a plan requested something", async () => {
  using mgr = newGame();
  const scene = { peak: 0, next: {}, urgent: {}, other: { "logo.txt": 8 } };
  const plan = new Plan({
    version: 1,
    scenes: { title: { ...scene, next: { cave: 1 } }, cave: scene },
  });
  using play = recordPlay(mgr);
  (await plan.enter(mgr, "title"))[Symbol.dispose]();
  using ahead = plan.next("title");
  await ahead.loaded;
  assertEquals(Object.keys(play.report().scenes), ["title"]);
});

Deno.test("PlayRecord.plan counts requests without a labelled scope for the current scene", async () => {
  using mgr = newGame({ idle: "keep" });
  using play = recordPlay(mgr);
  mgr.load("hero.txt", Text)[Symbol.dispose]();
  {
    using _cave = mgr.scope("cave");
    using helper = mgr.scope();
    helper.load("logo.txt", Text);
    mgr.with("spark.txt", Text, () => {});
    using _hero = mgr.get("hero.txt", Text);
    using _missing = mgr.get("bat.txt", Text);
    using _theme = await mgr.loadAsync("theme.txt", Text);
    using _again = await mgr.loadAsync("spark.txt", Text);
  }
  mgr.load("bear.txt", Text)[Symbol.dispose]();
  assertEquals(keysOf(play, "cave"), ["logo.txt", "spark.txt", "hero.txt", "theme.txt"]);
  const { urgent, other } = play.toJSON().scenes.cave!;
  assertEquals([Object.keys(urgent), Object.keys(other)], [
    ["logo.txt", "spark.txt"],
    ["hero.txt", "theme.txt"],
  ]);
  assertEquals(keysOf(play, ""), ["hero.txt", "bear.txt"]);
});

Deno.test("PlayRecord.plan leaves out what was added, what failed, and what only loaders requested", () => {
  using mgr = newGame();
  using play = recordPlay(mgr);
  using cave = mgr.scope("cave");
  using screen = mgr.add("screen", "pixels", { byteLength: 100 });
  try {
    cave.load("gone.txt", Text);
  } catch {
    // It has to fail.
  }
  cave.load("cave.level", Level);
  assertEquals(screen.key, "screen");
  assertEquals(keysOf(play, "cave"), ["cave.level"]);
  assertEquals(play.toJSON().scenes.cave?.peak, 125);
});

Deno.test("PlayRecord.plan has the scenes that followed each other, apart from nested ones", () => {
  using mgr = newGame();
  using play = recordPlay(mgr);
  using _game = mgr.scope("game");
  for (const scene of ["title", "cave", "cave", "lair"]) {
    using _scene = mgr.scope(scene);
    if (scene !== "cave") continue;
    for (let i = 0; i < 2; i++) mgr.scope("pause").dispose();
  }
  assertEquals(orderOf(play), {
    "": { game: 1 },
    game: { title: 1 },
    title: { cave: 1 },
    cave: { pause: 2, lair: 1 },
    pause: {},
    lair: {},
  });
});

Deno.test("PlayRecord.plan has the scenes that followed each other when scopes overlap or move", () => {
  using mgr = newGame();
  using play = recordPlay(mgr);
  let current: ResourceScope = mgr.scope("title");
  for (const scene of ["cave", "lair"]) {
    using entering = mgr.scope(scene);
    entering.load("hero.txt", Text);
    current.dispose();
    current = entering.move();
  }
  mgr.load("spark.txt", Text)[Symbol.dispose]();
  current.dispose();
  mgr.load("logo.txt", Text)[Symbol.dispose]();
  using _end = mgr.scope("end");
  assertEquals(orderOf(play), {
    "": { title: 1 },
    title: { cave: 1 },
    cave: { lair: 1 },
    lair: { end: 1 },
    end: {},
  });
  assertEquals(keysOf(play, "lair"), ["hero.txt", "spark.txt"]);
  assertEquals(keysOf(play, ""), ["logo.txt"]);
});

Deno.test("PlayRecord.plan combines all visits of a scene, and all scopes with one label", () => {
  using mgr = newGame();
  using play = recordPlay(mgr);
  for (const names of [["hero.txt", "bat.txt"], ["logo.txt", "hero.txt"]]) {
    using one = mgr.scope("cave");
    using two = mgr.scope("cave");
    one.load(names[0]!, Text);
    two.load(names[1]!, Text);
  }
  assertEquals(play.toJSON().scenes.cave, {
    peak: 9,
    next: {},
    urgent: { "hero.txt": 1, "bat.txt": 3, "logo.txt": 8 },
    other: {},
  });
  assertEquals(play.report().scenes.cave?.visits, 4);
});

Deno.test("PlayRecord keeps keys and labels such as __proto__ and toString unchanged", () => {
  using mgr = newGame({ source: { read: () => new Uint8Array(2) } });
  using play = recordPlay(mgr);
  using scope = mgr.scope("__proto__");
  scope.load("__proto__.txt", Text);
  using toString = mgr.scope("toString");
  toString.load("constructor.txt", Text);
  const file = String(play.plan);
  assertEquals(String(new Plan(file)), file);
  assertEquals(new Plan(file).scenes, ["", "__proto__", "toString"]);
  assert(file.includes('"__proto__.txt": 2'), file);
});

Deno.test("two recordings of one manager see the same, and one that has stopped sees no more", () => {
  using mgr = newGame();
  using one = recordPlay(mgr);
  const two = recordPlay(mgr);
  using cave = mgr.scope("cave");
  cave.load("hero.txt", Text);
  assertEquals(String(two.plan), String(one.plan));
  two[Symbol.dispose]();
  cave.load("bat.txt", Text);
  assertEquals([one.disposed, two.disposed], [false, true]);
  assertEquals(keysOf(one, "cave"), ["hero.txt", "bat.txt"]);
  assertEquals([keysOf(two, "cave"), two.plan.scenes], [["hero.txt"], ["", "cave"]]);
  assertEquals(two.report().scenes.cave?.atPeak, [{ key: "hero.txt", bytes: 1 }]);
});

Deno.test("a recording works for scopes that are open already, and after the manager is disposed", () => {
  const mgr = newGame({ leaks: { onLeak() {} } });
  const cave = mgr.scope("cave");
  using play = recordPlay(mgr);
  cave.load("hero.txt", Text);
  mgr.scope("lair").load("bat.txt", Text);
  mgr[Symbol.dispose]();
  cave.dispose();
  assertEquals(keysOf(play, "cave"), ["hero.txt"]);
  assertEquals([play.toJSON().scenes.cave?.peak, play.toJSON().scenes.lair?.peak], [1, 3]);
});
