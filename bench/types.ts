/**
 * Measures what types from names cost the compiler: 300 loads of a manager with 40 loaders and a
 * manifest of 2 000 names, only by name and with explicit types. Exits with 1 if a limit is passed.
 */
import { compare } from "./_comparison.ts";

const LOADERS = 40;
const NAMES = 2_000;
const LOADS = 300;

const root = new URL("../", import.meta.url);
const names = Array.from({ length: NAMES }, (_, i) => `d${i % 50}/asset-${i}.x${i % LOADERS}`);

/** A program with {@linkcode LOADS} loads. It uses each value as its own type. */
function program(load: (name: string, type: string) => string): string {
  const ids = Array.from({ length: LOADERS }, (_, i) => i);
  const files = names.map((name) => `"${name}": { bytes: 1, sha256: "" }`);
  return [
    `import { ResourceManager } from "${new URL("mod.ts", root)}";`,
    ...ids.map((i) => `class C${i} { readonly c${i} = 1; }`),
    `const manifest = { version: 1, files: { ${files.join(",\n")} } };`,
    "const mgr = new ResourceManager({ manifest, loaders: [",
    ...ids.map((i) => `{ name: "${i}", extensions: [".x${i}"], load: () => new C${i}() },`),
    "] });",
    ...names.slice(0, LOADS).map((name, i) => {
      const id = i % LOADERS;
      return `{ using handle = ${load(name, `C${id}`)}; handle.value.c${id}; }`;
    }),
  ].join("\n");
}

const folder = Deno.makeTempDirSync();
let runs = 0;

/** Type-checks a program in a new file, so that Deno has no cached result. */
async function check(text: string): Promise<void> {
  const file = `${folder}/${runs++}.ts`;
  Deno.writeTextFileSync(file, text);
  const std = new URL("tests/stand_ins/std.ts", root);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", std.href, "check", "-q", "--config", "deno.json", file],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

const typed = program((name, type) => `mgr.load("${name}", ${type})`);
const named = program((name) => `mgr.load("${name}")`);
try {
  const isFast = await compare(`deno check of ${LOADS} loads`, [
    { name: "with their types given", run: () => check(typed) },
    { name: "by their names alone", limit: 1.5, run: () => check(named) },
  ], 5);
  if (!isFast) Deno.exitCode = 1;
} finally {
  Deno.removeSync(folder, { recursive: true });
}
