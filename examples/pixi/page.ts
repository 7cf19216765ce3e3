/// <reference lib="dom" />
/** The game in a page: buttons go to places, and a saved picture is shown at once. */
import { HttpSource } from "@holdfast/resources";
import { Application } from "pixi.js";
import { Game, type Place } from "./game.ts";

const PLACES: readonly Place[] = ["forest", "caves", "lair"];

const app = new Application();
await app.init({ width: 768, height: 192, preference: "webgl", background: "#101018" });
document.getElementById("screen")!.append(app.canvas);

const source = new HttpSource(new URL("assets/", location.href), { watch: ".changes" });
const game = new Game(app.stage, source);
game.mgr.watch(); // until the manager is disposed
const status = document.getElementById("status")!;

/** Goes to a place, and shows how much is in memory. */
async function go(place: Place): Promise<void> {
  await game.enter(place);
  const { resourceCount, bytes, idleBytes } = game.mgr.cacheStats();
  const [all, idle] = [bytes, idleBytes].map((each) => (each / 1e6).toFixed(2));
  status.textContent = `${resourceCount} resources, ${all} MB: ${idle} MB wait to be used again`;
  document.body.dataset.place = place;
}

for (const place of PLACES) {
  const button = document.createElement("button");
  button.textContent = place;
  button.addEventListener("click", () => go(place));
  document.getElementById("places")!.append(button);
}
Object.assign(globalThis, { ember: { app, game, go } }); // for the console
await go("forest");
