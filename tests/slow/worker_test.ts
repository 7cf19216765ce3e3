/** Programs with workers, each in another process. */
import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Folder } from "../_folder.ts";
import { WITH_STD } from "../_run_deno.ts";

const root = new URL("../../", import.meta.url);
const config = `--config=${fileURLToPath(new URL("deno.json", root))}`;

interface Program {
  readonly flags?: readonly string[];
  /** What the decoder returns for `bytes`. */
  readonly decoded?: string;
  /** The worker's module, or a function that starts it. */
  readonly worker?: string;
  /** The last statement. */
  readonly end?: string;
}

/** Runs `main.ts`, which loads "a.data" in a worker of `decode.ts`. */
async function run(program: Program): Promise<{ code: number; output: string }> {
  const { flags = [], decoded = "bytes.length", end = "" } = program;
  const { worker = `new URL("decode.ts", import.meta.url)` } = program;
  using folder = new Folder({
    "decode.ts": `import { serveDecoder } from "@holdfast/resources/worker";
      serveDecoder((bytes) => ${decoded});`,
    "main.ts": `import { MemorySource, ResourceManager } from "@holdfast/resources";
      import { workerLoader } from "@holdfast/resources/worker";
      const loader = workerLoader(${worker}, {
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
  return await folder.run([...args, ...flags, "main.ts"]);
}

Deno.test("a program that does not dispose its workers ends after their idle timeout", async () => {
  assertEquals(await run({ flags: ["--allow-read"] }), { code: 0, output: "3\n" });
});

Deno.test("the error of a load names the flag that is missing to read the module of its worker", async () => {
  const { output } = await run({ end: "loader[Symbol.dispose]();" });
  assertMatch(
    output,
    /Cannot load "a\.data": its worker "file:.*decode\.ts" does not start: Requires read access to .*--allow-read/,
  );
});

Deno.test("a worker that is started without permissions decodes, and can read no file", async () => {
  const { output } = await run({
    flags: ["--allow-read", "--unstable-worker-options"],
    worker: `() => new Worker(new URL("decode.ts", import.meta.url), {
      type: "module",
      deno: { permissions: "none" },
    })`,
    decoded: `[bytes.length, Deno.permissions.querySync({ name: "read" }).state]`,
  });
  assertEquals(output, `[ 3, "prompt" ]\n`);
});
