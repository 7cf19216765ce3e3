/// <reference lib="dom" />
/** The library and the example of `examples/browser` in a real browser. */
import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { decode } from "fast-png";
import type { Page } from "playwright-core";
import type { Game, Place } from "../../examples/browser/game.ts";
import { serve } from "../../examples/browser/serve.ts";
import { serveAssets } from "../../src/dev.ts";
import { AssetsCopy } from "../_assets_copy.ts";
import { Bundle } from "../_bundle.ts";
import { collectGarbageOf, heapOf, testInChromium } from "../_chromium.ts";
import { serveGuide } from "../_guide_site.ts";
import { png } from "../pixi/_pictures.ts";
import type { Smoke } from "../_smoke.ts";

/** What the page of the example exports for the console, and the count of this test. */
declare const emberfall: { readonly game: Game; go(place: Place): Promise<void> };
declare let openBitmaps: number;

const ASSETS = new URL("../../examples/assets/", import.meta.url);
const PLACES: readonly Place[] = ["forest", "caves", "lair"];
/** The size of the canvas, in pixels. */
const WIDTH = 384;
const HEIGHT = 192;

/** The page of the example, and its server. */
class Site implements AsyncDisposable {
  readonly page: Page;
  readonly #owned: AsyncDisposableStack;

  private constructor(page: Page, owned: AsyncDisposableStack) {
    this.page = page;
    this.#owned = owned;
  }

  /** Opens the page in `page`, and waits until it shows the first place. */
  static async open(page: Page, assets?: URL): Promise<Site> {
    await using owned = new AsyncDisposableStack();
    const bundle = owned.use(await Bundle.make("examples/browser/page.ts"));
    const server = owned.use(serve(new URL(`file://${bundle.file}`), { assets }));
    await page.addInitScript(countBitmaps);
    await page.goto(new URL("/", server.url).href);
    const site = new Site(page, owned.move());
    await site.arrive("forest");
    return site;
  }

  /** Waits until the page shows a place. */
  async arrive(place: Place): Promise<void> {
    await this.page.waitForSelector(`[data-place="${place}"][aria-current="true"]`);
  }

  /** The status line of the page. */
  status(): Promise<string> {
    return this.page.locator("#status").innerText();
  }

  /** The keys of the table in a state, once the table is up to date. */
  async keys(state: "live" | "idle"): Promise<string[]> {
    await this.page.waitForFunction(() => {
      const rows = [...document.querySelectorAll("#resources tr")];
      const shown = rows.map(({ children: [key, state] }) =>
        `${key?.textContent} ${state?.textContent}`
      );
      const { resources } = emberfall.game.mgr.cacheStats();
      const wanted = Object.entries(resources).map(([key, { state }]) => `${key} ${state}`);
      return String(shown) === String(wanted.sort());
    });
    return await this.page.locator(`#resources tr:has(.state.${state}) th`).allInnerTexts();
  }

  /** The pixels of the screenshot of the canvas, in the canvas's own resolution. */
  async pixels(): Promise<number[][]> {
    const { data, width, height, channels } = decode(
      await this.page.locator("#screen").screenshot(),
    );
    return Array.from({ length: WIDTH * HEIGHT }, (_, index) => {
      const [x, y] = [index % WIDTH + 0.5, Math.floor(index / WIDTH) + 0.5];
      const at = Math.floor(y * height / HEIGHT) * width + Math.floor(x * width / WIDTH);
      return [...data.subarray(at * channels, at * channels + 3)];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.goto("about:blank"); // so that it sends no more requests
    await this.#owned.disposeAsync();
  }
}

/** Runs in the page, before its own script. */
function countBitmaps(): void {
  const original = createImageBitmap;
  const closed = new WeakSet<ImageBitmap>();
  const { close } = ImageBitmap.prototype;
  const counted = async (source: Blob) => {
    const bitmap = await original(source);
    openBitmaps++;
    return bitmap;
  };
  Object.assign(globalThis, { openBitmaps: 0, createImageBitmap: counted });
  ImageBitmap.prototype.close = function () {
    if (closed.has(this)) throw new Error("An ImageBitmap is closed twice");
    closed.add(this);
    openBitmaps--;
    close.call(this);
  };
}

/** The colours of a file. */
function colorsOf(path: string): Set<string> {
  const { data } = decode(Deno.readFileSync(new URL(path, ASSETS)));
  const colors = new Set<string>();
  for (let at = 0; at < data.length; at += 4) colors.add(String([...data.subarray(at, at + 3)]));
  return colors;
}

testInChromium(
  "the link of the example opens a window that shows what the example keeps in memory",
  async (page) => {
    await using site = await Site.open(page);
    const [window] = await Promise.all([page.waitForEvent("popup"), page.click("#inspect")]);
    await window.locator("#labels .name").filter({ hasText: "hero.png" }).waitFor();
    await page.click("[data-place=caves]");
    await site.arrive("caves");
    await window.fill("#query", "caves/bat");
    await window.locator("#labels .name").filter({ hasText: "bat.png" }).waitFor();
  },
);

testInChromium("the bundled main entry loads, shares, releases and reports leaks", async (page) => {
  using bundle = await Bundle.make("tests/_smoke.ts");
  const session = await page.context().newCDPSession(page);
  await page.exposeFunction("collect", () => collectGarbageOf(session));
  const found: Smoke = await page.evaluate(async (code) => {
    const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const { smoke } = await import(url);
    return await smoke(Reflect.get(globalThis, "collect"));
  }, Deno.readTextFileSync(bundle.file));
  assertEquals(found.values, ["A", "A", "B"]);
  assertEquals(found.sizes, [2, 0]);
  assertEquals(found.leaks, ["b.txt", "c.txt"]);
  assertMatch(found.table, /^2 resources · .*\nkey +type/); // without codes for colours
  assertStringIncludes(found.fileSource, "a FileSource needs Deno, Node or Bun, use an HttpSource");
});

testInChromium(
  "a click on a button changes the place, and the page shows what is in memory then",
  async (page) => {
    await using site = await Site.open(page);
    for (const place of ["caves", "lair", "forest"] as const) {
      await page.getByRole("button", { name: new RegExp(place, "i") }).click();
      await site.arrive(place);
      const live = await site.keys("live");
      const levels = live.filter((key) => key.endsWith(".level.json"));
      assertEquals(levels, [`${place}/${place}.level.json`]); // an idle one keeps its pictures live
      assert(live.includes(`${place}/tiles.png`), place);
      assertEquals(await page.evaluate(() => openBitmaps), await bitmapsInMemory(page));
    }
    assertMatch(await site.status(), /^The Whispering Forest: \d+ files were read, \d+ resources/);
    assert((await site.keys("idle")).includes("lair/dragon.png"), "the budget keeps it");
    assert(
      !(await site.keys("idle")).includes("caves/golem.png"),
      "the budget is too small for all three places",
    );
  },
);

async function bitmapsInMemory(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const { resources } = emberfall.game.mgr.cacheStats();
    return Object.values(resources).filter(({ type }) => type === "ImageBitmap").length;
  });
}

testInChromium(
  "a key changes the place, and a screenshot has the colours of that place",
  async (page) => {
    await using site = await Site.open(page);
    for (const [index, place] of [...PLACES.entries()].reverse()) {
      await page.keyboard.press(String(index + 1));
      await site.arrive(place);
      const pixels = await site.pixels();
      const colors = colorsOf(`${place}/tiles.png`);
      const ground = groundOf(pixels);
      assertEquals(ground.filter((color) => !colors.has(color)), [], place);
      assertLess(3, new Set(ground).size);
      assertLess(20, new Set(pixels.map(String)).size);
    }
  },
);

/** The colours of the ground below all actors, without the rounded corners of the canvas. */
function groundOf(pixels: readonly number[][]): string[] {
  return pixels.filter((_, index) => {
    const [x, y] = [index % WIDTH, Math.floor(index / WIDTH)];
    return y >= 164 && x >= 16 && x < 320;
  }).map(String);
}

testInChromium(
  "the page shows a picture and a level after they are saved, and is not loaded again",
  async (page) => {
    using assets = new AssetsCopy();
    await using site = await Site.open(page, assets.url);
    await page.evaluate(() => void Object.assign(globalThis, { isSamePage: true }));
    const colors = colorsOf("lair/tiles.png");
    const isLair = async () => groundOf(await site.pixels()).every((color) => colors.has(color));
    assertEquals(await isLair(), false);
    assets.save("forest/tiles.png", assets.read("lair/tiles.png"));
    await page.waitForFunction(() =>
      emberfall.game.mgr.cacheStats().resources["forest/tiles.png"]?.version === 2
    );
    while (!await isLair()); // until the next frame is drawn

    const level = "forest/forest.level.json";
    const text = new TextDecoder().decode(assets.read(level));
    assets.save(level, new TextEncoder().encode(text.replace("Whispering", "Silent")));
    await page.waitForFunction(
      (level) =>
        (emberfall.game.mgr.peek(level) as { title: string }).title === "The Silent Forest",
      level,
    );
    assertEquals(
      await page.evaluate(() => Reflect.get(globalThis, "isSamePage")),
      true,
    );
    assertEquals(await page.evaluate(() => openBitmaps), await bitmapsInMemory(page));
  },
);

testInChromium("a page of another port reloads a file that is saved", async (page) => {
  using bundle = await Bundle.make("tests/_smoke_watch.ts");
  using assets = new AssetsCopy();
  assets.save("sign.txt", new TextEncoder().encode("Beware"));
  await using server = serveAssets(assets.url, {
    port: 0,
    onListen() {},
    fallback() {
      assets.save("sign.txt", new TextEncoder().encode("Welcome"));
      return new Response();
    },
  });
  await using other = Deno.serve(
    { port: 0, onListen() {} },
    () => new Response("<link rel=icon href=data:>", { headers: { "content-type": "text/html" } }),
  );
  const code = Deno.readTextFileSync(bundle.file);
  const watch = ({ code, url }: { code: string; url: string }) =>
    import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
      .then(({ watch }) => watch(url));
  await page.goto(`http://localhost:${other.addr.port}/`);
  assertEquals(await page.evaluate(watch, { code, url: server.url }), ["Beware", "Welcome"]);
  await page.goto("about:blank"); // so that it sends no more requests
});

testInChromium("an arrow key moves the hero, until it is released", async (page) => {
  await using site = await Site.open(page);
  const before = await site.pixels();
  await page.keyboard.down("ArrowRight");
  await page.waitForFunction(() => emberfall.game.stage.direction === 1);
  let after = before;
  while (String(after) === String(before)) after = await site.pixels();
  await page.keyboard.up("ArrowRight");
  assertEquals(await page.evaluate(() => emberfall.game.stage.direction), 0);
});

testInChromium(
  "a change of place before the last one has loaded withdraws that one",
  async (page) => {
    await using site = await Site.open(page);
    await page.evaluate(async () => {
      await Promise.all([emberfall.go("lair"), emberfall.go("caves"), emberfall.go("lair")]);
    });
    await site.arrive("lair");
    assertEquals((await site.keys("live")).filter((key) => key.startsWith("caves/")), []);
    await page.evaluate(() => Promise.all([emberfall.go("forest"), emberfall.go("caves")]));
    await site.arrive("caves");
    assertEquals((await site.keys("live")).filter((key) => key.startsWith("forest/")), []);
    assertEquals(await page.evaluate(() => openBitmaps), await bitmapsInMemory(page));
  },
);

testInChromium(
  "a handle that the page forgets is reported, and its reference is released",
  async (page) => {
    await using site = await Site.open(page);
    const session = await page.context().newCDPSession(page);
    await page.getByRole("button", { name: "Forget a handle" }).click();
    await page.waitForFunction(() => emberfall.game.mgr.has("common/heart.png"));
    assert((await site.keys("live")).includes("common/heart.png"));
    const leaks = () => page.evaluate(() => emberfall.game.mgr.cacheStats().leaks);
    for (let round = 0; round < 20 && await leaks() === 0; round++) await collectGarbageOf(session);
    assertEquals(await leaks(), 1);
    assertStringIncludes(await site.status(), 'A handle of "common/heart.png" was forgotten');
    await page.waitForSelector('#resources tr:has(.state.idle) th:text-is("common/heart.png")');
  },
);

testInChromium(
  "the heap after 1 000 scene changes is within 5 % of that after 10",
  async (page) => {
    await using _site = await Site.open(page);
    const session = await page.context().newCDPSession(page);
    const change = (first: number, last: number) =>
      page.evaluate(async ({ first, last }) => {
        const places = ["forest", "caves", "lair"] as const;
        for (let change = first; change <= last; change++) await emberfall.go(places[change % 3]!);
      }, { first, last });

    await change(1, 99); // until all code has run once
    await change(1, 10);
    const [tenth, bitmaps] = [await heapOf(session), await page.evaluate(() => openBitmaps)];
    await change(11, 1000);
    assertLess(Math.abs(await heapOf(session) / tenth - 1), 0.05);
    assertEquals(await page.evaluate(() => openBitmaps), bitmaps);
    await page.evaluate(() => emberfall.game[Symbol.dispose]());
    assertEquals(await page.evaluate(() => openBitmaps), 0);
  },
);

testInChromium("the first program of docs/runtimes.md draws its picture", async (page) => {
  await using site = await serveGuide("docs/runtimes.md", png(64, 64, [255, 0, 0]));
  await page.goto(site.url);
  await page.waitForFunction(() => {
    const context = document.querySelector("canvas")!.getContext("2d")!;
    return context.getImageData(32, 32, 1, 1).data.join() === "255,0,0,255";
  });
});
