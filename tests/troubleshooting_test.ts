/** Every message in docs/troubleshooting.md is a message of the library, word for word. */
import {
  type Bundle,
  HttpSource,
  imageLoader,
  isWithdrawn,
  Json,
  type Loader,
  MemorySource,
  ResourceManager,
  Text,
} from "@holdfast/resources";
import { scan } from "@holdfast/resources/manifest";
import { collectGarbage } from "@holdfast/resources/testing";
import { assert, assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";

const page = Deno.readTextFileSync(new URL("../docs/troubleshooting.md", import.meta.url));
const BEGINS = /^(?:Cannot|Leaked|Loader|Name) /;

class Texture {
  destroy() {}
}
class Sheet {
  constructor(readonly sprites: Record<string, string>) {}
}

/** The messages that the page quotes. */
function quoted(): string[] {
  const prose = page.replaceAll(/^```.*?^```$/gms, "").replaceAll(/\s*\n\s*/g, " ");
  const spans = prose.matchAll(/(?<!`)(`{1,2})(?!`)(.*?)(?<!`)\1(?!`)/g);
  return [...spans].map(([, , code]) => code!.trim()).filter((code) => BEGINS.test(code));
}

/** The message of the error that `run` throws or rejects with. */
async function thrown(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it throws nothing");
}

function managerOf(files: Record<string, string>, ...loaders: Loader<unknown>[]): ResourceManager {
  return new ResourceManager({ source: new MemorySource(files), loaders });
}

/** The first line of each warning on the console while `run` runs. */
async function warned(run: (warnings: string[]) => unknown): Promise<string[]> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => warnings.push(stripVTControlCharacters(text).split("\n")[0]!);
  try {
    await run(warnings);
  } finally {
    console.warn = warn;
  }
  return warnings;
}

/** Forgets a handle: this is a leak on purpose. */
function forget(mgr: ResourceManager): void {
  mgr.load("sign.txt", Text);
}

async function leaks(): Promise<string[]> {
  const files = { "sign.txt": "Beware" };
  return [
    ...await warned(() => {
      using mgr = managerOf(files);
      forget(mgr);
    }),
    ...await warned(async (warnings) => {
      using mgr = managerOf(files);
      forget(mgr);
      await collectGarbage({ until: () => warnings.length > 0 });
    }),
    ...await warned(async () => {
      const source = new MemorySource(files);
      using mgr = new ResourceManager({ source, leaks: { strict: true } });
      const sign = mgr.load("sign.txt", Text); // a leak until the end of the task
      await setImmediate();
      sign[Symbol.dispose]();
    }),
  ];
}

async function references(): Promise<string[]> {
  const mgr = managerOf({ "hero.txt": "@" });
  const acquired = await thrown(() => mgr.acquire("hero.txt"));
  const scene = mgr.scope("level 1");
  const hero = scene.load("hero.txt", Text);
  const refused: string[] = [];
  using _warnings = mgr.on("warning", ({ message }) => refused.push(message));
  mgr.unload("hero.txt");
  const released = await thrown(() => mgr.release("hero.txt"));
  mgr.unload("hero.txt", { force: true });
  const forced = await thrown(() => hero.value);
  scene.dispose();
  const disposed = mgr.load("hero.txt", Text);
  disposed[Symbol.dispose]();
  const noise = mgr.add("noise", new Float32Array(2));
  const added = await thrown(() => mgr.add("noise", new Float32Array(4)));
  noise[Symbol.dispose]();
  mgr[Symbol.dispose]();
  return [
    acquired,
    ...refused,
    released,
    forced,
    await thrown(() => disposed.value),
    added,
    await thrown(() => scene.load("hero.txt", Text)),
    await thrown(() => mgr.load("hero.txt", Text)),
  ];
}

/** The messages about names that are not valid, ambiguous, or not those of a file. */
function names(): Promise<string[]> {
  using mgr = managerOf({ "chars/orc.txt": "o", "fx/orc.txt": "*" });
  const warnings: string[] = [];
  using _warnings = mgr.on("warning", ({ message }) => warnings.push(message));
  mgr.indexDirectory();
  const of = (source: string, name: string) =>
    thrown(() => {
      using files = new ResourceManager({ source });
      files.load(name, Text);
    });
  const invalid = ["../", "/", "C:/", "chars\\", "https://example.com/"];
  return Promise.all([
    ...invalid.map((start) => thrown(() => mgr.load(`${start}hero.txt`, Text))),
    thrown(() => mgr.load("orc.txt", Text)),
    ...warnings.slice(0, 1), // and the same for "orc"
    of("./examples/assets", "title/stroy.txt"),
    of("./assests", "title/story.txt"),
    of("./examples/assets", "title/story.txt?v=3"),
  ]);
}

function variantsAndParts(): Promise<string[]> {
  const sheets: Loader<Sheet> = {
    name: "sheet",
    extensions: [".sheet"],
    load: (bytes) => new Sheet(JSON.parse(new TextDecoder().decode(bytes))),
  };
  const sprites: Loader<string> = {
    name: "sprite",
    extensions: [".sheet#"],
    make: (context) => context.load(context.whole, Sheet).value.sprites[context.part],
    parts: (sheet) => Object.keys((sheet as Sheet).sprites),
  };
  const fonts: Loader<number> = {
    name: "font",
    extensions: [".ttf"],
    variants: ["16", "32"],
    load: ({ length }) => length,
  };
  const mgr = managerOf({ "hero.sheet": '{ "run": "&" }', "ui.ttf": "" }, sheets, sprites, fonts);
  const wrong = ["hero.sheet#rum", "ui.ttf?33", "ui.ttf#a", "hero.sheet#", "ui.ttf?"];
  return Promise.all([...wrong, "hero.sheet#run#1"].map((name) => thrown(() => mgr.load(name))));
}

async function types(): Promise<string[]> {
  class Level {}
  const mgr = managerOf({ "hero.txt": "@", "theme.ogg": "", "hero.png": "" }, imageLoader);
  const http = new ResourceManager({ source: new HttpSource("https://example.com/") });
  const bad = managerOf(
    { "a.node": "b.node", "b.node": "a.node", "1.a": "", "1.b": "", "1.c": "" },
    {
      name: "node",
      extensions: [".node"],
      load: (bytes, context) => context.load(new TextDecoder().decode(bytes), Level).value,
    },
    { name: "forgetful", extensions: [".a"], load() {} },
    { name: "hasty", extensions: [".b"], load: () => Promise.resolve(new Level()) },
    { name: "vague", extensions: [".c"], load: () => new Level(), byteLength: () => NaN },
  );
  return [
    await thrown(() => mgr.load("hero.txt", Texture)),
    await thrown(() => mgr.load("theme.ogg", Texture)),
    await thrown(() => mgr.load("theme", Texture)),
    await thrown(() => mgr.load("hero.png", ImageBitmap)),
    await thrown(() => http.load("intro.txt", Text)),
    await thrown(() => bad.load("a.node", Level)),
    await thrown(() => bad.load("1.a", Level)),
    await thrown(() => bad.load("1.b", Level)),
    await thrown(() => bad.load("1.c", Level)),
  ];
}

function loaders(): string[] {
  const textures = { name: "texture", extensions: [".png"], load: () => new Texture() };
  using mgr = managerOf({ "hero.png": "" }, textures);
  const warnings: string[] = [];
  using _warnings = mgr.on("warning", ({ message }) => warnings.push(message));
  using _hero = mgr.load("hero.png");
  mgr.registerLoader({ name: "raw", extensions: [".txt"], load: () => "raw" });
  return warnings;
}

async function files(): Promise<string[]> {
  using broken = managerOf({ "1.json": '{ "width": 40,\n  "height": }' });
  const answer = (body: string, headers = {}) => () =>
    Promise.resolve(new Response(body, { headers }));
  const start = answer("<p>", { "content-type": "text/html" });
  const manifest = await scan(new MemorySource({ "intro.txt": "old" }));
  const base = "https://example.com/";
  using html = new ResourceManager({ source: new HttpSource(base, { fetch: start }) });
  using changed = new ResourceManager({
    source: new HttpSource(base, { manifest, fetch: answer("new") }),
  });
  return [
    await thrown(() => broken.load("1.json", Json)),
    await thrown(() => html.loadAsync("1.json", Json)),
    await thrown(() => changed.loadAsync("intro.txt", Text)),
  ];
}

async function withdrawn(): Promise<string[]> {
  using mgr = managerOf({ "hero.txt": "@" });
  const task = mgr.loadAsync("hero.txt", Text);
  task[Symbol.dispose]();
  const scene = mgr.scope("level 1");
  const bundle = scene.loadAll({ hero: ["hero.txt", Text] });
  scene.dispose();
  const reasons = [await task.catch((reason) => reason), await bundle.catch((reason) => reason)];
  assertEquals(reasons.map(isWithdrawn), [true, true]);
  const malformed: Bundle = { hero: ["hero.txt", Text], music: JSON.parse("5") };
  return [...reasons.map(({ message }) => message), await thrown(() => mgr.loadAll(malformed))];
}

Deno.test("the troubleshooting guide quotes the messages of the library, and all that are provoked here", async () => {
  const said = [
    ...await leaks(),
    ...await references(),
    ...await names(),
    ...await variantsAndParts(),
    ...await types(),
    ...loaders(),
    ...await files(),
    ...await withdrawn(),
  ];
  const quotes = quoted();
  const isQuoted = (message: string, quote: string) =>
    quote.endsWith(" …") ? message.startsWith(quote.slice(0, -1)) : message === quote;
  assertEquals(quotes.filter((quote) => !said.some((message) => isQuoted(message, quote))), []);
  assertEquals(said.filter((message) => !quotes.some((quote) => isQuoted(message, quote))), []);
  assert(quotes.length > 35, "the quotes are found");
});
