/// <reference lib="dom" />
/**
 * The page of the game: buttons, keys, and a table of the resources in memory. Try `emberfall` in
 * the browser's console.
 *
 * @module
 */
import type { LoadProgress } from "@holdfast/resources";
import { type PostedInspector, postInspector } from "@holdfast/resources/inspect";
import { element } from "./element.ts";
import { Game, type Place } from "./game.ts";
import { MemoryPanel } from "./memory.ts";

const PLACES: readonly Place[] = ["forest", "caves", "lair"];
/** The time between two updates of the table, in ms. */
const REFRESH = 100;

const canvas = element("screen") as HTMLCanvasElement;
const progress = element("progress") as HTMLProgressElement;
const status = element("status");
const buttons = [...document.querySelectorAll<HTMLButtonElement>("[data-place]")];

const game = await Game.start(canvas, new URL("assets/", document.baseURI));
const panel = new MemoryPanel();

/** Goes to a place, and shows how much was read for it. */
async function go(place: Place): Promise<void> {
  const { hits, misses } = game.mgr.cacheStats();
  try {
    const level = await game.enter(place, showProgress);
    if (level === undefined) return; // the player chose another place before
    const now = game.mgr.cacheStats();
    const [read, there] = [now.misses - misses, now.hits - hits];
    say(`${level.title}: ${read} files were read, ${there} resources were in memory.`);
    canvas.ariaLabel = `The hero walks through ${level.title}`;
    for (const button of buttons) {
      button.ariaCurrent = String(button.dataset.place === place);
    }
  } catch (error) {
    say(`Cannot go there: ${error instanceof Error ? error.message : error}`);
  }
  progress.hidden = true;
}

function say(text: string): void {
  status.textContent = text;
}

/**
 * Shows the progress of a load. The total grows when the level is read and asks for its pictures.
 */
function showProgress({ done, total }: LoadProgress): void {
  progress.hidden = false;
  progress.max = total;
  progress.value = done;
}

/** Forgets a handle, on purpose. */
async function forget(): Promise<void> {
  const heart = await game.mgr.loadAsync("common/heart.png", ImageBitmap);
  say(`A handle of "${heart.key}" is forgotten, and keeps it live.`);
}

let inspector: PostedInspector | undefined;

/** Shows what happens from now on in the window that the link opens. */
function inspect(): void {
  inspector ??= postInspector(game.mgr, { title: "Emberfall, live", control: true });
}

function press(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const place = PLACES[Number(event.key) - 1];
  if (place !== undefined) void go(place);
  else if (event.key === "ArrowLeft") game.stage.direction = -1;
  else if (event.key === "ArrowRight") game.stage.direction = 1;
}

function stop(): void {
  game.stage.direction = 0;
}

for (const button of buttons) {
  button.addEventListener("click", () => go(button.dataset.place as Place));
}
element("forget").addEventListener("click", forget);
element("inspect").addEventListener("click", inspect);
addEventListener("keydown", press);
addEventListener("keyup", stop);
addEventListener("blur", stop);
game.mgr.on("leak", ({ key }) => say(`A handle of "${key}" was forgotten: it leaked.`));
setInterval(() => panel.show(game.mgr.cacheStats()), REFRESH);
Object.assign(globalThis, { emberfall: { game, go } });
await go("forest");
