/** What every source promises: one suite over all of them. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  FileSource,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  ResourceNotFoundError,
  ResourcePathError,
  type Source,
  Text,
} from "../../mod.ts";

const FILES: Record<string, string> = {
  "a.txt": "a",
  "empty.txt": "",
  "dir/b.txt": "bb",
  "dir/deep/ü n.txt": "ccc",
  "dirx/c.txt": "c",
};

interface Fixture extends Disposable {
  readonly source: Required<Pick<Source, "read" | "readAsync" | "list" | "watch">>;
  write(key: string, text: string): void;
  remove(key: string): void;
}

const FIXTURES: Record<string, () => Fixture> = {
  MemorySource() {
    const source = new MemorySource(FILES);
    return {
      source,
      write: (key, text) => source.set(key, text),
      remove: (key) => void source.delete(key),
      [Symbol.dispose]() {},
    };
  },
  FileSource() {
    const root = Deno.makeTempDirSync();
    const write = (key: string, text: string) => {
      Deno.mkdirSync(`${root}/${key.slice(0, key.lastIndexOf("/") + 1)}`, { recursive: true });
      Deno.writeTextFileSync(`${root}/${key}`, text);
    };
    for (const [key, text] of Object.entries(FILES)) write(key, text);
    return {
      source: new FileSource(root),
      write,
      remove: (key) => Deno.removeSync(`${root}/${key}`),
      [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
    };
  },
};

for (const [name, make] of Object.entries(FIXTURES)) {
  Deno.test(`${name}.read() and readAsync() give the bytes of a key, each time in a buffer of its own`, async () => {
    using fixture = make();
    const { source } = fixture;
    for (const [key, text] of Object.entries(FILES)) {
      assertEquals(new TextDecoder().decode(source.read(key)), text);
      assertEquals(new TextDecoder().decode(await source.readAsync(key)), text);
    }
    const first = source.read("a.txt");
    first[0] = 0;
    assertNotStrictEquals(first.buffer, source.read("a.txt").buffer);
    assertEquals(source.read("a.txt"), new TextEncoder().encode("a"));
  });

  Deno.test(`${name}.read() and readAsync() throw ResourceNotFoundError for what there is not`, async () => {
    using fixture = make();
    const { source } = fixture;
    for (const key of ["no.txt", "dir/no.txt", "a.txt/b", "dir"]) {
      const problem = `Cannot load "${key}"`;
      const error = assertThrows(() => source.read(key), ResourceNotFoundError, problem);
      assertEquals([error.key, error.name], [key, "ResourceNotFoundError"]);
      await assertRejects(() => source.readAsync(key), ResourceNotFoundError, problem);
    }
  });

  Deno.test(`${name} refuses keys that lead out, in every call`, async () => {
    using fixture = make();
    const { source } = fixture;
    for (const key of ["../a.txt", "/etc/passwd", "dir/../../a.txt", "C:/a", "a\\b", "a\0"]) {
      assertThrows(() => source.read(key), ResourcePathError);
      assertThrows(() => [...source.list(key)], ResourcePathError);
      await assertRejects(() => source.readAsync(key), ResourcePathError);
    }
  });

  Deno.test(`${name}.readAsync() rejects with the reason of a signal that is aborted`, async () => {
    using fixture = make();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await assertRejects(() => fixture.source.readAsync("a.txt", { signal }), Error, "enough");
  });

  Deno.test(`${name}.readAsync() tells how many bytes there are`, async () => {
    using fixture = make();
    const seen: [number, number | undefined][] = [];
    const onProgress = (bytes: number, total?: number) => seen.push([bytes, total]);
    await fixture.source.readAsync("dir/b.txt", { onProgress });
    assertEquals(seen.at(-1), [2, 2]);
  });

  Deno.test(`${name}.list() gives the keys below a directory, sorted`, () => {
    using fixture = make();
    const { source } = fixture;
    assertEquals([...source.list("")], Object.keys(FILES).sort());
    assertEquals([...source.list(".")], Object.keys(FILES).sort());
    assertEquals([...source.list("dir")], ["dir/b.txt", "dir/deep/ü n.txt"]);
    assertEquals([...source.list("./dir/", { recursive: false })], ["dir/b.txt"]);
    assertEquals([...source.list("", { recursive: false })], ["a.txt", "empty.txt"]);
    assertThrows(() => [...source.list("nowhere")], ResourceNotFoundError);
  });

  Deno.test(`${name} serves a manager, by path and by indexed name`, () => {
    using fixture = make();
    using mgr = new ResourceManager({ source: fixture.source });
    assertEquals(mgr.indexDirectory("dir"), 4);
    using b = mgr.load("b", Text);
    using c = mgr.load("dirx/c.txt", Text);
    assertEquals([b.key, b.value, c.value], ["dir/b.txt", "bb", "c"]);
    const error = assertThrows(() => mgr.load("no.txt", Text), ResourceNotFoundError);
    assertInstanceOf(error, ResourceLoadError);
  });

  Deno.test(`${name}.watch() tells of keys that change, come and go, until it is disposed`, async () => {
    using fixture = make();
    const { source } = fixture;
    const seen = new Set<string>();
    const late: string[] = [];
    let onSeen = () => {};
    const isSeen = (key: string) =>
      new Promise<void>((resolve) => {
        onSeen = () => seen.has(key) && resolve();
        onSeen();
      });
    const first = source.watch((key) => late.push(key));
    {
      await using _watch = source.watch((key) => {
        seen.add(key);
        onSeen();
      }) as Disposable & Partial<AsyncDisposable>;
      first[Symbol.dispose]();
      fixture.write("dir/b.txt", "new");
      await isSeen("dir/b.txt");
      fixture.write("new/dir/ü n.txt", "");
      await isSeen("new/dir/ü n.txt");
      fixture.remove("a.txt");
      await isSeen("a.txt");
      for (const key of ["empty.txt", "dirx/c.txt"]) assert(!seen.has(key), key);
    }
    fixture.write("empty.txt", "not any more");
    assertEquals([late, seen.has("empty.txt")], [[], false]);
  });

  Deno.test(`${name} serves a manager that watches`, async () => {
    using fixture = make();
    await using mgr = new ResourceManager({ source: fixture.source });
    using b = mgr.load("dir/b.txt", Text);
    await using _watcher = mgr.watch();
    const reloaded = new Promise<{ key: string }>((resolve) => mgr.on("reload", resolve));
    fixture.write("a.txt", "not resident");
    fixture.write("dir/b.txt", "new");
    assertEquals([(await reloaded).key, b.value, b.version], ["dir/b.txt", "new", 2]);
  });
}
