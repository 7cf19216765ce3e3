/// <reference lib="dom" />
/** The program of docs/phaser.md, in a real browser and with Phaser. */
import { assertEquals } from "@std/assert";
import { decode } from "fast-png";
import type { ResourceManager } from "@holdfast/resources";
import type * as Phaser from "phaser";
import type { Page } from "playwright-core";
import { testInChromium, WEBGL } from "../_chromium.ts";
import { serveGuide } from "../_guide_site.ts";
import { png } from "../pixi/_pictures.ts";

/** What the program has, for the tests. */
declare const game: Phaser.Game;
declare const mgr: ResourceManager;
/** The last code of the page. */
declare const end: () => void;

const [, END] = Deno.readTextFileSync(new URL("../../docs/phaser.md", import.meta.url))
  .match(/```ts ignore\n(for \(.*?)```/s)!;

/** Opens the page of the guide, and waits until its scene shows a sprite. */
async function open(page: Page): Promise<AsyncDisposable> {
  const site = await serveGuide("docs/phaser.md", png(64, 64, [255, 0, 0]), {
    maxLines: 50,
    end: `Object.assign(globalThis, { game, mgr, end() { ${END} } });`,
  });
  await page.goto(site.url);
  await waitForSprites(page, 1);
  return site;
}

async function waitForSprites(page: Page, count: number): Promise<void> {
  await page.waitForFunction((count) => {
    const scene = "game" in globalThis ? game.scene.getScene("cave") : undefined;
    return scene?.children?.length === count;
  }, count);
}

/** Waits until Phaser has drawn `frames` more frames. */
async function waitForFrames(page: Page, frames = 3): Promise<void> {
  const frame = await page.evaluate(() => game.loop.frame);
  await page.waitForFunction((frame) => game.loop.frame > frame, frame + frames);
}

/** The colour of the page where the middle of the game is. */
async function colorInTheMiddle(page: Page): Promise<number[]> {
  await waitForFrames(page);
  const box = (await page.locator("canvas").boundingBox())!;
  const { data, width, channels } = decode(await page.screenshot());
  const at = Math.round(box.y + box.height / 2) * width + Math.round(box.x + box.width / 2);
  return [...data.slice(at * channels, at * channels + 3)];
}

/** What the manager and Phaser have. */
function state(page: Page): Promise<{ size: number; bytes: number; idle: number; has: boolean }> {
  return page.evaluate(() => ({
    size: mgr.size,
    bytes: mgr.bytes,
    idle: mgr.idleBytes,
    has: game.textures.exists("hero.png"),
  }));
}

const BYTES = 64 * 64 * 4;

testInChromium(
  "the scene of the Phaser guide draws its texture with WebGL, and releases it when it shuts down",
  async (page) => {
    await using _site = await open(page);
    assertEquals(await page.evaluate(() => game.renderer.type), 2); // WebGL
    assertEquals(await colorInTheMiddle(page), [255, 0, 0]);
    assertEquals(await state(page), { size: 1, bytes: BYTES, idle: 0, has: true });

    await page.evaluate(() => game.scene.stop("cave"));
    await waitForFrames(page);
    assertEquals(await state(page), { size: 1, bytes: BYTES, idle: BYTES, has: true });
    const width = await page.evaluate(() => {
      const bitmap = game.textures.get("hero.png").getSourceImage();
      mgr.clear();
      return bitmap.width;
    });
    assertEquals(width, 0); // it is closed
    assertEquals(await state(page), { size: 0, bytes: 0, idle: 0, has: false });

    await page.evaluate(() => game.scene.start("cave"));
    await waitForSprites(page, 1);
    assertEquals(await colorInTheMiddle(page), [255, 0, 0]);
  },
  WEBGL,
);

testInChromium(
  "when nothing may stay idle, a texture of the Phaser guide is removed while its scene shuts down",
  async (page) => {
    await using _site = await open(page);
    const width = await page.evaluate(() => {
      mgr.maxBytes = 1; // Nothing stays idle.
      const bitmap = game.textures.get("hero.png").getSourceImage();
      game.scene.stop("cave");
      return bitmap.width;
    });
    assertEquals(width, 0);
    assertEquals(await state(page), { size: 0, bytes: 0, idle: 0, has: false });
    await waitForFrames(page); // Phaser would throw if it drew the texture.
  },
  WEBGL,
);

testInChromium(
  "a scene of the Phaser guide that stops while it loads withdraws its load",
  async (page) => {
    await using _site = await open(page);
    const isRunning = await page.evaluate(() => {
      game.scene.stop("cave");
      mgr.clear();
      game.scene.start("cave");
      const isRunning = game.scene.isActive("cave");
      game.scene.stop("cave");
      return isRunning;
    });
    await waitForFrames(page, 10); // A rejection that nobody catches would fail the test.
    const misses = await page.evaluate(() => mgr.cacheStats().misses);
    assertEquals([isRunning, misses], [true, 2]);
    assertEquals(await state(page), { size: 0, bytes: 0, idle: 0, has: false });
  },
  WEBGL,
);

testInChromium(
  "a reload of a texture of the Phaser guide that is in use fails, and the old one stays",
  async (page) => {
    await using _site = await open(page);
    const message = await page.evaluate(() => {
      mgr.on("error", () => {}); // It would be on the console.
      return mgr.reloadAsync("hero.png").then(() => "", (error: Error) => error.message);
    });
    assertEquals(message, 'Cannot load "hero.png": Phaser has a texture of this name');
    assertEquals(await colorInTheMiddle(page), [255, 0, 0]);
  },
  WEBGL,
);

testInChromium(
  "the game of the Phaser guide ends without a leak",
  async (page) => {
    await using _site = await open(page);
    const warnings: string[] = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    await page.evaluate(() => end());
    await page.waitForFunction(() => document.querySelector("canvas") === null);
    assertEquals(warnings, []);
  },
  WEBGL,
);
