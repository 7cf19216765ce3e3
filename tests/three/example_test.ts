/** The example of `examples/three`, without a GPU and without a page. */
import { assert, assertEquals } from "@std/assert";
import { World } from "../../examples/three/world.ts";
import { FileSource } from "../../mod.ts";
import { assertNoLeaks, trackManagers } from "../../src/testing.ts";
import { THREE } from "./_three.ts";

const source = new FileSource(new URL("../../examples/assets/", import.meta.url));

Deno.test("the world of the three.js example shares its hero, keeps within its budget and leaks nothing", async () => {
  using _managers = trackManagers();
  const world = await World.make(source);
  for (const place of ["forest", "caves", "lair", "forest"] as const) {
    await world.enter(place);
    assert(world.mgr.has(`${place}/backdrop.png`));
    assert(world.mgr.bytes <= world.mgr.maxBytes!, `${world.mgr.bytes} bytes`);
  }
  assertEquals(world.mgr.has("caves/backdrop.png"), false); // idle for the longest time
  assertEquals(world.mgr.holders("common/hero.png").map(({ label }) => label), ["shared"]);
  world[Symbol.dispose]();
  assertNoLeaks(world.mgr);
});

Deno.test("the sprites of the three.js example keep their textures over a reload", async () => {
  using world = await World.make(source);
  await world.enter("forest");
  const maps = () => {
    const found: unknown[] = [];
    world.scene.traverse((each) => each instanceof THREE.Sprite && found.push(each.material.map));
    return found;
  };
  const before = maps();
  await world.mgr.reloadAsync(Object.keys(world.mgr.cacheStats().resources));
  assertEquals([before.length, maps()], [5, before]);
  assertEquals(world.mgr.cacheStats().resources["forest/tree.png"]?.version, 2);
});

Deno.test("leaving a place of the three.js example before it is loaded withdraws its loads", async () => {
  using _managers = trackManagers();
  const world = await World.make(source);
  await Promise.all([world.enter("lair"), world.enter("caves"), world.enter("forest")]);
  await world.mgr.settled();
  assertEquals(world.mgr.holders("forest/backdrop.png").map(({ label }) => label), ["forest"]);
  assertEquals(world.mgr.has("lair/backdrop.png"), false);
  const last = world.enter("caves");
  world[Symbol.dispose]();
  await last;
  assertNoLeaks(world.mgr);
});
