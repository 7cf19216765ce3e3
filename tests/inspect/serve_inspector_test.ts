import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { MemorySource, ResourceManager } from "../../mod.ts";
import { serveInspector, type ServeInspectorOptions } from "../../src/inspect.ts";
import { readEvents } from "../../src/sources/event_stream.ts";
import type { LiveMessage } from "../../src/trace/live_data.ts";
import { captured } from "../_console.ts";
import { rawRequest } from "../dev/_raw_request.ts";
import { until } from "../_patience.ts";

/** A manager that is inspected by pages. */
class Inspected implements AsyncDisposable {
  readonly source = new MemorySource({ "a.txt": "1234", "b.txt": "5678" });
  readonly mgr = new ResourceManager({ source: this.source, idle: "keep", leaks: { onLeak() {} } });
  readonly panel;

  constructor(options: ServeInspectorOptions = {}) {
    this.panel = serveInspector(this.mgr, { onListen() {}, ...options });
  }

  /** Fetches the status and the text of an answer. */
  async get(path: string, init?: RequestInit): Promise<[status: number, text: string]> {
    const response = await fetch(new URL(path, this.panel.url), init);
    return [response.status, await response.text()];
  }

  act(action: string, key?: string): Promise<[status: number, text: string]> {
    const query = new URLSearchParams({ action, ...(key && { key }) });
    return this.get(`act?${query}`, { method: "POST" });
  }

  /** Opens a stream of events. */
  async follow(): Promise<MessageReader> {
    const response = await fetch(new URL("events", this.panel.url));
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    return new MessageReader(response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.panel[Symbol.asyncDispose]();
    this.mgr[Symbol.dispose]();
  }
}

/** Reads the messages of a stream until it ends. */
class MessageReader {
  readonly messages: LiveMessage[] = [];
  readonly ended: Promise<void>;

  constructor(response: Response) {
    const hear = (data: string) => void this.messages.push(JSON.parse(data));
    // Its server may end while it is being read.
    this.ended = readEvents(response, hear).catch(() => {});
  }

  /** All keys that were named since the last message with everything. */
  get keys(): string[] {
    const from = this.messages.findLastIndex(({ begin }) => begin !== undefined);
    return this.messages.slice(from).flatMap(({ begin, more }) => (begin ?? more)!.keys);
  }

  async has(key: string): Promise<void> {
    await until(() => this.keys.includes(key));
  }
}

Deno.test("serveInspector() serves the page, which may request only its own server", async () => {
  await using site = new Inspected({ title: "</script><b>Game</b>" });
  const response = await fetch(site.panel.url);
  const text = await response.text();
  assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
  assertEquals(response.headers.get("content-security-policy"), "frame-ancestors 'none'");
  assertEquals(response.headers.get("referrer-policy"), "no-referrer");
  assert(text.includes("default-src 'none'; connect-src 'self'; script-src 'sha256-"));
  assert(text.includes('{"title":"\\u003c/script>\\u003cb>Game\\u003c/b>","live":{},'));
});

Deno.test("serveInspector() listens only on this machine, at a URL that nobody can guess", async () => {
  await using site = new Inspected();
  await using other = new Inspected();
  assertMatch(site.panel.url, /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]{36}\/$/);
  const secret = new URL(site.panel.url).pathname;
  assert(secret !== new URL(other.panel.url).pathname);
  const wrong = ["/", "/favicon.ico", secret.replace(/.\/$/, "/"), secret.toUpperCase()];
  for (const path of [...wrong, `/x${secret}`, new URL(other.panel.url).pathname]) {
    for (const rest of ["", "events", "act?action=unload"]) {
      const [status, text] = await site.get(path + rest);
      assertEquals([status, text.split(" ").slice(0, 5).join(" ")], [
        403,
        "This is not the URL",
      ], path);
    }
  }
});

Deno.test("serveInspector() refuses pages of other origins, and other names of this machine", async () => {
  await using site = new Inspected({ control: true });
  const { host, pathname, port } = new URL(site.panel.url);
  const elsewhere = ["https://example.com", `http://localhost:${port}`, "http://127.0.0.1", "null"];
  for (const origin of elsewhere) {
    for (const path of ["", "events"]) {
      const answer = await site.get(path, { headers: { origin } });
      assertEquals(answer, [403, "Another page may not ask this server\n"], origin);
    }
    const init = { method: "POST", headers: { origin } };
    assertEquals((await site.get("act?action=unload", init))[0], 403);
  }
  assertEquals((await site.get("", { headers: { origin: `http://${host}` } }))[0], 200);
  const url = new URL(site.panel.url);
  const rebound = await rawRequest(url, { path: pathname, host: `evil.example:${port}` });
  assertEquals(rebound.status, 403);
  assertStringIncludes(rebound.text, "This is not a name of the server");
  const unreadable = await rawRequest(url, { path: pathname, host: "a b" });
  assertEquals(unreadable.status, 403);
  assertStringIncludes(unreadable.text, "This is not a name of the server");
});

Deno.test("serveInspector() answers only the requests of its page", async () => {
  await using site = new Inspected();
  for (const path of ["x", "events/", "events/x", "../", "act"]) {
    assert([403, 404].includes((await site.get(path))[0]), path);
  }
  assertEquals((await site.get("", { method: "POST" }))[0], 404);
  assertEquals((await site.get("events", { method: "POST" }))[0], 404);
});

Deno.test("serveInspector() prints its URL, or calls onListen", async () => {
  using mgr = new ResourceManager();
  await using panels = new AsyncDisposableStack();
  const urls: string[] = [];
  const printed = captured("log", () => urls.push(panels.use(serveInspector(mgr)).url));
  assertEquals(printed, [`What the game keeps in memory is shown at ${urls[0]}`]);
  const received: string[] = [];
  const quiet = captured("log", () => {
    const onListen = (url: string) => void received.push(url);
    urls.push(panels.use(serveInspector(mgr, { onListen })).url);
  });
  assertEquals([quiet, received], [[], [urls[1]!]]);
});

Deno.test("serveInspector() serves nothing when onListen throws", async () => {
  using mgr = new ResourceManager();
  let listening = "";
  const onListen = (url: string) => {
    listening = url;
    throw new Error("no window");
  };
  assertThrows(() => serveInspector(mgr, { onListen }), Error, "no window");
  await assertRejects(() => fetch(listening), TypeError);
});

Deno.test("a page that opens late receives the resident resources, and then new events", async () => {
  await using site = new Inspected();
  using _a = site.mgr.load("a.txt");
  const page = await site.follow();
  await page.has("a.txt");
  assertEquals(page.messages.map(({ begin }) => begin?.keys), [["a.txt"]]);
  using _b = site.mgr.load("b.txt");
  await page.has("b.txt");
  assert(page.messages.slice(1).every(({ begin }) => begin === undefined));
});

Deno.test("two pages of one panel, and two panels of one manager, receive the same events", async () => {
  await using site = new Inspected();
  await using second = serveInspector(site.mgr, { onListen() {} });
  const pages = [await site.follow(), await site.follow()];
  pages.push(new MessageReader(await fetch(new URL("events", second.url))));
  for (const page of pages) await until(() => page.messages.length > 0);
  assertEquals([site.panel.pages, second.pages], [2, 1]);
  using _a = site.mgr.load("a.txt");
  for (const page of pages) await page.has("a.txt");
  await second[Symbol.asyncDispose]();
  await pages[2]!.ended;
  using _b = site.mgr.load("b.txt");
  for (const page of pages.slice(0, 2)) await page.has("b.txt");
});

Deno.test("a page that leaves is forgotten", async () => {
  await using site = new Inspected();
  const leaving = new AbortController();
  const { signal } = leaving;
  const response = await fetch(new URL("events", site.panel.url), { signal });
  const page = new MessageReader(response);
  await until(() => page.messages.length > 0);
  assertEquals(site.panel.pages, 1);
  leaving.abort();
  await page.ended;
  await until(() => site.panel.pages === 0);
});

Deno.test("the pages of a disposed manager say so, also pages that open later", async () => {
  await using site = new Inspected();
  const page = await site.follow();
  site.mgr.load("a.txt")[Symbol.dispose]();
  await page.has("a.txt");
  site.mgr[Symbol.dispose]();
  await until(() => page.messages.at(-1)?.ended === true);
  const late = await site.follow();
  await until(() => late.messages.at(-1)?.ended === true);
  assertEquals(late.keys, ["a.txt"]);
});

Deno.test("a page can't run actions without control", async () => {
  await using site = new Inspected();
  site.mgr.load("a.txt")[Symbol.dispose]();
  const page = await site.follow();
  await page.has("a.txt");
  assertEquals(page.messages[0]!.actions, []);
  assertEquals(await site.act("unload"), [200, '"unload" is not an action of this panel']);
  assertEquals(site.mgr.size, 1);
});

Deno.test("a page with control can unload, trim, reload and collect garbage", async () => {
  const global = globalThis as { gc?: (() => void) | undefined };
  const before = global.gc;
  let collections = 0;
  global.gc = () => void collections++;
  try {
    await using site = new Inspected({ control: true });
    const page = await site.follow();
    await until(() => page.messages.length > 0);
    assertEquals(page.messages[0]!.actions, ["unload", "trim", "reload", "collect"]);
    using a = site.mgr.load("a.txt");
    site.mgr.load("b.txt")[Symbol.dispose]();
    site.source.set("a.txt", "new");
    assertEquals(await site.act("reload", "a.txt"), [200, '"a.txt" was reloaded']);
    assertEquals(a.value, "new");
    assertEquals(await site.act("reload"), [200, "Select the resource to reload"]);
    const [, problem] = await site.act("reload", "c.txt");
    assertStringIncludes(problem, "is not resident");
    const trimmed = "1 of 2 resources were evicted";
    assertEquals(await site.act("trim"), [200, trimmed]);
    site.mgr.load("b.txt")[Symbol.dispose]();
    assertEquals(await site.act("unload"), [200, "1 of 2 resources were unloaded"]);
    assertStringIncludes((await site.act("collect"))[1], "Garbage was collected");
    assertEquals(collections, 1);
    assertEquals(await site.act("format"), [200, '"format" is not an action of this panel']);
    site.mgr[Symbol.dispose]();
    assertStringIncludes((await site.act("unload"))[1], "the manager is disposed");
  } finally {
    global.gc = before;
  }
});

Deno.test("a page can't collect garbage if the program can't", async () => {
  const global = globalThis as { gc?: (() => void) | undefined };
  const before = global.gc;
  global.gc = undefined;
  try {
    await using site = new Inspected({ control: true });
    assertEquals(await site.act("collect"), [200, '"collect" is not an action of this panel']);
  } finally {
    if (before) global.gc = before;
  }
});

Deno.test("disposing a panel ends its streams, and the manager is no longer observed", async () => {
  using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "1" }) });
  const panel = serveInspector(mgr, { onListen() {} });
  const page = new MessageReader(await fetch(new URL("events", panel.url)));
  await until(() => page.messages.length > 0);
  await panel[Symbol.asyncDispose]();
  await page.ended;
  assertEquals(panel.pages, 0);
  panel[Symbol.dispose](); // a second time does nothing
  mgr.load("a.txt")[Symbol.dispose]();
});

Deno.test("serveInspector() throws for a port that is in use, and for an invalid number of events", () => {
  using mgr = new ResourceManager();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  assertThrows(() => serveInspector(mgr, { port }), Deno.errors.AddrInUse);
  const problem = 'Cannot inspect: "maxEvents" must be a positive whole number: received 0';
  assertThrows(() => serveInspector(mgr, { maxEvents: 0 }), RangeError, problem);
});

Deno.test("serveInspector() names alternatives where there is no Deno.serve", () => {
  using mgr = new ResourceManager();
  const { serve } = Deno;
  try {
    Object.assign(Deno, { serve: undefined });
    const problem = "Cannot serve an inspector: only Deno has the server for it, " +
      "use postInspector in a browser, or startTrace anywhere";
    assertThrows(() => serveInspector(mgr), TypeError, problem);
  } finally {
    Object.assign(Deno, { serve });
  }
});
