/**
 * Measures what the lint plugin adds to `deno lint`: the processor time for a thousand files of
 * real code, compared with that of an empty plugin in the same run.
 * `deno task -q std run -A bench/lint.ts [FOLDER]` takes the files of a folder, or those of the packages that Deno has
 * cached. If there are none, it says so and measures nothing.
 */
import { median } from "./_median.ts";

const FILES = 1000;
const ROUNDS = 3;
const MAX_RATIO = 1.2;
/** The largest file, in bytes. Bundles of whole libraries are larger, but nobody lints them. */
const MAX_FILE = 20_000;
const EMPTY = 'export default { name: "empty", rules: { nothing: { create: () => ({}) } } };\n';
const plugin = new URL("../src/lint.ts", import.meta.url).href;

/**
 * Copies files into one folder, where their own configuration has no effect. Returns their number.
 */
function copyFiles(from: string, to: string): number {
  let count = 0;
  const open = [from];
  for (let at = open.pop(); at !== undefined && count < FILES; at = open.pop()) {
    for (const { name, isDirectory, isFile } of entriesOf(at)) {
      const path = `${at}/${name}`;
      if (isDirectory) open.push(path);
      const [, extension] = name.match(/(?<!\.d)\.(ts|tsx|mjs|js)$/) ?? [];
      if (!isFile || extension === undefined || name.includes(".min.") || count >= FILES) continue;
      if (Deno.statSync(path).size <= MAX_FILE) {
        Deno.copyFileSync(path, `${to}/${count++}.${extension}`);
      }
    }
  }
  return count;
}

/** The entries of a folder; empty if the folder does not exist. */
function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function cachedPackages(): Promise<string> {
  const { stdout } = await new Deno.Command("deno", { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).npmCache;
}

/** The seconds of processor time that `deno lint` takes with a plugin, and its output. */
async function lint(folder: string, plugin: string): Promise<{ seconds: number; output: string }> {
  Deno.writeTextFileSync(`${folder}/deno.json`, JSON.stringify({ lint: { plugins: [plugin] } }));
  // The last line of `times` has the user and system time of the commands before it.
  const args = ["-c", "deno lint files >/dev/null; times"];
  const { stdout, stderr } = await new Deno.Command("sh", { args, cwd: folder }).output();
  const times = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
  const seconds = [...times.matchAll(/(\d+)m([\d.]+)s/g)]
    .reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return { seconds, output: new TextDecoder().decode(stderr) };
}

async function measure(folder: string, count: number): Promise<void> {
  const checked = `Checked ${count} files`;
  const [empty, ours]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, times] of [["./empty.ts", empty], [plugin, ours]] as const) {
      const { seconds, output } = await lint(folder, name);
      if (!output.includes(checked)) throw new Error(`Not "${checked}": ${output.slice(-500)}`);
      if (round > 0) times.push(seconds); // The first round fills the caches.
    }
  }
  const ratio = median(ours) / median(empty);
  console.log(
    `deno lint, ${count} files: ${median(empty).toFixed(2)} s of the processor with an empty ` +
      `plugin, ${median(ours).toFixed(2)} s with this one: × ${ratio.toFixed(2)} ` +
      `(limit ${MAX_RATIO})`,
  );
  if (ratio > MAX_RATIO) Deno.exitCode = 1;
}

const folder = Deno.makeTempDirSync();
try {
  Deno.mkdirSync(`${folder}/files`);
  Deno.writeTextFileSync(`${folder}/empty.ts`, EMPTY);
  const from = Deno.args[0] ?? await cachedPackages();
  const count = copyFiles(from, `${folder}/files`);
  if (count > 0) await measure(folder, count);
  else {console.log(
      `deno lint: nothing was measured, because ${from} has no code. Name another folder`,
    );}
} finally {
  Deno.removeSync(folder, { recursive: true });
}
