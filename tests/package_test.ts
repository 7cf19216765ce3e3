/** What is published, and how large it is. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);

async function run(...args: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", fileURLToPath(new URL("tests/stand_ins/std.ts", root)), ...args],
    cwd: root,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(text);
  return text;
}

Deno.test("deno publish lists what users need, and nothing else", async () => {
  const output = await run("publish", "--dry-run", "--allow-dirty");
  const files = [...output.matchAll(/file:\/\/\S+/g)].map(([url]) => url.slice(root.href.length));
  const others = files.filter((file) => !/^src\/(\w+\/)?\w+\.ts$/.test(file));
  assertEquals(others.sort(), ["CHANGELOG.md", "LICENSE", "README.md", "deno.json", "mod.ts"]);
  assert(files.length > others.length + 20);
});

Deno.test("the main entry stays small, minified and with its dependencies", async () => {
  const file = Deno.makeTempFileSync({ suffix: ".js" });
  try {
    await run("bundle", "-q", "--minify", "--platform", "browser", "-o", file, "mod.ts");
    const bytes = Deno.readFileSync(file);
    const zipped = new Response(
      new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")),
    );
    const size = (await zipped.arrayBuffer()).byteLength;
    assertLess(bytes.length, 80_000);
    assertLess(size, 28_000);
  } finally {
    Deno.removeSync(file);
  }
});
