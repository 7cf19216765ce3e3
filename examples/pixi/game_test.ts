/** Tests the game without a screen, because PixiJS makes textures and sprites in Deno too. */
import { FileSource } from "@holdfast/resources";
import { assertNoLeaks, trackManagers } from "@holdfast/resources/testing";
import { assert, assertEquals } from "@std/assert";
import { Container } from "pixi.js";
import { Game } from "./game.ts";
import type { Scene } from "./scene.ts";

const ASSETS = new URL("../assets/", import.meta.url);

/** The keys of the resources in use. */
function liveIn({ mgr }: Game): string[] {
  const { resources } = mgr.cacheStats();
  return Object.keys(resources).filter((key) => resources[key]!.state === "live");
}

Deno.test("each place is shown with its own pictures, and releases them", async () => {
  using _managers = trackManagers();
  const stage = new Container();
  {
    using game = new Game(stage, new FileSource(ASSETS));
    for (const place of ["forest", "caves", "lair", "forest"] as const) {
      await game.enter(place);
      const levels = liveIn(game).filter((key) => key.endsWith(".level.json"));
      assertEquals(levels, [`${place}/${place}.level.json`]); // the others are idle or evicted
      assert(liveIn(game).includes(`${place}/tiles.png`), "the sheet keeps its image");
      assertEquals(stage.children.length, 1);
    }
    assert(game.mgr.bytes <= 1_500_000, "the budget holds for all places");
    assertEquals((stage.children[0] as Scene).hero.width, 64);
  }
  assertEquals(stage.children.length, 0);
});

Deno.test("going to another place before the first one is loaded withdraws its load", async () => {
  using _managers = trackManagers();
  const stage = new Container();
  using game = new Game(stage, new FileSource(ASSETS));
  await Promise.all([game.enter("lair"), game.enter("caves"), game.enter("forest")]);
  assertEquals([stage.children.length, game.mgr.pending().length], [1, 0]);
  game[Symbol.dispose]();
  assertNoLeaks(game.mgr);
});
