/** The page of a trace, in a real Chromium. */
/// <reference lib="dom" />
import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { frame, Pixels } from "../trace/_open_page.ts";
import {
  COLOURS,
  DARK,
  hover,
  keys,
  pageTest,
  ROW,
  SHOWN,
  text,
  windowWidth,
  xOf,
} from "../trace/_page_in_chromium.ts";
import { emptyGame, hostileGame, largeGame, smallGame } from "../trace/_recordings.ts";

pageTest("the page names every resource, and shows a summary", async (page) => {
  assertEquals(await keys(page), [
    "chars/hero.png",
    "forest/map.json",
    "forest/tree.png",
    "caves/bat.png",
    "caves/rock.png",
    "caves/torch.png",
    "caves/troll.png",
  ]);
  assertEquals(await text(page, "#matches"), "7 resources · 12 kB");
  assertEquals(
    await text(page, "#summary"),
    "7 resources · 1.65 s · peak 9 kB, budget 8 kB · 1 leak",
  );
  assertEquals(await page.title(), "Holdfast trace");
});

pageTest(
  "the page draws counts as heights, idle times in a pale colour, and marks in their colours",
  async (page) => {
    const pixels = await Pixels.of(page.locator("#plot"));
    const at = async (ms: number, row: number, y: number) =>
      pixels.at(await xOf(page, ms), row * ROW + y);
    assertEquals(await at(50, 0, 20), COLOURS.live);
    assertEquals(await at(50, 1, 20), COLOURS.ground);
    assertEquals(await at(1000, 1, 20), COLOURS.idle);
    const heights: number[] = [];
    for (const ms of [250, 350, 450, 550]) {
      const x = await xOf(page, ms);
      heights.push(pixels.countColumn(COLOURS.live, x, [2 * ROW, 3 * ROW]));
    }
    assertEquals(heights, [...new Set(heights)].sort((a, b) => a - b), "one to four references");
    assertEquals(heights[0], 8);
    assertEquals(await at(800, 2, 12), COLOURS.leak);
    assertEquals([await at(700, 2, 23), await at(600, 2, 23)], [COLOURS.leak, COLOURS.ground]);
    assertEquals(await at(1250, 1, 5), COLOURS.evict);
    assertEquals(await at(700, 0, 6), COLOURS.reload);
  },
);

pageTest("the page draws bytes against the budget on top", async (page) => {
  const box = (await page.locator("#bytes").boundingBox())!;
  const pixels = await Pixels.of(page.locator("#bytes"));
  const ceiling = 9000 * 1.18;
  const y = (bytes: number) => (1 - bytes / ceiling) * box.height;
  const x = async (ms: number) => await xOf(page, ms);
  assertEquals(pixels.at(await x(1000), y(4500)), COLOURS.live);
  assertEquals(pixels.at(await x(1000), y(6500)), COLOURS.idle);
  assertEquals(pixels.at(await x(1000), y(9500)), COLOURS.ground);
  const ticks = [3, 8, 20].map(async (y) => pixels.at(await x(1350), y));
  const [strip, tick, below] = await Promise.all(ticks);
  assertEquals([strip, tick], [COLOURS.leak, COLOURS.leak], "where the budget is exceeded");
  assert(below !== COLOURS.leak, "the tick is short");
  const budget = Math.round(y(8000));
  const row = Array.from({ length: 40 }, (_, i) => pixels.at(i, budget));
  assert(row.includes(COLOURS.text) && row.includes(COLOURS.ground), `no dashed line: ${row}`);
  const scale = await page.locator("#scale span").allTextContents();
  assertEquals(scale, ["0 B", "5 kB", "10 kB"]);
});

pageTest("the page distinguishes making room from an exceeded budget", async (page) => {
  const box = (await page.locator("#bytes").boundingBox())!;
  const pixels = await Pixels.of(page.locator("#bytes"));
  const at = async (ms: number, y = 1) => pixels.at(await xOf(page, ms), y);
  const shades = [await at(1500, 10), await at(1000, 10)];
  assert(shades[0] !== COLOURS.ground && shades[1] === COLOURS.ground, `${shades} on the ground`);
  assertEquals([await at(1200), await at(1230)], [COLOURS.evict, COLOURS.ground]);
  assertEquals([await at(1352), await at(1640)], [COLOURS.leak, COLOURS.leak]);
  const tooltipAt = async (ms: number) => {
    await page.mouse.move(box.x + await xOf(page, ms), box.y + 50);
    return await text(page, "#tooltip");
  };
  assertStringIncludes(await tooltipAt(1200), "making room: idle resources are evicted");
  const over = "over budget for 300 ms: live resources alone exceed it";
  assertStringIncludes(await tooltipAt(1500), over);
  assertEquals((await tooltipAt(1000)).includes("budget"), false);
  const details = await text(page, "#panel");
  assertStringIncludes(details, "Making room2 times, 0 µs");
  assertStringIncludes(details, "Over budget1 time, 300 ms");
  const legend = await text(page, "footer");
  assertStringIncludes(legend, "making room: above the budget, until idle resources are evicted");
  assertStringIncludes(legend, "over budget: live resources alone exceed it");
});

pageTest(
  "the tooltip shows the resource, the time, and the scope and site of a leak",
  async (page) => {
    await hover(page, 350, 2);
    assertEquals(await text(page, "#tooltip"), "forest/tree.png350 msThing, 1 kB, 2 references");
    await hover(page, 1000, 1);
    assertStringIncludes(await text(page, "#tooltip"), "Thing, 2 kB, idle");
    await hover(page, 50, 1);
    assertStringIncludes(await text(page, "#tooltip"), "not loaded yet");
    await hover(page, 1400, 2);
    assertStringIncludes(await text(page, "#tooltip"), "not resident: evicted");
    await hover(page, 650, 2);
    const opened = "a handle of “forest” that leaked was opened here at spawn · enemies.ts:42";
    assertStringIncludes(await text(page, "#tooltip"), `${opened}, reported 150 ms later`);
    await hover(page, 801, 2);
    const leak = "a handle of “forest” leaked, opened at spawn · enemies.ts:42";
    assertStringIncludes(await text(page, "#tooltip"), leak);
    const box = (await page.locator("#bytes").boundingBox())!;
    await page.mouse.move(box.x + (await xOf(page, 1000)), box.y + 50);
    assertStringIncludes(await text(page, "#tooltip"), "5 kB live, 3 kB idle, of 8 kB");
    await page.mouse.move(5, 5);
    assertEquals(await page.locator("#tooltip").isVisible(), false);
  },
);

pageTest(
  "a click selects a resource, and shows its history with the call site of its leak",
  async (page) => {
    await hover(page, 350, 2);
    await page.mouse.down();
    await page.mouse.up();
    await frame(page);
    const selected = page.locator("#rows").getByRole("treeitem", { selected: true });
    assertStringIncludes(await selected.getAttribute("aria-label") ?? "", "forest/tree.png, Thing");
    const details = await text(page, "#details");
    for (const part of ["Most references5", "Live700 ms", "Idle300 ms", "evicted"]) {
      assertStringIncludes(details, part);
    }
    const leak = "opened at 650 ms, reported 150 ms later, by “forest”";
    for (const part of ["below file:///game/src/", leak]) assertStringIncludes(details, part);
    const stack = "at spawn (enemies.ts:42:17)\nat Level.start (level.ts:7:9)";
    assertEquals(await text(page, "#details pre"), stack);
    const pixels = await Pixels.of(page.locator("#plot"));
    assertEquals(pixels.at(5, 2 * ROW + 4), COLOURS.selected);
    await page.getByRole("button", { name: "Back to the whole trace" }).click();
    await frame(page);
    assertEquals(await selected.count(), 0);
    assertStringIncludes(await text(page, "#details"), "This trace");
  },
);

pageTest(
  "a click on a leak in the side panel goes to the moment when its handle was opened",
  async (page) => {
    await page.getByRole("button", { name: "See the leak" }).click();
    const site = page.locator("#panel summary");
    assertEquals(await site.textContent(), "spawn · enemies.ts:42×11 kB");
    await site.click();
    await page.locator("#panel .leaks button").click();
    await frame(page);
    assertEquals(await text(page, "#panel h2"), "forest/tree.png");
    assertLess(await windowWidth(page), (await page.locator("#strip").boundingBox())!.width / 5);
    const pixels = await Pixels.of(page.locator("#plot"));
    assertEquals(pixels.at(pixels.width / 2 + 6, 2 * ROW + 23), COLOURS.leak);
  },
);

pageTest("the search shows what matches and how many, and Escape leaves it", async (page) => {
  await page.keyboard.press("/");
  await page.keyboard.type("caves/t");
  await frame(page);
  assertEquals(await keys(page), ["caves/torch.png", "caves/troll.png"]);
  assertEquals(await text(page, "#matches"), "2 of 7 · 2 kB");
  const pixels = await Pixels.of(page.locator("#plot"));
  assertEquals(pixels.at(await xOf(page, 1325), 20), COLOURS.live);
  assertEquals(pixels.at(await xOf(page, 1325), ROW + 20), COLOURS.ground);
  await page.keyboard.type("zzz");
  await frame(page);
  assertEquals([await keys(page), await text(page, "#none")], [[], "No resource matches."]);
  await page.keyboard.press("Escape");
  assertEquals(await page.evaluate(() => document.activeElement?.id), "rows");
});

pageTest("the list is sorted by size, references, leaks or first load", async (page) => {
  const first: (string | undefined)[] = [];
  for (const order of ["references", "bytes", "leaks", "first"]) {
    await page.locator("#order").selectOption(order);
    await frame(page);
    first.push((await keys(page))[0]);
  }
  assertEquals(first, ["forest/tree.png", "chars/hero.png", "forest/tree.png", "chars/hero.png"]);
});

pageTest("the wheel zooms where the pointer is, and a drag pans", async (page) => {
  const whole = (await page.locator("#strip").boundingBox())!.width;
  const box = (await page.locator("#plot").boundingBox())!;
  const when = async () => Number((await text(page, "#tooltip .when")).split(" ")[0]);
  // A wheel event has whole pixels only.
  const [x, other] = [800, 400].map((ms) => Math.round(box.x + ms / SHOWN * box.width));
  const move = (x: number, row: number) => page.mouse.move(x, box.y + row * ROW + 15);
  for (const row of [0, 2]) {
    await page.keyboard.press("0");
    await move(x!, row);
    const time = await when();
    await page.mouse.wheel(0, -900);
    await frame(page);
    assertLess(await windowWidth(page), whole / 2);
    await move(x!, row);
    assertLess(Math.abs(await when() - time), 1);
  }
  const held = await when();
  await page.mouse.down();
  await move(other!, 2);
  await page.mouse.up();
  await frame(page);
  await move(other!, 2);
  assertLess(Math.abs(await when() - held), 1, "the time under the pointer has moved along");
});

pageTest(
  "the wheel scrolls many rows, and zooms with Ctrl or over the charts",
  async (page) => {
    const strip = (await page.locator("#strip").boundingBox())!;
    const scrolled = () => page.evaluate(() => document.getElementById("rows")!.scrollTop);
    await page.mouse.move(strip.x + 300, 600);
    await page.mouse.wheel(0, 520);
    await page.waitForFunction(() => document.getElementById("rows")!.scrollTop > 500);
    assertEquals(await page.locator("#window").isVisible(), false, "nothing is zoomed");
    const top = await scrolled();
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -300);
    await page.keyboard.up("Control");
    await frame(page);
    const narrow = await windowWidth(page);
    assertLess(narrow, strip.width);
    await page.mouse.move(strip.x + 300, strip.y + 80);
    await page.mouse.wheel(0, -300);
    await frame(page);
    assertLess(await windowWidth(page), narrow);
    assertEquals(await scrolled(), top);
  },
  { of: () => largeGame(500, 5_000) },
);

pageTest("everything can be done by keys", async (page) => {
  const active = () =>
    page.evaluate(() => {
      const id = document.activeElement?.getAttribute("aria-activedescendant");
      return id ? document.getElementById(id)!.getAttribute("aria-label")!.split(",")[0] : id;
    });
  const press = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key);
    await frame(page);
  };
  while (await page.evaluate(() => document.activeElement?.id) !== "rows") await press("Tab");
  await press("ArrowDown");
  assertEquals(await active(), "chars/hero.png");
  await press("ArrowDown", "ArrowDown", "ArrowUp");
  assertEquals(await active(), "forest/map.json");
  await press("End");
  assertEquals(await active(), "caves/troll.png");
  await press("Home");
  assertEquals(await active(), "chars/hero.png");
  const whole = (await page.locator("#strip").boundingBox())!.width;
  await press("+", "+");
  const zoomed = await windowWidth(page);
  assertLess(zoomed, whole / 2);
  const left = (await page.locator("#window").boundingBox())!.x;
  await press("ArrowRight");
  assertGreater((await page.locator("#window").boundingBox())!.x, left);
  await press("-");
  assertGreater(await windowWidth(page), zoomed);
  await press("0");
  assertEquals(await page.locator("#window").isVisible(), false);
  await press("l");
  assertEquals(await text(page, "#panel h2"), "forest/tree.png");
  await press("Enter");
  assertLess(await windowWidth(page), whole * 0.75);
  await press("Escape");
  assertEquals(await active(), null);
  await press("?");
  assert(await page.getByRole("dialog", { name: "Keys and mouse" }).isVisible());
  await press("Escape");
  assertEquals(await page.getByRole("dialog").count(), 0);
});

pageTest("the page has roles and names for screen readers", async (page) => {
  const list = page.getByRole("tree", { name: "Resources" });
  assertEquals(await list.getByRole("treeitem").count(), 7);
  const tree = list.getByRole("treeitem", {
    name: /^forest\/tree\.png, Thing, 1 kB, at most 5 references/,
  });
  assertStringIncludes((await tree.getAttribute("aria-label"))!, "1 eviction, 1 leak");
  assertEquals(
    [await tree.getAttribute("aria-posinset"), await tree.getAttribute("aria-setsize")],
    ["3", "7"],
  );
  const memory = page.getByRole("img", { name: "Memory over time: peak 9 kB, budget 8 kB" });
  assert(await memory.isVisible());
  assert(await page.getByRole("searchbox", { name: "Search resources" }).isVisible());
  assert(await page.getByRole("combobox", { name: "Sort by" }).isVisible());
  for (const name of ["Zoom in", "Zoom out", "Fit", "Keys and mouse"]) {
    assert(await page.getByRole("button", { name, exact: true }).isVisible(), name);
  }
  assertEquals(await page.getByRole("status").textContent(), "7 resources · 12 kB");
  for (const name of ["Directory", "Type", "Scope of leaks"]) {
    assert(await page.getByRole("combobox", { name }).isVisible(), name);
  }
  for (const name of ["Leaks only", "By directory"]) {
    assert(await page.getByRole("checkbox", { name }).isVisible(), name);
  }
  const tabs = await page.getByRole("tab").allTextContents();
  assertEquals(tabs, ["Trace", "Leaks 1", "Moment"]);
  assert(await page.getByRole("separator", { name: "Width of the names" }).isVisible());
});

pageTest("the buttons zoom, and a click in the overview goes to that time", async (page) => {
  const strip = (await page.locator("#strip").boundingBox())!;
  for (let i = 0; i < 3; i++) await page.getByRole("button", { name: "Zoom in" }).click();
  await frame(page);
  assertLess(Math.abs((await windowWidth(page)) - strip.width / 8), 3);
  await page.mouse.click(strip.x + strip.width * 0.75, strip.y + 10);
  await frame(page);
  const { x, width } = (await page.locator("#window").boundingBox())!;
  assertLess(Math.abs(x + width / 2 - strip.x - strip.width * 0.75), 3);
  await page.getByRole("button", { name: "Zoom out" }).click();
  await frame(page);
  assertLess(Math.abs((await windowWidth(page)) - strip.width / 4), 3);
  await page.getByRole("button", { name: "Fit" }).click();
  await frame(page);
  assertEquals(await page.locator("#window").isVisible(), false);
});

pageTest("a double click shows one stay in memory from end to end", async (page) => {
  await hover(page, 600, 2);
  const box = (await page.locator("#plot").boundingBox())!;
  await page.mouse.dblclick(box.x + await xOf(page, 600), box.y + 2 * ROW + 15);
  await frame(page);
  const strip = (await page.locator("#strip").boundingBox())!;
  assertLess(Math.abs((await windowWidth(page)) - strip.width * 1100 / SHOWN), 3);
});

pageTest("the page follows the colours of the system, also while it is open", async (page) => {
  const colours = async () => {
    const pixels = await Pixels.of(page.locator("#plot"));
    return { ground: pixels.at(5, ROW + 10), live: pixels.at(20, 20) };
  };
  const { ground, live } = COLOURS;
  assertEquals(await colours(), { ground, live });
  await page.emulateMedia({ colorScheme: "dark" });
  await frame(page);
  assertEquals(await colours(), DARK);
  const body = await page.evaluate(() => getComputedStyle(document.documentElement).color);
  assertEquals(body, "rgb(228, 235, 236)");
});

pageTest("names and titles with HTML are text everywhere", async (page) => {
  assertEquals(await keys(page), [
    "__proto__",
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=document.title='broken'>",
    "constructor/toString",
    "\\u2028\\u202e\"'&<!--",
  ]);
  for (let row = 0; row < 5; row++) {
    await page.keyboard.press("ArrowDown");
    const box = (await page.locator("#plot").boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + row * ROW + 15);
    await frame(page);
  }
  await page.locator("#query").fill("<img");
  await frame(page);
  assertEquals((await keys(page)).length, 1);
  assertEquals(await page.title(), "<b>title</b></title><script>1</script>");
  const added = await page.evaluate(() => document.querySelectorAll("img, b, iframe").length);
  const scripts = await page.evaluate(() => document.scripts.length);
  assertEquals([added, scripts], [0, 2]);
}, { of: hostileGame });

pageTest("the page runs no other script, and sends no request", async (page, { noise }) => {
  let requests = 0;
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    requests++;
    return new Response("");
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const refused = await page.evaluate(breakIn, url);
  for (const each of ["threw", "img-src", "connect-src", "require-trusted-types-for"]) {
    assert(refused.includes(each), `${each} is missing in ${refused}`);
  }
  assertEquals([requests, await page.title()], [0, "Holdfast trace"]);
  assert((await fetch(url)).ok && requests === 1, "the server would have answered");
  noise.length = 0; // the browser has logged each refusal
});

/** Runs in the page. Tries to run scripts and to send requests, and returns what refused them. */
async function breakIn(url: string): Promise<string[]> {
  const refused: string[] = [];
  addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
  const script = document.createElement("script");
  const ways: (() => unknown)[] = [
    () => document.body.innerHTML = "<p>in</p>",
    () => document.body.append(Object.assign(new Image(), { src: url })),
    () => fetch(url),
    () => document.body.setAttribute("onclick", "document.title = 'in'"),
    () => script.append("document.title = 'in'"),
    () => document.body.append(script),
    () => document.body.click(),
  ];
  for (const way of ways) {
    try {
      await way();
    } catch {
      refused.push("threw");
    }
  }
  const late = ["img-src", "connect-src"]; // these events come some time after the refusal
  for (let frames = 0; frames < 300 && !late.every((each) => refused.includes(each)); frames++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return refused;
}

pageTest("the page says when older events are missing", async (page) => {
  const notice = await text(page, "#notice");
  assertStringIncludes(notice, "17 older events did not fit");
  assertEquals(await page.locator("#notice").isVisible(), true);
}, { of: () => smallGame({ maxEvents: 5 }) });

pageTest("the page of a trace in which nothing happened says so", async (page) => {
  assertEquals(await text(page, "#none"), "Nothing was in memory while this trace ran.");
  assertEquals(await text(page, "#summary"), "0 resources · 0 µs · peak 0 B · 0 leaks");
  for (
    const key of ["ArrowDown", "End", "l", "L", "Enter", "+", "ArrowRight", "0", "m", ".", "["]
  ) {
    await page.keyboard.press(key);
  }
  await frame(page);
  assertEquals(await page.locator("#scale span").allTextContents(), ["0 B"]);
  assertEquals(await page.locator("#filters").isVisible(), false);
  assertEquals(await page.locator("#next-leak").isVisible(), false);
  await page.getByRole("tab", { name: "Leaks" }).click();
  assertStringIncludes(await text(page, "#panel"), "No leaks");
}, { of: emptyGame });

pageTest("in a small window no parts overlap, and none is outside", async (page) => {
  for (const width of [900, 420]) {
    await page.setViewportSize({ width, height: 800 });
    await frame(page);
    const boxes = await Promise.all(
      ["header", "#stage", "#details", "footer"].map((part) => page.locator(part).boundingBox()),
    );
    for (const [i, box] of boxes.entries()) {
      const next = boxes[i + 1]?.y ?? 800;
      assert(box!.y + box!.height <= next + 0.5, `part ${i} covers the next at ${width}`);
      assert(box!.x + box!.width <= width, `part ${i} is too wide at ${width}`);
    }
    assertEquals(await page.evaluate(() => document.documentElement.scrollWidth), width);
  }
});

pageTest(
  "of 5 000 resources and 200 000 events only the visible ones are drawn, and the last can be reached",
  async (page) => {
    const { count, keys: { length } } = await page.evaluate(() =>
      JSON.parse(document.getElementById("data")!.textContent!)
    );
    assert(length === 5_000 && count >= 200_000, `${length} resources, ${count} events`);
    const labels = page.locator("#labels .label");
    assertLess(await labels.count(), 40);
    await page.locator("#order").selectOption("references");
    const box = (await page.locator("#bytes").boundingBox())!;
    await page.mouse.move(box.x + 400, box.y + 40);
    for (const wheel of [-120, 120]) {
      await page.mouse.wheel(0, wheel);
      await frame(page);
    }
    await page.keyboard.press("End");
    await frame(page);
    const last = page.locator("#rows").getByRole("treeitem", { selected: true });
    assertEquals(await last.getAttribute("aria-posinset"), "5000");
    assertLess(await labels.count(), 40);
  },
  { of: () => largeGame(5_000, 200_000) },
);
