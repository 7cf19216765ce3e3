/** The documentation is consistent: its links lead somewhere, its names exist, and its versions agree. */
import { HttpSource, ResourceManager, ResourceScope } from "@holdfast/resources";
import { assert, assertEquals, assertLess } from "@std/assert";
import { fileURLToPath } from "node:url";
import * as errors from "../src/contract/errors.ts";
import { blocksIn } from "./_doc_blocks.ts";
import { Folder } from "./_folder.ts";
import { WITH_STD } from "./_run_deno.ts";

const root = new URL("../", import.meta.url);
/** What `deno task sprites` makes. */
const FRAMES = "examples/frames";

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, root)) !== undefined;
  } catch {
    return false;
  }
}

/** All Markdown of the project, by its path below the root. */
function pages(): string[] {
  return ["", "docs/"].flatMap((directory) =>
    [...Deno.readDirSync(new URL(directory || ".", root))]
      .filter(({ name }) => name.endsWith(".md"))
      .map(({ name }) => directory + name)
  ).sort();
}

/** A page, or the first comment of a module, as Markdown. */
function markdown(path: string): string {
  const text = read(path);
  return path.endsWith(".ts") ? text.slice(0, text.indexOf("*/")).replaceAll(/^ \* ?/gm, "") : text;
}

/** A page without its blocks of code. */
function prose(path: string): string {
  return markdown(path).replaceAll(/^```.*?^```$/gms, "");
}

/** The first block of code in `language` on a page. */
function firstBlock(path: string, language: string): string {
  const [, rest] = markdown(path).split(`\n\`\`\`${language}\n`);
  return rest!.split("```")[0]!;
}

/** Whether a file is published with the package, by the patterns of `deno.json`. */
function isPublished(file: string): boolean {
  const { publish } = JSON.parse(read("deno.json"));
  return publish.include.some((pattern: string) => {
    const path = pattern.replaceAll(".", "\\.").replaceAll("**/", "(.+/)?");
    return new RegExp(`^${path.replaceAll(/(?<!\.)\*/g, "[^/]*")}$`).test(file);
  });
}

/** The file below the project that a link of a page leads to. */
function targetOf(page: string, link: string): string {
  const { pathname } = new URL(link, new URL(page, root));
  return decodeURIComponent(pathname).slice(decodeURIComponent(root.pathname).length);
}

/** The anchors of a page: its headings, in lower case, with hyphens and without punctuation. */
function anchorsOf(path: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
    const slug = heading!.toLowerCase().replaceAll(/[^\p{L}\p{N}_\- ]/gu, "").replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** The relative links of a page, also to pictures. */
function linksOf(path: string): string[] {
  const text = prose(path).replaceAll(/`[^`]*`/g, "code");
  const links = text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"\s]+)"/g);
  return [...links].map(([, link, source]) => link ?? source!)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** What is wrong with a link; `undefined` if it leads somewhere. */
function problemOf(page: string, link: string): string | undefined {
  const { hash } = new URL(link, new URL(page, root));
  const target = targetOf(page, link);
  if (!exists(target)) return `${page} links to ${link}, which is not there`;
  const anchor = decodeURIComponent(hash.slice(1));
  if (anchor === "" || anchorsOf(target).includes(anchor)) return undefined;
  return `${page} links to ${link}, but ${target} has no such heading`;
}

Deno.test("every relative link and anchor leads somewhere", () => {
  const checked = [...pages(), "mod.ts"]
    .flatMap((page) => linksOf(page).map((link) => ({ page, link })));
  const problems = checked.map(({ page, link }) => problemOf(page, link));
  assertEquals(problems.filter((problem) => problem !== undefined), []);
  assert(checked.length > 50, "the links are found");
});

Deno.test("the check of links finds a missing page and a missing heading", () => {
  assertEquals(
    problemOf("README.md", "docs/nowhere.md"),
    "README.md links to docs/nowhere.md, which is not there",
  );
  assertEquals(
    problemOf("docs/leaks.md", "design.md#nothing"),
    "docs/leaks.md links to design.md#nothing, but docs/design.md has no such heading",
  );
  assertEquals(
    problemOf("docs/design.md", "leak-detection.md#why-the-nursery-is-exact"),
    undefined,
  );
});

Deno.test("what a published page links to is published too, apart from the examples", () => {
  const published = [...pages(), "mod.ts"].filter(isPublished);
  assert(published.includes("README.md") && published.includes("docs/leaks.md"));
  for (const page of published) {
    for (const link of linksOf(page).filter((link) => !link.startsWith("../examples/"))) {
      assert(isPublished(targetOf(page, link)), `${page} links to ${link}, which is not published`);
    }
  }
});

Deno.test("every file of the project that a page names exists", () => {
  const named = /`((?:src|tests|bench|docs|examples|\.ci|\.github)\/[\w./-]+)`/g;
  const missing = pages().flatMap((page) =>
    [...prose(page).matchAll(named)].filter(([, file]) => !exists(file!) && file !== FRAMES)
      .map(([, file]) => `${page} names ${file}`)
  );
  assertEquals(missing, []);
});

Deno.test("mod.ts begins with the README's first block", () => {
  assertEquals(firstBlock("mod.ts", "ts"), firstBlock("README.md", "ts"));
});

/** The arguments of Deno that run a program in a folder with the library of this checkout. */
function runArgs(...flags: string[]): string[] {
  const config = `--config=${fileURLToPath(new URL("deno.json", root))}`;
  return ["run", "-q", "--no-check", "--no-prompt", ...flags, config];
}

/** The flags with which a page runs a program. */
function flagsOf(page: string, program: string): string[] {
  const [, flags] = new RegExp(`deno run (\\S.*) ${program}\\b`).exec(page)!;
  return flags!.split(" ");
}

Deno.test("the README's first block runs, and a forgotten handle prints the README's message", async () => {
  const game = firstBlock("README.md", "ts");
  using folder = new Folder({
    "assets/forest.png": "",
    "assets/player.png": "",
    "game.ts": game,
    "leak/game.ts": game.replace("using tex", "const tex"),
  });
  const run = [...WITH_STD, ...runArgs("--allow-read=assets")];
  assertEquals(await folder.run([...run, "game.ts"]), { code: 0, output: "" });
  const { code, output } = await folder.run([...run, "leak/game.ts"]);
  const withoutFolder = (text: string) => text.replaceAll(/file:\S*\//g, "");
  assertEquals(withoutFolder(output), withoutFolder(firstBlock("README.md", "text")));
  assertEquals(code, 0);
});

Deno.test("getting started runs on the files that its first program writes, and on those of a clone", async () => {
  const page = read("docs/getting-started.md");
  const [make, ...games] = blocksIn("docs/getting-started.md", page).map(({ code }) => code);
  assertEquals(games.length, 5);
  using folder = new Folder({ "make.ts": make! });
  const making = [...WITH_STD, ...runArgs(...flagsOf(page, "make.ts")), "make.ts"];
  assertEquals(await folder.run(making), { code: 0, output: "" });
  const hero = await Deno.readFile(new URL("assets/common/hero.png", folder.url));
  assertEquals((await createImageBitmap(new Blob([hero]))).width, 64);

  const reads = flagsOf(page, "game.ts");
  const clone = fileURLToPath(new URL("examples/assets", root));
  const inClone = games.map((game) => game.replaceAll('"./assets"', JSON.stringify(clone)));
  for (const [flags, programs] of [[reads, games], [[`--allow-read=${clone}`], inClone]] as const) {
    for (const [i, game] of programs.entries()) folder.write(`game_${i}.ts`, game);
    folder.write("all.ts", programs.map((_, i) => `import "./game_${i}.ts";\n`).join(""));
    const run = [...WITH_STD, ...runArgs(...flags), "all.ts"];
    assertEquals(await folder.run(run), { code: 0, output: "" });
  }
});

Deno.test("the server of docs/hot-reload-browser.md serves a page, its bundle and changed assets", async () => {
  const page = read("docs/hot-reload-browser.md");
  const server = firstBlock("docs/hot-reload-browser.md", "ts");
  const files = {
    "index.html": "<!doctype html>",
    "game.js": "play();",
    "assets/sign.txt": "Beware",
  };
  using folder = new Folder({
    ...files,
    "dev.ts": server.replace(`("./assets", {`, `("./assets", { port: 0,`),
  });
  await using running = await folder.start([...runArgs(...flagsOf(page, "dev.ts")), "dev.ts"]);
  for (const [path, type] of [["", "text/html"], ["game.js", "text/javascript"]]) {
    const response = await fetch(`${running.url}${path}`);
    assertEquals(await response.text(), path === "" ? files["index.html"] : files["game.js"]);
    assertEquals(response.headers.get("content-type"), type);
  }
  assert(page.includes(`new HttpSource("assets/", { watch: ".changes" })`));
  const source = new HttpSource(`${running.url}assets/`, { watch: ".changes" });
  await using mgr = new ResourceManager({ source });
  await using _watcher = mgr.watch();
  using sign = await mgr.loadAsync("sign.txt");
  const reloaded = new Promise((resolve) => mgr.on("reload", resolve));
  folder.write("assets/sign.txt", "Welcome");
  await reloaded;
  assertEquals(sign.value, "Welcome");
});

Deno.test("the first program of docs/inspect.md plays on, and serves its page", async () => {
  const page = read("docs/inspect.md");
  using folder = new Folder({ "game.ts": firstBlock("docs/inspect.md", "ts") });
  await using game = await folder.start([...runArgs(...flagsOf(page, "game.ts")), "game.ts"]);
  const { status, body } = await fetch(game.url);
  await body?.cancel();
  assertEquals(status, 200);
});

Deno.test("the README has fewer than 200 lines, links every page and names every entry point", () => {
  const readme = read("README.md");
  assertLess(readme.split("\n").length, 200);
  const links = linksOf("README.md").map((link) => link.replace(/#.*/, ""));
  for (const page of pages()) assert(page === "README.md" || links.includes(page), page);
  const { name, exports } = JSON.parse(read("deno.json"));
  for (const entry of Object.keys(exports)) {
    assert(readme.includes(`${name}${entry.slice(1)}`), `the README does not mention ${entry}`);
  }
});

/** The interfaces that docs/reference.md lists in full, by their files. */
const REFERENCE: Readonly<Record<string, readonly string[]>> = {
  "src/contract/events.ts": ["Leak", "ResourceEvents"],
  "src/contract/handle.ts": ["Handle", "WeakHandle"],
  "src/contract/loader.ts": ["AsyncLoadContext", "LoadContext", "Loader"],
  "src/contract/options.ts": [
    "AddOptions",
    "LeakOptions",
    "PumpOptions",
    "ResourceManagerOptions",
    "WatchOptions",
  ],
  "src/contract/source.ts": ["ReadOptions", "Source"],
  "src/contract/stats.ts": [
    "CacheStats",
    "FormatStatsOptions",
    "Holder",
    "HolderSite",
    "LeakSite",
    "QueuedWork",
    "ResourceStats",
  ],
  "src/contract/task.ts": ["LoadOptions"],
  "src/report/snapshot.ts": ["GrownResource"],
  "src/scope.ts": ["EscapedHandle"],
};

/** A file of code without its doc comments. */
function withoutDocs(file: string): string {
  return read(file).replaceAll(/\/\*\*.*?\*\//gs, "");
}

/** The members of an interface, by their names. */
function membersOf(file: string, name: string): string[] {
  const [, body] = withoutDocs(file).match(
    new RegExp(`^export interface ${name}\\b[^{]*\\{(.*?)^\\}`, "ms"),
  )!;
  return [...body!.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(<]/gm)].map(([, member]) => member!);
}

Deno.test("the reference names every method, option, field, event and error of a manager", () => {
  const members = new Set([
    ...Object.getOwnPropertyNames(ResourceManager.prototype),
    ...Object.getOwnPropertyNames(ResourceScope.prototype),
    ...Object.keys(errors).filter((name) => name.endsWith("Error")),
    ...Object.entries(REFERENCE).flatMap(([file, interfaces]) =>
      interfaces.flatMap((name) => membersOf(file, name))
    ),
  ]);
  members.delete("constructor");
  assert(members.size > 100, "the members are found");
  const code = [...read("docs/reference.md").matchAll(/`[^`\n]+`/g)].join(" ");
  const named = new Set(code.match(/\w+/g));
  assertEquals([...members].filter((name) => !named.has(name)), []);
});

/** The files of `src/`. */
function sources(directory = "src/"): string[] {
  return [...Deno.readDirSync(new URL(directory, root))].flatMap(({ name, isDirectory }) =>
    isDirectory ? sources(`${directory}${name}/`) : [directory + name]
  );
}

Deno.test("some page names each option of each entry point", () => {
  const { exports } = JSON.parse(read("deno.json"));
  const entries = Object.values<string>(exports).map((entry) => withoutDocs(entry)).join("\n");
  const exported = new Set(entries.match(/\b\w+(?:Options|Settings)\b/g));
  const options = sources().flatMap((file) =>
    [...withoutDocs(file).matchAll(/^export interface (\w+)/gm)].map(([, name]) => name!)
      .filter((name) => exported.has(name)).flatMap((name) => membersOf(file, name))
  );
  assert(options.length > 80, "the options are found");
  const code = pages().flatMap((page) => [
    ...read(page).matchAll(/^```.*?^```/gms),
    ...prose(page).matchAll(/`[^`\n]+`/g),
  ]).join("\n");
  const named = new Set(code.match(/\w+/g));
  assertEquals(options.filter((option) => !named.has(option)), []);
});

Deno.test("each page of docs/ has fewer than 250 lines", () => {
  const long = pages().filter((page) => page.startsWith("docs/"))
    .filter((page) => read(page).split("\n").length > 250);
  assertEquals(long, []);
});

Deno.test("each page of docs/ begins with what a reader can do after it, and shows code", () => {
  const others = pages().filter((page) => page.startsWith("docs/")).filter((page) => {
    const [, first] = read(page).split("\n\n");
    return !/^(?:After (?:reading this|these ten minutes) you|Look up )/.test(first!);
  });
  assertEquals(others, []);
  for (const page of pages()) {
    if (page.startsWith("docs/")) assert(read(page).includes("\n```"), `${page} shows no code`);
  }
});

Deno.test("the README has its picture, and a place for the figures", () => {
  const readme = read("README.md");
  assert(/<picture>/.test(readme));
  for (const name of ["operations", "overview"]) {
    const block = new RegExp(`<!-- figures: ${name} -->\n\n\\|[^]*?\\|\n\n<!-- figures end -->`);
    assert(block.test(readme), name);
  }
});

Deno.test("the project adds few words to the spelling check, and sorts them", () => {
  const { words } = JSON.parse(read(".cspell.json"));
  assertEquals(words, words.toSorted((a: string, b: string) => a.localeCompare(b, "en")));
  assertLess(words.length, 50);
});

Deno.test("the pages and the workflows name the version of Deno that .ci/run uses", () => {
  const versionsIn = (file: string) => {
    const found = read(file).matchAll(/(?:deno@|deno-version: v|\bDeno )(\d+\.\d+\.\d+)/g);
    return [...new Set([...found].map(([, version]) => version))];
  };
  const [version] = versionsIn(".ci/run");
  for (
    const file of [
      "README.md",
      "CONTRIBUTING.md",
      ".github/workflows/ci.yml",
      ".github/workflows/publish.yml",
    ]
  ) {
    assertEquals(versionsIn(file), [version], file);
  }
});
