/** Opens the page of a trace in a browser, and reads the pixels that it draws. */
/// <reference lib="dom" />
import { decode } from "fast-png";
import { PATIENCE } from "../_patience.ts";
import type { Browser, Locator, Page } from "playwright-core";

/** An open page, and everything that it did but must not do. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Its network requests, and its output on the console. */
  readonly noise: string[];
}

export interface PageOptions {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** The part of the address after the `#`. */
  readonly hash?: string;
  /** Whether the browser has a touch screen. */
  readonly touch?: boolean;
  /** Runs in the page before its own script. */
  readonly script?: () => void;
}

/** Opens a page from a file. */
export async function open(
  browser: Browser,
  html: string,
  { dark = false, width = 1400, height = 800, hash = "", touch = false, script }: PageOptions = {},
): Promise<OpenPage> {
  const file = await Deno.makeTempFile({ suffix: ".html" });
  await Deno.writeTextFile(file, html);
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    hasTouch: touch,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const noise: string[] = [];
  page.on("request", (request) => {
    if (request.url() !== `file://${file}`) noise.push(`request ${request.url()}`);
  });
  page.on("console", (message) => {
    if (!script || !message.text().includes("willReadFrequently")) noise.push(message.text());
  });
  page.on("pageerror", (error) => noise.push(String(error)));
  if (script) await page.addInitScript(script);
  await page.goto(`file://${file}#${hash}`);
  await frame(page);
  return {
    page,
    noise,
    async [Symbol.asyncDispose]() {
      await context.close();
      await Deno.remove(file);
    },
  };
}

/** Waits until the page has drawn a scheduled frame. */
export async function frame(page: Page): Promise<void> {
  await page.evaluate(() =>
    new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  );
}

/** The pixels of an element on the screen. */
export class Pixels {
  readonly #data: ArrayLike<number>;
  readonly #channels: number;
  readonly width: number;
  readonly height: number;

  constructor(png: Uint8Array) {
    const { data, channels, width, height } = decode(png);
    this.#data = data;
    this.#channels = channels;
    this.width = width;
    this.height = height;
  }

  static async of(element: Locator): Promise<Pixels> {
    return new Pixels(await element.screenshot());
  }

  /** The colour of a pixel, as `#rrggbb`. */
  at(x: number, y: number): string {
    const start = (Math.round(y) * this.width + Math.round(x)) * this.#channels;
    const part = (i: number) => this.#data[start + i]!.toString(16).padStart(2, "0");
    return `#${part(0)}${part(1)}${part(2)}`;
  }

  /** How many pixels of a column, between two heights, have a colour. */
  countColumn(colour: string, x: number, [top, bottom]: readonly [number, number]): number {
    let count = 0;
    for (let y = top; y < bottom; y++) if (this.at(x, y) === colour) count++;
    return count;
  }
}
