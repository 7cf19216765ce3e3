/// <reference lib="dom" />
/**
 * The page of the example: three places, and keys to go there. Try `world.mgr` in the console.
 *
 * @module
 */
import { HttpSource } from "@holdfast/resources";
// @ts-types="@types/three"
import * as THREE from "three";
import { type Place, World } from "./world.ts";

const PLACES: readonly Place[] = ["forest", "caves", "lair"];

const canvas = document.querySelector("canvas")!;
const status = document.querySelector("#status")!;
const renderer = new THREE.WebGLRenderer({ canvas, antialias: false });
const camera = new THREE.OrthographicCamera(-4 / 3, 4 / 3, 1, -1, -1, 1);
const source = new HttpSource(new URL("assets/", location.href), { watch: ".changes" });
const world = await World.make(source);
world.mgr.watch(); // a saved picture is shown at once, until the manager is disposed

async function enter(place: Place): Promise<void> {
  await world.enter(place);
  document.body.dataset.place = place;
  const { resourceCount, bytes, misses } = world.mgr.cacheStats();
  status.textContent = `${place}: ${resourceCount} textures, ${bytes} bytes, ${misses} read so far`;
}

addEventListener("keydown", ({ key }) => {
  const place = PLACES[Number(key) - 1];
  if (place !== undefined) void enter(place);
});
function draw(): void {
  renderer.render(world.scene, camera);
}

Object.assign(globalThis, { world, enter, draw, renderer });
await enter("forest");
renderer.setAnimationLoop(draw);
