/// <reference lib="dom" />
/**
 * What a reader of the README has: an empty folder, and the package installed by its name, in each of
 * the ways that the documentation describes.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { isMissing as isChromiumMissing, launch } from "../_chromium.ts";
import { isMissing as isNpxMissing } from "../_npx.ts";
import { blocksOf, NAME, Project, read } from "../_project.ts";

const { exports: ENTRIES } = JSON.parse(read("deno.json"));
const OPEN = 'Leaked handle: "player.png" (Texture) was still open when its manager was disposed';

const EXAMPLES = blocksOf("README.md", "ts");
/** The first example, with the mistake that the README suggests. */
const LEAKY = EXAMPLES[0]!.replace("using tex", "const tex");

const READ = "--allow-read=assets";

Deno.test("with deno add, each example of the README checks, runs, tests and lints", async () => {
  await using project = await Project.make();
  assertMatch(read("README.md"), new RegExp(`^deno add jsr:${NAME}$`, "m"));
  await project.addWithDeno();
  project.savePictures();
  const files = EXAMPLES.map((_, i) => `example_${i}.ts`);
  for (const [i, file] of files.entries()) project.save(file, EXAMPLES[i]!);
  project.save("leak.ts", LEAKY);
  project.save("main_test.ts", `Deno.test("README", () => {});\n${EXAMPLES[0]}`);
  const entries = Object.keys(ENTRIES).map((each, i) =>
    `import * as entry${i} from "${NAME}${each.slice(1)}";\nvoid entry${i};\n`
  );
  project.save("entries.ts", entries.join(""));

  await project.deno("check", ...files, "main_test.ts", "entries.ts");
  for (const file of files) {
    assertEquals(await project.deno("run", "--quiet", READ, file), "", file);
  }
  assertMatch(await project.deno("test", "--no-check", READ), /1 passed .* 0 failed/);
  const leak = await project.deno("run", "--quiet", READ, "leak.ts");
  assertEquals(leak, `${OPEN}\n    at ${new URL("leak.ts", project.folder)}:16:19\n`);

  project.configure(JSON.parse(blocksOf("README.md", "json")[0]!));
  await project.deno("lint", ...files);
  const found = await project.outcome(Deno.execPath(), "lint", "leak.ts");
  assertEquals(found.success, false);
  assertMatch(found.text, /holdfast\/prefer-using.*"tex"/s);
});

/** A level of files whose names a URL spells in another way than a file system. */
const LEVEL = `
  const names = { map: "Höhle 1/1.JSON", hero: "Held Ä.PNG", wall: "Höhle 1/Wand.Png" } as const;
  using level = mgr.scope("level 1");
  const { map, hero, wall } = await level.loadAll(names);
  const found = [map.value, hero.value.width, wall.value.width];
`;

function saveLevel(project: Project, folder: string): void {
  project.copyCoin(`${folder}/Held Ä.PNG`);
  project.copyCoin(`${folder}/Höhle 1/Wand.Png`);
  project.save(`${folder}/Höhle 1/1.JSON`, '{"width":3}');
}

Deno.test("with deno add, a level loads from a folder and files with spaces, umlauts and capitals", async () => {
  await using project = await Project.make();
  await project.addWithDeno();
  saveLevel(project, "meine Bilder ä");
  project.save(
    "level.ts",
    `
      import { imageLoader, ResourceManager } from "${NAME}";
      using mgr = new ResourceManager({ source: "./meine Bilder ä", loaders: [imageLoader] });
      ${LEVEL}
      console.log(JSON.stringify(found));
    `,
  );
  await project.deno("check", "level.ts");
  const run = ["run", "--quiet", "--no-prompt"];
  assertEquals(
    await project.deno(...run, "--allow-read=meine Bilder ä", "level.ts"),
    '[{"width":3},32,32]\n',
  );
  const refused = await project.outcome(Deno.execPath(), ...run, "level.ts");
  assertEquals(refused.success, false);
  const flag = refused.text.match(/run with (--allow-read="[^"]*")/)![1]!.replaceAll('"', "");
  assertEquals(await project.deno(...run, flag, "level.ts"), '[{"width":3},32,32]\n');
});

/** Runs the README's examples in another runtime, with the command lines to add a package and to run. */
async function walk(
  { add, run, extension }: { add: string[]; run: string[]; extension: string },
): Promise<void> {
  await using project = await Project.make();
  project.saveNpmrc();
  for (const each of [NAME, "@std/assert"]) await project.run("npx", "--yes", ...add, each);
  project.savePictures();
  const start = (file: string) => project.run("npx", "--yes", ...run, file);
  for (const [i, example] of EXAMPLES.entries()) {
    project.save(`example_${i}${extension}`, example);
    assertEquals(await start(`example_${i}${extension}`), "", example);
  }
  project.save(`leak${extension}`, LEAKY);
  const leak = await start(`leak${extension}`);
  assert(leak.startsWith(`${OPEN}\n`), leak);
  const [, first] = leak.split("\n");
  assertMatch(first!, new RegExp(`/leak${extension}:16:\\d+\\)?$`));
}

Deno.test({
  name: "with npx jsr add, each example of the README runs in Node 24",
  ignore: isNpxMissing,
  async fn() {
    assertStringIncludes(read("docs/runtimes.md"), `npx jsr add ${NAME}`);
    const run = ["-p", "node@24", "--", "node"];
    await walk({ add: ["jsr", "add"], run, extension: ".mts" });
  },
});

Deno.test({
  name: "with bunx jsr add, each example of the README runs in Bun 1.3",
  ignore: isNpxMissing,
  async fn() {
    assertStringIncludes(read("docs/runtimes.md"), `bunx jsr add ${NAME}`);
    const bun = ["-p", "bun@1.3.14", "--"];
    await walk({ add: [...bun, "bunx", "jsr", "add"], run: [...bun, "bun"], extension: ".ts" });
  },
});

Deno.test({
  name:
    "in an npm project, Node writes a manifest, Deno lints, and Node warns about a package without a type",
  ignore: isNpxMissing,
  async fn() {
    await using project = await Project.make();
    project.saveNpmrc();
    await project.run("npx", "--yes", "jsr", "add", NAME);
    project.savePictures();
    const code = blocksOf("docs/manifest.md", "ts").find((each) => each.includes("node:fs"))!;
    project.save("assets.mts", code);
    const node = ["--yes", "-p", "node@24", "--", "node"];
    assertEquals(await project.run("npx", ...node, "assets.mts"), "");
    assertMatch(project.read("assets.ts"), /^ {4}"forest\.png": \{ bytes: /m);

    project.save("deno.json", blocksOf("docs/runtimes.md", "json")[0]!);
    project.save("leak.ts", LEAKY);
    const found = await project.outcome(Deno.execPath(), "lint", "leak.ts");
    assertEquals(found.success, false);
    assertMatch(found.text, /holdfast\/prefer-using.*"tex"/s);
    assertStringIncludes(
      await project.run("npx", ...node, "leak.ts"),
      "MODULE_TYPELESS_PACKAGE_JSON",
    );
  },
});

/** Serves the project as the comment of `dev.ts` says, on a free port. Returns the URL. */
async function serve(project: Project, owned: AsyncDisposableStack): Promise<string> {
  const code = blocksOf("docs/runtimes.md", "ts").find((each) => each.includes("serveAssets("))!;
  assertStringIncludes(code, "http://127.0.0.1:8000/index.html");
  project.save("dev.ts", code.replace('serveAssets(".")', 'serveAssets(".", { port: 0 })'));
  const [, flags] = code.match(/: deno run (.*) dev\.ts$/m)!;
  const args = ["run", "--quiet", "--no-prompt", ...flags!.split(" "), "dev.ts"];
  const server = project.start(Deno.execPath(), args);
  owned.defer(async () => {
    server.kill();
    await server.output();
  });
  const reader = server.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return new TextDecoder().decode(value).match(/^Assets are served at (\S+)\n$/)![1]!;
}

Deno.test({
  name: "with deno bundle, a level loads in a page of Chromium, and its leak is reported",
  ignore: isChromiumMissing,
  async fn() {
    await using owned = new AsyncDisposableStack();
    const project = owned.use(await Project.make());
    await project.addWithDeno();
    const [, types] = read("docs/runtimes.md").match(/`("compilerOptions".*?)` in/s)!;
    project.configure(JSON.parse(`{${types}}`));
    saveLevel(project, "assets");
    project.save("index.html", blocksOf("docs/runtimes.md", "html")[0]!);
    project.save(
      "game.ts",
      `
        import { HttpSource, imageLoader, ResourceManager } from "${NAME}";
        {
          using mgr = new ResourceManager({
            source: new HttpSource("assets/"),
            loaders: [imageLoader],
            leaks: { stacks: true },
          });
          ${LEVEL}
          const _forgotten = await mgr.loadAsync(names.hero);
          document.body.dataset.found = JSON.stringify(found);
        }
        document.body.dataset.done = "";
      `,
    );
    project.save("first.ts", blocksOf("docs/runtimes.md", "ts")[0]!);
    await project.deno("check", "game.ts", "first.ts");
    const [, bundle] = blocksOf("docs/runtimes.md", "sh")[0]!.match(/^deno (.*)\n$/)!;
    await project.deno(...bundle!.split(" "));

    const url = await serve(project, owned);
    const page = await owned.use(await launch()).newPage();
    const warnings: string[] = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    const failure = new Promise<never>((_, reject) => page.on("pageerror", reject));
    await page.goto(`${url}index.html`);
    await Promise.race([page.waitForSelector("[data-done]", { state: "attached" }), failure]);
    assertEquals(await page.evaluate(() => document.body.dataset.found), '[{"width":3},32,32]');
    assertEquals(warnings.length, 1);
    assertMatch(warnings[0]!, /^Leaked handle: "Held Ä\.PNG" \(ImageBitmap\) was still open /);
    assertMatch(warnings[0]!, /\/game\.js:\d+:\d+$/);
  },
});

Deno.test("the program of /manifest runs by its jsr: name, and writes a module that passes check, fmt and lint", async () => {
  await using project = await Project.make();
  await project.addWithDeno();
  project.savePictures();
  const permissions = ["-R=assets,assets.ts", "-W=assets.ts", "--no-prompt"];
  const program = ["run", "--quiet", ...permissions, `jsr:${NAME}/manifest`];
  const args = [...program, "./assets", "assets.ts"];
  assertMatch(await project.deno(...args), /^Wrote assets\.ts: 2 files\n/);
  assertEquals(await project.deno(...args, "--check"), "assets.ts is up to date: 2 files\n");
  project.save(
    "main.ts",
    `
      import { HttpSource, type Manifest } from "${NAME}";
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
    `,
  );
  await project.deno("check", "main.ts");
  const both = '[ "forest.png", "player.png" ]';
  assertEquals(await project.deno("run", "--quiet", "main.ts"), `${both} ${both} forst.png\n`);
  await project.deno("fmt", "--check", "assets.ts");
  await project.deno("lint", "assets.ts");
});

Deno.test("the workers of /webgpu start from the published package", async () => {
  await using project = await Project.make();
  await project.addWithDeno();
  project.copyCoin("coin.png");
  project.save(
    "main.ts",
    `
      import { imageWorkers } from "${NAME}/webgpu";
      using images = imageWorkers();
      const { signal } = new AbortController();
      const bytes = await Deno.readFile("coin.png");
      const { width, height } = await images.decode(bytes, { key: "coin.png", signal });
      console.log(width, height);
    `,
  );
  // An import from another host than jsr.io needs a permission.
  const flags = ["--allow-read=coin.png", `--allow-import=${project.host}`, "--no-prompt"];
  assertEquals(await project.deno("run", "--quiet", ...flags, "main.ts"), "32 32\n");
});

Deno.test("a program that imports the main entry downloads no package that only /webgpu and /zip need", async () => {
  await using project = await Project.make();
  const imports = { [NAME]: `jsr:${NAME}`, "@std/assert": "jsr:@std/assert" };
  project.save("deno.json", JSON.stringify({ imports })); // deno add would download every entry point
  project.save("main.ts", EXAMPLES[1]!);
  await project.deno("run", "--quiet", "main.ts");
  const { downloads } = project;
  assert(downloads.length > 20, "nothing was downloaded");
  assertEquals(downloads.filter((file) => file.startsWith("npm/")), []);
});
