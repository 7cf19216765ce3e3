/**
 * Measures the page of a panel in Chromium: how long it takes to show its first rows, and whether
 * it keeps 60 frames a second while a game with 5 000 resources sends 2 000 events a second. Exits
 * with 1 if the page is too slow or has lost an event. `--seconds=N` sets the length, 10 by
 * default.
 */
/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { report } from "./_report.ts";
import { launch } from "../tests/_chromium.ts";

const SECONDS = Number(Deno.args.find((arg) => arg.startsWith("--seconds="))?.slice(10) ?? 10);
/** The limit for the first rows, in ms. */
const FIRST_PAINT = 300;
/** The limit for frames a second, from the median time between two frames. */
const FRAMES = 58;

interface Frames {
  /** The times between two frames, in ms, sorted. */
  readonly times: number[];
  /** The size of the page's heap, in bytes. */
  readonly heap: number;
}

/** Waits until the game runs. Returns the URL of its panel. */
async function play(game: Worker): Promise<string> {
  return (await messageOf<{ url: string }>(game)).url;
}

function messageOf<T>(game: Worker): Promise<T> {
  return new Promise((resolve) => game.onmessage = ({ data }) => resolve(data as T));
}

/**
 * Runs before the scripts of the page. Stores when its first rows were drawn, in ms since the
 * request.
 */
function noteFirstRows(): void {
  const look = () => {
    const shown = document.querySelector("#labels .name") !== null;
    if (shown) Object.assign(globalThis, { firstRows: performance.now() });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Waits for the first rows, and returns when they were drawn. */
async function firstRows(page: Page): Promise<number> {
  const noted = await page.waitForFunction(() =>
    (globalThis as unknown as { firstRows?: number }).firstRows
  );
  return await noted.jsonValue() as number;
}

/** Measures the times between frames of the page, for some seconds. */
async function framesOf(page: Page, seconds: number): Promise<Frames> {
  return await page.evaluate((ms) =>
    new Promise<Frames>((resolve) => {
      const times: number[] = [];
      const start = performance.now();
      let previous = start;
      const frame = (now: number) => {
        times.push(now - previous);
        previous = now;
        if (now - start < ms) {
          requestAnimationFrame(frame);
          return;
        }
        const { memory } = performance as unknown as { memory: { usedJSHeapSize: number } };
        times.sort((a, b) => a - b);
        resolve({ times, heap: memory.usedJSHeapSize });
      };
      requestAnimationFrame(frame);
    }), seconds * 1000);
}

const game = new Worker(new URL("live_game.ts", import.meta.url), { type: "module" });
const url = await play(game);
await using browser = await launch();
const page = await browser.newPage({ viewport: { width: 1400, height: 800 } });
await page.addInitScript(noteFirstRows);
await page.goto(url);
const paints = [await firstRows(page)];
for (let i = 0; i < 4; i++) {
  await page.reload();
  paints.push(await firstRows(page));
}
const { times, heap } = await framesOf(page, SECONDS);
const standing = await page.locator("#standing").textContent();
const isLost = await page.locator("#lost").isVisible();
const summary = await page.locator("#summary").textContent();
game.postMessage("stop");
const { events, frames, longest } = await messageOf<
  { events: number; frames: number; longest: number }
>(
  game,
);
const at = (part: number) => times[Math.floor((times.length - 1) * part)]!;
console.log(`${standing}: ${summary}; the game had ${frames} frames and ${events} events`);
report("first rows in a new browser after", paints[0]!, { unit: "ms" });
report("first rows, the best of five", Math.min(...paints), { unit: "ms", atMost: FIRST_PAINT });
report("frames a second, mean", times.length / SECONDS, { unit: "" });
report("frames a second, median", 1000 / at(0.5), { unit: "", atLeast: FRAMES });
report("99 % of frames come after", at(0.99), { unit: "ms" });
report("the longest frame", at(1), { unit: "ms" });
report("heap of the page", heap / 1e6, { unit: "MB" });
report("the game's latest frame was late by", longest, { unit: "ms" });
if (isLost || standing !== "Live") Deno.exitCode = 1;
