import { assertEquals, assertNotEquals } from "@std/assert";
import {
  identityOf,
  infoOf,
  isIgnored,
  leadsToDirectory,
  survey,
} from "../../src/sources/survey.ts";

/** Creates directories (paths with a slash at the end), files, and links with their targets. */
function tree(...paths: (string | [link: string, target: string])[]) {
  const root = Deno.realPathSync(Deno.makeTempDirSync());
  for (const path of paths) {
    if (typeof path !== "string") Deno.symlinkSync(path[1], `${root}/${path[0]}`);
    else if (path.endsWith("/")) Deno.mkdirSync(`${root}/${path}`, { recursive: true });
    else Deno.writeTextFileSync(`${root}/${path}`, "");
  }
  const keys = (found: Iterable<string>) => [...found].map((path) => path.slice(root.length + 1));
  return { root, keys, [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }) };
}

Deno.test("survey() returns one tree if no link leads to a directory", () => {
  using t = tree("a/b/", "c/", "a/b/x.txt", ["a/link.txt", "b/x.txt"], ["c/dangling", "nowhere"]);
  const { directories, trees, single } = survey(t.root);
  assertEquals(t.keys(directories.keys()).toSorted(), ["", "a", "a/b", "c"]);
  assertEquals([t.keys(trees), single], [[""], []]);
});

Deno.test("survey() puts directories above a link to a directory into single, and does not follow links", () => {
  using t = tree("a/b/", "a/c/d/", "e/f/", ["a/b/up", ".."], ["a/c/d/out", "/"]);
  const { directories, trees, single } = survey(t.root);
  assertEquals(directories.size, 7);
  assertEquals(t.keys(trees).toSorted(), ["e"]);
  assertEquals([t.keys(single)[0], t.keys(single).toSorted()], [
    "",
    ["", "a", "a/b", "a/c", "a/c/d"],
  ]);
});

Deno.test("survey() skips .git, node_modules and missing directories", () => {
  using t = tree("a/node_modules/x/", "a/b/", ".git/objects/", ".github/");
  const { directories, trees, single } = survey(t.root);
  assertEquals(t.keys(directories.keys()).toSorted(), ["", ".github", "a", "a/b"]);
  assertEquals([t.keys(trees).toSorted(), t.keys(single)], [[".github", "a/b"], ["", "a"]]);
  const gone = survey(`${t.root}/nowhere`);
  assertEquals([gone.directories.size, gone.trees, gone.single], [0, [], []]);
});

Deno.test("isIgnored() compares whole names in a key", () => {
  const ignored = [".git/HEAD", "a/node_modules", "node_modules/x/y.png"];
  assertEquals(ignored.filter(isIgnored), ignored);
  assertEquals([".gitignore", ".github/x.png", "my_node_modules/a.png"].filter(isIgnored), []);
});

Deno.test("identityOf() differs for a directory that replaces another one", () => {
  using t = tree("a/", "b/");
  const identity = (key: string) => identityOf(infoOf(`${t.root}/${key}`)!);
  const before = identity("a");
  Deno.writeTextFileSync(`${t.root}/a/x.txt`, "");
  assertEquals(identity("a"), before);
  Deno.removeSync(`${t.root}/a`, { recursive: true });
  Deno.renameSync(`${t.root}/b`, `${t.root}/a`);
  assertNotEquals(identity("a"), before);
  assertEquals(infoOf(`${t.root}/b`), undefined);
  assertEquals(leadsToDirectory(`${t.root}/b`), false);
});
