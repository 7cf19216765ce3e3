import { assert, assertEquals, assertThrows } from "@std/assert";
import { MemorySource, ResourceManager, Text } from "../../mod.ts";
import { recordPlay } from "../../src/plan.ts";
import { assertPeak, ResourcePeakError } from "../../src/testing.ts";
import { Level, newGame } from "../plan/_game.ts";

/** The error of `assertPeak` for the cave. */
function peakError(mgr: ResourceManager, bytes: number): ResourcePeakError {
  return assertThrows(() => assertPeak(mgr, "cave", bytes), ResourcePeakError);
}

Deno.test("assertPeak() lists the resources that a scene held at its peak, the largest first", () => {
  using mgr = newGame();
  using _play = recordPlay(mgr);
  {
    using cave = mgr.scope("cave");
    cave.load("cave.level", Level);
    cave.load("bear.txt", Text); // the level has it already
    cave.load("logo.txt", Text)[Symbol.dispose]();
    cave.load("theme.txt", Text)[Symbol.dispose]();
  }
  assertPeak(mgr, "cave", 33);
  const error = peakError(mgr, 32);
  assertEquals([error.name, error.scene, error.peak, error.limit], [
    "ResourcePeakError",
    "cave",
    33,
    32,
  ]);
  assertEquals(
    error.message,
    `Cannot keep the scene "cave" within 32 bytes: it held 33 bytes at its peak, make what it loads smaller or release it earlier
  cave.level  16
  logo.txt     8
  bear.txt     6
  bat.txt      3`,
  );
});

Deno.test("assertPeak() works while the scene is played, after it, and after the manager is disposed", () => {
  const mgr = newGame();
  const play = recordPlay(mgr);
  const cave = mgr.scope("cave");
  cave.load("hero.txt", Text);
  assertPeak(mgr, "cave", 1);
  peakError(mgr, 0);
  cave.load("bat.txt", Text);
  peakError(mgr, 3);
  cave.dispose();
  peakError(mgr, 3);
  play[Symbol.dispose]();
  mgr[Symbol.dispose]();
  assertPeak(mgr, "cave", 4);
  peakError(mgr, 3);
});

Deno.test("assertPeak() counts what is held at once, in all visits and all scopes with the label", () => {
  using mgr = newGame({ idle: "keep" });
  using _play = recordPlay(mgr);
  for (const name of ["logo.txt", "bear.txt", "bat.txt"]) {
    using cave = mgr.scope("cave");
    cave.load(name, Text);
  }
  assertPeak(mgr, "cave", 8);
  peakError(mgr, 7);
  using one = mgr.scope("cave");
  one.load("hero.txt", Text);
  using two = mgr.scope("cave");
  two.load("logo.txt", Text);
  two.load("hero.txt", Text);
  peakError(mgr, 8);
  assertPeak(mgr, "cave", 9);
  two.dispose();
  one.load("cave.level", Level);
  assertEquals(peakError(mgr, 0).peak, 26);
});

Deno.test("assertPeak() counts added values and reloads, and counts a resource once that is also used outside the scope", () => {
  const files = new MemorySource({ "hero.txt": "@" });
  using mgr = new ResourceManager({ source: files });
  using _play = recordPlay(mgr);
  using cave = mgr.scope("cave");
  cave.use(mgr.add("screen", {}, { byteLength: 100 }));
  assertEquals(peakError(mgr, 0).peak, 100);
  cave.load("hero.txt", Text);
  files.set("hero.txt", "a much larger hero");
  mgr.reload("hero.txt");
  assertEquals(peakError(mgr, 0).peak, 118);
  files.set("hero.txt", "@");
  mgr.reload("hero.txt");
  mgr.with("hero.txt", Text, () => {});
  assertEquals(peakError(mgr, 0).peak, 118);
  assertEquals(peakError(mgr, 0).resources, [
    { key: "screen", bytes: 100 },
    { key: "hero.txt", bytes: 18 },
  ]);
});

Deno.test("assertPeak() counts the new dependencies of a level after a reload", () => {
  const files = new MemorySource({ "cave.level": "a.txt b.txt", "a.txt": "aa", "b.txt": "bbb" });
  using mgr = newGame({ source: files });
  using _play = recordPlay(mgr);
  using cave = mgr.scope("cave");
  const level = cave.load("cave.level", Level);
  assertEquals(peakError(mgr, 0).peak, 16);
  files.set("cave.level", "a.txt c.txt");
  files.set("c.txt", "c".repeat(20));
  mgr.reload("cave.level");
  assertEquals(peakError(mgr, 0).peak, 33);
  level[Symbol.dispose]();
  cave.load("b.txt", Text);
  assertEquals(peakError(mgr, 0).peak, 33);
});

Deno.test("assertPeak() uses the highest peak of several recordings", () => {
  using mgr = newGame();
  const first = recordPlay(mgr);
  mgr.scope("cave").load("logo.txt", Text)[Symbol.dispose]();
  first[Symbol.dispose]();
  using _second = recordPlay(mgr);
  mgr.scope("cave").load("bat.txt", Text)[Symbol.dispose]();
  assertEquals(peakError(mgr, 7).peak, 8);
});

Deno.test("assertPeak() lists eight resources, and counts the others", () => {
  using mgr = new ResourceManager({ source: { read: () => new Uint8Array(9) } });
  using _play = recordPlay(mgr);
  using cave = mgr.scope("cave");
  for (let i = 0; i < 10; i++) cave.load(`${i}.txt`, Text);
  const { message } = peakError(mgr, 0);
  assertEquals(message.split("\n").length, 10);
  assert(message.endsWith("\n  7.txt  9\n  and 2 more"), message);
});

Deno.test("assertPeak() refuses a scene that was not played, and a limit that is not a number", () => {
  using mgr = newGame();
  assertThrows(
    () => assertPeak(mgr, "cave", 1),
    RangeError,
    'Cannot assert the peak of "cave": nothing was recorded, call recordPlay() first',
  );
  using _play = recordPlay(mgr);
  assertThrows(() => assertPeak(mgr, "cave", 1), RangeError, "use one of: none");
  mgr.scope("title").dispose();
  assertThrows(
    () => assertPeak(mgr, "cave", 1),
    RangeError,
    'no scope of that label was made while recordPlay() ran, use one of: "title"',
  );
  assertPeak(mgr, "title", 0);
  for (const bytes of [-1, NaN]) {
    assertThrows(() => assertPeak(mgr, "title", bytes), RangeError, `received ${bytes}`);
  }
});
