import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Folder } from "../_folder.ts";

const root = new URL("../../", import.meta.url);
const PROGRAM = fileURLToPath(new URL("src/manifest.ts", root));
const CONFIG = fileURLToPath(new URL("deno.json", root));
const STD = fileURLToPath(new URL("tests/stand_ins/std.ts", root));
const COMMAND = 'deno run -R -W jsr:@holdfast/resources/manifest "my assets" assets.ts';

/** Runs the program in a folder, with the permissions that its documentation names. */
function run(folder: Folder, ...args: string[]): Promise<{ code: number; output: string }> {
  const program = ["run", "-q", "--no-check", "--config", CONFIG, "-R", "-W", PROGRAM];
  return folder.run(["run", "-q", "-A", STD, ...program, ...args]);
}

Deno.test("the program writes a module when files change, and only then", async () => {
  using folder = new Folder({ "my assets/chars/Ünï.PNG": "abc", "my assets/who%3F.png": "" });
  const skipped = 'Left out "who?.png": nothing can be loaded by such a name, rename it\n';
  const args = ["my assets", "assets.ts"] as const;
  assertEquals(await run(folder, ...args), {
    code: 0,
    output: `Wrote assets.ts: 1 file\n1 file added: "chars/Ünï.PNG"\n${skipped}`,
  });
  const code = folder.read("assets.ts");
  assertStringIncludes(code, `\n// ${COMMAND}\n`);
  assertStringIncludes(code, `    "chars/Ünï.PNG": { bytes: 3, sha256: "ba7816bf`);

  // Other spellings of the same paths change nothing.
  const file = new URL("assets.ts", folder.url);
  Deno.utimeSync(file, 1, 1);
  assertEquals(await run(folder, "./my assets/", "./assets.ts"), {
    code: 0,
    output: `./assets.ts is up to date: 1 file\n${skipped}`,
  });
  assertEquals(Deno.statSync(file).mtime, new Date(1000));
  const check = (file: string) => folder.run(["fmt", "--check", "--no-config", file]);
  assertEquals((await check("assets.ts")).code, 0);
});

Deno.test("the program with --check writes nothing, and reports the differences", async () => {
  using folder = new Folder({ "my assets/a.txt": "a", "my assets/b.txt": "b" });
  const missing = await run(folder, "--check", "my assets", "assets.ts");
  assertEquals(missing, {
    code: 1,
    output: `assets.ts does not exist, write it: ${COMMAND}\n` +
      '2 files added: "a.txt", "b.txt"\n',
  });
  await run(folder, "my assets", "assets.ts");
  const code = folder.read("assets.ts");
  assertEquals((await run(folder, "my assets", "assets.ts", "--check")).code, 0);

  Deno.writeTextFileSync(new URL("my assets/a.txt", folder.url), "A");
  Deno.renameSync(
    new URL("my assets/b.txt", folder.url),
    new URL("my assets/c.txt", folder.url),
  );
  assertEquals(await run(folder, "my assets", "--check", "assets.ts"), {
    code: 1,
    output: `assets.ts is not up to date, write it again: ${COMMAND}\n` +
      '1 file added: "c.txt"\n1 file removed: "b.txt"\n1 file changed: "a.txt"\n',
  });
  assertEquals(folder.read("assets.ts"), code);
});

Deno.test("the program does not overwrite a file that it has not written itself", async () => {
  using folder = new Folder({ "assets/a.txt": "a", "game.ts": "play();\n", "empty.ts": "" });
  for (const args of [["assets", "game.ts"], ["assets", "game.ts", "--check"]]) {
    assertEquals(await run(folder, ...args), {
      code: 2,
      output: 'Cannot write "game.ts": it was not written by this program, ' +
        "choose another module or delete it first\n",
    });
  }
  assertEquals(folder.read("game.ts"), "play();\n");
  assertEquals((await run(folder, "assets", "empty.ts")).code, 0);
});

Deno.test("the program leaves out its own module if that is among the assets", async () => {
  using folder = new Folder({ "a.txt": "a" });
  for (const state of ["Wrote assets.ts: 1 file\n", "assets.ts is up to date: 1 file\n"]) {
    const { code, output } = await run(folder, ".", "assets.ts");
    assertEquals([code, output.startsWith(state)], [0, true], output);
  }
});

Deno.test("the program exits with 2 and its usage for wrong arguments, and with 1 for failures", async () => {
  using folder = new Folder({ "assets/a.txt": "a" });
  const wrong: Record<string, string[]> = {
    "A directory and a module are needed": ["assets"],
    '"--chekc" is not an option': ["--chekc", "assets", "assets.ts"],
    'The module has to end with ".ts" or ".mts": "assets"': ["assets.ts", "assets"],
  };
  for (const [problem, args] of Object.entries(wrong)) {
    const { code, output } = await run(folder, ...args);
    assertEquals([code, output.split("\n")[0]], [2, problem]);
    assertStringIncludes(output, "Usage: deno run -R -W jsr:@holdfast/resources/manifest");
  }
  assertEquals((await run(folder, "--help")).code, 0);
  const nowhere = await run(folder, "assets", "nowhere/assets.ts");
  assertEquals(nowhere.code, 1);
  assertStringIncludes(nowhere.output, 'Cannot write "nowhere/assets.ts": ');
  const nothing = await run(folder, "nothing", "assets.ts");
  assertEquals(nothing.code, 1);
  assertStringIncludes(nothing.output, 'there is no directory "nothing"');
  assertEquals([...Deno.readDirSync(folder.url)].map(({ name }) => name), ["assets"]);
});

Deno.test("importing the entry point does not run the program", async () => {
  using folder = new Folder({ "main.ts": `import "${pathToFileURL(PROGRAM)}";` });
  const program = ["run", "-q", "--no-check", "--config", CONFIG, "main.ts", "--help"];
  assertEquals(await folder.run(["run", "-q", "-A", STD, ...program]), { code: 0, output: "" });
});
