/**
 * Runs the tests on other versions of Deno, which come from npm. `deno task compat`, or with versions:
 * `deno task compat 2.4.0 2.9.6`. Fails when anything fails that is not known to.
 *
 * The newest version runs the whole gate elsewhere; here the same files run on all, without the
 * settings of `deno.json` that old versions do not know.
 */
import { stripAnsiCode } from "./_ansi.ts";

const VERSIONS = ["2.4.0", "2.5.7", "2.6.8", "2.7.14", "2.8.3", "2.9.6"];
/** What fails on which versions, and why. Up to and with `until`. */
const KNOWN: readonly { test: RegExp; until: string; why: string }[] = [
  { test: /^types of \.\/webgpu/, until: "2.4.4", why: "it has no type OffscreenCanvas" },
  { test: /^imageLoader decodes GIF and BMP/, until: "2.5.7", why: "it decodes fewer formats" },
];
/** Tests of tools and speed, which are for those who work on this, on the version they work with. */
const LEFT_OUT = [
  "cost",
  "api_docs",
  "architecture",
  "package",
  "stand_ins",
  "fuzz_files",
  "fuzz_http",
  "windows",
];

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
  /** The entry points whose types do not hold, and the titles of the tests that failed. */
  failed: string[];
}

function older(version: string, other: string): boolean {
  return version.localeCompare(other, "en", { numeric: true }) < 0;
}

async function run(version: string, cwd: string, args: string[]) {
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["--yes", `deno@${version}`, "run", "-q", "-A", "tests/stand_ins/std.ts", ...args],
    cwd,
    env,
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { success, text: stripAnsiCode(text) };
}

/** The project without the settings that old versions do not know. */
async function copyOf(): Promise<string> {
  const copy = await Deno.makeTempDir();
  const list = await new Deno.Command("git", { args: ["ls-files"], cwd: root }).output();
  for (const file of new TextDecoder().decode(list.stdout).trim().split("\n")) {
    const to = `${copy}/${file}`;
    await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(new URL(file, root), to);
  }
  const config = JSON.parse(await Deno.readTextFile(`${copy}/deno.json`));
  delete config.test;
  await Deno.writeTextFile(`${copy}/deno.json`, JSON.stringify(config));
  return copy;
}

async function tryVersion(version: string): Promise<Result> {
  const copy = await copyOf();
  try {
    const { exports } = JSON.parse(await Deno.readTextFile(`${copy}/deno.json`));
    const failed: string[] = [];
    for (const [name, entry] of Object.entries<string>(exports)) {
      const { success, text } = await run(version, copy, ["check", entry]);
      if (success) continue;
      failed.push(`types of ${name}`);
      if (!isKnown(failed.at(-1)!, version)) console.log(text);
    }
    const ignored = LEFT_OUT.map((each) => `tests/${each}_test.ts`).join(",");
    const tests = ["test", "-A", "--no-check", `--ignore=${ignored}`, "tests"];
    const { text } = await run(version, copy, tests);
    const [, list = ""] = text.split(/^ FAILURES $/m);
    failed.push(...list.split("\n").filter((line) => / => | \(uncaught error\)$/.test(line)));
    const passed = Number(text.match(/^(?:ok|FAILED) \| (\d+) passed/m)?.[1] ?? 0);
    if (passed === 0) failed.push("the run itself");
    const unknown = failed.filter((test) => !isKnown(test, version));
    if (unknown.length > 0) console.log(text);
    return { passed, failed };
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

function isKnown(test: string, version: string): boolean {
  return KNOWN.some((each) => each.test.test(test) && !older(each.until, version));
}

let bad = false;
for (const version of Deno.args.length > 0 ? Deno.args : VERSIONS) {
  const { passed, failed } = await tryVersion(version);
  const unknown = failed.filter((test) => !isKnown(test, version));
  console.log(`Deno ${version}: ${passed} tests passed, ${failed.length} differ`);
  for (const test of failed) {
    const why = KNOWN.find((each) => each.test.test(test))?.why;
    console.log(
      `  ${unknown.includes(test) ? "FAILED" : "known"}: ${test}${why ? `: ${why}` : ""}`,
    );
  }
  bad ||= unknown.length > 0;
}
Deno.exit(bad ? 1 : 0);
