/**
 * A game whose pictures and sounds are in the memory of SDL2, which it calls by FFI. It plays 1 000
 * scenes and shows that memory stays flat. With `--without-using` it forgets handles, shows how
 * memory grows, and stops early.
 *
 * ```sh
 * deno run --allow-ffi --allow-read=examples/assets examples/sdl2/main.ts
 * deno run --allow-ffi --allow-read=examples/assets examples/sdl2/main.ts --without-using
 * ```
 *
 * @module
 */
import { type Figures, heading, row, settleMemory, takeFigures } from "./figures.ts";
import { Game, levelOf } from "./game.ts";
import { Level } from "./level.ts";
import { missingPackages } from "./libraries.ts";
import type { Ledger } from "./native.ts";

/** The first scenes, in which V8 compiles the code, do not count. */
const WARM_UP = 100;
const CHANGES = 1000;
/** The numbers of scene changes after which figures are printed. */
const PRINTED = [1, 10, 100, 250, 500, 750, CHANGES];
/** Stops when RSS has grown by this much, in bytes, because the trend is clear then. */
const ENOUGH = 128 * 2 ** 20;
/** How much the last figures may differ from those after 10 scene changes, as a part of them. */
const TOLERANCE = 0.05;

async function main(): Promise<void> {
  const missing = missingPackages();
  if (missing.length > 0) {
    console.error(`SDL2 is not here: apt-get install -y ${missing.join(" ")}`);
    Deno.exitCode = 1;
    return;
  }
  const { taken, freed } = await play(Deno.args.includes("--without-using") ? forget : walk);
  const [all, gone] = [taken.toLocaleString("en"), freed.toLocaleString("en")];
  console.log(`Freed ${gone} of ${all}, each once`);
  if (freed !== taken) Deno.exitCode = 1;
}

/** Plays scenes. Disposes the game, and returns its ledger, which can still be read. */
async function play(scenes: (game: Game) => Promise<void>): Promise<Ledger> {
  using game = new Game();
  for (let number = 0; number < WARM_UP; number++) await playScene(game, number);
  await settleMemory();
  console.log(heading());
  await scenes(game);
  return game.sdl.ledger;
}

/** Plays a scene. Everything that it loads is released with its scope. */
async function playScene(game: Game, number: number, atEnd?: () => Promise<void>): Promise<void> {
  using scene = game.mgr.scope(`scene ${number}`);
  const level = scene.load(levelOf(number), Level);
  game.play(level.value);
  await nextTask();
  await atEnd?.();
}

/** Plays a scene without `using`, so that it leaks a handle. */
async function playForgetfully(game: Game, number: number): Promise<void> {
  const level = game.mgr.load(levelOf(number), Level);
  game.play(level.value);
  await nextTask();
}

async function walk(game: Game): Promise<void> {
  const all: Figures[] = [];
  for (let change = 1; change <= CHANGES; change++) {
    await playScene(game, WARM_UP + change, async () => {
      if (!PRINTED.includes(change)) return;
      await settleMemory();
      all.push(print(takeFigures(game, change)));
    });
  }
  judge(all.find(({ changes }) => changes === 10)!, all.at(-1)!);
}

/** Compares the last figures with the first ones. */
function judge(first: Figures, last: Figures): void {
  for (const name of ["rss", "native", "blocks"] as const) {
    const grown = last[name] / first[name] - 1;
    const flat = Math.abs(grown) <= TOLERANCE;
    const percent = (grown * 100).toFixed(1);
    console.log(
      `${flat ? "ok" : "FAILED"}  ${name} after 1,000 changes: ${percent} % above that after 10`,
    );
    if (!flat) Deno.exitCode = 1;
  }
}

/**
 * Leaks until memory has grown a lot: V8 does not know about SDL's memory, and rarely collects
 * garbage.
 */
async function forget(game: Game): Promise<void> {
  const start = Deno.memoryUsage().rss;
  let change = 1;
  for (; change <= CHANGES && Deno.memoryUsage().rss < start + ENOUGH; change++) {
    await playForgetfully(game, WARM_UP + change);
    if (PRINTED.includes(change)) print(takeFigures(game, change));
  }
  print(takeFigures(game, change - 1));
  console.log("Stopped here. When the garbage collector runs, it finds all that was forgotten:");
  await settleMemory();
  print(takeFigures(game, change - 1));
}

function print(figures: Figures): Figures {
  console.log(row(figures));
  return figures;
}

/** Waits for the next task, so that the garbage collector can report leaks. */
async function nextTask(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

if (import.meta.main) await main();
