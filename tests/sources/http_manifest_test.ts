import { assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import {
  Bytes,
  HttpSource,
  type HttpSourceOptions,
  type LoadProgress,
  type Manifest,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
  ResourceNotFoundError,
  Text,
} from "../../mod.ts";
import { scan } from "../../src/manifest.ts";

const FILES: Readonly<Record<string, string>> = {
  "a.bin": "a".repeat(100),
  "chars/hero ü.txt": "hero",
  "chars/deep/b.bin": "b".repeat(50),
  "empty.txt": "",
};

/** A server of `FILES` with some changes, and a source with the manifest from before the changes. */
async function serve(
  change: Record<string, string | Response> = {},
  options: HttpSourceOptions = {},
) {
  const log: string[] = [];
  const files: Record<string, string | Response> = { ...FILES, ...change };
  const aborting = new AbortController();
  const { signal } = aborting;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", signal, onListen() {} },
    ({ url }) => {
      const key = decodeURIComponent(new URL(url).pathname.slice(1));
      log.push(key);
      const file = files[key];
      if (file === undefined) return new Response(null, { status: 404 });
      return typeof file === "string" ? new Response(file) : file.clone();
    },
  );
  const manifest = await scan(new MemorySource(FILES));
  const base = `http://127.0.0.1:${server.addr.port}/`;
  const source = new HttpSource(base, { manifest, backoff: 0, ...options });
  const end = () => {
    aborting.abort(); // in Deno 2.5 and older, shutdown() waits for abandoned bodies
    return server.finished;
  };
  return { source, manifest, base, log, [Symbol.asyncDispose]: end };
}

/** The message with which a read fails, after the key. */
async function problemOf(source: HttpSource, key: string): Promise<string> {
  const error = await assertRejects(() => source.readAsync(key), ResourceLoadError);
  assertEquals(error.constructor, ResourceLoadError);
  return error.message.slice(`Cannot load "${key}": `.length);
}

const AGAIN = "the file has changed since the manifest was written, write the manifest again";

Deno.test("HttpSource with a manifest reads files whose size and hash match it", async () => {
  await using server = await serve();
  const { source, log } = server;
  for (const [key, text] of Object.entries(FILES)) {
    assertEquals(new TextDecoder().decode(await source.readAsync(key)), text);
  }
  assertEquals(new TextDecoder().decode(await source.readAsync("./chars//hero ü.txt")), "hero");
  assertEquals(log, [...Object.keys(FILES), "chars/hero ü.txt"]);
});

Deno.test("HttpSource.list() returns the keys of the manifest, and does not exist without one", async () => {
  await using server = await serve();
  const { source, base, log } = server;
  assertEquals(source.list?.(""), ["a.bin", "chars/deep/b.bin", "chars/hero ü.txt", "empty.txt"]);
  assertEquals(source.list?.("", { recursive: false }), ["a.bin", "empty.txt"]);
  assertEquals(source.list?.("./chars/"), ["chars/deep/b.bin", "chars/hero ü.txt"]);
  const error = assertThrows(() => source.list?.("nothing"), ResourceNotFoundError);
  assertEquals(error.message, 'Cannot index "nothing": the manifest has no such directory');
  assertEquals([new HttpSource(base).list, "list" in new HttpSource(base)], [undefined, false]);

  using mgr = new ResourceManager({ source });
  assertEquals(mgr.indexDirectory("chars"), 4);
  assertEquals(log, []);
  using hero = await mgr.loadAsync("hero ü", Text);
  assertEquals(hero.value, "hero");
});

Deno.test("HttpSource.size() returns the bytes from the manifest, and undefined for other keys", async () => {
  await using server = await serve();
  const { source, base } = server;
  assertEquals(
    ["a.bin", "empty.txt", "b.bin", "__proto__", "toString"].map((key) => source.size(key)),
    [100, 0, undefined, undefined, undefined],
  );
  assertEquals(new HttpSource(base).size("a.bin"), undefined);
});

Deno.test("HttpSource does not request keys that its manifest lacks", async () => {
  await using server = await serve({ "new.txt": "new" });
  const { source, log } = server;
  for (const key of ["new.txt", "__proto__", "chars"]) {
    const error = await assertRejects(() => source.readAsync(key), ResourceNotFoundError);
    const problem = "the manifest does not have it, write the manifest again if the file is new";
    assertEquals(error.message, `Cannot load "${key}": ${problem}`);
  }
  assertEquals(log, []);
});

Deno.test("HttpSource rejects for a file that does not match its manifest", async () => {
  await using server = await serve({
    "a.bin": "b".repeat(100),
    "chars/hero ü.txt": "her",
    "chars/deep/b.bin": "b".repeat(1_000_000),
    "empty.txt": new Response("<html>", { headers: { "content-type": "text/html" } }),
  });
  const { source, base, log } = server;
  assertEquals(
    await problemOf(source, "a.bin"),
    `"${base}a.bin" has the SHA-256 d6cbb053…, the manifest says 28165978…: ${AGAIN}`,
  );
  const hero = "chars/hero%20%C3%BC.txt";
  assertEquals(
    await problemOf(source, "chars/hero ü.txt"),
    `"${base}${hero}" has 3 bytes, the manifest says 4: ${AGAIN}`,
  );
  assertEquals(
    await problemOf(source, "chars/deep/b.bin"),
    `"${base}chars/deep/b.bin" has more bytes, the manifest says 50: ${AGAIN}`,
  );
  assertEquals(
    await problemOf(source, "empty.txt"),
    `"${base}empty.txt" has more bytes, the manifest says 0: "${base}empty.txt" is an HTML page`,
  );
  assertEquals(log.length, 8); // each of them twice
});

Deno.test("HttpSource fetches a file that does not match once more, without the cache", async () => {
  const manifest = await scan(new MemorySource({ "a.txt": "new" }));
  const asked: (RequestCache | undefined)[] = [];
  let answers: string[] = [];
  const fetch: HttpSourceOptions["fetch"] = (_url, { cache }) => {
    asked.push(cache);
    return Promise.resolve(new Response(answers.shift()));
  };
  const read = async (options: HttpSourceOptions, ...texts: string[]) => {
    answers = texts;
    asked.splice(0);
    const source = new HttpSource("https://example.com", { manifest, fetch, ...options });
    return new TextDecoder().decode(await source.readAsync("a.txt"));
  };
  assertEquals([await read({}, "old", "new"), asked], ["new", [undefined, "reload"]]);
  const options: HttpSourceOptions = { cache: "force-cache", retries: 0 };
  assertEquals([await read(options, "old", "new"), asked], ["new", ["force-cache", "reload"]]);
  await assertRejects(() => read({ retries: 5 }, "old", "old", "new"), ResourceLoadError, AGAIN);
  assertEquals(asked, [undefined, "reload"]);
  await assertRejects(() => read({ cache: "reload" }, "old", "new"), ResourceLoadError, AGAIN);
  assertEquals(asked, ["reload"]);
});

Deno.test("HttpSource keeps its own copy of a manifest", async () => {
  const file = { bytes: 1, sha256: "0".repeat(64) };
  const manifest = { version: 1, files: { "a.txt": file } as Record<string, typeof file> };
  const source = new HttpSource("https://example.com", { manifest });
  manifest.files["b.txt"] = file;
  assertEquals(source.list?.(""), ["a.txt"]);
  await assertRejects(() => source.readAsync("b.txt"), ResourceNotFoundError);
});

Deno.test("HttpSource with a manifest rejects without a request if hashes cannot be checked", async () => {
  await using server = await serve();
  const { source, log } = server;
  const { subtle } = crypto;
  Object.defineProperty(crypto, "subtle", { value: undefined, configurable: true });
  try {
    assertEquals(
      await problemOf(source, "a.bin"),
      "browsers check hashes only on pages from https or localhost",
    );
  } finally {
    Object.defineProperty(crypto, "subtle", { value: subtle, configurable: true });
  }
  assertEquals(log, []);
});

Deno.test("loadAll() over an HttpSource with a manifest knows totalBytes from the first progress on", async () => {
  await using server = await serve();
  using mgr = new ResourceManager({ source: server.source });
  const seen: LoadProgress[] = [];
  using _all = await mgr.loadAll({
    a: ["a.bin", Bytes],
    b: ["chars/deep/b.bin", Bytes],
    hero: ["chars/hero ü.txt", Text],
  }, { onProgress: (progress) => seen.push(progress) });
  assertEquals(seen[0], { done: 0, total: 3, bytes: 0, totalBytes: 154 });
  const known = seen.filter(({ totalBytes }) => totalBytes !== undefined);
  assertEquals(new Set(known.map(({ totalBytes }) => totalBytes)), new Set([154]));
  // It is missing only after all files are read, while a loader may still load more.
  assertEquals(
    seen.filter((each) => !known.includes(each)).every(({ bytes }) => bytes === 154),
    true,
  );
  assertEquals(seen.at(-1), { done: 3, total: 3, bytes: 154, totalBytes: 154 });
});

Deno.test("the total of a compressed response is that of the manifest, not that of its headers", async () => {
  const text = "a".repeat(10_000);
  const manifest: Manifest = await scan(new MemorySource({ "a.txt": text }));
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    const body = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Response(body, { headers: { "content-encoding": "gzip" } });
  });
  await using _server = server;
  const source = new HttpSource(`http://127.0.0.1:${server.addr.port}/`, { manifest });
  const totals = new Set<number | undefined>();
  const bytes = await source.readAsync("a.txt", {
    onProgress: (_bytes, total) => totals.add(total),
  });
  assertEquals([bytes.length, totals], [10_000, new Set([10_000])]);
});

Deno.test("a failure that may pass is retried after a file that did not match, and is the reason in the error", async () => {
  const manifest = await scan(new MemorySource({ "a.txt": "new" }));
  const answers = [new Response("old"), new Response(null, { status: 503 })];
  const fetch = () => Promise.resolve(answers.shift() ?? new Response("new"));
  const source = new HttpSource("https://example.com", { manifest, fetch, backoff: 0 });
  assertEquals((await source.readAsync("a.txt")).length, 3);
  answers.push(new Response("old"), new Response(null, { status: 503 }));
  const once = new HttpSource("https://example.com", { manifest, fetch, retries: 1 });
  const error = await assertRejects(() => once.readAsync("a.txt"), ResourceLoadError);
  assertInstanceOf(error.cause, Error);
  assertEquals(
    error.message.endsWith('503 for "https://example.com/a.txt", in the last of 2 tries'),
    true,
  );
});
