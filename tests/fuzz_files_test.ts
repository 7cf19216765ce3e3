/** `FileSource` on a real file system, with a secret beside its root and links that lead there. */
import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import {
  Bytes,
  bytesLoader,
  FileSource,
  ResourceLoadError,
  ResourceManager,
  ResourcePathError,
} from "../mod.ts";
import { hostileNames, RUNS } from "./_hostile_names.ts";

/** The text of files that may be read, and of those that may not. */
const INSIDE = "inside";
const SECRET = "SECRET";

/** Files with `inside` below the root, and `SECRET` everywhere else; links of all kinds. */
function fileTree() {
  const home = Deno.realPathSync(Deno.makeTempDirSync());
  const root = `${home}/assets`;
  for (const directory of ["assets/dir/deep", "assets/ü n", "assets-2/dir", "beside/deep"]) {
    Deno.mkdirSync(`${home}/${directory}`, { recursive: true });
  }
  for (const file of ["a.txt", "dir/b.txt", "dir/deep/c.txt", "ü n/a.txt", "..;", "%2e%2e"]) {
    Deno.writeTextFileSync(`${root}/${file}`, INSIDE);
  }
  for (const file of ["secret.txt", "a.txt", "assets-2/a.txt", "beside/b.txt", "beside/a.txt"]) {
    Deno.writeTextFileSync(`${home}/${file}`, SECRET);
  }
  const links: Record<string, string> = {
    "in": "dir",
    "up": ".",
    "out": "../beside",
    "out.txt": "../secret.txt",
    "root": "/",
    "loop": "loop",
    "ring": "dir/ring",
    "dir/ring": "../ring",
    "dir/up": "..",
    "dir/out": `${home}/assets-2`,
    "assets-2": "../assets-2",
    "dir/deep/up": "../../..",
    "nowhere": "../nothing",
    "dir/a.txt": "../out.txt",
    "..\\beside": "../beside",
    "C:": "../beside",
  };
  for (const [link, target] of Object.entries(links)) Deno.symlinkSync(target, `${root}/${link}`);
  return { home, root, [Symbol.dispose]: () => Deno.removeSync(home, { recursive: true }) };
}

/** Whether the file was read. Any other text, and any error but two documented ones, fails the test. */
function check(name: string, read: () => Uint8Array): boolean {
  try {
    const text = new TextDecoder().decode(read());
    if (text !== INSIDE) assertEquals(text, INSIDE, `read by ${JSON.stringify(name)}`);
    return true;
  } catch (error) {
    if (error instanceof ResourcePathError || error instanceof ResourceLoadError) return false;
    throw new Error(`for ${JSON.stringify(name)}`, { cause: error });
  }
}

function problemOf(read: () => unknown): string {
  return assertThrows(read, Error).message;
}

Deno.test("FileSource.read() returns nothing from outside of its root when names are hostile", () => {
  using tree = fileTree();
  const source = new FileSource(tree.root);
  let [read, refused] = [0, 0];
  for (
    const name of hostileNames(RUNS, [`${tree.root}/`, `${tree.home}/`, `file://${tree.home}/`])
  ) {
    if (check(name, () => source.read(name))) read++;
    else if (problemOf(() => source.read(name)).includes("it is a link out of the root")) refused++;
  }
  console.log(
    `${RUNS} names: ${read} led to a file, ${refused} to a link out of the root, which was refused`,
  );
  assertGreater(Math.min(read, refused), RUNS / 200, "this proves little");
});

Deno.test("FileSource.readAsync() returns nothing from outside of its root when names are hostile", async () => {
  using tree = fileTree();
  const source = new FileSource(tree.root);
  let read = 0;
  for (const name of hostileNames(RUNS / 10, [`${tree.home}/`])) {
    const bytes = await source.readAsync(name).catch((error) => () => {
      throw error;
    });
    if (check(name, () => bytes instanceof Uint8Array ? bytes : bytes())) read++;
  }
  assertGreater(read, RUNS / 2000);
});

Deno.test("FileSource.list() and indexDirectory() name nothing outside of the root when directories are hostile", () => {
  using tree = fileTree();
  const source = new FileSource(tree.root);
  using mgr = new ResourceManager({ source, loaders: [{ ...bytesLoader, extensions: [".txt"] }] });
  mgr.on("warning", () => {}); // of names that are ambiguous
  const keys = new Set<string>();
  for (const name of hostileNames(RUNS / 10, [`${tree.home}/`])) {
    try {
      for (const key of source.list(name, { recursive: name.length % 2 === 0 })) keys.add(key);
      mgr.indexDirectory(name);
    } catch (error) {
      if (error instanceof ResourcePathError || error instanceof ResourceLoadError) continue;
      throw new Error(`for ${JSON.stringify(name)}`, { cause: error });
    }
  }
  for (const key of keys) assert(check(key, () => source.read(key)), key);
  assertGreater(keys.size, 5);
});

Deno.test("ResourceManager.load() returns nothing from outside of the root, and keeps nothing, when names are hostile", () => {
  using tree = fileTree();
  using mgr = new ResourceManager({
    source: tree.root,
    loaders: [{ ...bytesLoader, extensions: [".txt"] }],
  });
  mgr.on("warning", () => {}); // of names that are ambiguous
  mgr.indexDirectory();
  let read = 0;
  for (const name of hostileNames(RUNS / 10, [`${tree.home}/`])) {
    const loaded = (): Uint8Array => {
      using handle = mgr.load(name, Bytes);
      return handle.value;
    };
    try {
      if (check(name, loaded)) read++;
    } catch (error) {
      // Most names have no extension that has a loader.
      if ((error as Error & { cause: Error }).cause.name !== "LoaderNotFoundError") throw error;
    }
  }
  assertGreater(read, RUNS / 2000);
  assertEquals([mgr.size, mgr.bytes, mgr.cacheStats().totalReferences], [0, 0, 0]);
});
