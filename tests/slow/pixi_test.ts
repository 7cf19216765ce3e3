/// <reference lib="dom" />
/** `@holdfast/resources/pixi` with a renderer: WebGL in a real browser. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { decode } from "fast-png";
import type { ResourceManager } from "@holdfast/resources";
import type { PixiLoaders } from "@holdfast/resources/pixi";
import type * as Pixi from "pixi.js";
import type { Page } from "playwright-core";
import type { Game, Place } from "../../examples/pixi/game.ts";
import { serve } from "../../examples/pixi/serve.ts";
import { AssetsCopy } from "../_assets_copy.ts";
import { Bundle } from "../_bundle.ts";
import { heapOf, testInChromium, WEBGL } from "../_chromium.ts";
import { serveGuide } from "../_guide_site.ts";
import { png, sheet } from "../pixi/_pictures.ts";

/** What the pages export, and the counts of this test. */
declare const ember: { app: Pixi.Application; game: Game; go(place: Place): Promise<void> };
declare const PIXI: typeof Pixi;
declare const app: Pixi.Application;
declare const gl: WebGL2RenderingContext;
declare function open(renderer?: Pixi.Renderer): ResourceManager<PixiLoaders<typeof Pixi>>;
declare function colorsAt(...points: (readonly [number, number])[]): string[];
declare const counts: Record<"textures" | "bitmaps", { made: number; gone: number }>;

const RED = [255, 0, 0] as const;
const BLUE = [0, 0, 255] as const;

/** Runs in the page, before its own script: counts GPU textures and bitmaps. */
function countAll(): void {
  const counts = { textures: { made: 0, gone: 0 }, bitmaps: { made: 0, gone: 0 } };
  const { createTexture, deleteTexture } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.createTexture = function () {
    counts.textures.made++;
    return createTexture.call(this);
  };
  WebGL2RenderingContext.prototype.deleteTexture = function (texture) {
    if (texture !== null) counts.textures.gone++;
    deleteTexture.call(this, texture);
  };
  const original = createImageBitmap;
  const { close } = ImageBitmap.prototype;
  const counted = async (...args: unknown[]) => {
    const bitmap: ImageBitmap = await Reflect.apply(original, globalThis, args);
    counts.bitmaps.made++;
    return bitmap;
  };
  ImageBitmap.prototype.close = function () {
    counts.bitmaps.gone++;
    close.call(this);
  };
  Object.assign(globalThis, { counts, createImageBitmap: counted });
}

/** A page with a script, and the assets of its server, which the test may change. */
class Site implements AsyncDisposable {
  readonly page: Page;
  readonly #assets: AssetsCopy;
  readonly #owned: AsyncDisposableStack;

  private constructor(page: Page, assets: AssetsCopy, owned: AsyncDisposableStack) {
    this.page = page;
    this.#assets = assets;
    this.#owned = owned;
  }

  /** Opens a page with the script `entry`, and waits for its global `name`. */
  static async open(page: Page, entry: string, name: string): Promise<Site> {
    await using owned = new AsyncDisposableStack();
    const bundle = owned.use(await Bundle.make(entry));
    const assets = owned.use(new AssetsCopy());
    const server = owned.use(serve(new URL(`file://${bundle.file}`), { assets: assets.url }));
    await page.addInitScript(countAll);
    await page.goto(new URL("/", server.url).href);
    await page.waitForFunction((name) => name in globalThis, name);
    return new Site(page, assets, owned.move());
  }

  /** Saves an asset. */
  save(name: string, content: Uint8Array | string): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.#assets.save(name, bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.goto("about:blank"); // so that it sends no more requests
    await this.#owned.disposeAsync();
  }
}

function testInPage(name: string, run: (site: Site) => Promise<void>): void {
  testInChromium(name, async (page) => {
    await using site = await Site.open(page, "tests/pixi/_browser_page.ts", "colorsAt");
    await run(site);
  }, WEBGL);
}

testInPage(
  "the page shows a texture that was edited on the server after a reload",
  async (site) => {
    const { page } = site;
    site.save("a.png", png(8, 8, RED));
    const before = await page.evaluate(async () => {
      const mgr = open();
      const a = await mgr.loadAsync("a.png");
      const mips = await mgr.loadAsync("a.png?mips");
      app.stage.addChild(new PIXI.Sprite(a.value), new PIXI.Sprite({ texture: mips.value, x: 32 }));
      Object.assign(globalThis, { mgr });
      return colorsAt([4, 4], [12, 12], [36, 4], [44, 12]);
    });
    assertEquals(before, ["255,0,0", "0,0,0", "255,0,0", "0,0,0"]);
    const reload = () =>
      page.evaluate(async () => {
        const mgr: ReturnType<typeof open> = Reflect.get(globalThis, "mgr");
        await mgr.reloadAsync(["a.png", "a.png?mips"]);
        return colorsAt([4, 4], [12, 12], [36, 4], [44, 12]);
      });
    site.save("a.png", png(8, 8, BLUE));
    assertEquals(await reload(), ["0,0,255", "0,0,0", "0,0,255", "0,0,0"]);
    site.save("a.png", png(16, 16, RED)); // larger, and the sprites follow
    assertEquals(await reload(), ["255,0,0", "255,0,0", "255,0,0", "255,0,0"]);
    site.save("a.png", png(8, 8, BLUE));
    assertEquals(await reload(), ["0,0,255", "0,0,0", "0,0,255", "0,0,0"]);
    assertEquals(await page.evaluate(() => [gl.getError(), counts.bitmaps.gone]), [0, 6]);
  },
);

testInPage(
  "frames follow a sheet and its image that change one after the other",
  async (site) => {
    const { page } = site;
    site.save("a.png", png(16, 8, RED));
    site.save("a.sheet.json", sheet("a.png", { left: [0, 0, 8, 8], right: [8, 0, 8, 8] }));
    await page.evaluate(async () => {
      const mgr = open();
      const right = await mgr.loadAsync("a.sheet.json#right");
      app.stage.addChild(new PIXI.Sprite(right.value));
      Object.assign(globalThis, { mgr });
      mgr.on("error", () => {});
    });
    const look = (name?: string) =>
      page.evaluate(async (name) => {
        const mgr: ReturnType<typeof open> = Reflect.get(globalThis, "mgr");
        if (name !== undefined) await mgr.reloadAsync(name).catch(() => {});
        return colorsAt([4, 4], [12, 4]);
      }, name);
    assertEquals(await look(), ["255,0,0", "0,0,0"]);
    site.save("a.png", png(8, 8, BLUE)); // "right" is not in it
    assertEquals(await look("a.png"), ["0,0,255", "0,0,0"]);
    site.save("b.png", png(16, 16, RED));
    site.save("a.sheet.json", sheet("b.png", { right: [0, 0, 16, 16] }));
    assertEquals(await look("a.sheet.json"), ["255,0,0", "255,0,0"]);
    assertEquals(await page.evaluate(() => gl.getError()), 0);
  },
);

const FONT = `<font>
  <info face="Sans" size="8"/>
  <common lineHeight="8" base="8" scaleW="8" scaleH="8" pages="1"/>
  <pages><page id="0" file="0.png"/></pages>
  <chars count="1">
    <char id="65" x="0" y="0" width="8" height="8" xoffset="0" yoffset="0" xadvance="8" page="0"/>
  </chars>
</font>`;

testInPage("a text finds its font by its key, and shows its glyphs", async (site) => {
  const { page } = site;
  site.save("ui.fnt", FONT);
  site.save("0.png", png(8, 8, RED));
  const shown = await page.evaluate(async () => {
    const mgr = open();
    const font = await mgr.loadAsync("ui.fnt");
    const style = { fontFamily: "ui.fnt", fontSize: 8 };
    const text = app.stage.addChild(new PIXI.BitmapText({ text: "AA", style }));
    const before = colorsAt([4, 4], [12, 4], [20, 4]);
    text.destroy();
    font[Symbol.dispose]();
    return [before, colorsAt([4, 4]), mgr.size, PIXI.Cache.has("ui.fnt-bitmap")];
  });
  assertEquals(shown, [["255,0,0", "255,0,0", "0,0,0"], ["0,0,0"], 0, false]);
});

testInPage(
  "a reloaded font is shown when its texts are laid out again",
  async (site) => {
    const { page } = site;
    site.save("ui.fnt", FONT);
    site.save("0.png", png(8, 8, RED));
    await page.evaluate(async () => {
      const mgr = open();
      await mgr.loadAsync("ui.fnt");
      const style = { fontFamily: "ui.fnt", fontSize: 8 };
      const text = app.stage.addChild(new PIXI.BitmapText({ text: "AA", style }));
      mgr.on("reload", () => text.onViewUpdate());
      Object.assign(globalThis, { mgr });
      colorsAt();
    });
    site.save("0.png", png(8, 8, BLUE));
    site.save("ui.fnt", FONT.replace('xadvance="8"', 'xadvance="16"'));
    const shown = await page.evaluate(async () => {
      const mgr: ReturnType<typeof open> = Reflect.get(globalThis, "mgr");
      await mgr.reloadAsync(["0.png", "ui.fnt"]);
      return colorsAt([4, 4], [12, 4], [20, 4]);
    });
    assertEquals(shown, ["0,0,255", "0,0,0", "0,0,255"]);
  },
);

testInPage(
  "textures are drawn again after the context was lost and restored",
  async (site) => {
    const { page } = site;
    site.save("a.png", png(8, 8, RED));
    site.save("b.png", png(8, 8, RED));
    await page.evaluate(async () => {
      const mgr = open();
      const [a, b] = [await mgr.loadAsync("a.png"), await mgr.loadAsync("b.png")];
      app.stage.addChild(new PIXI.Sprite(a.value));
      const other = app.stage.addChild(new PIXI.Sprite({ texture: b.value, x: 16 }));
      colorsAt();
      const context = gl.getExtension("WEBGL_lose_context")!;
      const lost = new Promise((done) => app.canvas.addEventListener("webglcontextlost", done));
      context.loseContext();
      await lost;
      other.destroy();
      b[Symbol.dispose](); // unloaded meanwhile
      Object.assign(globalThis, { mgr, context });
    });
    site.save("a.png", png(8, 8, BLUE));
    const shown = await page.evaluate(async () => {
      const mgr: ReturnType<typeof open> = Reflect.get(globalThis, "mgr");
      await mgr.reloadAsync("a.png"); // changed meanwhile
      const back = new Promise((done) => app.canvas.addEventListener("webglcontextrestored", done));
      Reflect.get(globalThis, "context").restoreContext();
      await back;
      return [colorsAt([4, 4], [20, 4]), gl.getError(), mgr.size];
    });
    assertEquals(shown, [["0,0,255", "0,0,0"], 0, 1]);
  },
);

testInPage(
  "two managers draw with one renderer, and each frees its own textures",
  async (site) => {
    const { page } = site;
    site.save("a.png", png(8, 8, RED));
    const shown = await page.evaluate(async () => {
      const before = counts.textures.made - counts.textures.gone;
      const mgrs = [open(), open()];
      const sprites: Pixi.Sprite[] = [];
      for (const [index, mgr] of mgrs.entries()) {
        const a = await mgr.loadAsync("a.png");
        sprites.push(app.stage.addChild(new PIXI.Sprite({ texture: a.value, x: 16 * index })));
      }
      const both = colorsAt([4, 4], [20, 4]);
      sprites[0]!.destroy();
      mgrs[0]![Symbol.dispose]();
      const one = colorsAt([4, 4], [20, 4]);
      sprites[1]!.destroy();
      mgrs[1]![Symbol.dispose]();
      return [both, one, colorsAt([20, 4]), counts.textures.made - counts.textures.gone - before];
    });
    assertEquals(shown, [["255,0,0", "255,0,0"], ["0,0,0", "255,0,0"], ["0,0,0"], 0]);
  },
);

testInPage(
  "loaders with a renderer upload when they load, and not when a sprite is drawn",
  async (site) => {
    const { page } = site;
    site.save("a.png", png(8, 8, RED));
    const uploads = await page.evaluate(async () => {
      colorsAt(); // so that PixiJS has made its own textures
      const before = counts.textures.made;
      const [lazy, eager] = [open(), open(app.renderer)];
      const a = await lazy.loadAsync("a.png");
      const afterLazy = counts.textures.made - before;
      const b = await eager.loadAsync("a.png");
      const afterEager = counts.textures.made - before;
      app.stage.addChild(new PIXI.Sprite(b.value), new PIXI.Sprite({ texture: a.value, x: 16 }));
      const colors = colorsAt([4, 4], [20, 4]);
      return [afterLazy, afterEager, counts.textures.made - before, ...colors];
    });
    assertEquals(uploads, [0, 1, 2, "255,0,0", "255,0,0"]);
  },
);

testInPage(
  "a sprite whose texture was unloaded draws nothing, and all others are drawn",
  async (site) => {
    const { page } = site;
    site.save("a.png", png(8, 8, RED));
    site.save("b.png", png(8, 8, BLUE));
    const warnings: string[] = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    const shown = await page.evaluate(async () => {
      const mgr = open();
      const [a, b] = [await mgr.loadAsync("a.png"), await mgr.loadAsync("b.png")];
      app.stage.addChild(new PIXI.Sprite(a.value), new PIXI.Sprite({ texture: b.value, x: 16 }));
      const before = colorsAt([4, 4], [20, 4]);
      a[Symbol.dispose]();
      return [before, colorsAt([4, 4], [20, 4]), gl.getError()];
    });
    assertEquals(shown, [["255,0,0", "0,0,255"], ["0,0,0", "0,0,255"], 0]);
    assert(warnings.some((each) => each.startsWith('"a.png" was unloaded while it was shown')));
  },
);

testInPage(
  "a text, a shape and a frame draw nothing after their texture was unloaded, and do not throw",
  async (site) => {
    const { page } = site;
    site.save("a.png", png(8, 8, RED));
    site.save("0.png", png(8, 8, RED));
    site.save("1.png", png(8, 8, BLUE));
    site.save("ui.fnt", FONT);
    site.save("a.sheet.json", sheet("a.png", { whole: [0, 0, 8, 8] }));
    const before = await page.evaluate(async () => {
      const mgr = open();
      const font = await mgr.loadAsync("ui.fnt");
      const frame = await mgr.loadAsync("a.sheet.json#whole");
      const a = await mgr.loadAsync("a.png?mips");
      app.stage.addChild(new PIXI.Graphics().rect(0, 0, 64, 64).fill("#00ff00"));
      const text = new PIXI.BitmapText({ text: "A", style: { fontFamily: "ui.fnt", fontSize: 8 } });
      const shape = new PIXI.Graphics().rect(16, 0, 8, 8).fill({ texture: a.value });
      const sprite = new PIXI.Sprite({ texture: frame.value, x: 32 });
      app.stage.addChild(text, shape, sprite);
      Object.assign(globalThis, { mgr, font, a, text });
      return colorsAt([4, 4], [20, 4], [36, 4]);
    });
    assertEquals(before, Array(3).fill("255,0,0"));
    site.save("ui.fnt", FONT.replace("0.png", "1.png")); // its old page is unloaded
    const after = await page.evaluate(async () => {
      const mgr: ReturnType<typeof open> = Reflect.get(globalThis, "mgr");
      Reflect.get(globalThis, "a")[Symbol.dispose]();
      mgr.unload("a.png", { force: true });
      await mgr.reloadAsync("ui.fnt");
      const all = [...colorsAt([4, 4], [20, 4], [36, 4]), ...colorsAt([4, 4])];
      Reflect.get(globalThis, "text").onViewUpdate();
      all.push(...colorsAt([4, 4]));
      Reflect.get(globalThis, "font")[Symbol.dispose]();
      return [...all, ...colorsAt([4, 4]), gl.getError()];
    });
    const nothing = "0,255,0"; // the background
    assertEquals(after, [nothing, nothing, nothing, nothing, "0,0,255", nothing, 0]);
  },
);

testInChromium("the first lines of docs/pixi.md put a sprite on the screen", async (page) => {
  await using site = await serveGuide("docs/pixi.md", png(64, 64, RED));
  await page.goto(site.url);
  const canvas = page.locator("canvas");
  const isShown = async () => {
    const { data, channels, width } = decode(await canvas.screenshot());
    return data.subarray((8 * width + 8) * channels).subarray(0, 3).join() === RED.join();
  };
  while (!await isShown());
  await page.goto("about:blank");
}, WEBGL);

testInChromium(
  "the example shows a picture after it is saved, and is not loaded again",
  async (page) => {
    await using site = await Site.open(page, "examples/pixi/page.ts", "ember");
    await page.waitForSelector('[data-place="forest"]');
    await page.evaluate(() => Reflect.set(globalThis, "isSame", true));
    site.save("common/hero.png", png(64, 64, BLUE));
    const canvas = page.locator("canvas");
    const isShown = async () => {
      const { data, channels, width } = decode(await canvas.screenshot());
      return data.subarray((100 * width + 80) * channels).subarray(0, 3).join() === BLUE.join();
    };
    while (!await isShown());
    assert(await page.evaluate(() => Reflect.get(globalThis, "isSame")));
  },
  WEBGL,
);

testInChromium(
  "1 000 scene changes free their GPU textures and bitmaps, and the heap stays within 5 %",
  async (page) => {
    const warnings: string[] = [];
    page.on("console", (message) => {
      const isOfDriver = message.text().startsWith("[.WebGL");
      if (message.type() === "warning" && !isOfDriver) warnings.push(message.text());
    });
    await using _site = await Site.open(page, "examples/pixi/page.ts", "ember");
    await page.waitForSelector('[data-place="forest"]');
    const session = await page.context().newCDPSession(page);
    const change = (first: number, last: number) =>
      page.evaluate(async ({ first, last }) => {
        ember.app.ticker.stop(); // frames are drawn below, one for each scene
        const places = ["forest", "caves", "lair"] as const;
        for (let change = first; change <= last; change++) {
          await ember.go(places[change % 3]!);
          ember.app.render();
        }
        const { textures, bitmaps } = counts;
        return [textures.made - textures.gone, bitmaps.made - bitmaps.gone];
      }, { first, last });
    await change(1, 99); // until all code has run once
    const before = await change(1, 10);
    const heap = await heapOf(session);
    assertEquals(await change(11, 1000), before);
    assertLess(Math.abs(await heapOf(session) / heap - 1), 0.05);
    const left = await page.evaluate(() => {
      ember.game[Symbol.dispose]();
      ember.app.destroy({ removeView: true });
      const { textures, bitmaps } = counts;
      return [textures.made - textures.gone, bitmaps.made - bitmaps.gone, textures.made > 1000];
    });
    assertEquals(left, [0, 0, true]);
    assertEquals(warnings, []); // PixiJS warns when a texture is destroyed too early
  },
  WEBGL,
);
