/** Moments, sizes and the address of the page of a trace, in a real Chromium. */
/// <reference lib="dom" />
import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import type { CDPSession, Page } from "playwright-core";
import { frame } from "../trace/_open_page.ts";
import { FLAT, keys, pageTest, SHOWN, text, windowWidth } from "../trace/_page_in_chromium.ts";
import { longNight, momentGame, weekGame } from "../trace/_recordings.ts";

/** The point on the screen of a time of the small game in the chart of memory. */
async function memoryAt(page: Page, ms: number): Promise<[x: number, y: number]> {
  const box = (await page.locator("#bytes").boundingBox())!;
  return [box.x + ms / SHOWN * box.width, box.y + 60];
}

pageTest(
  "a click in the chart of memory lists what was resident then, the largest first",
  async (page) => {
    await page.mouse.click(...await memoryAt(page, 1000));
    await frame(page);
    assertStringIncludes(await text(page, "#panel .sum"), "3 resources in memory, 8 kB");
    assertEquals(await page.locator("#panel .residents button").allTextContents(), [
      "chars/hero.png×15 kB",
      "forest/map.jsonidle2 kB",
      "forest/tree.pngidle1 kB",
    ]);
    await page.mouse.move(...await memoryAt(page, 300));
    await frame(page);
    assertStringIncludes(await text(page, "#panel .sum"), "3 resources");
    await page.keyboard.press("Escape");
    await page.mouse.move(...await memoryAt(page, 150));
    await frame(page);
    assertStringIncludes(await text(page, "#panel .sum"), "2 resources in memory, 6 kB");
    await page.locator("#panel .residents button").nth(1).click();
    await frame(page);
    assertEquals(await text(page, "#panel h2"), "forest/map.json");
  },
);

pageTest(
  "a mark is compared with another moment: what was loaded, what was unloaded, and the bytes",
  async (page) => {
    await page.mouse.click(...await memoryAt(page, 850));
    await page.keyboard.press("m");
    await page.mouse.click(...await memoryAt(page, 1225));
    await frame(page);
    assertEquals(await page.locator("#mark").isVisible(), true);
    assertEquals(await text(page, "#panel .sum"), "±0 B in all");
    const headings = await page.locator("#panel h3").allTextContents();
    assertEquals(headings, ["Came: 1, +1 kB", "Went: 1, −1 kB"]);
    assertEquals(await page.locator("#panel .residents button").allTextContents(), [
      "caves/bat.png+1 kB",
      "forest/tree.png−1 kB",
    ]);
    await page.keyboard.press("m");
    await frame(page);
    assertEquals(await page.locator("#mark").isVisible(), false);
    const time = await text(page, "#panel h2");
    await page.keyboard.press(".");
    await frame(page);
    assert(time !== await text(page, "#panel h2"), "a key moves the moment");
  },
);

pageTest(
  "names are not cut while there is room, and the column of names can be resized",
  async (page) => {
    const cut = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>("#labels .label:not([hidden]) .path")]
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length
      );
    const width = async () => (await page.locator("#labels").boundingBox())!.width;
    assertEquals(await cut(), 0);
    const splitter = page.getByRole("separator", { name: "Width of the names" });
    const edge = (await splitter.boundingBox())!;
    const by = async (x: number) => {
      const box = (await splitter.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, 600);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 + x, 600);
      await page.mouse.up();
      await frame(page);
    };
    const before = await width();
    await by(80);
    assertLess(Math.abs(await width() - before - 80), 2);
    assertEquals(await splitter.getAttribute("aria-valuenow"), String(await width()));
    await by(-260);
    assertGreater(await cut(), 0);
    await splitter.focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowRight");
    await frame(page);
    assertEquals(await cut(), 0);
    await splitter.dblclick({ position: { x: 4, y: 300 } });
    await frame(page);
    assertLess(Math.abs((await splitter.boundingBox())!.x - edge.x), 1);
    await page.locator("#labels .label").nth(3).hover();
    assertStringIncludes(await text(page, "#tooltip"), "Thing");
  },
  { of: longNight, hash: "" },
);

pageTest(
  "a link restores the time, filters, folds, selection, moments and width",
  async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("png");
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Sort by" }).selectOption("bytes");
    await page.getByRole("treeitem", { name: /^caves/ }).first().click();
    await page.mouse.click(...await memoryAt(page, 800));
    await page.keyboard.press("m");
    await page.mouse.click(...await memoryAt(page, 900));
    await page.keyboard.press("l");
    await page.locator("#splitter").focus();
    await page.keyboard.press("ArrowRight");
    const state = async () => {
      await frame(page);
      return [
        await page.locator("#labels .label:visible").allTextContents(),
        await windowWidth(page),
        await text(page, "#panel"),
        await page.locator("#splitter").getAttribute("aria-valuenow"),
        await page.locator("#mark").isVisible(),
      ];
    };
    await page.waitForFunction(() => location.hash.includes("width="));
    const shown = await state();
    for (const part of ["from=", "query=png", "order=bytes", "folded=", "selected=", "mark="]) {
      assertStringIncludes(page.url(), part);
    }
    await page.reload();
    assertEquals(await state(), shown);
  },
  { hash: "" },
);

pageTest("an invalid address is ignored", async (page) => {
  assertEquals([(await keys(page)).length, await text(page, "#panel h2")], [7, "This trace"]);
  assertEquals(await page.locator("#window").isVisible(), false);
  await page.evaluate(() => location.hash = "#query=caves/t&grouped=0&pinned=99999999999");
  await frame(page);
  assertEquals(await keys(page), ["caves/torch.png", "caves/troll.png"]);
}, { hash: "grouped=0&from=9&to=1&leak=77&selected=gone&order=x&tab=no&width=-5&%E0%A4%A&&=" });

pageTest("a trace of one moment shows what was resident", async (page) => {
  assertEquals(await text(page, "#summary"), "2 resources · 0 µs · peak 2 kB · 0 leaks");
  assertEquals(await keys(page), ["a.png", "b.png"]);
  await page.keyboard.press("ArrowDown");
  await frame(page);
  assertStringIncludes(await text(page, "#panel"), "still resident");
  await page.getByRole("tab", { name: "Moment" }).click();
  assertStringIncludes(await text(page, "#panel"), "2 resources in memory, 2 kB");
}, { of: momentGame });

pageTest("the times of a trace of a week are in hours", async (page) => {
  assertEquals(await text(page, "#summary"), "1 resource · 168:00:00 · peak 1 kB · 0 leaks");
  const box = (await page.locator("#plot").boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 15);
  const [, when] = /^a\.png(\d+:\d\d:\d\d)/.exec(await text(page, "#tooltip")) ?? [];
  assertEquals(when?.split(":")[0], "85");
}, { of: weekGame });

/** Moves two fingers apart, from the middle of an element. */
async function pinch(client: CDPSession, [x, y]: [number, number], apart: readonly number[]) {
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", distance: number) =>
    client.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd"
        ? []
        : [{ x: x - distance / 2, y, id: 0 }, { x: x + distance / 2, y, id: 1 }],
    });
  await touch("touchStart", apart[0]!);
  for (const distance of apart.slice(1)) await touch("touchMove", distance);
  await touch("touchEnd", 0);
}

pageTest(
  "on a phone two fingers zoom, the legend is folded, and cut names show their ends",
  async (page) => {
    const whole = (await page.locator("#strip").boundingBox())!.width;
    const plot = (await page.locator("#plot").boundingBox())!;
    const client = await page.context().newCDPSession(page);
    const middle: [number, number] = [plot.x + plot.width / 2, plot.y + 60];
    await pinch(client, middle, [40, 60, 80, 120, 160]);
    await frame(page);
    const width = await windowWidth(page);
    assertLess(
      Math.abs(width - whole / 4),
      whole / 20,
      "four times the distance zooms in four times",
    );
    await pinch(client, middle, [160, 100, 40, 20]);
    await frame(page);
    assertGreater(await windowWidth(page), width);
    assertEquals(await page.locator("#legend ul").isVisible(), false);
    await page.locator("#legend summary").click();
    assertEquals(await page.locator("#legend ul").isVisible(), true);
    await page.locator("#legend summary").click();
    assertEquals(await page.locator("#filters").isVisible(), false);
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    assertEquals(await page.getByRole("checkbox", { name: "Leaks only" }).isVisible(), true);
    const ends = await page.evaluate(() =>
      [...document.querySelectorAll("#labels .label:not([hidden]) .name")].map((name) => {
        const box = name.getBoundingClientRect();
        const text = name.firstElementChild!.getBoundingClientRect();
        return { cut: text.width > box.width + 1, end: box.right - text.right };
      })
    );
    assert(ends.some(({ cut }) => cut), "no name is cut");
    assert(ends.every(({ cut, end }) => !cut || Math.abs(end) < 2), JSON.stringify(ends));
    assertEquals(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  },
  { of: longNight, hash: FLAT, width: 390, height: 844, touch: true },
);
