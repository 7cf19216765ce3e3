/** The library runs in the oldest runtimes that the README names, which are installed from npm. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { serveAssets } from "../../src/dev.ts";
import { Bundle } from "../_bundle.ts";
import { isMissing } from "../_npx.ts";
import { withPatience } from "../_patience.ts";
import type { Smoke } from "../_smoke.ts";
import type { FileSmoke } from "../_smoke_files.ts";

const RUN = `
  import { smoke } from "./bundle.mjs";
  const collect = globalThis.gc && (() => globalThis.gc());
  console.log(JSON.stringify(await smoke(collect)));
`;

const RUN_FILES = `
  import { smokeFiles } from "./bundle.mjs";
  console.log(JSON.stringify(await smokeFiles("HOME")));
`;
const RUN_REFUSED = `
  import { refused } from "./bundle.mjs";
  console.log(JSON.stringify(refused("my assets")));
`;

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: isMissing, fn });
}

interface RunOptions {
  flags?: readonly string[];
  code?: string;
  /** The name of the file with the code. */
  file?: string;
}

/** Runs the bundle in a runtime. */
async function runIn(
  bundle: Bundle,
  runtime: string,
  { flags = [], code = RUN, file = "run.mjs" }: RunOptions = {},
): Promise<string> {
  await Deno.writeTextFile(`${bundle.folder}/${file}`, code);
  const command = new Deno.Command("npx", {
    args: ["--yes", runtime, ...flags, file],
    cwd: bundle.folder,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  });
  const { stdout, stderr } = await withPatience(
    command.output(),
    () => new Error(`${runtime} does not end`),
  );
  const decoder = new TextDecoder();
  return decoder.decode(stdout) || decoder.decode(stderr);
}

function parse<T = Smoke>(output: string): T {
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(output);
  }
}

/** Checks the results. Only a runtime that can collect garbage on demand reports the leak `b.txt`. */
function check(found: Smoke, leaks: readonly string[]): void {
  assertEquals(found.values, ["A", "A", "B"]);
  assertEquals(found.sizes, [2, 0]);
  assertEquals(found.leaks, leaks);
  assertStringIncludes(found.table, "a.txt  Text  live      2   1 B  now");
}

const MISSING = 'Cannot load "nothing.txt": there is no such file below "."';

test("the bundled main entry loads, shares, releases and reports leaks in Node 24", async () => {
  using bundle = await Bundle.make("tests/_smoke.ts");
  const found = parse(await runIn(bundle, "node@24.0.0", { flags: ["--expose-gc"] }));
  check(found, ["b.txt", "c.txt"]);
  assertEquals(found.fileSource, MISSING);
});

test("the bundled main entry loads, shares, releases and reports leaks in Deno 2.2.10", async () => {
  using bundle = await Bundle.make("tests/_smoke.ts");
  const flags = ["run", "--v8-flags=--expose-gc", "--allow-read=."];
  const found = parse(await runIn(bundle, "deno@2.2.10", { flags }));
  check(found, ["b.txt", "c.txt"]);
  assertEquals(found.fileSource, MISSING);
});

test("the bundled main entry loads, shares and releases in Bun 1.3", async () => {
  using bundle = await Bundle.make("tests/_smoke.ts");
  const found = parse(await runIn(bundle, "bun@1.3.0"));
  check(found, ["c.txt"]);
  assertEquals(found.fileSource, MISSING);
});

/** Checks what a `FileSource` does with real files. */
async function runFiles(runtime: string, ...flags: string[]): Promise<void> {
  using bundle = await Bundle.make("tests/_smoke_files.ts");
  const code = RUN_FILES.replace("HOME", Deno.realPathSync(bundle.folder));
  checkFiles(parse<FileSmoke>(await runIn(bundle, runtime, { flags, code })));
}

function checkFiles(found: FileSmoke): void {
  assertEquals(found.texts, ["A", "B", "C"]);
  assertEquals(found.unshared, [true, true, true]);
  const texts = ["a.txt", "dir/b.txt", "dir/deep/c.txt"];
  assertEquals([found.keys, found.found], [[...texts, "large.bin"], texts]);
  assertEquals(found.reloads, [
    "a.txt in place",
    "a.txt by a rename",
    "link/b.txt through a link",
    "dir/deep/c.txt in a new directory",
    "dir/deep/c.txt in it, later",
    "a.txt in a new root",
  ]);
  assertEquals(found.sizes, [3, 0]);
  const { "file as root, watched": itsFile, ...messages } = found.messages;
  assertStringIncludes(itsFile!.toLowerCase(), "not a directory");
  assertEquals(messages, {
    "missing":
      'ResourceNotFoundError: Cannot load "nothing.txt": there is no such file below "/assets"',
    "missing, async":
      'ResourceNotFoundError: Cannot load "nothing.txt": there is no such file below "/assets"',
    "below a file":
      'ResourceNotFoundError: Cannot load "a.txt/b.txt": there is no such file below "/assets"',
    "directory": 'ResourceNotFoundError: Cannot load "dir": it is a directory',
    "directory, async": 'ResourceNotFoundError: Cannot load "dir": it is a directory',
    "outside": 'ResourcePathError: Cannot use "out.txt" as a name: it is a link out of the root',
    "aborted": "Error: it was aborted",
    "missing directory":
      'ResourceNotFoundError: Cannot index "nothing": there is no such directory below "/assets"',
    "missing root":
      'ResourceNotFoundError: Cannot load "a.txt": there is no directory "nowhere": ' +
      "relative paths start at the current directory",
    "missing root, watched":
      'ResourceNotFoundError: Cannot watch ".": there is no directory "/nowhere"',
  });
}

test("FileSource reads, lists, explains and reloads files in Node 24.0.0", async () => {
  await runFiles("node@24.0.0");
});

test("FileSource reads, lists, explains and reloads files in the newest Node 24", async () => {
  await runFiles("node@24");
});

test("FileSource reads, lists, explains and reloads files in Bun 1.3.0", async () => {
  await runFiles("bun@1.3.0");
});

test("FileSource reads, lists, explains and reloads files in Bun 1.3.14", async () => {
  await runFiles("bun@1.3.14");
});

test("FileSource does the same in this Deno as in Node and Bun", async () => {
  await runFiles(`deno@${Deno.version.deno}`, "run", "-A");
});

test("FileSource names the missing flag under --permission in Node", async () => {
  using bundle = await Bundle.make("tests/_smoke_files.ts");
  await Deno.mkdir(`${bundle.folder}/my assets`);
  const home = Deno.realPathSync(bundle.folder);
  const allowed = ["run.mjs", "bundle.mjs"].map((file) => `--allow-fs-read=${home}/${file}`);
  const options = { flags: ["--permission", ...allowed], code: RUN_REFUSED };
  assertEquals(
    parse<string>(await runIn(bundle, "node@24", options)),
    'Cannot load "a.txt": permission to read it is missing, run with --allow-fs-read="my assets"',
  );
});

test("the bundled main entry needs DisposableStack in Node 22, and runs with that of core-js", async () => {
  using bundle = await Bundle.make("tests/_smoke.ts");
  assertStringIncludes(
    await runIn(bundle, "node@22", { flags: ["--expose-gc"] }),
    "ReferenceError: DisposableStack is not defined",
  );
  using polyfilled = await Bundle.make("tests/_smoke_polyfilled.ts");
  check(parse(await runIn(polyfilled, "node@22", { flags: ["--expose-gc"] })), ["b.txt", "c.txt"]);
});

/** Runs the README's first program in an empty folder, as it is and with a forgotten handle. */
async function runReadme(runtime: string): Promise<[output: string, leak: string]> {
  using bundle = await Bundle.make("mod.ts");
  const home = `${bundle.folder}/node_modules/@holdfast/resources`;
  Deno.mkdirSync(home, { recursive: true });
  Deno.mkdirSync(`${bundle.folder}/assets`);
  for (const name of ["forest", "player"]) {
    Deno.writeTextFileSync(`${bundle.folder}/assets/${name}.png`, "");
  }
  Deno.renameSync(bundle.file, `${home}/mod.js`);
  const manifest = { name: "@holdfast/resources", type: "module", exports: "./mod.js" };
  Deno.writeTextFileSync(`${home}/package.json`, JSON.stringify(manifest));
  const readme = Deno.readTextFileSync(new URL("../../README.md", import.meta.url));
  const game = readme.split("```ts\n")[1]!.split("```")[0]!;
  const leaky = game.replace("using tex", "const tex");
  const run = (code: string) => runIn(bundle, runtime, { code, file: "game.mts" });
  return [await run(game), await run(leaky)];
}

const OPEN = 'Leaked handle: "player.png" (Texture) was still open when its manager was disposed\n';

test("the README's first program runs in the newest Node 24, and names the line of a leak", async () => {
  const [output, leak] = await runReadme("node@24");
  assertEquals(output, "");
  assertMatch(leak, new RegExp(`^${RegExp.escape(OPEN)}    at file:\\S+/game.mts:16:19\n$`));
});

test("the README's first program runs in Bun 1.3, and names the line of a leak", async () => {
  const [output, leak] = await runReadme("bun@1.3.0");
  assertEquals(output, "");
  assert(leak.startsWith(OPEN), leak);
  assertMatch(leak, /\/game\.mts:16:\d+\n/);
});

/** Checks that a text is reloaded over HTTP, and that the program then ends by itself. */
async function checkWatch(runtime: string, ...flags: string[]): Promise<void> {
  using bundle = await Bundle.make("tests/_smoke_watch.ts");
  const sign = `${bundle.folder}/sign.txt`;
  Deno.writeTextFileSync(sign, "Beware");
  await using server = serveAssets(bundle.folder, {
    port: 0,
    onListen() {},
    fallback() {
      Deno.writeTextFileSync(sign, "Welcome");
      return new Response();
    },
  });
  const run = `
    import { watch } from "./bundle.mjs";
    console.log(JSON.stringify(await watch("${server.url}")));
  `;
  assertEquals(await runIn(bundle, runtime, { flags, code: run }), '["Beware","Welcome"]\n');
}

test("HttpSource.watch() works in Node 24", () => checkWatch("node@24.0.0"));
test("HttpSource.watch() works in Bun 1.3", () => checkWatch("bun@1.3.0"));
test(
  "HttpSource.watch() works in Deno 2.2.10",
  () => checkWatch("deno@2.2.10", "run", "--allow-net=127.0.0.1"),
);
