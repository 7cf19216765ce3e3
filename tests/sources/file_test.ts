import { fileURLToPath } from "node:url";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  FileSource,
  ResourceLoadError,
  ResourceManager,
  ResourceNotFoundError,
  ResourcePathError,
  Text,
} from "../../mod.ts";
import { outputOf } from "../_run_deno.ts";

const MOD = new URL("../../mod.ts", import.meta.url).href;
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** A root with two files, and a secret beside it. Removed at the end. */
function fixture() {
  const home = Deno.realPathSync(Deno.makeTempDirSync());
  const root = `${home}/assets`;
  Deno.mkdirSync(`${root}/dir`, { recursive: true });
  Deno.writeTextFileSync(`${root}/a.txt`, "a");
  Deno.writeTextFileSync(`${root}/dir/b.txt`, "b");
  Deno.writeTextFileSync(`${home}/secret.txt`, "secret");
  Deno.mkdirSync(`${home}/assets-2`);
  Deno.writeTextFileSync(`${home}/assets-2/c.txt`, "c");
  return { home, root, [Symbol.dispose]: () => Deno.removeSync(home, { recursive: true }) };
}

Deno.test("FileSource refuses links out of the root, and follows links that stay in it", async () => {
  using f = fixture();
  Deno.symlinkSync("../secret.txt", `${f.root}/out.txt`);
  Deno.symlinkSync("../assets-2", `${f.root}/sibling`);
  Deno.symlinkSync("dir", `${f.root}/link`);
  const source = new FileSource(f.root);
  for (const key of ["out.txt", "sibling/c.txt", "link/../out.txt"]) {
    assertThrows(() => source.read(key), ResourcePathError, "it is a link out of the root");
    await assertRejects(() => source.readAsync(key), ResourcePathError, "link out of the root");
  }
  assertThrows(() => source.list("sibling"), ResourcePathError);
  assertEquals(new TextDecoder().decode(source.read("link/b.txt")), "b");
});

Deno.test("FileSource.list() skips links that lead out of the root, are broken, or lead back", () => {
  using f = fixture();
  Deno.symlinkSync("../secret.txt", `${f.root}/out.txt`);
  Deno.symlinkSync("../assets-2", `${f.root}/sibling`);
  Deno.symlinkSync("nowhere", `${f.root}/dangling.txt`);
  Deno.symlinkSync("..", `${f.root}/dir/up`);
  Deno.symlinkSync("../a.txt", `${f.root}/dir/linked.txt`);
  const source = new FileSource(f.root);
  assertEquals(source.list(""), ["a.txt", "dir/b.txt", "dir/linked.txt"]);
  using mgr = new ResourceManager({ source: f.root });
  assertEquals(mgr.indexDirectory(), 6);
});

Deno.test("FileSource accepts a root that is a link, ends with a slash, or is a URL", () => {
  using f = fixture();
  Deno.symlinkSync(f.root, `${f.home}/alias`);
  for (const root of [`${f.home}/alias`, `${f.root}/`, new URL(`file://${f.root}`)]) {
    assertEquals(new TextDecoder().decode(new FileSource(root).read("dir/b.txt")), "b");
  }
  assertThrows(
    () => new FileSource(new URL("https://example.com/")),
    TypeError,
    'Cannot read files from "https://example.com/": it is not a file URL',
  );
});

/** More reads than it takes to see both targets of the link, even if the worker runs rarely. */
const MANY = 1_000_000;

/** A worker that switches a link between two targets until `stop` is set. */
const FLIPPER = `data:text/javascript,${
  encodeURIComponent(`
    onmessage = ({ data: { link, targets, stop } }) => {
      for (let i = 0; Atomics.load(stop, 0) === 0; i++) {
        Deno.symlinkSync(targets[i % 2], link + ".new");
        Deno.renameSync(link + ".new", link);
      }
      postMessage("stopped");
    };
  `)
}`;

Deno.test("FileSource reads only what it has resolved, even if a link is replaced meanwhile", async () => {
  using f = fixture();
  const link = `${f.root}/flip.txt`;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(FLIPPER, { type: "module" });
  const stopped = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage({ link, targets: ["a.txt", `${f.home}/secret.txt`], stop });
  const source = new FileSource(f.root);
  let [read, refused] = [0, 0];
  for (let tries = 0; tries < MANY && Math.min(read, refused) < 500; tries++) {
    try {
      assertEquals(new TextDecoder().decode(source.read("flip.txt")), "a");
      read++;
    } catch (error) {
      if (error instanceof ResourcePathError) refused++;
      else if (!(error instanceof ResourceLoadError)) throw error;
    }
  }
  Atomics.store(stop, 0, 1);
  await stopped;
  worker.terminate();
  assert(read > 0 && refused > 0, `read ${read} times, refused ${refused} times`);
});

Deno.test("FileSource hints at a name that begins with the directory itself", () => {
  using f = fixture();
  Deno.mkdirSync(`${f.root}/my assets`);
  for (const root of [`${f.root}/my assets`, `${f.root}/my assets//`]) {
    const source = new FileSource(root);
    const messageOf = (read: () => unknown) => assertThrows(read, ResourceNotFoundError).message;
    const [file, directory] = [
      () => source.read("my assets/a.b"),
      () => source.list("my assets/x"),
    ];
    const hint = `below "${root}", leave out "my assets/"`;
    assertEquals(messageOf(file), `Cannot load "my assets/a.b": there is no such file ${hint}`);
    assertEquals(
      messageOf(directory),
      `Cannot index "my assets/x": there is no such directory ${hint}`,
    );
    assert(!messageOf(() => source.read("my assets")).includes("leave out"));
  }
  for (const [root, key] of [[".", "./nowhere"], ["/", "undefined/nowhere"]] as const) {
    const { message } = assertThrows(() => new FileSource(root).read(key), ResourceNotFoundError);
    assert(!message.includes("leave out"), message);
  }
});

Deno.test("FileSource explains a missing file, a missing root, a directory, and a file used as a directory", () => {
  using f = fixture();
  const source = new FileSource(f.root);
  const missing = assertThrows(() => source.read("no.txt"), ResourceLoadError);
  assertEquals(missing.message, `Cannot load "no.txt": there is no such file below "${f.root}"`);
  assertInstanceOf(missing.cause, Deno.errors.NotFound);
  const directory = assertThrows(() => source.read("dir"), ResourceLoadError);
  assertEquals(directory.message, 'Cannot load "dir": it is a directory');
  const under = assertThrows(() => source.read("a.txt/b"), ResourceLoadError);
  assertStringIncludes(under.message, 'Cannot load "a.txt/b": ');
  const nowhere = new FileSource(`${f.home}/nowhere`);
  const root = assertThrows(() => nowhere.read("a.txt"), ResourceLoadError);
  assertEquals(root.message, `Cannot load "a.txt": there is no directory "${f.home}/nowhere"`);
  const relative = assertThrows(() => new FileSource("nowhere").read("a.txt"), ResourceLoadError);
  assertEquals(
    relative.message,
    'Cannot load "a.txt": there is no directory "nowhere": ' +
      "relative paths start at the current directory",
  );
  const listed = assertThrows(() => source.list("nowhere"), ResourceLoadError);
  assertEquals(
    listed.message,
    `Cannot index "nowhere": there is no such directory below "${f.root}"`,
  );
});

Deno.test({
  name: "FileSource names the narrowest flag when a permission is missing",
  permissions: { read: false },
  async fn() {
    using mgr = new ResourceManager({ source: "assets" });
    const error = assertThrows(() => mgr.load("a.txt", Text), ResourceLoadError);
    assertEquals(
      error.message,
      'Cannot load "a.txt": permission to read it is missing, run with --allow-read=assets',
    );
    assertInstanceOf(error.cause, Deno.errors.NotCapable);
    assertThrows(() => mgr.indexDirectory(), ResourceLoadError, "--allow-read=assets");
    assertThrows(() => mgr.watch(), ResourceLoadError, "--allow-read=assets");
    await assertRejects(() => new FileSource("assets").readAsync("a.txt"), ResourceLoadError);
  },
});

Deno.test("FileSource needs only that flag", async () => {
  using f = fixture();
  const program = `import { ResourceManager, Text } from "@holdfast/resources";
    using mgr = new ResourceManager({ source: "assets" });
    mgr.indexDirectory();
    using text = mgr.load("a", Text);
    console.log(text.value);`;
  Deno.writeTextFileSync(`${f.home}/program.ts`, program.replace("@holdfast/resources", MOD));
  const args = ["run", "-q", "--no-check", "--no-prompt", "--allow-read=assets"];
  args.push(`--config=${CONFIG}`, "program.ts");
  assertEquals(await outputOf(args, { cwd: f.home }), "a\n");
});

Deno.test("FileSource.readAsync() is aborted by its signal", async () => {
  using f = fixture();
  Deno.writeFileSync(`${f.root}/big.bin`, new Uint8Array(50_000_000));
  const abort = new AbortController();
  const reading = new FileSource(f.root).readAsync("big.bin", { signal: abort.signal });
  abort.abort(new Error("enough"));
  await assertRejects(() => reading, Error, "enough");
});

Deno.test("FileSource.list() skips directories that are removed meanwhile, and throws for those it may not read", () => {
  const root = Deno.realPathSync(Deno.makeTempDirSync());
  for (const directory of ["a", "b"]) {
    Deno.mkdirSync(`${root}/${directory}`);
    Deno.writeTextFileSync(`${root}/${directory}/1.txt`, "");
  }
  Deno.symlinkSync(`${root}/b`, `${root}/link`);
  const source = new FileSource(root);
  const all = ["a/1.txt", "b/1.txt"];
  assertEquals(source.list(""), all);
  const { readDirSync } = Deno;
  /** Lists with a `readDirSync` that fails in one directory. */
  const listWithout = (directory: string, error: Error) => {
    Deno.readDirSync = (path) => {
      if (String(path).endsWith(directory)) throw error;
      return readDirSync(path);
    };
    try {
      return source.list("");
    } finally {
      Deno.readDirSync = readDirSync;
    }
  };
  const gone = new Deno.errors.NotFound("gone");
  assertEquals(listWithout("/a", gone), ["b/1.txt"]);
  assertEquals(listWithout("/b", gone), ["a/1.txt"]);
  assertEquals(listWithout("/b", new Deno.errors.NotADirectory("a file")), ["a/1.txt"]);
  assertThrows(() => listWithout(root, gone), ResourceNotFoundError, "no such directory");
  const denied = new Deno.errors.PermissionDenied("not yours");
  assertThrows(() => listWithout("/a", denied), ResourceLoadError, "not yours");
  Deno.removeSync(root, { recursive: true });
});

Deno.test("FileSource reports a name that is too long for the system as a missing file", async () => {
  const source = new FileSource("src");
  const name = `${"a".repeat(5_000)}.txt`;
  assertThrows(() => source.read(name), ResourceNotFoundError, "there is no such file");
  await assertRejects(() => source.readAsync(name), ResourceNotFoundError, "there is no such file");
});

Deno.test("FileSource.list() lists each directory once, however many links lead to it", () => {
  using f = fixture();
  const names = Array.from({ length: 12 }, (_, i) => `d${i}`);
  for (const name of names) {
    Deno.mkdirSync(`${f.root}/${name}`);
    Deno.writeTextFileSync(`${f.root}/${name}/file.txt`, "");
    for (const other of names) Deno.symlinkSync(`../${other}`, `${f.root}/${name}/to-${other}`);
  }
  assertEquals(new FileSource(f.root).list("").length, names.length + 2);
  Deno.symlinkSync("../dir", `${f.root}/d0/linked`);
  assertEquals(new FileSource(f.root).list("d0").filter((key) => key.includes("linked")), [
    "d0/linked/b.txt",
  ]);
});

Deno.test("FileSource names the target of a linked root if that may not be read", async () => {
  using f = fixture();
  Deno.symlinkSync("assets", `${f.home}/a link`);
  const program = `import { ResourceManager, Text } from "${MOD}";
    using mgr = new ResourceManager({ source: "a link" });
    try { mgr.load("a.txt", Text); } catch (error) { console.log(error.message); }`;
  Deno.writeTextFileSync(`${f.home}/program.ts`, program);
  const args = ["run", "-q", "--no-check", "--no-prompt", "--allow-read=a link"];
  args.push(`--config=${CONFIG}`, "program.ts");
  const output = await outputOf(args, { cwd: f.home });
  assertStringIncludes(output, `run with --allow-read="a link,${f.root}"`);
});

Deno.test("FileSource shows a badly encoded root unchanged", () => {
  const source = new FileSource("file:///tmp/%ff/");
  assertThrows(() => source.list(""), ResourceLoadError);
  assertThrows(() => source.read("a.txt"), ResourceLoadError);
});

Deno.test("FileSource.watch() explains a missing root, and a root that is a file", () => {
  using f = fixture();
  const watch = (root: string) => assertThrows(() => new FileSource(root).watch(() => {}));
  const missing = watch(`${f.root}/nowhere`);
  assertInstanceOf(missing, ResourceLoadError);
  assertEquals(missing.message, `Cannot watch ".": there is no directory "${f.root}/nowhere"`);
  assertStringIncludes((watch(`${f.root}/a.txt`) as Error).message, 'Cannot watch ".": Not a dir');
});
