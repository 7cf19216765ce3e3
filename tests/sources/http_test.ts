import { fileURLToPath } from "node:url";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  HttpError,
  imageLoader,
  Json,
  type Loader,
  ResourceLoadError,
  ResourceManager,
  ResourceNotFoundError,
  ResourcePathError,
  Text,
} from "../../mod.ts";
import { HttpSource, type HttpSourceOptions } from "../../src/sources/http.ts";
import { FakeClock } from "../_fake_clock.ts";
import { outputOf } from "../_run_deno.ts";

const HTTP = new URL("../../src/sources/http.ts", import.meta.url).href;
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

type Handler = (request: Request, count: number) => Response | Promise<Response>;

/** A server, and the log of the requested paths. */
function serve(handler: Handler) {
  const log: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname, search } = new URL(request.url);
    log.push(pathname + search);
    return handler(request, log.length);
  });
  const base = `http://127.0.0.1:${server.addr.port}/base/`;
  return { base, log, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Answers each connection with the next of `answers` and closes it; `null` resets it. */
function serveRaw(answers: readonly (string | null)[]) {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const serving = (async () => {
    for (const answer of answers) {
      const connection = await listener.accept();
      // Closing a connection with unread bytes resets it.
      await connection.read(new Uint8Array(answer === null ? 1 : 65_536));
      if (answer !== null) await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })();
  return {
    base: `http://127.0.0.1:${listener.addr.port}/`,
    async [Symbol.asyncDispose]() {
      await serving;
      listener.close();
    },
  };
}

/** An address where no server listens. */
function deadBase(): string {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return `http://127.0.0.1:${listener.addr.port}/`;
}

/** A response whose body is `start`, and then nothing until `end` is called. */
function gated(start: string) {
  const cancelled = Promise.withResolvers<void>();
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
      controller.enqueue(new TextEncoder().encode(start));
    },
    cancel: () => cancelled.resolve(),
  });
  return {
    response: new Response(body),
    cancelled: cancelled.promise,
    end(rest: string) {
      controller.enqueue(new TextEncoder().encode(rest));
      controller.close();
    },
  };
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Advances the clock by `ms` as soon as the source waits. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  await until(() => clock.pending > 0);
  clock.advance(ms);
}

/** Proves that the source waits for exactly `ms`. */
async function passExactly(clock: FakeClock, ms: number): Promise<void> {
  await pass(clock, ms - 1);
  assertEquals(clock.pending, 1, `it waited less than ${ms} ms`);
  clock.advance(1);
  assertEquals(clock.pending, 0, `it waits longer than ${ms} ms`);
}

async function textOf(reading: Promise<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await reading);
}

/** The error with which a read fails. */
function failureOf(reading: Promise<unknown>): Promise<ResourceLoadError> {
  return assertRejects(() => reading, ResourceLoadError);
}

/** The message with which a read fails, after the key. */
async function problemOf(reading: Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => reading, ResourceLoadError);
  const [start, problem] = [`Cannot load "${error.key}": `, error.message];
  assert(problem.startsWith(start), problem);
  assert(!problem.endsWith("."), problem);
  return problem.slice(start.length);
}

function status(code: number, headers?: HeadersInit): Response {
  return new Response("a page that nobody reads", { status: code, headers });
}

function redirect(location: string, code = 302): Response {
  return status(code, { location });
}

const NO_RETRY: HttpSourceOptions = { retries: 0 };

Deno.test("HttpSource.readAsync() returns no bytes when the body is empty", async () => {
  await using server = serve((_, count) => new Response(null, { status: count === 1 ? 204 : 200 }));
  const source = new HttpSource(server.base);
  assertEquals(await source.readAsync("a"), new Uint8Array());
  assertEquals(await source.readAsync("a"), new Uint8Array());
});

Deno.test("HttpSource appends a slash to its base, and drops its query and fragment", () => {
  const bases = {
    "http://a": "http://a/",
    "https://a/b": "https://a/b/",
    "https://a/b/": "https://a/b/",
    "https://a/b/../c?d=/e#f": "https://a/c/",
    "http://a/b#?": "http://a/b/",
  };
  for (const [given, base] of Object.entries(bases)) {
    assertEquals(new HttpSource(given).base, base);
    const url = new URL(given);
    assertEquals(new HttpSource(url).base, base);
    assertEquals(url.href, new URL(given).href);
  }
});

Deno.test("HttpSource resolves a relative base against the page, as fetch does", () => {
  const page = globalThis as { document?: { baseURI: string }; location?: { href: string } };
  using stack = new DisposableStack();
  const place = (name: "document" | "location", value: object) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true });
    stack.defer(() => {
      delete page[name];
      if (before) Object.defineProperty(globalThis, name, before);
    });
  };
  place("location", { href: "https://a.b/worker.js" });
  assertEquals(new HttpSource("assets").base, "https://a.b/assets/");
  place("document", { baseURI: "https://a.b/game/index.html?x" });
  assertEquals(new HttpSource("assets").base, "https://a.b/game/assets/");
  assertEquals(new HttpSource("../my pictures/").base, "https://a.b/my%20pictures/");
  assertEquals(new HttpSource("/assets/").base, "https://a.b/assets/");
  assertEquals(new HttpSource("https://c.d/assets").base, "https://c.d/assets/");
  place("document", { baseURI: "file:///game/index.html" });
  assertThrows(() => new HttpSource("assets"), TypeError, "it is not an http or https URL");
});

Deno.test("HttpSource refuses a base that is not an http or https URL", () => {
  for (
    const base of ["file:///etc/", "./assets", "", "blob:http://a/b", "javascript:0", "http://"]
  ) {
    assertThrows(
      () => new HttpSource(base),
      TypeError,
      `Cannot fetch from "${base}": it is not an http or https URL`,
    );
  }
  assertThrows(() => new HttpSource(new URL("ftp://a/b")), TypeError, '"ftp://a/b"');
});

Deno.test("HttpSource refuses negative numbers, NaN and invalid headers in its options", () => {
  const names = ["retries", "backoff", "maxRetryAfter", "timeout", "stall", "maxBytes"];
  for (const name of names) {
    for (const value of [-1, NaN]) {
      assertThrows(
        () => new HttpSource("http://a/", { [name]: value }),
        RangeError,
        `Cannot create an HttpSource: "${name}" must be a number of 0 or more: received ${value}`,
      );
    }
  }
  assertThrows(() => new HttpSource("http://a/", { headers: { "a b": "" } }), TypeError);
});

Deno.test("HttpSource.readAsync() requests the right path when the key has special characters", async () => {
  await using server = serve(() => new Response());
  const source = new HttpSource(server.base);
  const paths = {
    "a b.txt": "a%20b.txt",
    "100%.txt": "100%25.txt",
    "a#b": "a%23b",
    "a?b=c&d": "a%3Fb%3Dc%26d",
    "dir/ü/猫😀": "dir/%C3%BC/%E7%8C%AB%F0%9F%98%80",
    "a/../b": "b",
    "./a//b/./c/": "a/b/c",
    "%2e%2e/%2F": "%252e%252e/%252F",
    "...": "...",
    "aa:b@c;d": "aa%3Ab%40c%3Bd",
    "a\n\tb": "a%0A%09b",
  };
  for (const key of Object.keys(paths)) await source.readAsync(key);
  assertEquals(server.log, Object.values(paths).map((path) => `/base/${path}`));
});

Deno.test("HttpSource.readAsync() requests nothing when the key leads out of the base", async () => {
  await using server = serve(() => new Response());
  const source = new HttpSource(server.base);
  const keys = ["..", "../a", "a/../../b", "/a", "//evil/a", "http://evil/../../../b"];
  for (const key of [...keys, "\\\\evil\\a", "..\\a", "C:/a", "a\0", "", ".", "\ud800"]) {
    await assertRejects(() => source.readAsync(key), ResourcePathError);
  }
  assertEquals(server.log, []);
});

Deno.test("HttpSource.readAsync() stays below its base when the key looks like a URL", async () => {
  await using server = serve(() => new Response());
  const source = new HttpSource(server.base);
  for (const key of ["http:/evil/a", "@evil/a", "?/a", "%2e%2e/a", "..%2f..%5ca", ";/..;/a"]) {
    await source.readAsync(key);
  }
  assertEquals(server.log, [
    "/base/http%3A/evil/a",
    "/base/%40evil/a",
    "/base/%3F/a",
    "/base/%252e%252e/a",
    "/base/..%252f..%255ca",
    "/base/%3B/..%3B/a",
  ]);
});

Deno.test("HttpSource.readAsync() passes on headers and cache mode, and uses GET", async () => {
  await using server = serve(({ headers, method }) =>
    new Response([method, headers.get("authorization"), headers.get("x-a")].join())
  );
  const modes: unknown[] = [];
  const headers = new Headers({ authorization: "Bearer 1", "x-a": "b" });
  const source = new HttpSource(server.base, {
    headers,
    cache: "no-store",
    fetch: (url, init) => {
      modes.push(init.cache, init.redirect);
      return fetch(url, init);
    },
  });
  headers.set("x-a", "changed");
  assertEquals(await textOf(source.readAsync("a")), "GET,Bearer 1,b");
  assertEquals(modes, ["no-store", "manual"]);
});

Deno.test("HttpSource.readAsync() calls fetch without a this, as browsers require", async () => {
  const receivers: unknown[] = [];
  const source = new HttpSource("http://localhost/", {
    fetch: function (this: unknown) {
      receivers.push(this);
      return Promise.resolve(new Response());
    },
  });
  await source.readAsync("a");
  assertEquals(receivers, [undefined]);
});

Deno.test("HttpSource.readAsync() rejects at once when the status is a permanent failure", async () => {
  for (const [code, text] of [[404, "Not Found"], [403, "Forbidden"], [304, "Not Modified"]]) {
    await using server = serve(() => new Response(null, { status: code as number }));
    const problem = await problemOf(new HttpSource(server.base).readAsync("a b"));
    assertEquals(problem, `the server answered ${code} ${text} for "${server.base}a%20b"`);
    assertEquals(server.log.length, 1);
  }
});

Deno.test("HttpSource.readAsync() shows no password when it fails", async () => {
  await using server = serve(() => status(404));
  const base = server.base.replace("//", "//me:secret@");
  const { message, cause } = await failureOf(new HttpSource(base).readAsync("a"));
  assertEquals(
    message,
    `Cannot load "a": the server answered 404 Not Found for "${server.base}a"`,
  );
  assertEquals((cause as HttpError).url, `${server.base}a`);
  assert(!Deno.inspect(cause).includes("secret"));
});

Deno.test("HttpSource.readAsync() rejects with an HttpError as the cause for each error status", async () => {
  for (const code of [206, 304, 302, 401, 403, 404, 408, 410, 418, 429, 451, 500, 503, 599]) {
    const body = [304].includes(code) ? null : "a page that nobody reads";
    await using server = serve(() =>
      new Response(body, { status: code, headers: { "x-why": "because" } })
    );
    const error = await failureOf(new HttpSource(server.base, NO_RETRY).readAsync("a b"));
    const { cause } = error;
    assertInstanceOf(cause, HttpError);
    assertEquals([cause.name, cause.status, cause.url], ["HttpError", code, `${server.base}a%20b`]);
    assertEquals(cause.headers.get("x-why"), "because");
    assertEquals(error instanceof ResourceNotFoundError, code === 404 || code === 410);
    assert(cause.message.startsWith(`Cannot fetch "${cause.url}": the server answered ${code}`));
  }
});

Deno.test("HttpSource.readAsync() rejects with the last response as the cause, after redirects and retries", async () => {
  await using server = serve(({ url }) => url.endsWith("/a") ? redirect("b?c=d") : status(503));
  const clock = new FakeClock();
  const source = new HttpSource(server.base, { stall: Infinity, clock, retries: 1, backoff: 10 });
  const failure = failureOf(source.readAsync("a"));
  await pass(clock, 10);
  const { cause } = await failure as { cause: HttpError };
  assertEquals([cause.status, cause.url], [503, `${server.base}b?c=d`]);
  await using other = serve(() => redirect("/elsewhere"));
  const { cause: away } = await failureOf(new HttpSource(other.base).readAsync("a"));
  assertEquals([(away as HttpError).status, (away as HttpError).headers.get("location")], [
    302,
    "/elsewhere",
  ]);
});

Deno.test("HttpSource.readAsync() accepts a partial response only if the headers ask for it", async () => {
  const headers = { "content-range": "bytes 0-1/5" };
  await using server = serve(() => new Response("he", { status: 206, headers }));
  const problem = await problemOf(new HttpSource(server.base).readAsync("a"));
  assertEquals(
    problem,
    `the server answered 206 Partial Content for "${server.base}a", a partial response that was not requested`,
  );
  assertEquals(server.log.length, 1);
  const source = new HttpSource(server.base, { headers: { range: "bytes=0-1" } });
  assertEquals(await textOf(source.readAsync("a")), "he");
});

Deno.test("the error says so when a server sends an HTML page that can't be decoded as the file", async () => {
  const page = "<!doctype html><title>Home</title>";
  const types: Record<string, string | undefined> = {
    "/base/pages/page.html": "text/html",
  };
  await using server = serve(({ url }) => {
    const type = types[new URL(url).pathname] ?? "text/html; charset=utf-8";
    return new Response(page, { headers: { "content-type": type } });
  });
  types["/base/plain.json"] = "text/plain";
  types["/base/page.json"] = "TEXT/HTML";
  const html: Loader<never> = {
    name: "html",
    extensions: [".html"],
    load() {
      throw new Error("not well-formed");
    },
  };
  const level: Loader<unknown> = {
    name: "level",
    extensions: [".level"],
    loadAsync: async (_bytes, context) => await context.loadAsync("hero.json", Json),
  };
  using mgr = new ResourceManager({
    source: new HttpSource(server.base),
    loaders: [html, level, imageLoader],
  });
  const messageOf = async (name: string) =>
    (await assertRejects(() => mgr.loadAsync(name, Object), ResourceLoadError)).message;
  for (const name of ["hero.json", "page.json", "hero.png"]) {
    const message = await messageOf(name);
    const start = `Cannot load "${name}": "${server.base}${name}" is an HTML page: `;
    assert(message.startsWith(start), message);
  }
  for (const name of ["plain.json", "page.html"]) {
    assert(!(await messageOf(name)).includes("HTML page"));
  }
  assertEquals(
    await messageOf("1.level"),
    `Cannot load "1.level": ${await messageOf("hero.json")}`,
  );
  using text = await mgr.loadAsync("home.txt", Text); // a text file may be an HTML page
  assertEquals(text.value, page);
});

Deno.test("a read that waits for a retry lets other reads run, and queues again", async () => {
  let isUp = false;
  await using server = serve(({ url }) =>
    url.endsWith("/busy.txt") && !isUp
      ? status(503, { "retry-after": "3600" })
      : new Response("there")
  );
  const clock = new FakeClock();
  const source = new HttpSource(server.base, { clock, stall: Infinity });
  await using mgr = new ResourceManager({ source, maxConcurrency: 1 });
  const busy = mgr.loadAsync("busy.txt", Text);
  using other = await mgr.loadAsync("other.txt", Text);
  assertEquals([other.value, server.log], ["there", ["/base/busy.txt", "/base/other.txt"]]);
  isUp = true;
  await pass(clock, 60_000);
  using late = await busy;
  assertEquals([late.value, server.log.length], ["there", 3]);
});

Deno.test("a load that is withdrawn while its read waits ends at once, and blocks no other load", async () => {
  await using server = serve(({ url }) =>
    url.endsWith("/busy.txt") ? status(503, { "retry-after": "3600" }) : new Response("there")
  );
  const clock = new FakeClock();
  const source = new HttpSource(server.base, { clock, stall: Infinity });
  await using mgr = new ResourceManager({ source, maxConcurrency: 1 });
  for (let i = 0; i < 3; i++) {
    const busy = mgr.loadAsync("busy.txt", Text);
    await until(() => clock.pending === 1);
    busy[Symbol.dispose]();
    await assertRejects(() => busy, DOMException);
    assertEquals(clock.pending, 0);
  }
  using other = await mgr.loadAsync("other.txt", Text);
  assertEquals(other.value, "there");
});

Deno.test("HttpSource.readAsync() follows a redirect when it stays below the base", async () => {
  for (const code of [301, 302, 303, 307, 308]) {
    await using server = serve(({ url }) =>
      url.endsWith("/a") ? redirect("dir/b?c=d#e", code) : new Response("moved")
    );
    assertEquals(await textOf(new HttpSource(server.base).readAsync("a")), "moved");
    assertEquals(server.log, ["/base/a", "/base/dir/b?c=d"]);
  }
});

Deno.test("HttpSource.readAsync() follows redirects when the base has a password", async () => {
  await using server = serve(({ url }) =>
    url.endsWith("/a") ? redirect("/base/b") : new Response("moved")
  );
  const source = new HttpSource(server.base.replace("//", "//me:secret@"));
  assertEquals(await textOf(source.readAsync("a")), "moved");
});

Deno.test("HttpSource.readAsync() rejects without another request when a redirect leads out of the base", async () => {
  await using other = serve(() => new Response("secret"));
  for (
    const location of [
      `${other.base}a`,
      "/secret",
      "../secret",
      "/base",
      "/base-2/a",
      "%2e%2e/secret",
      "/base/../secret",
      "//example.invalid/base/a",
      "file:///base/a",
    ]
  ) {
    await using server = serve(() => redirect(location));
    const [url, target] = [`${server.base}a`, new URL(location, `${server.base}a`)];
    const problem = await problemOf(new HttpSource(server.base).readAsync("a"));
    const path = target.pathname;
    assert(problem.startsWith(`"${url}" redirects to "`), problem);
    assert(problem.endsWith(`${path}", which is not below "${server.base}"`), problem);
    assertEquals(server.log, ["/base/a"]);
  }
  assertEquals(other.log, []);
});

Deno.test("HttpSource.readAsync() rejects when a redirect has no usable location", async () => {
  await using server = serve((_, count) => count === 1 ? redirect("http://[") : status(302));
  const source = new HttpSource(server.base);
  assertStringIncludes(
    await problemOf(source.readAsync("a")),
    '/a" redirects to "http://[", which',
  );
  assertStringIncludes(await problemOf(source.readAsync("a")), "the server answered 302 Found for");
});

Deno.test("HttpSource.readAsync() follows five redirects and rejects at the sixth", async () => {
  await using server = serve(({ url }) => {
    const number = Number(url.split("/").at(-1));
    return number === 0 ? new Response("there") : redirect(String(number - 1));
  });
  const source = new HttpSource(server.base);
  assertEquals(await textOf(source.readAsync("5")), "there");
  server.log.length = 0;
  assertEquals(
    await problemOf(source.readAsync("6")),
    `"${server.base}6" redirects more than 5 times, at last to "${server.base}0"`,
  );
  assertEquals(server.log.length, 6);
});

Deno.test("HttpSource.readAsync() rejects when redirects form a loop", async () => {
  await using server = serve(({ url }) => redirect(url.endsWith("/a") ? "b" : "a"));
  const problem = await problemOf(new HttpSource(server.base).readAsync("a"));
  assertStringIncludes(problem, "redirects more than 5 times");
  assertEquals(server.log.length, 6);
});

Deno.test("HttpSource.readAsync() rejects with the reason when a browser hides where a redirect leads to", async () => {
  const opaque = new Response();
  Object.defineProperties(opaque, {
    type: { value: "opaqueredirect" },
    status: { value: 0 },
    ok: { value: false },
  });
  const source = new HttpSource("http://localhost/", { fetch: () => Promise.resolve(opaque) });
  const problem = await problemOf(source.readAsync("a"));
  assertStringIncludes(
    problem,
    '"http://localhost/a" redirects, and browsers hide where to, use the URL it leads to',
  );
});

Deno.test("HttpSource.readAsync() waits and retries after a status that may pass", async () => {
  for (const code of [408, 429, 500, 502, 503, 599]) {
    await using server = serve((_, count) => count <= 2 ? status(code) : new Response("up"));
    const clock = new FakeClock();
    const reading = new HttpSource(server.base, { stall: Infinity, clock }).readAsync("a");
    await pass(clock, 124);
    assertEquals([clock.pending, server.log.length], [1, 1]);
    clock.advance(126);
    await pass(clock, 249);
    assertEquals([clock.pending, server.log.length], [1, 2]);
    clock.advance(251);
    assertEquals(await textOf(reading), "up");
    assertEquals([clock.pending, server.log.length], [0, 3]);
  }
});

Deno.test("HttpSource.readAsync() rejects with the last status when retries are exhausted", async () => {
  await using server = serve((_, count) => status(count < 4 ? 500 : 503));
  const clock = new FakeClock();
  const source = new HttpSource(server.base, { stall: Infinity, clock, retries: 3, backoff: 10 });
  const problem = problemOf(source.readAsync("a"));
  for (const ms of [10, 20, 40]) await pass(clock, ms);
  assertEquals(
    await problem,
    `the server answered 503 Service Unavailable for "${server.base}a", in the last of 4 tries`,
  );
  assertEquals(server.log.length, 4);
});

Deno.test("HttpSource.readAsync() tries once when retries is 0", async () => {
  await using server = serve(() => status(503));
  const problem = await problemOf(new HttpSource(server.base, NO_RETRY).readAsync("a"));
  assertEquals(problem, `the server answered 503 Service Unavailable for "${server.base}a"`);
});

Deno.test("HttpSource.readAsync() waits as long as Retry-After says", async () => {
  const date = new Date(new FakeClock().now() + 3_600_000).toUTCString();
  for (const [value, ms] of [["7", 7_000], ["86400", 86_400_000], [date, 3_600_000]] as const) {
    const maxRetryAfter = 86_400_000;
    const clock = new FakeClock();
    const headers = { "retry-after": value };
    await using server = serve((_, count) =>
      count === 1 ? status(429, headers) : new Response("a")
    );
    const source = new HttpSource(server.base, { stall: Infinity, maxRetryAfter, clock });
    const reading = source.readAsync("a");
    await passExactly(clock, ms);
    assertEquals(await textOf(reading), "a");
  }
});

Deno.test("HttpSource.readAsync() waits maxRetryAfter when Retry-After asks for more", async () => {
  for (const [options, ms] of [[{}, 60_000], [{ maxRetryAfter: 5 }, 5]] as const) {
    for (const value of ["86400", "9".repeat(400), new Date(8.64e15).toUTCString()]) {
      const clock = new FakeClock();
      const headers = { "retry-after": value };
      await using server = serve((_, count) =>
        count === 1 ? status(503, headers) : new Response("a")
      );
      const source = new HttpSource(server.base, { ...options, stall: Infinity, clock });
      const reading = source.readAsync("a");
      await passExactly(clock, ms);
      assertEquals(await textOf(reading), "a");
    }
  }
});

Deno.test("HttpSource.readAsync() does not wait for Retry-After when maxRetryAfter is 0", async () => {
  await using server = serve((_, count) =>
    count === 1 ? status(503, { "retry-after": "7" }) : new Response("a")
  );
  const source = new HttpSource(server.base, { maxRetryAfter: 0, clock: new FakeClock() });
  assertEquals(await textOf(source.readAsync("a")), "a");
});

Deno.test("HttpSource.readAsync() can wait longer than the longest timer", async () => {
  const clock = new FakeClock();
  const headers = { "retry-after": "3000000" };
  await using server = serve((_, count) => count === 1 ? status(503, headers) : new Response("a"));
  const maxRetryAfter = Infinity;
  const source = new HttpSource(server.base, { stall: Infinity, maxRetryAfter, clock });
  const reading = source.readAsync("a");
  await pass(clock, 2 ** 31 - 1);
  await passExactly(clock, 3_000_000_000 - (2 ** 31 - 1));
  assertEquals(await textOf(reading), "a");
});

Deno.test("HttpSource.readAsync() retries at once when Retry-After is 0 or in the past", async () => {
  for (const value of ["0", new Date(0).toUTCString()]) {
    const headers = { "retry-after": value };
    await using server = serve((_, count) =>
      count === 1 ? status(429, headers) : new Response("a")
    );
    const source = new HttpSource(server.base, { stall: Infinity, clock: new FakeClock() });
    assertEquals(await textOf(source.readAsync("a")), "a");
  }
});

Deno.test("HttpSource.readAsync() uses backoff when Retry-After is not valid", async () => {
  for (const value of ["soon", "-1", "1.5", "Foo, GMT"]) {
    const clock = new FakeClock();
    const headers = { "retry-after": value };
    await using server = serve((_, count) =>
      count === 1 ? status(429, headers) : new Response("a")
    );
    const reading = new HttpSource(server.base, { stall: Infinity, clock }).readAsync("a");
    await pass(clock, 124);
    assertEquals(clock.pending, 1);
    clock.advance(126);
    assertEquals(await textOf(reading), "a");
  }
});

Deno.test("HttpSource.readAsync() retries when no server listens, and then rejects", async () => {
  const clock = new FakeClock();
  const base = deadBase();
  const reading = new HttpSource(base, { stall: Infinity, clock, retries: 1 }).readAsync("a");
  const error = assertRejects(() => reading, ResourceLoadError);
  await pass(clock, 250);
  const problem = `"${base}a" cannot be reached, see the cause, in the last of 2 tries`;
  assertEquals((await error).message, `Cannot load "a": ${problem}`);
  assert((await error).cause instanceof TypeError);
});

Deno.test("HttpSource.readAsync() retries when the connection is reset or the body breaks off", async () => {
  const head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
  for (
    const answer of [
      null,
      "",
      "HTTP/1.1 200",
      `${head}Content-Length: 10\r\n\r\nhalf`,
      `${head}Content-Length: 10\r\n\r\n`,
      `${head}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`,
    ]
  ) {
    await using server = serveRaw([answer, `${head}Content-Length: 5\r\n\r\nwhole`]);
    const clock = new FakeClock();
    const reading = new HttpSource(server.base, { stall: Infinity, clock }).readAsync("a");
    await pass(clock, 250);
    assertEquals(await textOf(reading), "whole");
  }
});

Deno.test("HttpSource.readAsync() rejects with the URL when the body of the last try breaks off", async () => {
  const answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhalf";
  await using server = serveRaw([answer]);
  const problem = await problemOf(new HttpSource(server.base, NO_RETRY).readAsync("a"));
  assertEquals(problem, `the response for "${server.base}a" broke off, see the cause`);
});

Deno.test("HttpSource.readAsync() returns as many bytes as Content-Length says when more arrive", async () => {
  const answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nhello";
  await using server = serveRaw([answer]);
  assertEquals(await textOf(new HttpSource(server.base, NO_RETRY).readAsync("a")), "hell");
});

Deno.test("HttpSource.readAsync() rejects at once when fetch fails for another reason", async () => {
  const cause = new RangeError("no");
  const source = new HttpSource("http://localhost/", { fetch: () => Promise.reject(cause) });
  const error = await assertRejects(() => source.readAsync("a"), ResourceLoadError);
  assertEquals(
    error.message,
    'Cannot load "a": "http://localhost/a" cannot be fetched, see the cause',
  );
  assertStrictEquals(error.cause, cause);
});

Deno.test("HttpSource.readAsync() names the flag when a permission is missing", async () => {
  const cause = new Deno.errors.NotCapable("Requires net access");
  const source = new HttpSource("http://localhost:81/", { fetch: () => Promise.reject(cause) });
  assertEquals(
    await problemOf(source.readAsync("a")),
    'permission to fetch "http://localhost:81/a" is missing, run with --allow-net=localhost:81',
  );
});

Deno.test("HttpSource.readAsync() refuses the body when Content-Length is more than maxBytes", async () => {
  const body = gated("hello");
  const fetch = () => {
    body.response.headers.set("content-length", "6");
    return Promise.resolve(body.response);
  };
  const source = new HttpSource("http://localhost/", { maxBytes: 5, fetch });
  const seen: number[] = [];
  const problem = await problemOf(
    source.readAsync("a", { onProgress: (bytes) => seen.push(bytes) }),
  );
  assertEquals(problem, '"http://localhost/a" has 6 bytes, more than maxBytes, 5');
  await body.cancelled;
  assertEquals(seen, []);
});

Deno.test("HttpSource.readAsync() rejects and cancels the body when more than maxBytes arrive", async () => {
  const body = gated("hello");
  await using server = serve(() => body.response);
  const problem = await problemOf(new HttpSource(server.base, { maxBytes: 4 }).readAsync("a"));
  assertEquals(problem, `"${server.base}a" has more bytes than maxBytes, 4`);
  await body.cancelled;
  assertEquals(server.log.length, 1);
});

Deno.test("HttpSource.readAsync() reads a response of exactly maxBytes", async () => {
  await using server = serve(() => new Response("hello"));
  assertEquals(await textOf(new HttpSource(server.base, { maxBytes: 5 }).readAsync("a")), "hello");
  const problem = await problemOf(new HttpSource(server.base, { maxBytes: 4 }).readAsync("a"));
  assertEquals(problem, `"${server.base}a" has 5 bytes, more than maxBytes, 4`);
});

Deno.test("HttpSource.readAsync() retries when no response arrives within the timeout", async () => {
  const gate = Promise.withResolvers<Response>();
  await using server = serve((_, count) => count === 1 ? gate.promise : new Response("in time"));
  const clock = new FakeClock();
  const source = new HttpSource(server.base, { stall: Infinity, clock, timeout: 1_000 });
  const reading = source.readAsync("a");
  await until(() => server.log.length === 1);
  await passExactly(clock, 1_000);
  await pass(clock, 250);
  assertEquals(await textOf(reading), "in time");
  assertEquals(clock.pending, 0);
  gate.resolve(new Response());
});

Deno.test("HttpSource.readAsync() rejects when the body stalls for longer than the timeout", async () => {
  const body = gated("hel");
  await using server = serve(() => body.response);
  const clock = new FakeClock();
  const source = new HttpSource(server.base, {
    stall: Infinity,
    clock,
    timeout: 1_000,
    retries: 0,
  });
  const begun = Promise.withResolvers<void>();
  const problem = problemOf(source.readAsync("a", { onProgress: () => begun.resolve() }));
  await begun.promise;
  clock.advance(1_000);
  assertEquals(await problem, `"${server.base}a" took longer than 1000 ms`);
  await body.cancelled;
});

Deno.test("HttpSource.readAsync() reads a slow body when it ends within the timeout", async () => {
  const body = gated("hel");
  await using server = serve(() => body.response);
  const clock = new FakeClock();
  const begun = Promise.withResolvers<void>();
  const reading = new HttpSource(server.base, { stall: Infinity, clock, timeout: 1_000 })
    .readAsync("a", { onProgress: () => begun.resolve() });
  await begun.promise;
  clock.advance(999);
  body.end("lo");
  assertEquals(await textOf(reading), "hello");
  assertEquals(clock.pending, 0);
});

Deno.test("HttpSource.readAsync() retries when the body stalls, and its progress starts again", async () => {
  const body = gated("hel");
  await using server = serve((_, count) => count === 1 ? body.response : new Response("whole"));
  const clock = new FakeClock();
  const [begun, seen] = [Promise.withResolvers<void>(), [] as number[]];
  const reading = new HttpSource(server.base, { clock, stall: 1_000, backoff: 0 }).readAsync("a", {
    onProgress(bytes) {
      seen.push(bytes);
      begun.resolve();
    },
  });
  await begun.promise;
  await passExactly(clock, 1_000);
  assertEquals(await textOf(reading), "whole");
  assertEquals([seen, clock.pending], [[3, 5], 0]);
  await body.cancelled;
});

Deno.test("HttpSource.readAsync() rejects when nothing arrives for 30 s, before the response or in its body", async () => {
  const body = gated("hel");
  const gate = Promise.withResolvers<Response>();
  for (const answer of [gate.promise, Promise.resolve(body.response)]) {
    await using server = serve(() => answer);
    const clock = new FakeClock();
    const begun = Promise.withResolvers<void>();
    const problem = problemOf(
      new HttpSource(server.base, { clock, ...NO_RETRY })
        .readAsync("a", { onProgress: () => begun.resolve() }),
    );
    if (answer === gate.promise) await until(() => server.log.length === 1);
    else await begun.promise;
    await passExactly(clock, 30_000);
    assertEquals(await problem, `"${server.base}a" sent nothing for 30000 ms`);
    gate.resolve(new Response());
  }
  await body.cancelled;
});

Deno.test("HttpSource.readAsync() reads a body that takes hours when no part of it stalls", async () => {
  const clock = new FakeClock();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      clock.advance(29_999); // the reader has read all chunks so far, and waits for this one
      if (sent++ < 1_000) controller.enqueue(new Uint8Array(1));
      else controller.close();
    },
  }, { highWaterMark: 0 });
  const fetch = () => Promise.resolve(new Response(body));
  const source = new HttpSource("http://localhost/", { fetch, clock, ...NO_RETRY });
  assertEquals((await source.readAsync("a")).length, 1_000);
  assertEquals(clock.pending, 0);
});

Deno.test("HttpSource.readAsync() restarts the stall limit at a redirect, but not at an empty chunk", async () => {
  const clock = new FakeClock();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      clock.advance(20_000);
      controller.enqueue(new Uint8Array());
    },
  }, { highWaterMark: 0 });
  const fetch = (url: URL) => {
    clock.advance(20_000);
    return Promise.resolve(url.pathname === "/b" ? new Response(body) : redirect("b"));
  };
  const source = new HttpSource("http://localhost/", { fetch, clock, ...NO_RETRY });
  const problem = await problemOf(source.readAsync("a"));
  assertEquals(problem, '"http://localhost/a" sent nothing for 30000 ms');
});

Deno.test("HttpSource.readAsync() sets no timers when neither timeout nor stall ends a try", async () => {
  const clock = new FakeClock();
  const gate = Promise.withResolvers<Response>();
  const source = new HttpSource("http://localhost/", {
    fetch: () => gate.promise,
    stall: Infinity,
    clock,
  });
  const reading = source.readAsync("a");
  assertEquals(clock.pending, 0);
  gate.resolve(new Response("hello"));
  assertEquals(await textOf(reading), "hello");
});

Deno.test("HttpSource.readAsync() calls the manager's pause for each wait, and for nothing else", async () => {
  await using server = serve((_, count) => count <= 2 ? status(503) : new Response("up"));
  const clock = new FakeClock();
  const log: string[] = [];
  const reading = new HttpSource(server.base, { stall: Infinity, clock }).readAsync("a", {
    async pause(wait) {
      log.push(`pauses after ${server.log.length}`);
      const result = await wait();
      log.push(`goes on after ${server.log.length}`);
      return result;
    },
  });
  await pass(clock, 250);
  await pass(clock, 500);
  assertEquals(await textOf(reading), "up");
  assertEquals(log, ["pauses after 1", "goes on after 1", "pauses after 2", "goes on after 2"]);
});

Deno.test("HttpSource.readAsync() requests nothing when its signal is already aborted", async () => {
  await using server = serve(() => new Response());
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  const error = await assertRejects(() => new HttpSource(server.base).readAsync("..", { signal }));
  assertStrictEquals(error, reason);
  assertEquals(server.log, []);
});

Deno.test("HttpSource.readAsync() rejects with the signal's reason when aborted before the response", async () => {
  const gate = Promise.withResolvers<Response>();
  await using server = serve(() => gate.promise);
  const [abort, reason, clock] = [new AbortController(), new TypeError("enough"), new FakeClock()];
  const source = new HttpSource(server.base, { stall: Infinity, clock, timeout: 1_000 });
  const reading = source.readAsync("a", { signal: abort.signal });
  await until(() => server.log.length === 1);
  abort.abort(reason);
  assertStrictEquals(await assertRejects(() => reading), reason);
  assertEquals([clock.pending, server.log.length], [0, 1]);
  gate.resolve(new Response());
});

Deno.test("HttpSource.readAsync() rejects with the signal's reason when aborted in the body", async () => {
  const body = gated("hel");
  await using server = serve(() => body.response);
  const [abort, reason] = [new AbortController(), new Error("enough")];
  const reading = new HttpSource(server.base).readAsync("a", {
    signal: abort.signal,
    onProgress: () => abort.abort(reason),
  });
  assertStrictEquals(await assertRejects(() => reading), reason);
  await body.cancelled;
});

Deno.test("HttpSource.readAsync() cancels a body on abort even if fetch ignores the signal", async () => {
  const body = gated("hel");
  const [abort, begun] = [new AbortController(), Promise.withResolvers<void>()];
  const fetch = () => Promise.resolve(body.response);
  const reading = new HttpSource("http://localhost/", { fetch }).readAsync("a", {
    signal: abort.signal,
    onProgress: () => begun.resolve(),
  });
  await begun.promise;
  abort.abort("enough");
  assertEquals(await reading.catch((reason) => reason), "enough");
  await body.cancelled;
});

Deno.test("HttpSource.readAsync() rejects with the signal's reason when aborted in a wait", async () => {
  for (const headers of [undefined, { "retry-after": "9".repeat(30) }]) {
    await using server = serve(() => status(503, headers));
    const [abort, reason, clock] = [new AbortController(), new Error("enough"), new FakeClock()];
    const reading = new HttpSource(server.base, { stall: Infinity, clock })
      .readAsync("a", { signal: abort.signal });
    await until(() => clock.pending === 1);
    abort.abort(reason);
    assertStrictEquals(await assertRejects(() => reading), reason);
    assertEquals([clock.pending, server.log.length], [0, 1]);
  }
});

Deno.test("HttpSource.readAsync() reports its progress, and the total when that is known", async () => {
  for (const [headers, total] of [[{ "content-length": "5" }, 5], [{}, undefined]] as const) {
    const body = gated("hel");
    await using server = serve(() => new Response(body.response.body, { headers }));
    const seen: [number, number | undefined][] = [];
    const reading = new HttpSource(server.base).readAsync("a", {
      onProgress(bytes, totalBytes) {
        seen.push([bytes, totalBytes]);
        if (bytes === 3) body.end("lo");
      },
    });
    assertEquals(await textOf(reading), "hello");
    assertEquals(seen, [[3, total], [5, total]]);
  }
});

Deno.test("HttpSource.readAsync() reports no total when the length is that of a compressed body", async () => {
  for (
    const headers of [{ "content-encoding": "gzip", "content-length": "9" }, {
      "content-length": "2",
    }]
  ) {
    const fetch = () =>
      Promise.resolve(new Response("hello", { headers: new Headers(headers as HeadersInit) }));
    const seen: unknown[] = [];
    await new HttpSource("http://localhost/", { fetch, maxBytes: 5 })
      .readAsync("a", { onProgress: (...progress) => seen.push(progress) });
    assertEquals(seen, [[5, undefined]]);
  }
});

Deno.test("HttpSource.readAsync() starts its progress again from 0 on a retry", async () => {
  const head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n";
  await using server = serveRaw([`${head}hel`, `${head}hello`]);
  const clock = new FakeClock();
  const seen: number[] = [];
  const reading = new HttpSource(server.base, { stall: Infinity, clock })
    .readAsync("a", { onProgress: (bytes) => seen.push(bytes) });
  await pass(clock, 250);
  assertEquals(await textOf(reading), "hello");
  assertEquals(seen, [3, 5]);
});

Deno.test("HttpSource.readAsync() rejects with the error of onProgress, and does not retry", async () => {
  const body = gated("hello");
  await using server = serve(() => body.response);
  const mistake = new TypeError("a mistake");
  const reading = new HttpSource(server.base).readAsync("a", {
    onProgress() {
      throw mistake;
    },
  });
  assertStrictEquals(await assertRejects(() => reading), mistake);
  await body.cancelled;
  assertEquals(server.log.length, 1);
});

Deno.test("HttpSource.readAsync() keeps a program alive while it waits", async () => {
  const program = `
    import { HttpSource } from "${HTTP}";
    let calls = 0;
    const fetch = () =>
      calls++ === 0 ? Promise.reject(new TypeError()) : Promise.resolve(new Response("alive"));
    const source = new HttpSource("http://localhost/", { fetch, backoff: 1 });
    source.readAsync("a").then((bytes) => console.log(new TextDecoder().decode(bytes)));`;
  const args = ["run", "-q", "--no-check", "--no-prompt", `--config=${CONFIG}`];
  const url = `data:text/javascript,${encodeURIComponent(program)}`;
  assertEquals(await outputOf([...args, url]), "alive\n");
});
