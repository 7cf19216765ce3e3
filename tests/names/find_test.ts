import { assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  ManagerDisposedError,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  ResourceNotFoundError,
  ResourcePathError,
  Text,
} from "../../mod.ts";
import { FileSource } from "../../src/sources/file.ts";

const FILES = {
  "hero.txt": "@",
  "hero.png": "no loader",
  "forest/oak.txt": "♣",
  "forest/Elm.TXT": "♠",
  "forest/deep/moss.md": "~",
  "forest/we?ird.txt": "can't be named",
  "forest/a#b.txt": "can't be named",
  "cave/bat.txt": "^",
};

function manager(): ResourceManager {
  return new ResourceManager({ source: new MemorySource(FILES) });
}

Deno.test("ResourceManager.find() returns the names that fit a pattern and have a loader, sorted", () => {
  using mgr = manager();
  const found: Record<string, string[]> = {
    "*": ["hero.txt"],
    "**": [
      "cave/bat.txt",
      "forest/Elm.TXT",
      "forest/deep/moss.md",
      "forest/oak.txt",
      "hero.txt",
    ],
    "forest/*": ["forest/Elm.TXT", "forest/oak.txt"],
    "./cave/../forest/*.txt": ["forest/oak.txt"],
    "forest/**/*.md": ["forest/deep/moss.md"],
    "{cave,forest}/*.txt": ["cave/bat.txt", "forest/oak.txt"],
    "*/[ab]*.txt": ["cave/bat.txt"],
    "hero.txt": ["hero.txt"],
    "hero.*": ["hero.txt"],
    "desert/*.txt": [],
    "forest": [],
  };
  for (const [pattern, names] of Object.entries(found)) {
    assertEquals([pattern, mgr.find(pattern)], [pattern, names]);
  }
});

Deno.test("ResourceManager.find() returns names that load, also when short names are indexed", async () => {
  using mgr = new ResourceManager({
    source: new MemorySource({ "hero.txt": "root", "chars/hero.txt": "chars" }),
  });
  mgr.indexDirectory("chars"); // "hero.txt" stands for chars/hero.txt from here on
  const names = mgr.find("**");
  assertEquals(names, ["./hero.txt", "chars/hero.txt"]);
  using all = await mgr.loadAll(names);
  assertEquals(names.map((name) => all[name]?.value), ["root", "chars"]);
});

Deno.test("ResourceManager.find() refuses what is not a pattern below the root", () => {
  using mgr = manager();
  const problems: [pattern: unknown, problem: string][] = [
    ["", "it is empty"],
    ["../*.txt", "it leads out of the root"],
    ["/*.txt", "it is absolute"],
    ["forest\\*.txt", "it has a backslash"],
    [5, "it is not a string"],
    [/x/, "it is not a string"],
  ];
  for (const [pattern, problem] of problems) {
    assertThrows(() => mgr.find(pattern as string), ResourcePathError, problem);
  }
});

Deno.test("ResourceManager.find() throws when the source can't list, instead of returning no names", () => {
  using silent = new ResourceManager({ source: { read: () => new Uint8Array() } });
  const error = assertThrows(() => silent.find("forest/*"), ResourceLoadError);
  assertEquals(
    error.message,
    'Cannot find "forest/*": its source cannot list, use paths',
  );
  using nowhere = new ResourceManager({ source: new FileSource("no-such-directory") });
  for (const pattern of ["*", "forest/*"]) {
    assertThrows(() => nowhere.find(pattern), ResourceLoadError, "there is no directory");
  }
  using broken = new ResourceManager({
    source: {
      list() {
        throw new Error("the disk is broken");
      },
    },
  });
  const failure = assertThrows(() => broken.find("*"), ResourceLoadError);
  assertEquals(failure.message, 'Cannot find "*": the disk is broken');
  assertEquals(failure instanceof ResourceNotFoundError, false);
  const mgr = manager();
  mgr[Symbol.dispose]();
  assertThrows(() => mgr.find("*"), ManagerDisposedError, 'Cannot find "*"');
});

Deno.test("ResourceManager.find() lists only the directory that its pattern begins with", () => {
  const listed: string[] = [];
  using mgr = new ResourceManager({
    source: {
      list(directory, options) {
        listed.push(`${directory} ${options?.recursive}`);
        return [];
      },
    },
  });
  for (const pattern of ["*.txt", "a/b/*.txt", "a/b.txt", "a/**", "a/*/b.txt", "a/{b,c/d}.txt"]) {
    mgr.find(pattern);
  }
  assertEquals(listed, [" false", "a/b false", "a false", "a true", "a true", "a true"]);
});

Deno.test("ResourceManager.find() works with hostile patterns and names", () => {
  using mgr = new ResourceManager({
    source: new MemorySource([["a".repeat(200) + ".txt", ""], ["__proto__", ""], ["[x].txt", ""]]),
  });
  assertEquals(mgr.find("[x].txt"), []); // "[x]" fits "x"
  assertEquals(mgr.find("[[]x].txt"), ["[x].txt"]);
  assertEquals(mgr.find("*a*a*a*b"), []);
  using text = mgr.load("[x].txt", Text);
  assertLess(text.value.length, 1);
});
