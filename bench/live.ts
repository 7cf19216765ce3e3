/**
 * Measures the page of a panel in Chromium: how long it takes to show something, and whether it keeps
 * 60 frames a second while a game with 5 000 resources tells it 2 000 events a second. Exits with 1 when
 * it is too slow, or when it has lost an event. `--seconds=N`, 10 by default.
 */
/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { launch } from "../tests/_chromium.ts";

const SECONDS = Number(Deno.args.find((arg) => arg.startsWith("--seconds="))?.slice(10) ?? 10);
/** In ms. */
const FIRST_PAINT = 300;
/** Frames a second, at the median of what lies between two of them. */
const FRAMES = 58;

interface Frames {
  /** What lay between two frames, in ms, sorted. */
  readonly times: number[];
  readonly heap: number;
}

/** Starts the game, and gives where its panel is. */
async function play(game: Worker): Promise<string> {
  return (await told<{ url: string }>(game)).url;
}

function told<T>(game: Worker): Promise<T> {
  return new Promise((resolve) => game.onmessage = ({ data }) => resolve(data as T));
}

/** Before the scripts of the page: notes when its first rows were drawn, in ms since it was asked for. */
function noteFirstRows(): void {
  const look = () => {
    const shown = document.querySelector("#labels .name") !== null;
    if (shown) Object.assign(globalThis, { firstRows: performance.now() });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Waits for the first rows, and gives when that was. */
async function firstRows(page: Page): Promise<number> {
  const noted = await page.waitForFunction(() =>
    (globalThis as unknown as { firstRows?: number }).firstRows
  );
  return await noted.jsonValue() as number;
}

/** In the page: what lies between frames, for so many seconds. */
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

let failed = false;
function report(name: string, value: number, limit: number, unit: string): void {
  const passed = limit < 0 ? value >= -limit : value <= limit;
  failed ||= !passed;
  const verdict = passed ? "" : `  but ${Math.abs(limit)} is the limit`;
  console.log(`${name.padEnd(36)}${value.toFixed(1).padStart(9)} ${unit}${verdict}`);
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
const { events, frames, longest } = await told<{ events: number; frames: number; longest: number }>(
  game,
);
const at = (part: number) => times[Math.floor((times.length - 1) * part)]!;
console.log(`${standing}: ${summary}; the game had ${frames} frames and ${events} events`);
report("first rows in a new browser after", paints[0]!, Infinity, "ms");
report("first rows, the best of five", Math.min(...paints), FIRST_PAINT, "ms");
report("frames a second, mean", times.length / SECONDS, Infinity, "");
report("frames a second, median", 1000 / at(0.5), -FRAMES, "");
report("99 % of frames come after", at(0.99), Infinity, "ms");
report("the longest frame", at(1), Infinity, "ms");
report("heap of the page", heap / 1e6, Infinity, "MB");
report("the game's latest frame was late by", longest, Infinity, "ms");
if (isLost || standing !== "Live") failed = true;
if (failed) Deno.exitCode = 1;
