/**
 * Tests of the page of a trace, in a real Chromium. Its driver keeps a process and its pipes from one
 * test to the next, which the sanitizers of a test would take for leaks: they are off, in these only.
 */
/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import type { Trace } from "../../src/trace.ts";
import { isMissing, launch } from "../_chromium.ts";
import { open, type OpenPage, type PageOptions } from "./_open_page.ts";
import { smallGame } from "./_recordings.ts";

export const ROW = 26;
/** How long the small game takes with the room after it, in ms. */
export const SHOWN = 1650 * 1.02;
export const COLOURS = {
  ground: "#ffffff",
  live: "#12807a",
  idle: "#cbe6e3",
  leak: "#cc2936",
  evict: "#b86e00",
  reload: "#7a4cc9",
  selected: "#eaf4f3",
  text: "#182226",
};
export const DARK = { ground: "#12181b", live: "#35b3a8" };

let browser: Browser | undefined = undefined;

Deno.test.beforeAll(async () => {
  if (!isMissing) browser = await launch();
});
Deno.test.afterAll(async () => await browser?.close());

/** In the address, it has every resource in one list. */
export const FLAT = "grouped=0";

/** A test of one page. Whatever it asks of the network, or writes to the console, fails it. */
export function pageTest(
  name: string,
  run: (page: Page, opened: OpenPage) => Promise<void>,
  { of = smallGame, hash = FLAT, ...options }: { of?: () => Trace } & PageOptions = {},
): void {
  Deno.test({
    name,
    ignore: isMissing,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using opened = await open(browser!, of().toHTML(), { hash, ...options });
      await run(opened.page, opened);
      assertEquals(opened.noise, []);
    },
  });
}

/** The keys in the list, in order, as far as they are in sight. */
export async function keys(page: Page): Promise<string[]> {
  const labels = await page.locator("#labels .label:visible").all();
  return await Promise.all(labels.map(async (label) => {
    const directory = await label.locator(".directory").textContent();
    return `${directory}${await label.locator(".name").textContent()}`;
  }));
}

/** Where a time of the small game is in the plot, while all is shown. */
export async function xOf(page: Page, ms: number): Promise<number> {
  const box = await page.locator("#plot").boundingBox();
  return ms / SHOWN * box!.width;
}

/** The width of the part of the overview that is in sight. */
export async function windowWidth(page: Page): Promise<number> {
  return (await page.locator("#window").boundingBox())!.width;
}

export async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? "";
}

/** Moves over a time of the small game, in a row. */
export async function hover(page: Page, ms: number, row: number): Promise<void> {
  const box = (await page.locator("#plot").boundingBox())!;
  await page.mouse.move(box.x + ms / SHOWN * box.width, box.y + row * ROW + 15);
}
