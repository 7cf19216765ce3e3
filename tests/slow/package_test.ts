/** What is published: that it is all that users need, documented, typed, and no larger than it has to be. */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const CONFIG = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
const ENTRIES: Readonly<Record<string, string>> = CONFIG.exports;

/** The most bytes that each entry point may have, bundled with all that it imports: minified, zipped. */
const SIZES: Readonly<Record<string, readonly [minified: number, zipped: number]>> = {
  ".": [135_700, 49_400],
  "./dev": [21_000, 8_650],
  "./inspect": [90_500, 32_600],
  "./lint": [60_600, 18_900],
  "./manifest": [18_600, 7_800],
  "./pixi": [9_200, 4_200],
  "./plan": [9_500, 3_700],
  "./sound": [4_500, 2_200],
  "./testing": [124_700, 45_300],
  "./three": [9_500, 4_400],
  "./trace": [93_500, 33_200],
  "./webgpu": [31_900, 13_400],
  "./worker": [12_000, 5_000],
  "./zip": [14_000, 6_500],
};

interface RunOptions {
  cwd?: URL;
  env?: Record<string, string>;
}

/** Runs deno, and gives what it printed. Throws that if it fails. */
async function deno(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { success, text } = await outcome(args, options);
  if (!success) throw new Error(text);
  return text;
}

async function outcome(args: readonly string[], { cwd = root, env = {} }: RunOptions) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
  }).output();
  return { success, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

function run(...args: string[]): Promise<string> {
  return deno(["run", "-q", "-A", fileURLToPath(new URL("tests/stand_ins/std.ts", root)), ...args]);
}

let published: Promise<string[]> | undefined;

/** What `deno publish` would take. It checks the types as JSR does, and takes none that are slow. */
function publishedFiles(): Promise<string[]> {
  return published ??= listPublished();
}

async function listPublished(): Promise<string[]> {
  const output = await run("publish", "--dry-run", "--allow-dirty");
  return [...output.matchAll(/file:\/\/\S+/g)].map(([url]) => url.slice(root.href.length));
}

Deno.test("deno publish lists what users need, and nothing else", async () => {
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

Deno.test("deno.json has what JSR asks of a package", () => {
  assertMatch(CONFIG.name, /^@[a-z0-9-]+\/[a-z0-9-]+$/);
  assertMatch(CONFIG.version, /^\d+\.\d+\.\d+$/);
  assertEquals(CONFIG.license, "MIT");
  const changes = Deno.readTextFileSync(new URL("CHANGELOG.md", root));
  assert(changes.includes(`## ${CONFIG.version}`), "CHANGELOG.md has the version");
  assert(Deno.readTextFileSync(new URL("LICENSE", root)).startsWith("MIT License"));
});

Deno.test("every entry point begins with an essay, and documents every symbol", async () => {
  for (const [name, entry] of Object.entries(ENTRIES)) {
    const text = Deno.readTextFileSync(new URL(entry, root));
    const essay = text.match(/^\/\*\*.*?\*\//s)?.[0] ?? "";
    assert(essay.includes("@module"), `${name} has no @module`);
    assert(essay.includes("```ts"), `${name} shows no example`);
    assert(essay.includes("@holdfast/resources"), `${name} is not imported by its name`);
  }
  await run("doc", "--lint", ...Object.values(ENTRIES));
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
 * The most bytes that a browser gets for what it imports from the main entry, minified. What
 * `{ ResourceManager }` has is reached by its methods and options: files are 11 kB of it, reports 7,
 * reloading 8, leaks 6, pacing, `find` and telemetry 3 each. A bundler leaves out none of that.
 */
const IMPORTS: Readonly<Record<string, number>> = {
  "{ keep }": 600,
  "{ Text }": 600,
  "{ HttpSource }": 14_800,
  "{ MemorySource }": 4_000,
  "{ ResourceManager }": 115_200,
  "* as all": 135_900,
};

Deno.test("only what is imported from the main entry is bundled", async () => {
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

/** A folder that is a registry: the package as it would be published, beside the stand-ins for `@std`. */
async function registryIn(home: URL): Promise<URL> {
  const { name, version } = CONFIG;
  const registry = new URL("registry/", home);
  const standIns = new URL("tests/stand_ins/@std/", root);
  for (const file of filesBelow(standIns)) {
    copy(new URL(file, standIns), new URL(`@std/${file}`, registry));
  }
  const meta = new URL(`${name}/`, registry);
  for (const file of await publishedFiles()) {
    copy(new URL(file, root), new URL(`${version}/${file}`, meta), unmapped);
  }
  const [scope, bare] = name.slice(1).split("/");
  write(new URL("meta.json", meta), {
    scope,
    name: bare,
    latest: version,
    versions: { [version]: {} },
  });
  write(new URL(`${version}_meta.json`, meta), { manifest: {}, exports: ENTRIES });
  return registry;
}

/** Publishing replaces what `deno.json` maps by what it maps to. */
function unmapped(code: string): string {
  return code.replaceAll(
    /(from|import\() ?"(@?[\w-]+(?:\/[\w-]+)*)"/g,
    (whole, start, specifier) => {
      const mapped = Object.entries<string>(CONFIG.imports)
        .find(([from]) => specifier === from || specifier.startsWith(`${from}/`));
      return mapped ? `${start} "${mapped[1]}${specifier.slice(mapped[0].length)}"` : whole;
    },
  );
}

function filesBelow(directory: URL, prefix = ""): string[] {
  return [...Deno.readDirSync(new URL(prefix, directory))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(directory, `${prefix}${name}/`) : [prefix + name]
  );
}

function copy(from: URL, to: URL, change = (code: string) => code): void {
  Deno.mkdirSync(new URL("./", to), { recursive: true });
  Deno.writeTextFileSync(to, change(Deno.readTextFileSync(from)));
}

function write(file: URL, value: unknown): void {
  Deno.writeTextFileSync(file, JSON.stringify(value));
}

/** What somebody has who has read the README: its blocks as files, and the package from a registry. */
async function projectIn(home: URL) {
  const registry = await registryIn(home);
  const cwd = new URL("game/", home);
  const save = (file: string, code: string) => Deno.writeTextFileSync(new URL(file, cwd), code);
  const readme = Deno.readTextFileSync(new URL("README.md", root));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);
  const files = examples.map((_, i) => `example_${i}.ts`);
  Deno.mkdirSync(new URL("assets/", cwd), { recursive: true });
  for (const picture of ["forest", "player"]) save(`assets/${picture}.png`, "");
  for (const [i, file] of files.entries()) save(file, examples[i]!);
  const first = examples[0]!;
  save("leak.ts", first.replace("using tex", "const tex"));
  save("main_test.ts", `Deno.test("README", () => {});\n${first}`);
  const entries = Object.keys(ENTRIES).map((each, i) =>
    `import * as entry${i} from "${CONFIG.name}${each.slice(1)}";\nvoid entry${i};\n`
  );
  save("entries.ts", entries.join(""));
  const imports = {
    [CONFIG.name]: `jsr:${CONFIG.name}@^${CONFIG.version}`,
    "@std/assert": CONFIG.imports["@std/assert"],
  };
  const lint = JSON.parse(readme.match(/```json\n(.*?)```/s)![1]!);
  write(new URL("deno.json", cwd), { imports, ...lint });
  return { files, options: { cwd, env: { JSR_URL: registry.href } } };
}

Deno.test("a project that has nothing but the published files and the README checks, runs, tests and lints", async () => {
  const home = new URL(`file://${Deno.realPathSync(Deno.makeTempDirSync())}/`);
  try {
    const { files, options } = await projectIn(home);
    await deno(["check", ...files, "main_test.ts", "entries.ts"], options);
    const read = "--allow-read=assets";
    for (const file of files) {
      assertEquals(await deno(["run", "--quiet", read, file], options), "", file);
    }
    assertMatch(await deno(["test", "--no-check", read], options), /1 passed .* 0 failed/);
    await deno(["lint", files[0]!], options);

    const leaky = await outcome(["run", "--quiet", read, "leak.ts"], options);
    assertMatch(leaky.text, /Leaked handle: "player\.png" \(Texture\) was still open/);
    const lint = await outcome(["lint", "leak.ts"], options);
    assertEquals(lint.success, false);
    assertMatch(lint.text, /holdfast\/prefer-using.*"tex"/s);
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
});

Deno.test("the program of /manifest runs by its jsr: name, and what it writes checks as it is", async () => {
  const home = new URL(`file://${Deno.realPathSync(Deno.makeTempDirSync())}/`);
  try {
    const { options } = await projectIn(home);
    const program = `jsr:${CONFIG.name}@^${CONFIG.version}/manifest`;
    const permissions = ["-R=assets,assets.ts", "-W=assets.ts", "--no-prompt"];
    const args = ["run", "--quiet", ...permissions, program, "./assets", "assets.ts"];
    assertMatch(await deno(args, options), /^Wrote assets\.ts: 2 files\n/);
    assertEquals(await deno([...args, "--check"], options), "assets.ts is up to date: 2 files\n");
    const game = `
      import { HttpSource, type Manifest } from "${CONFIG.name}";
      import { type AssetName, manifest } from "./assets.ts";
      const names: AssetName[] = namesOf(manifest);
      const same: ("forest.png" | "player.png")[] = names;
      // @ts-expect-error It is not an asset.
      const wrong: AssetName = "forst.png";
      function namesOf<K extends string>(from: Manifest<K>): K[] {
        return Object.keys(from.files) as K[];
      }
      const source = new HttpSource("https://example.com/assets", { manifest });
      console.log(same, source.list?.(""), wrong);
    `;
    Deno.writeTextFileSync(new URL("main.ts", options.cwd), game);
    await deno(["check", "main.ts"], options);
    const both = '[ "forest.png", "player.png" ]';
    assertEquals(await deno(["run", "--quiet", "main.ts"], options), `${both} ${both} forst.png\n`);
    await deno(["fmt", "--check", "assets.ts"], options);
    await deno(["lint", "assets.ts"], options);
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
});

Deno.test("the workers of /webgpu start from the published package", async () => {
  const home = new URL(`file://${Deno.realPathSync(Deno.makeTempDirSync())}/`);
  try {
    const { options } = await projectIn(home);
    const coin = fileURLToPath(new URL("examples/assets/common/coin.png", root));
    const game = `
      import { imageWorkers } from "${CONFIG.name}/webgpu";
      using images = imageWorkers();
      const { signal } = new AbortController();
      const bytes = await Deno.readFile(${JSON.stringify(coin)});
      const { width, height } = await images.decode(bytes, { key: "coin.png", signal });
      console.log(width, height);
    `;
    Deno.writeTextFileSync(new URL("main.ts", options.cwd), game);
    // A registry on the disk is read as files are; jsr.io may be imported without a permission.
    assertEquals(await deno(["run", "--quiet", "--allow-read", "main.ts"], options), "32 32\n");
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
});

Deno.test("a program that imports the main entry downloads nothing that only /webgpu and /zip need", async () => {
  const home = new URL(`file://${Deno.realPathSync(Deno.makeTempDirSync())}/`);
  try {
    const { files, options } = await projectIn(home);
    const cache = new URL("cache/", home);
    const env = { ...options.env, DENO_DIR: fileURLToPath(cache) };
    await deno(["run", "--quiet", "--allow-read=assets", files[1]!], { ...options, env });
    const cached = filesBelow(cache);
    assert(cached.some((file) => file.includes("manager.ts")), "nothing was cached");
    assertEquals(cached.filter((file) => file.startsWith("npm/")), []);
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
});
