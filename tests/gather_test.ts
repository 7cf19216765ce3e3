/** `deno task test` runs every test that is not slow, and none twice. */
import { assert, assertEquals } from "@std/assert";
import { filesBelow } from "./_files_below.ts";
import { fastTests, gathered, moduleFor } from "./_gather.ts";

const root = new URL("../", import.meta.url);
const files = gathered();

/** What a module of `.fast/` imports from `directory`. */
function importsOf(module: string, directory: string): string[] {
  const imports = files.get(module)!.matchAll(/^import "(.*)";$/gm);
  return [...imports].map(([, path]) => path!).filter((path) => path.startsWith(directory))
    .map((path) => path.slice(directory.length));
}

const modules = [...files.keys()].filter((path) => /^[^/]*_test\.ts$/.test(path));

Deno.test("deno task test imports each test file once, except those in tests/slow", () => {
  const expected = filesBelow(new URL("tests/", root))
    .filter((file) => file.endsWith("_test.ts") && !file.startsWith("slow/"));
  const found = modules.flatMap((module) => importsOf(module, "../tests/"));
  assertEquals(found.sort(), expected.sort());
  assert(expected.length > 80, `${expected.length} test files`);
});

Deno.test("deno task test imports each block of the documentation once, or runs it alone", () => {
  const blocks = [...files.keys()].filter((path) => path.startsWith("blocks/"));
  const alone = blocks.filter((path) => path.endsWith("_test.ts"));
  assertEquals([...importsOf("blocks_test.ts", "./"), ...alone].sort(), blocks.sort());
});

Deno.test("deno task test gathers the tests again and runs them, and test:slow runs the others", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const [first, second] = tasks.test.command.split(" && ");
  assert(first.endsWith(" tests/_gather.ts"), first);
  assert(/ test -A --parallel \.fast$/.test(second), second);
  assert(/ test -A tests\/slow$/.test(tasks["test:slow"].command));
});

Deno.test("files with hooks of their own, or that collect garbage, share no module; guarded files share one", () => {
  assertEquals(moduleFor("tests/a/b_test.ts", "", 5), "share_1_test.ts");
  const hooks = "Deno.test.beforeEach(() => {});";
  assertEquals(moduleFor("tests/a/b_test.ts", hooks, 5), "tests-a-b_test.ts");
  const collects = "guardAgainstLeaks();\nawait collectGarbage();";
  assertEquals(moduleFor("tests/a/b_test.ts", collects, 5), "tests-a-b_test.ts");
  assertEquals(moduleFor("tests/a/b_test.ts", "guardAgainstLeaks();", 5), "guarded_test.ts");
  const guarded = fastTests().filter((file) =>
    /^guardAgainstLeaks\(\)/m.test(Deno.readTextFileSync(new URL(file, root)))
  );
  const found = importsOf("guarded_test.ts", "../");
  assert(found.length > 5 && found.every((file) => guarded.includes(file)), `${found}`);
});
