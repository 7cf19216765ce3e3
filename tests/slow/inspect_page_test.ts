/**
 * The page that follows a manager, in a real Chromium. The tests share a browser, whose process and pipes
 * the sanitizers of a test would report as leaks, so they are off in this file.
 */
/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { MemorySource, ResourceManager } from "../../mod.ts";
import { inspectorPage, serveInspector, type ServeInspectorOptions } from "../../src/inspect.ts";
import { isMissing, launch } from "../_chromium.ts";
import { PATIENCE } from "../_patience.ts";
import { Bundle } from "../_bundle.ts";
import { leak, SITE } from "../trace/_recordings.ts";

let browser: Browser | undefined = undefined;

Deno.test.beforeAll(async () => {
  if (!isMissing) browser = await launch();
});
Deno.test.afterAll(async () => await browser?.close());

/** Opens a page, and adds everything that it writes to its console to `noise`. */
async function newPage(noise: string[]): Promise<Page> {
  const page = await browser!.newPage({ viewport: { width: 1400, height: 800 } });
  page.setDefaultTimeout(PATIENCE);
  page.on("console", (message) => noise.push(message.text()));
  page.on("pageerror", (error) => noise.push(String(error)));
  return page;
}

/** A test of one page of a manager. It fails when the page writes anything to its console. */
function pageTest(
  name: string,
  run: (page: Page, game: Game) => Promise<void>,
  options: ServeInspectorOptions = {},
): void {
  Deno.test({
    name,
    ignore: isMissing,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using game = new Game(options);
      const noise: string[] = [];
      const page = await newPage(noise);
      await page.goto(game.panel.url);
      await run(page, game);
      assertEquals(noise.filter((line) => !line.includes("net::ERR")), []);
      await page.close();
    },
  });
}

class Game implements AsyncDisposable {
  readonly source = new MemorySource({ "forest/tree.txt": "tree", "hero.txt": "@" });
  readonly mgr = new ResourceManager({ source: this.source, idle: "keep", leaks: { onLeak() {} } });
  readonly panel;

  constructor(options: ServeInspectorOptions) {
    this.panel = serveInspector(this.mgr, { onListen() {}, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.panel[Symbol.asyncDispose]();
    this.mgr[Symbol.dispose]();
  }
}

/** Waits until an element has a text. */
async function says(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}

/** Waits until a resource is listed. */
async function lists(page: Page, name: string): Promise<void> {
  await says(page, "#labels .name", name);
}

pageTest(
  "the page lists resources that are loaded while it is open, and its time advances",
  async (page, game) => {
    await says(page, "#standing", "Live");
    await says(page, "#none", "Nothing was in memory");
    using _hero = game.mgr.load("hero.txt");
    await lists(page, "hero.txt");
    assertEquals(await page.locator("#directory").textContent(), "All directories");
    await says(page, "#type", /^All typesstring$/);
    const before = await page.locator("#summary").textContent();
    await page.waitForFunction(
      (before) => document.getElementById("summary")!.textContent !== before,
      before,
    );
    assertEquals(await page.locator("#actions button").count(), 0);
    assertEquals(await page.title(), "Holdfast, live");
  },
);

pageTest(
  "the page keeps its selection while it follows, and Now shows the present again",
  async (page, game) => {
    using _hero = game.mgr.load("hero.txt");
    await lists(page, "hero.txt");
    await page.locator("#labels .label").filter({ hasText: "hero.txt" }).click();
    await page.keyboard.press("+");
    await page.keyboard.press("a");
    const selected = page.locator("#rows").getByRole("treeitem", { selected: true });
    game.mgr.load("forest/tree.txt")[Symbol.dispose]();
    await lists(page, "tree.txt");
    assertStringIncludes(await selected.getAttribute("aria-label") ?? "", "hero.txt");
    await page.locator("#now").click();
    await says(page, "#standing", "Live");
  },
);

pageTest("the buttons of a page with control reload and unload", async (page, game) => {
  using hero = game.mgr.load("hero.txt");
  game.mgr.load("forest/tree.txt")[Symbol.dispose]();
  await lists(page, "tree.txt");
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  await press("Reload");
  await says(page, "#said", "Select the resource to reload");
  game.source.set("hero.txt", "&");
  await page.locator("#labels .label").filter({ hasText: "hero.txt" }).click();
  await press("Reload");
  await says(page, "#said", '"hero.txt" was reloaded');
  assertEquals(hero.value, "&");
  await press("Unload idle");
  await says(page, "#said", "1 of 2 resources were unloaded");
  assertEquals(game.mgr.size, 1);
}, { control: true });

pageTest("the page of a disposed manager says so, and keeps what it shows", async (page, game) => {
  game.mgr.load("hero.txt")[Symbol.dispose]();
  await lists(page, "hero.txt");
  game.mgr[Symbol.dispose]();
  await says(page, "#standing", "The manager was disposed");
  await lists(page, "hero.txt");
});

pageTest(
  "the page of a panel that is closed says so, and keeps what it shows",
  async (page, game) => {
    game.mgr.load("hero.txt")[Symbol.dispose]();
    await lists(page, "hero.txt");
    await game.panel[Symbol.asyncDispose]();
    await says(page, "#standing", "The game or its panel has ended");
    await lists(page, "hero.txt");
  },
);

pageTest("a page that is too slow shows that it has lost events", async (page, game) => {
  await says(page, "#standing", "Live");
  for (let i = 0; i < 1000; i++) game.mgr.load("hero.txt")[Symbol.dispose]();
  await lists(page, "hero.txt");
  // All in one turn: of 100 000 events, 50 are kept.
  await new Promise((resolve) => setTimeout(resolve, 0));
  for (let i = 0; i < 50_000; i++) game.mgr.load("hero.txt")[Symbol.dispose]();
  await says(page, "#lost", /events came faster than this page could read/);
  assertMatch(await page.locator("#notice").textContent() ?? "", /older events did not fit/);
}, { maxEvents: 50 });

pageTest("Reload works for a resource whose name has invisible characters", async (page, game) => {
  const family = "family\u200d.txt"; // as in the names of some emoji
  game.source.set(family, "1");
  using handle = game.mgr.load(family);
  await lists(page, "family\\u200d.txt");
  await page.locator("#labels .label").filter({ hasText: "family" }).click();
  game.source.set(family, "2");
  await page.getByRole("button", { name: "Reload", exact: true }).click();
  await says(page, "#said", '"family\\u200d.txt" was reloaded');
  assertEquals(handle.value, "2");
}, { control: true });

pageTest(
  "a selected call site stays selected while its tab counts new leaks",
  async (page, game) => {
    using _hero = game.mgr.load("hero.txt");
    leak(game.mgr, "hero.txt", "", SITE);
    await page.getByRole("tab", { name: "Leaks 1" }).click();
    await page.locator("#panel summary").click();
    await page.locator("#panel pre").click({ clickCount: 3 });
    leak(game.mgr, "hero.txt", "", SITE);
    await says(page, "#tab-leaks", "Leaks 2");
    assertStringIncludes(await page.evaluate(() => String(getSelection())), "at Level.start");
    await page.evaluate(() => getSelection()!.empty());
    await says(page, "#panel h2", "2 leaks, 1 call site");
  },
);

pageTest("the column of names grows for new leaks, and keeps its width", async (page, game) => {
  const name = `${"long ".repeat(3)}name.txt`;
  game.source.set(name, "@");
  using _long = game.mgr.load(name);
  await lists(page, name);
  const width = () => page.evaluate(() => document.getElementById("labels")!.offsetWidth);
  const before = await width();
  leak(game.mgr, name, "", SITE);
  await page.waitForFunction(
    (before) => document.getElementById("labels")!.offsetWidth > before,
    before,
  );
  const after = await width();
  await page.locator("#query").fill("no such name");
  await says(page, "#none", "No resource matches");
  assertEquals(await width(), after);
});

pageTest("names and titles with HTML are shown as text", async (page, game) => {
  const names = [
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=alert(1)>",
  ];
  for (const name of names) game.mgr.add(name, {})[Symbol.dispose]();
  await lists(page, "<img src=x onerror=alert(1)>");
  assertEquals(await page.title(), "</title><b>live");
  assertEquals(await page.locator("#labels img, #labels script, header b").count(), 0);
}, { title: "</title><b>live" });

Deno.test({
  name:
    "a page follows a game in another window of its origin, and finds it again when it is reloaded",
  ignore: isMissing,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    using bundle = await Bundle.make("tests/inspect/_browser_game.ts");
    const script = await Deno.readTextFile(bundle.file);
    const html = { headers: { "content-type": "text/html" } };
    await using server = Deno.serve({ port: 0, onListen() {} }, ({ url }) => {
      const { pathname } = new URL(url);
      if (pathname === "/inspect") return new Response(inspectorPage(), html);
      if (pathname === "/game") {
        return new Response("<script type=module src=game.js></script>", html);
      }
      return new Response(script, { headers: { "content-type": "text/javascript" } });
    });
    const origin = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
    const noise: string[] = [];
    const context = await browser!.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => noise.push(String(error)));
    await page.goto(`${origin}/inspect`);
    await says(page, "#standing", "Waiting for the game");
    const game = await context.newPage();
    await game.goto(`${origin}/game#first`);
    await lists(page, "first.txt");
    await page.getByRole("button", { name: "Unload idle" }).click();
    await says(page, "#said", "0 of 1 resources were unloaded");
    await game.goto("about:blank");
    await game.goto(`${origin}/game#second`);
    await lists(page, "second.txt");
    assertEquals(await page.locator("#labels .name").filter({ hasText: "first" }).count(), 0);
    await game.evaluate(() =>
      (globalThis as unknown as { panel: Disposable }).panel[Symbol.dispose]()
    );
    await says(page, "#standing", "The game or its panel has ended");
    await lists(page, "second.txt");
    assertEquals(noise, []);
    assert(page.url().startsWith(origin));
    await context.close();
  },
});
