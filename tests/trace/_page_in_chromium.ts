/**
 * Helpers for tests of the page of a trace in a real Chromium. The driver keeps a process and its
 * pipes between tests. The sanitizers of a test would report these as leaks, so they are off in
 * these tests.
 */
/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import type { Trace } from "../../src/trace.ts";
import { isMissing, launch } from "../_chromium.ts";
import { open, type OpenPage, type PageOptions } from "./_open_page.ts";
import { smallGame } from "./_recordings.ts";

export const ROW = 26;
/** The time that the page shows of the small game, with the room after it, in ms. */
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

/** The address of a page with all resources in one list. */
export const FLAT = "grouped=0";

/** Tests one page. The test fails if the page uses the network or writes to the console. */
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

/** The keys of the visible rows, in order. */
export async function keys(page: Page): Promise<string[]> {
  const labels = await page.locator("#labels .label:visible").all();
  return await Promise.all(labels.map(async (label) => {
    const directory = await label.locator(".directory").textContent();
    return `${directory}${await label.locator(".name").textContent()}`;
  }));
}

/** The place of a time of the small game in the plot, while the whole trace is visible. */
export async function xOf(page: Page, ms: number): Promise<number> {
  const box = await page.locator("#plot").boundingBox();
  return ms / SHOWN * box!.width;
}

/** The width of the window in the overview. */
export async function windowWidth(page: Page): Promise<number> {
  return (await page.locator("#window").boundingBox())!.width;
}

export async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? "";
}

/** Moves the pointer to a time of the small game in a row. */
export async function hover(page: Page, ms: number, row: number): Promise<void> {
  const box = (await page.locator("#plot").boundingBox())!;
  await page.mouse.move(box.x + ms / SHOWN * box.width, box.y + row * ROW + 15);
}
