import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Manifest, MemorySource } from "../../mod.ts";
import { filesOf, isSameModule } from "../../src/manifest/module.ts";
import { moduleOf, scan } from "../../src/manifest.ts";
import { Folder } from "../_folder.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Names that would break a module which does not escape them. */
const NAMES = [
  "__proto__",
  "a'b`${c}.txt",
  'say "hi".txt',
  "</script><!--.html",
  "new\nline\r\t.txt",
  "rtl\u202e\u2028\u2029.txt",
  "emoji 🦊 ü.PNG",
  "half \ud800.txt",
  "] : { bytes.txt",
  "a */ b.txt",
];

/** Writes a module to a folder, and imports it. */
async function load(code: string): Promise<{ manifest: Manifest }> {
  using folder = new Folder({ "assets.ts": code });
  return await import(new URL("assets.ts", folder.url).href);
}

Deno.test("moduleOf() writes a line for each file, sorted, between a header and a type", () => {
  const file = { bytes: 0, sha256: EMPTY };
  const code = moduleOf({
    version: 1,
    files: { "b.txt": file, "a/c.txt": { ...file, bytes: 12 } },
  });
  assertEquals(
    code,
    `// Written by @holdfast/resources/manifest. Do not change it.
// deno-fmt-ignore-file

/** Every asset by its name, with its size and its hash. */
export const manifest = {
  version: 1,
  files: {
    "a/c.txt": { bytes: 12, sha256: "${EMPTY}" },
    "b.txt": { bytes: 0, sha256: "${EMPTY}" },
  },
};

/** The name of an asset. */
export type AssetName = keyof typeof manifest.files;
`,
  );
  const command = "deno task assets\nimport 'evil'";
  const lines = moduleOf({ version: 1, files: {} }, { command }).split("\n");
  assertEquals(lines.slice(0, 3), [
    "// Written by @holdfast/resources/manifest. Do not change it, but write it again:",
    "// deno task assets\\nimport 'evil'",
    "// deno-fmt-ignore-file",
  ]);
  assert(lines.includes("  files: {},"));
});

Deno.test("a module that moduleOf() wrote exports the same manifest, for any names", async () => {
  const files = new MemorySource(new Map(NAMES.map((name) => [name, name])));
  const manifest = await scan(files);
  assertEquals(Object.keys(manifest.files).sort(), NAMES.toSorted());
  const code = moduleOf(manifest);
  const { manifest: read } = await load(code);
  assertEquals(read, manifest);
  assertEquals(Object.keys(read.files), Object.keys(manifest.files));
  assertEquals(filesOf(code), new Map(Object.entries(manifest.files)));
  assert(!/<|[\u2028\u2029\u202e\r]/.test(code));
  assertEquals(code.split("\n").length, NAMES.length + 13);
});

Deno.test("moduleOf() refuses a manifest with invalid names", () => {
  const manifest = { version: 1, files: { "a?b": { bytes: 0, sha256: EMPTY } } };
  assertThrows(() => moduleOf(manifest), TypeError, '"a?b" is not a valid name of a file');
});

Deno.test("isSameModule() ignores only the comments at the top and the line ends", () => {
  const files = { a: { bytes: 0, sha256: EMPTY } };
  const code = moduleOf({ version: 1, files });
  const other = moduleOf({ version: 1, files }, { command: "make" });
  assert(isSameModule(code, other) && isSameModule(code, other.replaceAll("\n", "\r\n")));
  for (const [from, to] of [["version: 1", "version: 2"], ["0, sha", "1, sha"], ["};\n", "}\n"]]) {
    assertEquals(isSameModule(code, code.replace(from!, to!)), false);
  }
  assertEquals(filesOf(other.replaceAll("\n", "\r\n")), new Map(Object.entries(files)));
  assertEquals(filesOf("export const manifest = 1;"), new Map());
});
