import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { HttpSource, ResourceManager, ResourceNotFoundError, Text } from "../../mod.ts";
import { serveAssets, type ServeAssetsOptions } from "../../src/dev.ts";
import { SeenChanges } from "../_watched_files.ts";
import { FakeClock } from "../_fake_clock.ts";
import { readEvents } from "../../src/sources/event_stream.ts";
import { until, withPatience } from "../_patience.ts";
import { rawRequest } from "./_raw_request.ts";

const FILES: Record<string, string> = {
  "a.txt": "0123456789",
  "dir/ü n.json": "{}",
  "empty.bin": "",
  ".env": "secret",
  ".git/config": "secret",
};

/** A folder that is served. A secret file lies beside it. */
class Served implements AsyncDisposable {
  readonly home: string = Deno.realPathSync(Deno.makeTempDirSync());
  readonly root: string = `${this.home}/assets`;
  readonly #server: AsyncDisposable & { url: string };
  readonly url: URL;

  constructor(options: ServeAssetsOptions = {}) {
    Deno.mkdirSync(`${this.root}/dir`, { recursive: true });
    Deno.mkdirSync(`${this.root}/.git`);
    Deno.writeTextFileSync(`${this.home}/secret.txt`, "secret");
    for (const [key, text] of Object.entries(FILES)) this.write(key, text);
    this.#server = serveAssets(this.root, { port: 0, onListen() {}, ...options });
    this.url = new URL(this.#server.url);
  }

  write(key: string, text: string): void {
    Deno.writeTextFileSync(`${this.root}/${key}`, text);
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.url), init);
  }

  /** Fetches the status and the text of an answer. */
  async get(path: string, init?: RequestInit): Promise<[status: number, text: string]> {
    const response = await this.fetch(path, init);
    return [response.status, await response.text()];
  }

  /** Ends the server. */
  async end(): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    Deno.removeSync(this.home, { recursive: true });
  }
}

/**
 * Reads a file until its version stays the same: while the file is fresh, each read has another.
 */
async function settledTag(site: Served, path: string): Promise<string> {
  for (let before = "";;) {
    const response = await site.fetch(path);
    await response.body?.cancel();
    const tag = response.headers.get("etag")!;
    if (tag === before) return tag;
    before = tag;
  }
}

Deno.test("serveAssets() serves files with their types and lengths", async () => {
  await using site = new Served();
  const response = await site.fetch("dir/%C3%BC%20n.json");
  assertEquals([response.status, await response.text()], [200, "{}"]);
  const header = (name: string) => response.headers.get(name);
  assertEquals([header("content-type"), header("content-length")], ["application/json", "2"]);
  assertEquals(header("x-content-type-options"), "nosniff");
  const empty = await site.fetch("empty.bin");
  assertEquals([empty.status, await empty.text()], [200, ""]);
  assertEquals(empty.headers.get("content-type"), "application/octet-stream");
});

Deno.test("serveAssets() answers HEAD without a body, and no other method", async () => {
  await using site = new Served();
  const head = await site.fetch("a.txt", { method: "HEAD" });
  assertEquals([head.status, head.headers.get("content-length")], [200, "10"]);
  assertEquals(await head.text(), "");
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const response = await site.fetch("a.txt", { method });
    assertEquals([response.status, response.headers.get("allow")], [405, "GET, HEAD, OPTIONS"]);
    await response.body?.cancel();
  }
  assertEquals(Deno.readTextFileSync(`${site.root}/a.txt`), FILES["a.txt"]);
});

Deno.test("serveAssets() answers 304 as long as a file is the same", async () => {
  await using site = new Served();
  const tag = await settledTag(site, "a.txt");
  for (const given of [tag, `"x", ${tag}`, `W/${tag}`, "*"]) {
    const headers = { "if-none-match": given };
    assertEquals(await site.get("a.txt", { headers }), [304, ""], given);
  }
  const headers = { "if-none-match": tag };
  assertEquals((await site.get("a.txt", { headers: { "if-none-match": '"x"' } }))[0], 200);
  site.write("a.txt", "abcdefghij");
  assertEquals(await site.get("a.txt", { headers }), [200, "abcdefghij"]);
});

Deno.test("serveAssets() gives each content its own version, even if it changes in one tick of the clock", async () => {
  await using site = new Served();
  const tags = new Set<string>();
  for (const text of ["0", "1", "2", "3"]) {
    site.write("a.txt", text);
    const response = await site.fetch("a.txt");
    assertEquals(await response.text(), text);
    tags.add(response.headers.get("etag")!);
  }
  assertEquals(tags.size, 4);
});

Deno.test("serveAssets() answers range requests", async () => {
  await using site = new Served();
  const part = async (range: string, more: HeadersInit = {}) => {
    const response = await site.fetch("a.txt", { headers: { range, ...more } });
    const { status, headers } = response;
    return [status, headers.get("content-range"), await response.text()];
  };
  const all = [200, null, "0123456789"];
  assertEquals(await part("bytes=2-4"), [206, "bytes 2-4/10", "234"]);
  assertEquals(await part("bytes=7-"), [206, "bytes 7-9/10", "789"]);
  assertEquals(await part("bytes=8-99"), [206, "bytes 8-9/10", "89"]);
  assertEquals(await part("bytes=-3"), [206, "bytes 7-9/10", "789"]);
  assertEquals(await part("bytes=-99"), [206, "bytes 0-9/10", "0123456789"]);
  for (const range of ["bytes=10-", "bytes=-0", "bytes=99999999999999999999-"]) {
    assertEquals(await part(range), [416, "bytes */10", ""], range);
  }
  for (const range of ["bytes=0-1,4-5", "bytes=4-2", "bytes=-", "bytes=a-b", "lines=0-1"]) {
    assertEquals(await part(range), all, range);
  }
  const tag = await settledTag(site, "a.txt");
  assertEquals((await part("bytes=0-0", { "if-range": tag }))[0], 206);
  assertEquals(await part("bytes=0-0", { "if-range": '"old"' }), all);
});

Deno.test("serveAssets() refuses hidden files, and paths and links that lead out of the folder", async () => {
  await using site = new Served();
  Deno.symlinkSync(`${site.home}/secret.txt`, `${site.root}/link.txt`);
  Deno.symlinkSync(site.home, `${site.root}/home`);
  Deno.symlinkSync(`${site.root}/a.txt`, `${site.root}/inside.txt`);
  Deno.symlinkSync(`${site.root}/.env`, `${site.root}/env.txt`);
  Deno.symlinkSync(`${site.root}/.git`, `${site.root}/git`);
  const paths = {
    "/../secret.txt": 404, // in a URL, this is the path /secret.txt
    "/%2e%2e/secret.txt": 404,
    "/..%2fsecret.txt": 403,
    "/dir/..%2f..%2fsecret.txt": 403,
    "/..%5csecret.txt": 403,
    "/%252e%252e%252fsecret.txt": 404,
    "//etc/passwd": 403,
    "/%2fetc/passwd": 403,
    "/a.txt%00": 403,
    "/%ff": 400,
    "/link.txt": 403,
    "/home/secret.txt": 403,
    "/home/assets/a.txt": 200, // leads out, and in again
    "/inside.txt": 200,
    "/.env": 404,
    "/.git/config": 404,
    "/dir/..%2f.env": 404,
    "/env.txt": 404, // a hidden file stays hidden under another name, such as a short one of Windows
    "/git/config": 404,
    "/": 404,
    "/dir": 404,
    "/no.txt": 404,
    [`/${"a".repeat(5_000)}`]: 404,
    "/__proto__": 404,
  };
  for (const [path, status] of Object.entries(paths)) {
    const answer = await rawRequest(site.url, { path, host: "localhost" });
    assertEquals(answer.status, status, path);
    assert(!answer.text.includes("\r\n\r\nsecret"), path);
  }
});

Deno.test("serveAssets() lets pages of this machine read files, and no other pages", async () => {
  await using site = new Served();
  const allowed = async (origin: string) => {
    const response = await site.fetch("a.txt", { headers: { origin } });
    await response.body?.cancel();
    assertMatch(response.headers.get("vary")!, /^(Accept-Encoding, )?origin$/); // some versions of Deno add it
    return response.headers.get("access-control-allow-origin");
  };
  for (const origin of ["http://localhost:5173", "http://127.0.0.1:1", "http://game.localhost"]) {
    assertEquals(await allowed(origin), origin);
  }
  for (const origin of ["https://example.com", "http://localhost.example.com", "null", "?"]) {
    assertEquals(await allowed(origin), null);
  }
  const origin = "http://localhost:5173";
  // Without the header, a browser hides that the file is missing.
  const missing = await site.fetch("none.txt", { headers: { origin } });
  await missing.body?.cancel();
  const { status, headers } = missing;
  assertEquals([status, headers.get("access-control-allow-origin")], [404, origin]);
  const asked = await site.fetch("a.txt", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-headers": "range" },
  });
  assertEquals(asked.status, 204);
  assertEquals(asked.headers.get("access-control-allow-origin"), origin);
  assertEquals(asked.headers.get("access-control-allow-headers"), "range");
  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost."]) {
    const answer = await rawRequest(site.url, { path: "/a.txt", host });
    assertEquals(answer.status, 403, host);
  }
  for (const host of ["a b", "[::1", "localhost:99999"]) {
    const answer = await rawRequest(site.url, { path: "/a.txt", host });
    assertEquals(answer.status, 400, host);
  }
});

Deno.test("serveAssets() lets no page from elsewhere show or run a file without CORS", async () => {
  await using site = new Served();
  for (const path of ["a.txt", ".manifest.json", ".changes"]) {
    const response = await site.fetch(path);
    await response.body?.cancel();
    assertEquals(response.headers.get("cross-origin-resource-policy"), "same-site", path);
  }
});

Deno.test("serveAssets() accepts host names and paths that URLs write differently", async () => {
  await using site = new Served({ path: "/my ässets", hostname: "LOCALHOST" });
  assertEquals(site.url.pathname, "/my%20%C3%A4ssets/");
  assertEquals(await site.get("a.txt"), [200, FILES["a.txt"]]);
  await using other = new Served({ path: "//a/../b" });
  assertEquals(await other.get("a.txt"), [200, FILES["a.txt"]]);
});

Deno.test("serveAssets() lets a fallback answer requests for anything but a file", async () => {
  const asked: string[] = [];
  await using site = new Served({
    path: "/assets",
    fallback({ method, url }) {
      asked.push(`${method} ${new URL(url).pathname}`);
      return new Response("the page");
    },
  });
  assertEquals(site.url.pathname, "/assets/");
  assertEquals((await site.get("a.txt"))[1], FILES["a.txt"]);
  for (const path of ["/", "/a.txt", "no.txt", "", "dir"]) {
    assertEquals(await site.get(path), [200, "the page"], path);
  }
  await site.get("/save", { method: "POST" });
  assertEquals(asked.slice(0, 3), ["GET /", "GET /a.txt", "GET /assets/no.txt"]);
  assertEquals(asked.at(-1), "POST /save");
  assertEquals((await site.get("..%2fsecret.txt"))[0], 403);
});

Deno.test("serveAssets() serves a manifest, with which a source finds and watches files", async () => {
  await using site = new Served();
  const manifest = await (await site.fetch(".manifest.json")).json();
  assertEquals(Object.keys(manifest.files), ["a.txt", "dir/ü n.json", "empty.bin"]);
  const source = new HttpSource(site.url, { manifest, watch: ".changes" });
  using mgr = new ResourceManager({ source });
  assertEquals(mgr.find("dir/*"), ["dir/ü n.json"]);
  site.write("a.txt", "changed since");
  site.write("b.txt", "new");
  using a = await mgr.loadAsync("a.txt", Text);
  using b = await mgr.loadAsync("b.txt", Text);
  assertEquals([a.value, b.value], ["changed since", "new"]);
});

Deno.test("serveAssets() prints its URL, or calls onListen", async () => {
  const printed: string[] = [];
  const { log } = console;
  console.log = (text: string) => printed.push(text);
  try {
    await using first = serveAssets("examples/assets", { port: 0 });
    await using second = serveAssets("examples/assets", { port: 0, onListen: console.log });
    assertEquals(printed, [`Assets are served at ${first.url}`, second.url]);
    assertNotEquals(first.url, second.url);
  } finally {
    console.log = log;
  }
});

Deno.test("serveAssets() serves nothing when onListen throws", async () => {
  let listening = "";
  const onListen = (url: string) => {
    listening = url;
    throw new Error("no window");
  };
  assertThrows(() => serveAssets("examples/assets", { port: 0, onListen }), Error, "no window");
  await assertRejects(() => fetch(listening), TypeError);
});

Deno.test("serveAssets() throws for a missing directory and for an invalid path", () => {
  assertThrows(() => serveAssets("nowhere"), ResourceNotFoundError, 'no directory "nowhere"');
  assertThrows(() => serveAssets(new URL("https://a.b/")), TypeError, "it is not a file URL");
  assertThrows(() => serveAssets("src", { path: "assets/" }), TypeError, "begin with a slash");
});

Deno.test("disposing a server ends it at once and closes its streams", async () => {
  const site = new Served();
  const streams = await Promise.all([1, 2, 3].map(() => site.fetch(".changes")));
  const bodies = streams.map((stream) => stream.text().catch(() => "broken off"));
  await withPatience(site[Symbol.asyncDispose](), () => new Error("It does not end"));
  assertEquals((await Promise.all(bodies)).length, 3);
});

Deno.test("a stream of changes begins with the versions of all files, and then reports what changes", async () => {
  const site = new Served();
  const tag = await settledTag(site, "a.txt");
  const stream = await site.fetch(".changes");
  assertEquals(stream.headers.get("content-type"), "text/event-stream");
  const watcher = new SeenChanges();
  let files: Record<string, string> = {};
  const reading = readEvents(stream, (data) => {
    const event = JSON.parse(data);
    files = event.files ?? files;
    for (const key of event.changed ?? []) watcher.onChange(key);
  }).catch(() => {}); // the stream ends abruptly
  site.write(".hidden", "");
  site.write("a.txt", "new");
  site.write("last.txt", "");
  await watcher.untilKeys("last.txt");
  assertEquals(Object.keys(files), ["a.txt", "dir/ü n.json", "empty.bin"]);
  assertEquals(files["a.txt"], tag);
  assertEquals(new Set(watcher.keys), new Set(["a.txt", "last.txt"]));
  await site[Symbol.asyncDispose]();
  await reading;
});

Deno.test("a source reports what changed while the server was away", async () => {
  await using site = new Served();
  const clock = new FakeClock();
  const watcher = new SeenChanges();
  const { port } = site.url;
  const source = new HttpSource(site.url, { watch: ".changes", clock });
  for (const key of ["a.txt", "empty.bin", "dir/ü n.json"]) {
    await settledTag(site, key);
    await source.readAsync(key);
  }
  await source.readAsync("first.txt").catch(() => {}); // it does not exist yet
  site.write("first.txt", "");
  await using _watch = source.watch!(watcher.onChange, watcher.onError);
  await watcher.untilKeys("first.txt"); // the source is connected
  await settledTag(site, "first.txt");
  await source.readAsync("first.txt");
  await site.end();
  site.write("a.txt", "new");
  Deno.removeSync(`${site.root}/empty.bin`);
  await using _server = serveAssets(site.root, { port: Number(port), onListen() {} });
  await until(() => clock.pending > 0);
  clock.advance(100);
  await watcher.untilKeys("empty.bin");
  const seen = new Set(watcher.keys); // a key may be reported twice
  assertEquals([...seen], ["first.txt", "a.txt", "empty.bin"]);
  assertEquals(watcher.errors, []);
});

Deno.test("a folder that can't be watched is answered with the reason, and files are still served", async () => {
  await using site = new Served();
  const { watchFs } = Deno;
  Deno.watchFs = () => {
    throw new Error("too many watches");
  };
  try {
    const text = 'Cannot watch ".": too many watches\n';
    assertEquals(await site.get(".changes"), [503, text]);
    assertEquals((await site.get("a.txt"))[0], 200);
  } finally {
    Deno.watchFs = watchFs;
  }
});

Deno.test("files in a directory that may not be listed do not look deleted, and others are watched", async () => {
  await using site = new Served();
  const watcher = new SeenChanges();
  const source = new HttpSource(site.url, { watch: ".changes" });
  await source.readAsync("a.txt");
  const { readDirSync } = Deno;
  Deno.readDirSync = (path) => {
    if (String(path).endsWith("/dir")) throw new Deno.errors.PermissionDenied("not yours");
    return readDirSync(path);
  };
  const { error } = console;
  const printed = Promise.withResolvers<string>();
  console.error = printed.resolve;
  try {
    await using _watch = source.watch!(watcher.onChange, watcher.onError);
    assertEquals(await printed.promise, 'Cannot index ".": not yours'); // the source is connected
    site.write("last.txt", "");
    await watcher.untilKeys("last.txt");
    assertEquals([new Set(watcher.keys), watcher.errors], [new Set(["last.txt"]), []]);
  } finally {
    Deno.readDirSync = readDirSync;
    console.error = error;
  }
});

Deno.test("a folder that disappears and comes back is still watched", async () => {
  await using site = new Served();
  const clock = new FakeClock();
  const watcher = new SeenChanges();
  const source = new HttpSource(site.url, { watch: ".changes", clock });
  await source.readAsync("a.txt");
  Deno.renameSync(site.root, `${site.home}/elsewhere`);
  await using _watch = source.watch!(watcher.onChange, watcher.onError);
  await watcher.until(() => watcher.errors.length === 1);
  assertStringIncludes(String(watcher.errors[0]), "503");
  Deno.renameSync(`${site.home}/elsewhere`, site.root);
  site.write("a.txt", "new");
  await until(() => clock.pending > 0);
  clock.advance(100);
  await watcher.untilKeys("a.txt");
  Deno.renameSync(site.root, `${site.home}/elsewhere`);
  const other = new HttpSource(site.url, { watch: ".changes" });
  await assertRejects(() => other.readAsync("a.txt"), ResourceNotFoundError);
  const back = new SeenChanges();
  await using _back = other.watch!(back.onChange, back.onError); // the server watches already
  Deno.renameSync(`${site.home}/elsewhere`, site.root);
  await back.untilKeys("a.txt");
  assertEquals([watcher.errors.length, back.errors], [1, []]);
});

Deno.test("serveAssets() names the port that is in use", async () => {
  await using first = serveAssets("src/loaders", { port: 0, onListen() {} });
  const port = Number(new URL(first.url).port);
  assertThrows(
    () => serveAssets("src/loaders", { port, onListen() {} }),
    Deno.errors.AddrInUse,
    `Cannot serve assets: port ${port} is in use, choose another one with "port"`,
  );
});
