/** What every source promises: a list of facts, each tested for every source that it applies to. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { zipSync } from "fflate";
import {
  FileSource,
  HttpSource,
  LayeredSource,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  ResourceNotFoundError,
  ResourcePathError,
  type Source,
  Text,
} from "../../mod.ts";
import { serveAssets } from "../../src/dev.ts";
import { scan } from "../../src/manifest.ts";
import { ZipSource } from "../../src/zip.ts";

const FILES: Record<string, string> = {
  "a.txt": "a",
  "empty.txt": "",
  "dir/b.txt": "bb",
  "dir/deep/ü n.txt": "ccc",
  "dirx/c.txt": "c",
};
const MISSING = ["no.txt", "dir/no.txt", "a.txt/b", "dir", "__proto__"];
const LEADING_OUT = ["../a.txt", "/etc/passwd", "dir/../../a.txt", "C:/a", "a\\b", "a\0", "."];

type Members = "read" | "readAsync" | "list" | "watch";

/** A source with `FILES`. Its files can be written if it can be watched. */
interface Fixture {
  readonly source: Source;
  write?(key: string, text: string): void;
  remove?(key: string): void;
  end?(): void | Promise<void>;
}

interface Row {
  /** The members that the source has. It must not have others. */
  readonly members: readonly Members[];
  make(): Fixture | Promise<Fixture>;
}

/** `FILES` as bytes. */
function bytesOf(files: Record<string, string>): Record<string, Uint8Array> {
  const encoder = new TextEncoder();
  return Object.fromEntries(
    Object.entries(files).map(([key, text]) => [key, encoder.encode(text)]),
  );
}

function inMemory(files = FILES): Fixture {
  const source = new MemorySource(files);
  return {
    source,
    write: (key, text) => source.set(key, text),
    remove: (key) => void source.delete(key),
  };
}

function onDisk(files = FILES): Fixture {
  const root = Deno.makeTempDirSync();
  const write = (key: string, text: string) => {
    Deno.mkdirSync(`${root}/${key.slice(0, key.lastIndexOf("/") + 1)}`, { recursive: true });
    Deno.writeTextFileSync(`${root}/${key}`, text);
  };
  for (const [key, text] of Object.entries(files)) write(key, text);
  return {
    source: new FileSource(root),
    write,
    remove: (key) => Deno.removeSync(`${root}/${key}`),
    end: () => Deno.removeSync(root, { recursive: true }),
  };
}

function overHttp(): Fixture {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, ({ url }) => {
    const text = new Map(Object.entries(FILES))
      .get(decodeURIComponent(new URL(url).pathname).slice("/assets/".length));
    return text === undefined ? new Response(null, { status: 404 }) : new Response(text);
  });
  return {
    source: new HttpSource(`http://127.0.0.1:${server.addr.port}/assets/`),
    end: () => server.shutdown(),
  };
}

/** A folder that `serveAssets` serves. */
async function served(): Promise<Fixture> {
  const { source, end, ...files } = onDisk();
  const server = serveAssets((source as FileSource).root, { port: 0, onListen() {} });
  const manifest = await scan(source);
  return {
    ...files,
    source: new HttpSource(server.url, { manifest, watch: ".changes" }),
    async end() {
      await server[Symbol.asyncDispose]();
      await end?.();
    },
  };
}

/** Some files in memory over others on the disk, one of which is hidden. */
function inLayers(): Fixture {
  const { "a.txt": a, "empty.txt": empty, ...rest } = FILES;
  const top = inMemory({ "a.txt": a!, "empty.txt": empty! });
  const base = onDisk({ ...rest, "empty.txt": "hidden" });
  return {
    ...base,
    source: new LayeredSource([top.source, new MemorySource(), base.source]),
    remove: (key) => (key === "a.txt" ? top : base).remove!(key),
  };
}

function inLayersOverHttp(): Fixture {
  const http = overHttp();
  return { ...http, source: new LayeredSource([http.source, http.source]) };
}

const ROWS: Readonly<Record<string, Row>> = {
  MemorySource: { members: ["read", "readAsync", "list", "watch"], make: () => inMemory() },
  FileSource: { members: ["read", "readAsync", "list", "watch"], make: () => onDisk() },
  HttpSource: { members: ["readAsync"], make: overHttp },
  "HttpSource of a server for development": {
    members: ["readAsync", "list", "watch"],
    make: served,
  },
  LayeredSource: { members: ["read", "readAsync", "list", "watch"], make: inLayers },
  "LayeredSource over HttpSource": { members: ["readAsync", "watch"], make: inLayersOverHttp },
  ZipSource: {
    members: ["read", "readAsync", "list"],
    make: () => ({ source: new ZipSource(zipSync(bytesOf(FILES))) }),
  },
};

type With<M extends Members> = Source & Required<Pick<Source, M>>;

/** Registers a test of each source that has `members`. */
function fact<M extends Members>(
  title: string,
  members: readonly M[],
  run: (source: With<M>, fixture: Required<Fixture>) => void | Promise<void>,
): void {
  for (const [name, row] of Object.entries(ROWS)) {
    if (!members.every((member) => row.members.includes(member))) continue;
    Deno.test(`${name}${title}`, async () => {
      const fixture = await row.make();
      try {
        await run(fixture.source as With<M>, fixture as Required<Fixture>);
      } finally {
        await fixture.end?.();
      }
    });
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("every source has the members that the table says", async () => {
  for (const [name, { members, make }] of Object.entries(ROWS)) {
    const { source, end } = await make();
    const all: Members[] = ["read", "readAsync", "list", "watch"];
    assertEquals(all.filter((member) => source[member] !== undefined), members, name);
    await end?.();
  }
});

fact(".read() returns the bytes of a key, each time in a new buffer", ["read"], (source) => {
  for (const [key, text] of Object.entries(FILES)) assertEquals(textOf(source.read(key)), text);
  const [first, second] = [source.read("a.txt"), source.read("a.txt")];
  assertNotStrictEquals(first.buffer, second.buffer);
  first[0] = 0;
  assertEquals([second.buffer.byteLength, textOf(second)], [1, "a"]);
  assertEquals([textOf(source.read("a.txt")), textOf(source.read("./dir//b.txt"))], ["a", "bb"]);
});

fact(
  ".readAsync() returns the bytes of a key, each time in a new buffer",
  ["readAsync"],
  async (source) => {
    for (const [key, text] of Object.entries(FILES)) {
      assertEquals(textOf(await source.readAsync(key)), text);
    }
    const [first, second] = [await source.readAsync("a.txt"), await source.readAsync("a.txt")];
    assertNotStrictEquals(first.buffer, second.buffer);
    first[0] = 0;
    assertEquals([second.buffer.byteLength, textOf(second)], [1, "a"]);
    assertEquals(textOf(await source.readAsync("a.txt")), "a");
  },
);

fact(".read() throws ResourceNotFoundError when there is no such key", ["read"], (source) => {
  for (const key of MISSING) {
    const error = assertThrows(() => source.read(key), ResourceNotFoundError);
    assertEquals([error.key, error.name, error.action], [key, "ResourceNotFoundError", "load"]);
    assert(error.message.startsWith(`Cannot load "${key}": `), error.message);
  }
});

fact(
  ".readAsync() rejects with ResourceNotFoundError when there is no such key",
  ["readAsync"],
  async (source) => {
    for (const key of MISSING) {
      const error = await assertRejects(() => source.readAsync(key), ResourceNotFoundError);
      assertEquals([error.key, error.action], [key, "load"]);
      assert(error.message.startsWith(`Cannot load "${key}": `), error.message);
    }
  },
);

fact(".read() refuses keys that lead out of the root", ["read"], (source) => {
  for (const key of LEADING_OUT) assertThrows(() => source.read(key), ResourcePathError);
});

fact(".readAsync() refuses keys that lead out of the root", ["readAsync"], async (source) => {
  for (const key of LEADING_OUT) {
    await assertRejects(() => source.readAsync(key), ResourcePathError);
  }
});

fact(".list() refuses directories that lead out of the root", ["list"], (source) => {
  for (const key of LEADING_OUT.slice(0, -1)) {
    assertThrows(() => [...source.list(key)], ResourcePathError);
  }
});

fact(
  ".readAsync() rejects with the reason of an aborted signal",
  ["readAsync"],
  async (source) => {
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(() => source.readAsync("a.txt", { signal }), Error, "enough");
  },
);

fact(".readAsync() reports how many bytes the file has", ["readAsync"], async (source) => {
  const seen: [number, number | undefined][] = [];
  await source.readAsync("dir/b.txt", {
    onProgress: (bytes, total) => seen.push([bytes, total]),
  });
  assertEquals(seen.at(-1), [2, 2]);
});

fact(".list() returns the keys below a directory, sorted", ["list"], (source) => {
  assertEquals([...source.list("")], Object.keys(FILES).sort());
  assertEquals([...source.list(".")], Object.keys(FILES).sort());
  assertEquals([...source.list("dir")], ["dir/b.txt", "dir/deep/ü n.txt"]);
  assertEquals([...source.list("./dir/", { recursive: false })], ["dir/b.txt"]);
  assertEquals([...source.list("", { recursive: false })], ["a.txt", "empty.txt"]);
});

fact(".list() throws ResourceNotFoundError when there is no such directory", ["list"], (source) => {
  for (const directory of ["nowhere", "di", "dir/nowhere"]) {
    const error = assertThrows(() => [...source.list(directory)], ResourceNotFoundError);
    assert(error.message.startsWith(`Cannot index "${directory}": `), error.message);
  }
});

fact(" serves a manager without blocking", ["readAsync"], async (source) => {
  using mgr = new ResourceManager({ source });
  using b = await mgr.loadAsync("dir/b.txt", Text);
  assertEquals([b.key, b.value], ["dir/b.txt", "bb"]);
  const error = await assertRejects(() => mgr.loadAsync("no.txt", Text), ResourceNotFoundError);
  assertInstanceOf(error, ResourceLoadError);
});

fact(" serves a manager, by path and by indexed name", ["read", "list"], (source) => {
  using mgr = new ResourceManager({ source });
  assertEquals(mgr.indexDirectory("dir"), 4);
  using b = mgr.load("b", Text);
  using c = mgr.load("dirx/c.txt", Text);
  assertEquals([b.key, b.value, c.value], ["dir/b.txt", "bb", "c"]);
  assertThrows(() => mgr.load("no.txt", Text), ResourceNotFoundError);
});

fact(" serves variants, and parts of a file that is read once", ["readAsync"], async (source) => {
  const read: string[] = [];
  using mgr = new ResourceManager({
    source,
    loaders: [
      {
        name: "words",
        extensions: [".txt"],
        variants: ["upper"],
        load(bytes, { key, variant }) {
          read.push(key);
          const text = textOf(bytes);
          return variant === "upper" ? text.toUpperCase() : text;
        },
      },
      {
        name: "letter",
        extensions: [".txt#"],
        make: (context) => context.load(context.whole, Text).value[Number(context.part)],
      },
    ],
  });
  const names = ["dir/b.txt?upper", "dir/b.txt#1", "dir/b.txt#0", "dir/b.txt"] as const;
  {
    using all = await mgr.loadAll(names);
    assertEquals(names.map((name) => all[name].value), ["BB", "b", "b", "bb"]);
  }
  assertEquals(read.sort(), ["dir/b.txt", "dir/b.txt?upper"]);
  for (const name of ["no.txt?upper", "no.txt#1"]) {
    const error = await assertRejects(() => mgr.loadAsync(name), ResourceNotFoundError);
    assertEquals(error.key, name);
  }
});

fact(
  ".watch() reports keys that are changed, created and removed, until it is disposed",
  ["readAsync", "list", "watch"],
  async (source, fixture) => {
    await source.readAsync("dir/b.txt"); // before it is connected, HttpSource reports only keys that were read
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
    fixture.write("empty.txt", "after the watch");
    assertEquals([late, seen.has("empty.txt")], [[], false]);
  },
);

fact(" serves a manager that watches", ["readAsync", "list", "watch"], async (source, fixture) => {
  await using mgr = new ResourceManager({ source });
  using b = await mgr.loadAsync("dir/b.txt", Text);
  await using _watcher = mgr.watch();
  const reloaded = new Promise<{ key: string }>((resolve) => mgr.on("reload", resolve));
  fixture.write("a.txt", "not resident");
  fixture.write("dir/b.txt", "new");
  assertEquals([(await reloaded).key, b.value, b.version], ["dir/b.txt", "new", 2]);
});
