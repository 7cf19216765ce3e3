/**
 * What the lint plugin adds to `deno lint`: the time for a thousand files of real code, compared
 * with that of an empty plugin in the same run. `deno task -q std run -A bench/lint.ts [FOLDER]`
 * takes the files of a folder, or those of the packages that Deno has cached.
 */
import { median } from "./_median.ts";

const FILES = 1000;
const ROUNDS = 5;
const MAX_RATIO = 1.2;
const EMPTY = 'export default { name: "empty", rules: { nothing: { create: () => ({}) } } };\n';
const plugin = new URL("../src/lint.ts", import.meta.url).href;

/** Copies files into one folder, where no configuration of their own concerns them. */
function copyFiles(from: string, to: string): number {
  let count = 0;
  const open = [from];
  for (let at = open.pop(); at !== undefined && count < FILES; at = open.pop()) {
    for (const { name, isDirectory, isFile } of Deno.readDirSync(at)) {
      if (isDirectory) open.push(`${at}/${name}`);
      const [, extension] = name.match(/(?<!\.d)\.(ts|tsx|mjs|js)$/) ?? [];
      if (!isFile || extension === undefined || name.includes(".min.") || count >= FILES) continue;
      Deno.copyFileSync(`${at}/${name}`, `${to}/${count++}.${extension}`);
    }
  }
  return count;
}

async function cachedPackages(): Promise<string> {
  const { stdout } = await new Deno.Command("deno", { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).npmCache;
}

/** How many milliseconds `deno lint` takes with a plugin, and what it prints. */
async function lint(folder: string, plugin: string): Promise<{ ms: number; output: string }> {
  Deno.writeTextFileSync(`${folder}/deno.json`, JSON.stringify({ lint: { plugins: [plugin] } }));
  const start = performance.now();
  const command = new Deno.Command("deno", { args: ["lint", "files"], cwd: folder });
  const { stderr } = await command.output();
  return { ms: performance.now() - start, output: new TextDecoder().decode(stderr) };
}

const folder = Deno.makeTempDirSync();
try {
  Deno.mkdirSync(`${folder}/files`);
  Deno.writeTextFileSync(`${folder}/empty.ts`, EMPTY);
  const count = copyFiles(Deno.args[0] ?? await cachedPackages(), `${folder}/files`);
  const checked = `Checked ${count} files`;
  const [empty, ours]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, times] of [["./empty.ts", empty], [plugin, ours]] as const) {
      const { ms, output } = await lint(folder, name);
      if (!output.includes(checked)) throw new Error(`Not "${checked}": ${output.slice(-500)}`);
      if (round > 0) times.push(ms); // The first round fills the caches.
    }
  }
  const ratio = median(ours) / median(empty);
  console.log(
    `deno lint, ${count} files: ${median(empty).toFixed(0)} ms with an empty plugin, ` +
      `${median(ours).toFixed(0)} ms with this one: × ${ratio.toFixed(2)} (limit ${MAX_RATIO})`,
  );
  if (ratio > MAX_RATIO) Deno.exit(1);
} finally {
  Deno.removeSync(folder, { recursive: true });
}
