/** The recipe for `@napi-rs/canvas` with the real package, which is too large for the fast tests. */
import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { runDeno, WITH_STD } from "../_run_deno.ts";

const root = new URL("../../", import.meta.url);

/** The block of the guide that imports `specifier`. */
function recipeWith(specifier: string): string {
  const page = Deno.readTextFileSync(new URL("docs/canvas.md", root));
  const blocks = [...page.matchAll(/^```ts ignore\n(.*?)^```$/gms)].map(([, code]) => code!);
  const found = blocks.filter((code) => code.includes(`from "${specifier}"`));
  assert(found.length === 1, `${found.length} blocks import ${specifier}`);
  return found[0]!;
}

/** Checks the types of a program and runs it, with the imports of the project. */
async function run(code: string): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, code);
    const config = fileURLToPath(new URL("deno.json", root));
    const result = await runDeno(
      ...[...WITH_STD, "run", "-q", "--check", "-A", "--config", config, file],
    );
    assert(result.code === 0, result.output);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("the recipe for @napi-rs/canvas draws pictures, shares them and frees them", async () => {
  await run(recipeWith("@napi-rs/canvas"));
});
