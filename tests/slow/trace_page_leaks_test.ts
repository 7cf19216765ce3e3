/** How the page of a trace shows leaks, in a real Chromium. */
/// <reference lib="dom" />
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { frame, Pixels } from "../trace/_open_page.ts";
import { COLOURS, FLAT, pageTest, text } from "../trace/_page_in_chromium.ts";
import { longNight } from "../trace/_recordings.ts";

/** The number of leaks that the list shows for each call site. */
async function counts(page: Page): Promise<number[]> {
  const texts = await page.locator("#panel summary .count").allTextContents();
  return texts.map((text) => Number(text.slice(1)));
}

/** The seconds of the first h:mm:ss in a text. */
function secondsOf(text: string): number {
  const [, hours, minutes, seconds] = /(\d+):(\d\d):(\d\d)/.exec(text)!.map(Number);
  return (hours! * 60 + minutes!) * 60 + seconds!;
}

pageTest(
  "all leaks are listed by call site, the most bytes first, and a click shows a leak",
  async (page) => {
    await page.getByRole("tab", { name: "Leaks 200" }).click();
    assertEquals(await text(page, "#panel h2"), "200 leaks, 5 call sites");
    const all = await counts(page);
    assertEquals(all.reduce((sum, count) => sum + count), 200);
    const bytes = (await page.locator("#panel summary .muted").allTextContents()).map(parseFloat);
    assertEquals(bytes, bytes.toSorted((a, b) => b - a));
    const most = Math.max(...all);
    const site = page.locator("#panel details").nth(all.indexOf(most));
    await site.locator("summary").click();
    assertStringIncludes((await site.locator("pre").textContent())!, "at spawn (enemies.ts:");
    const lines = site.locator(".leaks button");
    if (most > 100) {
      assertEquals(await lines.count(), 100);
      await site.getByRole("button", { name: `Show ${most - 100} more of ${most - 100}` }).click();
    }
    assertEquals(await lines.count(), most);
    const opened = (await lines.locator("span").allTextContents()).map(secondsOf);
    assertEquals(opened, opened.toSorted((a, b) => a - b));
    const last = (await lines.last().locator("strong").textContent())!;
    await lines.last().click();
    await frame(page);
    assertEquals(await text(page, "#panel h2"), last);
    const active = () => page.evaluate(() => document.activeElement?.id);
    assertEquals(await active(), "rows", "the list has the focus");
    assert(await page.getByRole("tabpanel", { name: "Resource" }).isVisible());
    await page.getByRole("tab", { name: "Moment" }).click();
    await page.locator("#panel").getByRole("button", { name: "Compare" }).click();
    assertEquals(await active(), "panel", "the button was replaced, so the panel has the focus");
  },
  { of: longNight },
);

pageTest(
  "L goes to the moment when each leaked handle was opened, in order, and Shift+L goes back",
  async (page) => {
    const leaks: string[] = [];
    const press = async (key: string) => {
      await page.keyboard.press(key);
      await frame(page);
      const line = page.locator("#panel .leaks [aria-current]");
      assertEquals(await line.count(), 1);
      return `${await text(page, "#panel h2")} ${await line.textContent()}`;
    };
    for (let i = 0; i < 201; i++) leaks.push(await press("l"));
    assertEquals([new Set(leaks).size, leaks[200]], [200, leaks[0]]);
    assertEquals([await press("Shift+L"), await press("Shift+L")], [leaks[199], leaks[198]]);
  },
  { of: longNight, hash: "" },
);

pageTest(
  "a leak is drawn from its opening to its report, and a jump scrolls to it",
  async (page) => {
    for (let i = 0; i < 50; i++) await page.keyboard.press("l");
    await frame(page);
    const plot = (await page.locator("#plot").boundingBox())!;
    const row = (await page.locator("#labels [aria-selected=true]").boundingBox())!;
    const pixels = await Pixels.of(page.locator("#plot"));
    const [middle, y] = [plot.width / 2, row.y - plot.y + 23];
    assertEquals(pixels.at(middle + 12, y), COLOURS.leak);
    assertEquals(pixels.at(middle - 12, y) === COLOURS.leak, false, "the handle was not open yet");
    assertEquals(pixels.at(middle, y), COLOURS.ground, "a ring marks the opening");
  },
  { of: longNight, hash: FLAT },
);

pageTest(
  "filters keep only the leaks of a scope and a directory, and say how many those are",
  async (page) => {
    const listed = async () => (await text(page, "#matches")).split(" ·")[0];
    const before = await text(page, "#matches");
    await page.getByRole("checkbox", { name: "Leaks only" }).check();
    await frame(page);
    const leaking = Number((await listed())!.split(" ")[0]);
    assert(leaking > 50 && leaking <= 200, `${leaking} rows`);
    await page.getByRole("combobox", { name: "Scope of leaks" }).selectOption("night 0");
    await frame(page);
    const ofScope = Number((await listed())!.split(" ")[0]);
    assert(ofScope > 5 && ofScope < leaking, `${ofScope} rows of a scope`);
    await page.getByRole("combobox", { name: "Directory" }).selectOption("maps/night/");
    await frame(page);
    const inDirectory = Number((await listed())!.split(" ")[0]);
    assert(inDirectory > 0 && inDirectory < ofScope, `${inDirectory} rows below a directory`);
    const keys = await page.locator("#labels .label:visible .directory").allTextContents();
    assertEquals(new Set(keys), new Set(["maps/night/"]));
    await page.getByRole("tab", { name: "Leaks" }).click();
    assertStringIncludes(await text(page, "#panel h2"), " of 200 leaks");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await frame(page);
    assertEquals(await text(page, "#matches"), before);
    assertEquals(await page.getByRole("checkbox", { name: "Leaks only" }).isChecked(), false);
  },
  { of: longNight },
);

pageTest(
  "rows are listed below their directory, whose heading folds them and stays visible",
  async (page) => {
    const heading = page.getByRole("treeitem", { name: /^maps\/night\/, \d+ resources/ });
    const labels = page.locator("#labels .label:visible");
    await page.keyboard.press("[");
    await frame(page);
    assertEquals(await labels.count(), 8);
    assertEquals(await heading.getAttribute("aria-expanded"), "false");
    const [flag] = (await heading.locator(".flag").textContent())!.split(" ");
    assertGreater(Number(flag), 0);
    await heading.click();
    await frame(page);
    assertEquals(await heading.getAttribute("aria-expanded"), "true");
    assertGreater(await labels.count(), 8);
    await page.evaluate(() => document.getElementById("rows")!.scrollTop += 26 * 20);
    await frame(page);
    assertEquals(await text(page, "#sticky .name"), "maps/night/");
    await page.locator("#sticky").click();
    await frame(page);
    assertEquals([await labels.count(), await page.locator("#sticky").isVisible()], [8, false]);
    await page.locator("#rows").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await frame(page);
    const first = page.getByRole("treeitem", { selected: true });
    assertEquals(await first.getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowLeft");
    await frame(page);
    assertEquals(await first.getAttribute("aria-expanded"), "false");
    await page.keyboard.press("]");
    await frame(page);
    assertEquals(await first.getAttribute("aria-expanded"), "true");
    const pixels = await Pixels.of(page.locator("#plot"));
    const row = Array.from({ length: Math.floor(pixels.width) - 40 }, (_, x) => pixels.at(x, 15));
    assertGreater(new Set(row).size, 1, "the bytes of the directory are drawn");
  },
  { of: longNight, hash: "" },
);

pageTest(
  "L clears the search and the filters when they hide all leaks",
  async (page) => {
    await page.locator("#query").fill("no such key");
    assertEquals(await text(page, "#none"), "No resource matches.");
    await page.keyboard.press("Enter");
    await page.keyboard.press("l");
    await frame(page);
    assertEquals(await page.locator("#query").inputValue(), "");
    assert(await page.locator("#clear").isHidden());
    assert(!await page.locator("#grouped").isChecked(), "the list stays as it was");
    assertEquals(await page.locator("#panel .leaks [aria-current]").count(), 1);
  },
  { of: longNight },
);
