/** The published package: it has everything that users need, documented and typed, and is small. */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { runDeno, WITH_STD } from "../_run_deno.ts";

const root = new URL("../../", import.meta.url);
const CONFIG = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
const ENTRIES: Readonly<Record<string, string>> = CONFIG.exports;

/** The most bytes of each entry point, bundled with everything that it imports: minified, zipped. */
const SIZES: Readonly<Record<string, readonly [minified: number, zipped: number]>> = {
  ".": [136_500, 49_800],
  "./dev": [21_700, 8_800],
  "./inspect": [90_600, 32_700],
  "./lint": [75_000, 22_600],
  "./manifest": [18_700, 7_800],
  "./pixi": [9_200, 4_200],
  "./plan": [9_500, 3_700],
  "./sound": [4_500, 2_200],
  "./testing": [125_000, 45_400],
  "./three": [9_500, 4_400],
  "./trace": [93_500, 33_200],
  "./webgpu": [32_100, 13_400],
  "./worker": [12_000, 5_000],
  "./zip": [14_000, 6_500],
};

/** Runs deno with `@std`, and returns what it printed. Throws that if it fails. */
async function run(...args: string[]): Promise<string> {
  const { code, output } = await runDeno(...WITH_STD, ...args);
  if (code !== 0) throw new Error(output);
  return output;
}

/** The files that `deno publish` would publish. It checks types as JSR does, and refuses slow ones. */
async function publishedFiles(): Promise<string[]> {
  const output = await run("publish", "--dry-run", "--allow-dirty");
  return [...output.matchAll(/file:\/\/\S+/g)].map(([url]) => url.slice(root.href.length));
}

Deno.test("deno publish publishes what users need, and nothing else", async () => {
  const files = await publishedFiles();
  const sources = files.filter((file) => /^src\/(\w+\/)?\w+\.ts$/.test(file));
  const others = files.filter((file) => !sources.includes(file))
    .filter((file) => !/^docs\/[\w-]+\.(md|png|svg)$/.test(file));
  const pages = ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"];
  assertEquals(others.sort(), [...pages, "LICENSE", "deno.json", "mod.ts"].sort());
  assert(files.includes("docs/lifetimes.md"));
  assert(sources.length > 20);
  for (const entry of Object.values(ENTRIES)) assert(files.includes(entry.slice(2)), entry);
});

Deno.test("deno.json has what JSR requires of a package", () => {
  assertMatch(CONFIG.name, /^@[a-z0-9-]+\/[a-z0-9-]+$/);
  assertMatch(CONFIG.version, /^\d+\.\d+\.\d+$/);
  assertEquals(CONFIG.license, "MIT");
  const changes = Deno.readTextFileSync(new URL("CHANGELOG.md", root));
  assert(changes.includes(`## ${CONFIG.version}`), "CHANGELOG.md has the version");
  assert(Deno.readTextFileSync(new URL("LICENSE", root)).startsWith("MIT License"));
});

Deno.test("every entry point begins with an introduction and an example, and documents every symbol", async () => {
  for (const [name, entry] of Object.entries(ENTRIES)) {
    const text = Deno.readTextFileSync(new URL(entry, root));
    const introduction = text.match(/^\/\*\*.*?\*\//s)?.[0] ?? "";
    assert(introduction.includes("@module"), `${name} has no @module`);
    assert(introduction.includes("```ts"), `${name} shows no example`);
    assert(introduction.includes("@holdfast/resources"), `${name} is not imported by its name`);
  }
  await run("doc", "--lint", ...Object.values(ENTRIES));
});

Deno.test("docs/runtimes.md names the bound of the main entry", () => {
  const [, zipped] = SIZES["."]!;
  const page = Deno.readTextFileSync(new URL("docs/runtimes.md", root));
  assert(page.includes(`less than ${Math.ceil(zipped / 1000)} kB`));
});

Deno.test("every entry point stays small, minified and with its dependencies", async () => {
  const file = Deno.makeTempFileSync({ suffix: ".js" });
  try {
    for (const [name, entry] of Object.entries(ENTRIES)) {
      await run("bundle", "-q", "--minify", "--platform", "browser", "-o", file, entry);
      const bytes = Deno.readFileSync(file);
      const gzip = new CompressionStream("gzip");
      const { length } = await new Response(new Blob([bytes]).stream().pipeThrough(gzip)).bytes();
      console.log(`${name}: ${bytes.length} bytes minified, ${length} zipped`);
      const limits = SIZES[name];
      assert(limits !== undefined, `${name} has no limit`);
      assertLess(bytes.length, limits[0], name);
      assertLess(length, limits[1], name);
    }
  } finally {
    Deno.removeSync(file);
  }
});

/**
 * The most bytes that a browser gets for an import from the main entry, minified. The methods and
 * options of `{ ResourceManager }` reach nearly everything, so a bundler keeps that: files are 11 kB of
 * it, reports 7, reloading 8, leaks 6, pacing, `find` and telemetry 3 each.
 */
const IMPORTS: Readonly<Record<string, number>> = {
  "{ keep }": 600,
  "{ Text }": 600,
  "{ HttpSource }": 14_800,
  "{ MemorySource }": 4_000,
  "{ ResourceManager }": 115_800,
  "* as all": 136_600,
};

Deno.test("a bundle has only what is imported from the main entry", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    for (const [names, limit] of Object.entries(IMPORTS)) {
      const probe = `${folder}/probe.ts`;
      const used = names.match(/\w+(?= \}|$)/)![0];
      const mod = new URL("mod.ts", root).href;
      Deno.writeTextFileSync(probe, `import ${names} from "${mod}";\nconsole.log(${used});\n`);
      const file = `${folder}/probe.js`;
      const config = fileURLToPath(new URL("deno.json", root));
      await run(
        "bundle",
        "-q",
        "--minify",
        "--platform=browser",
        "--config",
        config,
        "-o",
        file,
        probe,
      );
      const { size } = Deno.statSync(file);
      console.log(`import ${names}: ${size} bytes minified`);
      assertLess(size, limit, names);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("/three and /pixi add less than 6 kB each to a program that has the main entry", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const sizes: number[] = [];
    for (const entries of [["mod.ts"], ["mod.ts", "src/three.ts"], ["mod.ts", "src/pixi.ts"]]) {
      const exports = entries.map((each) => `export * from "${new URL(each, root).href}";\n`);
      Deno.writeTextFileSync(`${folder}/probe.ts`, exports.join(""));
      const config = fileURLToPath(new URL("deno.json", root));
      const options = ["--minify", "--platform=browser", "--config", config];
      await run("bundle", "-q", ...options, "-o", `${folder}/probe.js`, `${folder}/probe.ts`);
      sizes.push(Deno.statSync(`${folder}/probe.js`).size);
    }
    const [main, three, pixi] = sizes as [number, number, number];
    console.log(
      `/three: ${three - main} bytes minified over the main entry, /pixi: ${pixi - main}`,
    );
    assertLess(three - main, 6_000);
    assertLess(pixi - main, 6_000);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
