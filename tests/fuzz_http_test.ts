/** `HttpSource` with hostile keys, and with hostile servers. */
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { HttpSource, ResourceLoadError, ResourcePathError } from "../mod.ts";
import { normalizeName } from "../src/names/names.ts";
import { FakeClock } from "./_fake_clock.ts";
import { hostileNames, randomNumbers, RUNS } from "./_hostile_names.ts";
import { until } from "./_patience.ts";

/** A path as servers and proxies may read it. */
function decoded(path: string): string {
  return decodeURIComponent(path).replaceAll("\\", "/");
}

Deno.test("HttpSource.readAsync() requests nothing outside of its base when keys are hostile", async () => {
  const asked: string[] = [];
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    asked.push(request.url);
    return new Response(request.url);
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const source = new HttpSource(`${origin}/base/`, { retries: 0 });
  let read = 0;
  async function readAll(names: Iterable<string>) {
    for (const name of names) {
      try {
        const url = new TextDecoder().decode(await source.readAsync(name));
        const path = decodeURIComponent(url.slice(`${origin}/base/`.length));
        // The decoded path of the request is exactly the key.
        if (path !== normalizeName(name)) assertEquals(path, normalizeName(name));
        read++;
      } catch (error) {
        // A server refuses a path of some thousand characters.
        const expected = error instanceof ResourcePathError || error instanceof ResourceLoadError;
        if (!expected) throw new Error(`for ${JSON.stringify(name)}`, { cause: error });
      }
    }
  }
  const names = hostileNames(RUNS / 8, [`${origin}/`, `${origin}/base/../`]);
  await Promise.all(Array.from({ length: 8 }, () => readAll(names)));
  for (const url of asked) {
    assert(url.startsWith(`${origin}/base/`), url);
    const path = new URL(url).pathname;
    assert(path.startsWith("/base/") && !new URL(url).search, url);
    assert(!decoded(path).split("/").includes(".."), url);
  }
  assertGreater(read, RUNS / 80);
  console.log(`${RUNS / 8} keys: ${asked.length} requests, none outside of the base`);
});

const encoder = new TextEncoder();

/** Sends `start` to each connection, and then `rest` again and again until the other side leaves. */
function serveRaw(start: string | Uint8Array, rest?: string) {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  let sent = 0;
  async function answer(connection: Deno.TcpConn) {
    try {
      await connection.read(new Uint8Array(65_536));
      await writeAll(connection, typeof start === "string" ? encoder.encode(start) : start);
      const more = rest === undefined ? undefined : encoder.encode(rest.repeat(64));
      while (more !== undefined) sent += await connection.write(more);
    } catch {
      // The other side has closed the connection.
    } finally {
      connection.close();
    }
  }
  const serving = (async () => {
    const answers: Promise<void>[] = [];
    for await (const connection of listener) answers.push(answer(connection));
    await Promise.all(answers);
  })();
  return {
    base: `http://127.0.0.1:${listener.addr.port}/`,
    /** How many bytes of the rest were sent. */
    sent: () => sent,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** The text that is read, or the message of the error. */
async function outcomeOf(base: string, maxBytes = 1_000_000): Promise<string> {
  try {
    const source = new HttpSource(base, { retries: 0, maxBytes });
    return new TextDecoder().decode(await source.readAsync("a.txt"));
  } catch (error) {
    assert(error instanceof ResourceLoadError, String(error));
    return error.message;
  }
}

const OK = "HTTP/1.1 200 OK\r\n";
/** Malformed answers, and what the error says. */
const BROKEN: Record<string, string> = {
  "": "cannot be reached",
  "\0\0\0\0": "cannot be reached",
  "HTTP/9.9 200 OK\r\n\r\n": "cannot be reached",
  "HTTP/1.1 abc OK\r\n\r\n": "cannot be reached",
  "HTTP/1.1 99 Low\r\n\r\n": "cannot be reached",
  "HTTP/1.1 -200 OK\r\n\r\n": "cannot be reached",
  "HTTP/1.1 999 High\r\ncontent-length: 0\r\n\r\n": "",
  "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n": "",
  "ICY 200 OK\r\n\r\n": "cannot be reached",
  [`${OK}no colon\r\n\r\n`]: "cannot be reached",
  [`${OK}a\0b: c\r\n\r\n`]: "cannot be reached",
  [`${OK}content-length: -1\r\n\r\nabc`]: "cannot be reached",
  [`${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nabc`]: "cannot be reached",
  [`${OK}content-length: 99999999999999999999999\r\n\r\nabc`]: "cannot be reached",
  [`${OK}content-length: 3,4\r\n\r\nabc`]: "cannot be reached",
  [`${OK}content-length: 1e9\r\n\r\nabc`]: "cannot be reached",
  [`${OK}content-length: 9007199254740993\r\n\r\nabc`]: "more than maxBytes",
  [`${OK}content-length: 10\r\n\r\nabc`]: "broke off",
  [`${OK}transfer-encoding: chunked\r\n\r\n5\r\nabc`]: "broke off",
  [`${OK}transfer-encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n`]: "broke off",
  [`${OK}transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`]: "broke off",
  [`${OK}transfer-encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n`]: "broke off",
  [`${OK}transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc`]: "broke off",
  [`${OK}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`]: "broke off",
  [`${OK}content-encoding: gzip\r\n\r\nno gzip`]: "broke off",
  [`${OK}content-encoding: br\r\n\r\nno brotli`]: "broke off",
  [`${OK}${"x: y\r\n".repeat(200_000)}\r\n`]: "cannot be reached",
  [`${OK}x: ${"y".repeat(5_000_000)}\r\n\r\n`]: "cannot be reached",
};

Deno.test("HttpSource.readAsync() says what is wrong with a malformed answer", async () => {
  for (const [answer, problem] of Object.entries(BROKEN)) {
    await using server = serveRaw(answer);
    const outcome = await outcomeOf(server.base);
    const shown = `${JSON.stringify(answer.slice(0, 80))}: ${outcome}`;
    assert(outcome.startsWith('Cannot load "a.txt": ') && outcome.includes(problem), shown);
  }
});

Deno.test("HttpSource.readAsync() gives up an endless answer when maxBytes is set", async () => {
  const endless: Record<string, [start: string, rest: string]> = {
    "a body": [`${OK}\r\n`, "x".repeat(1000)],
    "chunks": [`${OK}transfer-encoding: chunked\r\n\r\n`, `3e8\r\n${"x".repeat(1000)}\r\n`],
    "headers": [OK, `x: ${"y".repeat(1000)}\r\n`],
    "one header": [`${OK}x: `, "y".repeat(1000)],
    "a status line": ["HTTP/1.1 200 ", "y".repeat(1000)],
    "an extension of a chunk": [`${OK}transfer-encoding: chunked\r\n\r\n1;`, "x".repeat(1000)],
    "trailers": [`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, `x: ${"y".repeat(1000)}\r\n`],
  };
  for (const [what, [start, rest]] of Object.entries(endless)) {
    await using server = serveRaw(start, rest);
    const outcome = await outcomeOf(server.base, 100_000);
    assert(outcome.startsWith('Cannot load "a.txt": '), `${what}: ${outcome}`);
    assertLess(server.sent(), 64_000_000, what);
  }
});

Deno.test("HttpSource.readAsync() ends at its timeout when an answer is endless before its body", async () => {
  const endless: [start: string, rest: string][] = [
    ["", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"],
    [`${OK}transfer-encoding: chunked\r\n\r\n`, "0".repeat(1000)],
  ];
  for (const [start, rest] of endless) {
    await using server = serveRaw(start, rest);
    const clock = new FakeClock();
    const source = new HttpSource(server.base, { retries: 0, timeout: 1000, clock });
    const reading = source.readAsync("a.txt").catch((error) => error);
    await until(() => server.sent() >= 100_000);
    clock.advance(1000);
    const { message } = await reading as Error;
    assert(message.includes("took longer than 1000 ms"), message);
  }
});

Deno.test("HttpSource.readAsync() unpacks no more than maxBytes", async () => {
  const zeros = new Blob([new Uint8Array(50_000_000)]).stream();
  const zipped = await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).bytes();
  assertLess(zipped.length, 100_000);
  const head = encoder.encode(
    `${OK}content-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`,
  );
  const answer = new Uint8Array(head.length + zipped.length);
  answer.set(head);
  answer.set(zipped, head.length);
  await using server = serveRaw(answer);
  const outcome = await outcomeOf(server.base);
  assert(outcome.includes("has more bytes than maxBytes, 1000000"), outcome);
});

Deno.test("HttpSource.readAsync() follows no redirect that leaves its base", async () => {
  const asked: string[] = [];
  let location = "";
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    asked.push(new URL(request.url).pathname);
    return new Response(null, { status: 302, headers: location === "" ? {} : { location } });
  });
  const { port } = server.addr;
  const base = `http://127.0.0.1:${port}/base/`;
  const refused = [
    "",
    "/",
    "/secret",
    "..",
    "../secret",
    "/base",
    "/base/../secret",
    "%2e%2e/secret",
  ]
    .concat(
      "/base/%2E%2e/secret",
      "\\secret",
      "/\\evil",
      "//evil/base/",
      "\\\\evil\\base",
      "?/base/",
    )
    .concat("file:///etc/passwd", "data:,x", "javascript:0", "blob:x", "about:blank", "http://")
    .concat(`http://127.0.0.1:${port}@evil/base/`, `http://evil#@127.0.0.1:${port}/base/`)
    .concat(`http://127.0.0.1:1/base/`, `https://127.0.0.1:${port}/base/`, "http://127.1:1/base/")
    .concat(
      `http://localhost:${port}/base/x`,
      `http://127.0.0.1:${port}/basement/`,
      ".",
      "\t/secret",
    );
  for (location of refused) {
    await outcomeOf(base);
  }
  for (const path of asked) assert(path.startsWith("/base/"), `${path}`);
  assertGreater(asked.length, refused.length - 1);
});

Deno.test("HttpSource.readAsync() returns bytes or rejects with a ResourceLoadError when answers are damaged", async () => {
  const random = randomNumbers();
  const answers = [
    `${OK}content-length: 5\r\nx: y\r\n\r\nhello`,
    `${OK}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    "HTTP/1.1 302 Found\r\nlocation: b.txt\r\ncontent-length: 0\r\n\r\n",
    `${OK}content-encoding: gzip\r\nconnection: close\r\n\r\nhello`,
  ];
  for (let i = 0; i < RUNS / 100; i++) {
    const bytes = encoder.encode(answers[i % answers.length]!);
    for (let changes = 1 + random(4); changes > 0; changes--) {
      bytes[random(bytes.length)] = random(256);
    }
    await using server = serveRaw(
      bytes.subarray(0, bytes.length - (random(4) === 0 ? random(40) : 0)),
    );
    assertLess((await outcomeOf(server.base)).length, 1_000_000);
  }
});
