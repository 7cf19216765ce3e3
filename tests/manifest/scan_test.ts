import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  FileSource,
  HttpSource,
  MemorySource,
  ResourceLoadError,
  ResourceNotFoundError,
  type Source,
} from "../../mod.ts";
import { scan } from "../../src/manifest.ts";
import { Folder } from "../_folder.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

Deno.test("scan() lists each file of a directory by its name, sorted, with its size and its SHA-256", async () => {
  using folder = new Folder({
    "my assets/z.txt": "abc",
    "my assets/chars/Hero ü.PNG": "abc",
    "my assets/chars/deep/empty.json": "",
    "my assets/__proto__": "abc",
    "my assets/constructor": "abc",
    "beside.txt": "abc",
  });
  const manifest = await scan(new URL("my assets", folder.url));
  assertEquals(Object.entries(manifest.files), [
    ["__proto__", { bytes: 3, sha256: ABC }],
    ["chars/Hero ü.PNG", { bytes: 3, sha256: ABC }],
    ["chars/deep/empty.json", { bytes: 0, sha256: EMPTY }],
    ["constructor", { bytes: 3, sha256: ABC }],
    ["z.txt", { bytes: 3, sha256: ABC }],
  ]);
  assertStrictEquals(manifest.version, 1);
  const source = new FileSource(new URL("my assets/", folder.url));
  assertEquals(Object.entries((await scan(source)).files), Object.entries(manifest.files));
});

Deno.test("scan() returns a manifest without files for an empty directory", async () => {
  using folder = new Folder({});
  assertEquals(await scan(folder.url), { version: 1, files: {} });
});

Deno.test("scan() leaves out hidden files silently, and files that cannot be loaded with a reason", async () => {
  const source = new MemorySource({
    ".DS_Store": "",
    "chars/.hidden/a.txt": "",
    "chars/.b.txt": "",
    "who?.png": "",
    "c#.txt": "",
    "a.b/c.txt": "abc",
  });
  const list = () => [...source.list(""), "a\\b.txt"];
  const skipped: string[] = [];
  const onSkip = (name: string, reason: string) => skipped.push(`${name}: ${reason}`);
  const { files } = await scan({ list, read: (key) => source.read(key) }, { onSkip });
  assertEquals(files, { "a.b/c.txt": { bytes: 3, sha256: ABC } });
  const reason = "nothing can be loaded by such a name, rename it";
  assertEquals(skipped, [`c#.txt: ${reason}`, `who?.png: ${reason}`, `a\\b.txt: ${reason}`]);
});

Deno.test("scan() leaves out files that its filter refuses, and does not read them", async () => {
  const source = new MemorySource({ "a.txt": "abc", "a.psd": "", "no?.psd": "" });
  const read: string[] = [];
  const from: Source = {
    list: (directory) => source.list(directory),
    read: (key) => (read.push(key), source.read(key)),
  };
  const onSkip = (name: string) => read.push(name);
  const { files } = await scan(from, { filter: (name) => !name.endsWith(".psd"), onSkip });
  assertEquals([Object.keys(files), read], [["a.txt"], ["a.txt"]]);
});

Deno.test("scan() leaves out a file that disappears before it is read, and reports it", async () => {
  using folder = new Folder({ "a.txt": "abc", "b.txt": "abc" });
  const source = new FileSource(folder.url);
  const skipped: string[][] = [];
  const list = function* () {
    yield* source.list("");
    Deno.removeSync(new URL("b.txt", folder.url));
  };
  const readAsync: Source["readAsync"] = (key, options) => source.readAsync(key, options);
  const onSkip = (...skip: string[]) => skipped.push(skip);
  const { files } = await scan({ list, readAsync }, { onSkip });
  assertEquals(files, { "a.txt": { bytes: 3, sha256: ABC } });
  assertEquals(skipped, [["b.txt", "it no longer exists"]]);
});

Deno.test("scan() reads 16 files at once, and no other ones after a failure", async () => {
  const names = Array.from({ length: 300 }, (_, i) => `${1000 + i}.txt`);
  let running = 0;
  let most = 0;
  let read = 0;
  const failing = new Set<string>();
  const source: Source = {
    list: () => names.toReversed(),
    async readAsync(key) {
      read++;
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (failing.has(key)) throw new ResourceLoadError(key, "the disk is on fire");
      return new TextEncoder().encode("abc");
    },
  };
  const { files } = await scan(source);
  assertEquals(Object.keys(files), names);
  assertEquals([most, read], [16, 300]);

  failing.add("1299.txt");
  read = 0;
  const error = await assertRejects(() => scan(source), ResourceLoadError);
  assertEquals(error.message, 'Cannot load "1299.txt": the disk is on fire');
  assertEquals([running, read], [0, 16]);
});

Deno.test("scan() says what is wrong with a source that cannot be scanned", async () => {
  const noList = "it cannot list, use a directory or a source with list()";
  const http = new HttpSource("https://example.com");
  for (const [source, type] of [[http, "HttpSource"], [{}, "Object"], [null, "null"]] as const) {
    await assertRejects(
      () => scan(source as Source),
      TypeError,
      `Cannot scan a source of type ${type}: ${noList}`,
    );
  }
  await assertRejects(() => scan({ list: () => ["a"] }), TypeError, "neither read nor readAsync");
  await assertRejects(
    () => scan(new URL("https://example.com")),
    TypeError,
    "it is not a file URL",
  );
  using folder = new Folder({});
  await assertRejects(() => scan(new URL("nothing", folder.url)), ResourceNotFoundError);
});

Deno.test("scan() of a source with a manifest reads the files of the server", async () => {
  const files = new MemorySource({ "a/b.txt": "abc" });
  const manifest = await scan(files);
  const fetch = () => Promise.resolve(new Response("abc"));
  assertEquals(await scan(new HttpSource("https://example.com", { manifest, fetch })), manifest);
});
