/// <reference lib="dom" />
/** The game of docs/vite.md: in the template that Vite makes, with Vite's server, in Chromium. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Browser, Page, Request } from "playwright-core";
import { serveAssets } from "@holdfast/resources/dev";
import { isMissing as isChromiumMissing, launch } from "../_chromium.ts";
import { filesBelow } from "../_files_below.ts";
import { isMissing as isNpxMissing } from "../_npx.ts";
import { PATIENCE, until, withPatience } from "../_patience.ts";
import { blocksOf, Project, read } from "../_project.ts";
import { png } from "../pixi/_pictures.ts";

const PAGE = "docs/vite.md";
const [MAIN, CONFIG] = blocksOf(PAGE, "ts") as [string, string];
const [LEAK, MISSING] = blocksOf(PAGE, "text") as [string, string];
const HERO = "public/assets/hero.png";
/** The game with a handle that it forgets, and without what makes Vite run it in the open page. */
const FORGETFUL = MAIN.replace(/^draw\(\);/m, 'await mgr.loadAsync("hero.png");\n$&');
const WITHOUT_ACCEPT = MAIN.replace(/^.*accept\(\).*\n/m, "");
const RED = [255, 0, 0] as const;
const BLUE = [0, 0, 255] as const;
/** How the test asks Vite which files it watches: it does not report changes of others. */
const WATCHED_CONFIG = `
  import config from "./vite.config.ts";
  const watched = {
    name: "watched",
    configureServer({ middlewares, watcher }) {
      middlewares.use("/watched", (_, response) => {
        response.end(JSON.stringify(watcher.getWatched()));
      });
    },
  };
  export default { ...config, plugins: [...config.plugins, watched] };
`;

/** What a program or a page prints, line by line or message by message. */
class Log {
  readonly #printed: string[] = [];
  #read = 0;
  #wake = () => {};

  add(text: string): void {
    this.#printed.push(text);
    this.#wake();
  }

  /** Resolves with the next text that matches, after what was returned before. */
  next(pattern: RegExp): Promise<string> {
    const late = () => new Error(`${pattern} is not printed:\n${this.#printed.join("\n")}`);
    return withPatience(this.#find(pattern), late);
  }

  async #find(pattern: RegExp): Promise<string> {
    for (;;) {
      while (this.#read < this.#printed.length) {
        const text = this.#printed[this.#read++]!;
        if (pattern.test(text)) return text;
      }
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** All texts that match. */
  all(pattern: RegExp): string[] {
    return this.#printed.filter((text) => pattern.test(text));
  }
}

/** The game in a temporary folder, as a reader of the page has it. */
async function makeGame(): Promise<Project> {
  const project = await Project.make();
  const [create, enter, add] = blocksOf(PAGE, "sh")[0]!.trimEnd().split("\n");
  // One version of the template, so that only a change here can make the test fail.
  await project.run("npm", ...create!.replace("vite@latest", "vite@9.3").split(" ").slice(1));
  project.enter(enter!.split(" ")[1]!);
  project.saveNpmrc();
  await project.run("npx", ...add!.split(" ").slice(1));
  await project.addTypes();
  const html = project.read("index.html");
  assertStringIncludes(html, '<div id="app"></div>');
  project.save("index.html", html.replace('<div id="app"></div>', "<canvas></canvas>"));
  project.save("src/main.ts", MAIN);
  project.save("vite.config.ts", CONFIG);
  savePicture(project, RED);
  return project;
}

/** Saves a file as editors do, at once: nothing reads a half of it. */
function replace(project: Project, path: string, content: string | Uint8Array): void {
  const next = new URL("../next", project.folder);
  Deno.writeFileSync(
    next,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  const to = new URL(path, project.folder);
  Deno.mkdirSync(new URL("./", to), { recursive: true });
  Deno.renameSync(next, to);
}

function savePicture(project: Project, color: readonly number[]): void {
  replace(project, HERO, png(8, 8, color));
}

/** Starts what `npm run dev` starts. */
function startVite(project: Project, owned: AsyncDisposableStack): Log {
  assertEquals(JSON.parse(project.read("package.json")).scripts.dev, "vite");
  project.save("watched.config.ts", WATCHED_CONFIG);
  const args = ["node_modules/vite/bin/vite.js", "--config", "watched.config.ts"];
  const server = project.start("node", args);
  const log = new Log();
  const printed = [server.stdout, server.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      for (const line of text.split("\n")) log.add(line);
    }
  });
  owned.defer(async () => {
    server.kill();
    await Promise.all([server.status, ...printed]);
  });
  return log;
}

/** Resolves when Vite reports changes of the files that the test edits. */
async function watching(url: string): Promise<void> {
  for (
    let watched = "";
    !["hero.png", "main.ts", "vite.config.ts"].every((name) => watched.includes(`"${name}"`));
  ) {
    watched = await (await fetch(`${url}watched`)).text();
  }
}

/** Opens a page, and adds to the log what it prints. */
async function open(page: Page, url: string, log: Log): Promise<void> {
  page.setDefaultTimeout(PATIENCE);
  page.on("console", (message) => log.add(message.text()));
  page.on("pageerror", (error) => log.add(String(error)));
  await page.goto(url);
}

/** Resolves when the page shows a picture of one colour. */
async function shows(page: Page, color: readonly number[]): Promise<void> {
  await page.waitForFunction((expected) => {
    const context = document.querySelector("canvas")?.getContext("2d");
    return context?.getImageData(4, 4, 1, 1).data.join() === expected;
  }, [...color, 255].join());
}

/** The message in a block of the page, with any port, time and position. */
function pattern(message: string): RegExp {
  const text = message.trimEnd().replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`${text.replaceAll(/\d{2,}/g, "\\d+")}$`, "m");
}

/** What the page says in a piece of code. */
function said(code: RegExp): string {
  return code.exec(read(PAGE))![1]!;
}

/** The game that is being developed: Vite's server, and the page that is open. */
class Game {
  readonly page: Page;
  /** How often the page was loaded. */
  loads = 0;
  readonly #project: Project;
  readonly #vite: Log;
  readonly #url: string;
  readonly #log = new Log();
  /** The requests for the event stream that the server has not answered yet. */
  readonly #opening = new Set<Request>();

  private constructor(project: Project, started: { vite: Log; url: string; page: Page }) {
    this.#project = project;
    this.#vite = started.vite;
    this.#url = started.url;
    this.page = started.page;
    this.page.on("load", () => this.loads++);
    const isStream = (request: Request) => request.url().endsWith("/assets/.changes");
    this.page.on("request", (request) => isStream(request) && this.#opening.add(request));
    this.page.on("response", (response) => this.#opening.delete(response.request()));
    this.page.on("requestfailed", (request) => this.#opening.delete(request));
  }

  static async start(
    project: Project,
    browser: Browser,
    owned: AsyncDisposableStack,
  ): Promise<Game> {
    const vite = startVite(project, owned);
    const [url] = /http:\S+/.exec(await vite.next(/Local:/))!;
    await watching(url!);
    const game = new Game(project, { vite, url: url!, page: await browser.newPage() });
    await open(game.page, url!, game.#log);
    return game;
  }

  /**
   * Saves a picture, and resolves when the page shows it. That takes at least the 50 ms in which Vite
   * ignores a second change of the same file.
   */
  async reloads(color: readonly number[]): Promise<void> {
    await until(() => this.#opening.size === 0); // a change before that is not reported
    savePicture(this.#project, color);
    await shows(this.page, color);
  }

  saveCode(code: string): void {
    replace(this.#project, "src/main.ts", code);
  }

  /** Saves the settings of Vite, and resolves when its server uses them. */
  async configure(settings: string): Promise<void> {
    replace(this.#project, "vite.config.ts", settings);
    await this.#vite.next(/server restarted/);
    await watching(this.#url);
  }

  /** Resolves with the next message of the page that matches. */
  prints(message: RegExp): Promise<string> {
    return this.#log.next(message);
  }

  /** How many handles were reported as forgotten. */
  get leaks(): number {
    return this.#log.all(/^Leaked handle/).length;
  }
}

/** The settings of the page are needed, and the others of the template can stay. */
async function checksTypes(project: Project): Promise<void> {
  project.save("src/using.ts", "using nothing = null;\nvoid nothing;\n");
  const { text } = await project.outcome("npx", "tsc");
  assertStringIncludes(text, said(/`(error TS.*?)`/));
  const { lib } = JSON.parse(blocksOf(PAGE, "json")[0]!).compilerOptions;
  const template = project.read("tsconfig.json");
  for (const setting of ["skipLibCheck", "erasableSyntaxOnly"]) {
    assertStringIncludes(template, `"${setting}": true`);
  }
  project.save("tsconfig.json", template.replace(/"lib": .*,/, `"lib": ${JSON.stringify(lib)},`));
  await project.run("npx", "tsc");
  await project.run("npx", "tsc", "--erasableSyntaxOnly", "false");
  const strict = ["--skipLibCheck", "false"];
  assertStringIncludes(
    (await project.outcome("npx", "tsc", ...strict)).text,
    "PromiseWithResolvers",
  );
  const all = JSON.parse(`[${said(/`"lib": \[(.*?)\]`/)}]`).join();
  await project.run("npx", "tsc", ...strict, "--lib", all);
  Deno.removeSync(new URL("src/using.ts", project.folder));
}

async function reloadsCode(game: Game): Promise<void> {
  assertEquals(game.leaks, 0);
  game.saveCode(MAIN);
  assertMatch(await game.prints(/Leaked handle/), pattern(LEAK));
  await game.prints(/hot updated: \/src\/main\.ts/);
  await game.reloads(RED);
  assertEquals([game.loads, game.leaks], [1, 1]);
}

async function reportsMissingFiles(game: Game): Promise<void> {
  game.saveCode(MAIN.replace("hero.png", "her.png"));
  assertMatch(await game.prints(/Cannot load/), pattern(MISSING));
  await game.configure(CONFIG.replace("plugins:", `${said(/`(appType: .*?)`/)},\n  $&`));
  assertMatch(await game.prints(/Cannot load/), /^ResourceNotFoundError: .*"her\.png"/);
}

async function loadsAgain(game: Game): Promise<void> {
  game.saveCode(WITHOUT_ACCEPT);
  await shows(game.page, RED);
  await game.reloads(BLUE);
  const { loads, leaks } = game;
  const loaded = game.page.waitForEvent("load");
  game.saveCode(`${WITHOUT_ACCEPT}// changed\n`);
  await loaded;
  await shows(game.page, BLUE);
  assertEquals([game.loads, game.leaks], [loads + 1, leaks]);
}

async function isBuilt(project: Project, browser: Browser): Promise<void> {
  await project.run("npm", ...said(/`npm (run build .*?)`/).split(" "));
  const dist = new URL("dist/", project.folder);
  const script = filesBelow(dist).find((file) => file.endsWith(".js"))!;
  const code = project.read(`dist/${script}`);
  assert(!/\busing \w+ ?=|\.changes/.test(code), "using is left, or the game watches");
  assertAlmostEquals(code.length, 1000 * Number(said(/its script \(about\s(\d+)\skB/)), 5000);
  await using server = serveAssets(dist, { port: 0, path: "/games/ember/", onListen() {} });
  await using page = await browser.newPage();
  const log = new Log();
  await open(page, `${server.url}index.html`, log);
  await shows(page, BLUE);
  assertEquals(log.all(/Error|Cannot|Failed/), []);
}

Deno.test({
  name: "a game in Vite's template is checked, reloaded and built as the page says",
  ignore: isChromiumMissing || isNpxMissing,
  async fn(t) {
    await using owned = new AsyncDisposableStack();
    const project = owned.use(await makeGame());
    const browser = owned.use(await launch());
    await t.step("tsc needs the lib of the page", () => checksTypes(project));

    project.save("src/main.ts", FORGETFUL);
    const game = await Game.start(project, browser, owned);
    await shows(game.page, RED);
    await t.step("a saved picture appears in the open page", () => game.reloads(BLUE));
    await t.step(
      "saved code runs in the open page, after a report of forgotten handles",
      () => reloadsCode(game),
    );
    await t.step(
      "a missing file is the start page, or with appType an error",
      () => reportsMissingFiles(game),
    );
    await t.step("without accept(), saved code loads the page again", () => loadsAgain(game));

    project.save("src/main.ts", `${MAIN}using copy = hero.clone();\nvoid copy;\n`);
    await t.step("the built game runs below any path", () => isBuilt(project, browser));
  },
});
