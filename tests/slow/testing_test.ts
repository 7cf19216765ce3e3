/** The testing entry as users run it: in another `deno test`, with no flag and no permission. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Folder } from "../_folder.ts";

const root = new URL("../../", import.meta.url);

/** A project that uses the library from this checkout, with every sanitizer on. */
function project(files: Record<string, string>): Folder {
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  imports["@holdfast/resources"] = new URL("mod.ts", root).href;
  imports["@holdfast/resources/testing"] = new URL("src/testing.ts", root).href;
  const test = { sanitizeOps: true, sanitizeResources: true };
  return new Folder({ "deno.json": JSON.stringify({ imports, lock: false, test }), ...files });
}

const GAME = `import { type Handle, type ResourceManager, Text } from "@holdfast/resources";

export function enter(mgr: ResourceManager): Handle<string> {
  return mgr.load("map.txt", Text);
}
`;

const PRELUDE = `import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
import { assertNoLeaks, collectGarbage, GatedSource, trackManagers } from "@holdfast/resources/testing";
import { enter } from "./game.ts";

const source = new MemorySource({ "map.txt": "#.#" });
`;

Deno.test("a deno test that forgets a handle fails, and says which and where", async () => {
  using folder = project({
    "game.ts": GAME,
    "game_test.ts": `${PRELUDE}
Deno.test("open", () => {
  using _managers = trackManagers();
  enter(new ResourceManager({ source }));
});

Deno.test("disposed", () => {
  using _managers = trackManagers();
  using mgr = new ResourceManager({ source });
  enter(mgr);
});

Deno.test("collected", async () => {
  using _managers = trackManagers();
  using mgr = new ResourceManager({ source });
  (() => void enter(mgr))();
  await collectGarbage();
});

Deno.test("asserted", () => {
  const mgr = new ResourceManager({ source });
  enter(mgr);
  assertNoLeaks(mgr);
});
`,
    "hooks_test.ts": `${PRELUDE}
let managers: Disposable;
Deno.test.beforeEach(() => {
  managers = trackManagers();
});
Deno.test.afterEach(() => managers[Symbol.dispose]());
Deno.test("guarded", () => {
  enter(new ResourceManager({ source }));
});
`,
  });
  const { code, output } = await folder.run(["test", "-q"]);
  assertEquals(code, 1, output);
  assertStringIncludes(output, "FAILED | 0 passed | 5 failed");
  const title =
    "error: ResourceLeakError: Cannot end without leaks: 1 reference was not released, dispose the handles and release() what was acquired\n";
  const [, open, disposed, collected, asserted, guarded] = output.split(title);
  for (
    const [part = "", what, place] of [
      [open, "1 handle", 9],
      [disposed, "1 handle, reported as leaked", 14],
      [collected, "1 handle, reported as leaked", 20],
      [guarded, "1 handle", 13],
    ] as const
  ) {
    const made = `  in the manager that was made at \\S+_test\\.ts:${place}:\\d+\n`;
    const held = `  map\\.txt  Text  ${what}\n {19}at enter \\(\\S+/game\\.ts:4:14\\)\n`;
    assertMatch(part, new RegExp(`^${made}${held} {19}at .*_test`));
  }
  const hint = "  set leaks.stacks to see where they were opened\n";
  assertStringIncludes(asserted!, `  map.txt  Text  1 handle\n${hint}  assertNoLeaks(mgr);\n`);
  assertEquals(output.includes("Leaked handle"), false);
});

Deno.test("a deno test that forgets nothing passes, with sanitizers and without flags and permissions", async () => {
  using folder = project({
    "game.ts": GAME,
    "game_test.ts": `${PRELUDE}
Deno.test("clean", async () => {
  using _managers = trackManagers();
  const source = new GatedSource({ "map.txt": "#.#" });
  await using mgr = new ResourceManager({ source });
  const task = mgr.loadAsync("map.txt", Text);
  await source.arrival("map.txt");
  source.open("map.txt");
  (await task)[Symbol.dispose]();
  mgr.loadAsync("map.txt", Text)[Symbol.dispose]();
  enter(mgr)[Symbol.dispose]();
  await collectGarbage();
  assertNoLeaks(mgr);
});
`,
  });
  const { code, output } = await folder.run(["test", "-q", "--no-prompt"]);
  assertEquals(code, 0, output);
  assertStringIncludes(output, "ok | 1 passed | 0 failed");
});
