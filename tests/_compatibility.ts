/**
 * Runs the tests on other versions of Deno, which come from npm. `deno task compat`, or with versions:
 * `deno task compat 2.4.0 2.9.6`. Exits with 1 when a test fails that is not a known failure.
 *
 * The newest version passes the whole gate elsewhere. Here the same files run on every version,
 * without the settings of `deno.json` that old versions do not know.
 */
import { stripAnsiCode } from "./_ansi.ts";

const VERSIONS = ["2.4.0", "2.5.7", "2.6.8", "2.7.14", "2.8.3", "2.9.6"];
/** The known failures: each test fails up to and including the version `until`. */
const KNOWN: readonly { test: RegExp; until: string; why: string }[] = [
  {
    test: /^types of \.\/webgpu|^a picture begins with its lowest row, as three's own loader /,
    until: "2.7.14",
    why: "it has no OffscreenCanvas",
  },
  { test: /^imageLoader decodes GIF and BMP/, until: "2.5.7", why: "it decodes fewer formats" },
  {
    test: / \(for timers only\)$/,
    until: "2.5.7",
    why: "its sanitizer sees setImmediate as a timer",
  },
  {
    test: /^files behind links are reloaded when their target changes/,
    until: "2.8.3",
    why: "all files are checked after 16 events, and two were written just before the watch began",
  },
  {
    test: /^serveAssets\(\) answers HEAD /,
    until: "2.8.3",
    why: "it loses the length now and then",
  },
  {
    test: /^the recipe for @napi-rs\/canvas /,
    until: "2.4.0",
    why: "the package is native code, which crashes that Deno",
  },
  {
    test: /^a deno test that forgets /,
    until: "2.7.14",
    why: "the test's own deno.json has settings that it does not know",
  },
];
/** The oldest version that supports the GPU textures. */
const WEBGPU_SINCE = "2.8.0";
/** Tests that hang in some versions, or fail there now and then. They are left out there. */
const HANGING = [
  {
    file: "tests/sources/node_files_test.ts",
    test: "nodeFiles\\(\\)\\.watchFs\\(\\) reports the path that changes",
    versions: /^2\.[4-6]\./,
    why: "its watch of node:fs, which only Node needs, reports nothing",
  },
  {
    file: "tests/worker/worker_loader_test.ts",
    test: "a crash of an idle worker does not fail the following loads",
    versions: /^2\.[45]\./,
    why: "it loses the message that a worker posts before it crashes",
  },
  {
    file: "tests/sources/http_test.ts",
    test: "HttpSource.readAsync\\(\\) retries when the connection is reset",
    versions: /^2\.[78]\./,
    why: "its fetch connects again by itself, and the test's server takes one connection a try",
  },
];
/**
 * Tests of tools, speed and games: they concern only contributors, on the version that they use.
 * Tests of pages are left out too, see {@linkcode isOfPages}.
 */
const LEFT_OUT = [
  "api_docs_test.ts",
  "architecture_test.ts",
  "doc_blocks_test.ts",
  "docs_test.ts",
  "fuzz_files_test.ts",
  "fuzz_http_test.ts",
  "gather_test.ts",
  "slow/deoptimisation_test.ts",
  "slow/frames_test.ts",
  "slow/leaks_test.ts",
  "slow/package_test.ts",
  "slow/runtimes_test.ts",
  "slow/sdl2_test.ts",
  "slow/soak_test.ts",
  "slow/tour_test.ts",
  "slow/webgpu_sprites_test.ts",
  "stand_ins_test.ts",
  "trace/page",
  "waiting_test.ts",
  "windows_test.ts",
];
/** Tests that need a GPU, or the canvas of the versions that have one. */
const WEBGPU = [
  "webgpu",
  "slow/webgpu/lost_device_test.ts",
  "slow/webgpu/passes_test.ts",
  "slow/webgpu/retirement_test.ts",
  "slow/webgpu/texture_maker_test.ts",
  "slow/webgpu/texture_test.ts",
  "slow/webgpu/uploader_test.ts",
  "slow/webgpu_test.ts",
  "slow/webgpu_frame_test.ts",
  "slow/webgpu_lost_test.ts",
  "slow/webgpu_pump_test.ts",
  "slow/webgpu_watch_test.ts",
  "fuzz_images_test.ts",
];
/** How long one run may take, in milliseconds: some versions hang where others fail. */
const PATIENCE = 600_000;

const root = new URL("../", import.meta.url);
const env = {
  NO_COLOR: "1",
  DENO_NO_UPDATE_CHECK: "1",
  DENO_TLS_CA_STORE: "system",
  // Old versions have no other way to the collector.
  DENO_V8_FLAGS: "--expose-gc",
};

interface Result {
  passed: number;
  /** The entry points whose types fail, and the titles of the tests that failed. */
  failed: string[];
}

function older(version: string, other: string): boolean {
  return version.localeCompare(other, "en", { numeric: true }) < 0;
}

/** Whether a file has tests of pages. They run in a browser, so the version does not matter. */
function isOfPages(file: string): boolean {
  const isTest = file.startsWith("tests/") && file.endsWith("_test.ts");
  return isTest && /_chromium\.ts"/.test(Deno.readTextFileSync(new URL(file, root)));
}

function isKnown(test: string, version: string): boolean {
  return KNOWN.some((each) => each.test.test(test) && !older(each.until, version));
}

async function run(version: string, cwd: string, args: string[]) {
  const { success, stdout, stderr } = await new Deno.Command("timeout", {
    args: [
      `${PATIENCE / 1000}`,
      ...["npx", "--yes", `deno@${version}`, "run", "-q", "-A", "tests/stand_ins/std.ts"],
      ...args,
    ],
    cwd,
    env,
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { success, text: stripAnsiCode(text) };
}

/** Copies the project without the settings that old versions do not know, and without tests of pages. */
async function copyProject(): Promise<string> {
  const copy = await Deno.makeTempDir();
  const list = await new Deno.Command("git", { args: ["ls-files"], cwd: root }).output();
  for (const file of new TextDecoder().decode(list.stdout).trim().split("\n")) {
    if (isOfPages(file)) continue;
    const to = `${copy}/${file}`;
    await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(new URL(file, root), to);
  }
  const config = JSON.parse(await Deno.readTextFile(`${copy}/deno.json`));
  delete config.test;
  await Deno.writeTextFile(`${copy}/deno.json`, JSON.stringify(config));
  return copy;
}

/** Checks the types of each entry point. Returns those that fail. */
async function checkTypes(version: string, copy: string): Promise<string[]> {
  const { exports } = JSON.parse(await Deno.readTextFile(`${copy}/deno.json`));
  const failed: string[] = [];
  for (const [name, entry] of Object.entries<string>(exports)) {
    const { success, text } = await run(version, copy, ["check", entry]);
    if (success) continue;
    failed.push(`types of ${name}`);
    if (!isKnown(failed.at(-1)!, version)) console.log(text);
  }
  return failed;
}

async function leaveOutHanging(version: string, copy: string): Promise<void> {
  for (const { file, test, versions, why } of HANGING) {
    if (!versions.test(version)) continue;
    const code = await Deno.readTextFile(`${copy}/${file}`);
    const start = new RegExp(`Deno\\.test\\((?="(?:${test}))`, "g");
    if (!start.test(code)) throw new Error(`${file} has no test "${test}"`);
    await Deno.writeTextFile(`${copy}/${file}`, code.replaceAll(start, "Deno.test.ignore("));
    console.log(`  left out, ${why}: ${test}`);
  }
}

async function runTests(version: string, copy: string, args: string[]): Promise<Result> {
  const flags = older(version, "2.6.0") ? ["--unstable-broadcast-channel"] : [];
  const { text } = await run(version, copy, ["test", "-A", "--no-check", ...flags, ...args]);
  const [before = "", list = ""] = text.split(/^ FAILURES $/m);
  const failed = list.split("\n").filter((line) => / => | \(uncaught error\)$/.test(line))
    .map((line) => isOfTimers(line, before) ? `${line} (for timers only)` : line);
  const passed = Number(text.match(/^(?:ok|FAILED) \| (\d+) passed/m)?.[1] ?? 0);
  if (passed === 0) failed.push(`the run itself, within ${PATIENCE / 1000} s`);
  if (failed.some((test) => !isKnown(test, version))) console.log(text);
  return { passed, failed };
}

/** Whether a test failed only because the sanitizer saw timers. */
function isOfTimers(test: string, errors: string): boolean {
  const [, after = ""] = errors.split(`${test}\nerror: Leaks detected:\n`);
  const [leaks = ""] = after.split("\nTo get more details");
  return leaks.split("\n").every((leak) => / timers? (was|were) started /.test(leak));
}

async function tryVersion(version: string): Promise<Result> {
  const copy = await copyProject();
  try {
    const types = await checkTypes(version, copy);
    await leaveOutHanging(version, copy);
    const ignored = [...LEFT_OUT, ...WEBGPU].map((each) => `tests/${each}`).join(",");
    const runs = [await runTests(version, copy, [`--ignore=${ignored}`, "tests"])];
    // Each by itself: after many others, 2.8.3 refuses the sizes of textures.
    for (const each of older(version, WEBGPU_SINCE) ? [] : WEBGPU) {
      runs.push(await runTests(version, copy, [`tests/${each}`]));
    }
    const passed = runs.reduce((sum, each) => sum + each.passed, 0);
    return { passed, failed: [...types, ...runs.flatMap(({ failed }) => failed)] };
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

/** Tries a version and prints the results. Returns whether every failure is known. */
async function report(version: string): Promise<boolean> {
  console.log(`Deno ${version} …`);
  const { passed, failed } = await tryVersion(version);
  for (const test of failed) {
    const why = KNOWN.find((each) => each.test.test(test))?.why;
    console.log(`  ${isKnown(test, version) ? `known, ${why}` : "FAILED"}: ${test}`);
  }
  const unknown = failed.filter((test) => !isKnown(test, version)).length;
  const known = failed.length - unknown;
  console.log(`  ${passed} tests passed, ${known} failed as known, ${unknown} failed`);
  return unknown === 0;
}

for (const each of [...LEFT_OUT, ...WEBGPU]) Deno.statSync(new URL(`tests/${each}`, root)); // throws
const versions = Deno.args.length > 0 ? Deno.args : VERSIONS;
const bad: string[] = [];
for (const version of versions) if (!await report(version)) bad.push(version);
console.log(
  bad.length === 0
    ? `Nothing new fails on Deno ${versions.join(", ")}`
    : `Something new fails on Deno ${bad.join(", ")}`,
);
Deno.exit(bad.length === 0 ? 0 : 1);
