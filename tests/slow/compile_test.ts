/**
 * Files that `deno compile --include` embeds are found only by paths relative to the program. Such a
 * program runs here from its source, in another directory than its own. It is not compiled, because
 * that needs a runtime to download, see docs/runtimes.md.
 */
import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { outputOf } from "../_run_deno.ts";

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const MOD = new URL("../../mod.ts", import.meta.url).href;
const PROGRAM = `
import { FileSource, ResourceManager, Text } from "${MOD}";
using mgr = new ResourceManager({ source: new FileSource(new URL("./assets/", import.meta.url)) });
console.log(mgr.indexDirectory());
using sign = mgr.load("signs/a.txt", Text);
using same = await mgr.loadAsync("a", Text);
console.log(sign.value, same.value === sign.value);
try {
  mgr.load("no.txt", Text);
} catch (error) {
  console.log(error.name);
}
`;

Deno.test("FileSource reads files beside the program, in whatever directory that was started", async () => {
  const home = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ü n-" }));
  try {
    Deno.mkdirSync(`${home}/game/assets/signs`, { recursive: true });
    Deno.mkdirSync(`${home}/elsewhere`);
    Deno.writeTextFileSync(`${home}/game/assets/signs/a.txt`, "Beware");
    Deno.writeTextFileSync(`${home}/game/main.ts`, PROGRAM);
    const args = ["run", "-q", "--no-check", `--allow-read=${home}/game/assets`];
    args.push(`--config=${CONFIG}`, `${home}/game/main.ts`);
    const output = await outputOf(args, { cwd: `${home}/elsewhere` });
    assertEquals(output, "2\nBeware true\nResourceNotFoundError\n");
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
});
