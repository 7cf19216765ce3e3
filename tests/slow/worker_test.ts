/** Programs with workers, each in another process. */
import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Folder } from "../_folder.ts";
import { WITH_STD } from "../_run_deno.ts";

const root = new URL("../../", import.meta.url);
const config = `--config=${fileURLToPath(new URL("deno.json", root))}`;

/** Runs `main.ts`, which loads "a.data" in a worker of `decode.ts`. */
async function run(permission: string, end: string): Promise<{ code: number; output: string }> {
  using folder = new Folder({
    "decode.ts": `import { serveDecoder } from "@holdfast/resources/worker";
      serveDecoder((bytes) => bytes.length);`,
    "main.ts": `import { MemorySource, ResourceManager } from "@holdfast/resources";
      import { workerLoader } from "@holdfast/resources/worker";
      const loader = workerLoader(new URL("decode.ts", import.meta.url), {
        name: "data",
        extensions: [".data"],
        idleTimeout: 20,
      });
      const source = new MemorySource({ "a.data": "abc" });
      const mgr = new ResourceManager({ source, loaders: [loader] });
      console.log(await mgr.loadAsync("a.data").then((handle) => handle.value, String));
      ${end}`,
  });
  const args = [...WITH_STD, "run", "-q", "--no-check", "--no-prompt", config];
  return await folder.run([...args, ...permission === "" ? [] : [permission], "main.ts"]);
}

Deno.test("a program that does not dispose its workers ends after their idle timeout", async () => {
  assertEquals(await run("--allow-read", ""), { code: 0, output: "3\n" });
});

Deno.test("the error of a load names the flag that is missing to read the module of its worker", async () => {
  const { output } = await run("", "loader[Symbol.dispose]();");
  assertMatch(
    output,
    /Cannot load "a\.data": its worker "file:.*decode\.ts" does not start: Requires read access to .*--allow-read/,
  );
});
