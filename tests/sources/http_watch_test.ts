import { assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import { HttpError, HttpSource, ResourceLoadError, ResourceManager, Text } from "../../mod.ts";
import { FakeClock } from "../_fake_clock.ts";
import { until } from "../_patience.ts";
import { SeenChanges } from "../_watched_files.ts";

/** A server of files with versions, and of event streams that a test writes to. */
class ChangeServer implements AsyncDisposable {
  readonly files = new Map<string, string>();
  /** How many streams were opened. */
  connections = 0;
  /** Whether a stream begins with the versions of all files. */
  sendsVersions = true;
  /** Returns a response that is sent instead of a stream. */
  refuse: (() => Response) | undefined;
  readonly changes = new SeenChanges();
  readonly clock = new FakeClock();
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly source: HttpSource;
  /** Runs before the server sends a file. */
  beforeFile: () => void | Promise<void> = () => {};

  constructor(files: Record<string, string>) {
    for (const [key, text] of Object.entries(files)) this.files.set(key, text);
    this.source = new HttpSource("https://game.test/assets/", {
      watch: ".changes",
      clock: this.clock,
      retries: 0,
      fetch: (url, init) => this.#answer(url.pathname.slice("/assets/".length), init),
    });
  }

  async #answer(key: string, { signal }: RequestInit): Promise<Response> {
    if (key === ".changes") return this.#open(signal!);
    const text = this.files.get(key);
    await this.beforeFile();
    return text === undefined
      ? new Response(null, { status: 404 })
      : new Response(text, { headers: { etag: `"${text}"` } });
  }

  #open(signal: AbortSignal): Response {
    this.connections++;
    const answer = this.refuse?.();
    if (answer) return answer;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#streams.add(controller);
        signal.addEventListener("abort", () => {
          this.#streams.delete(controller);
          controller.error(signal.reason);
        });
      },
    });
    if (this.sendsVersions) this.send(this.versions);
    return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
  }

  get versions(): string {
    const files = [...this.files].map(([key, text]) => [key, `"${text}"`]);
    return JSON.stringify({ files: Object.fromEntries(files) });
  }

  get streams(): number {
    return this.#streams.size;
  }

  send(data: string): void {
    for (const each of this.#streams) each.enqueue(new TextEncoder().encode(`data: ${data}\n\n`));
  }

  changed(...keys: unknown[]): void {
    this.send(JSON.stringify({ changed: keys }));
  }

  /** Ends all streams, as a server that stops. */
  end(): void {
    for (const each of this.#streams) each.close();
    this.#streams.clear();
  }

  watch(changes = this.changes): AsyncDisposable & Disposable {
    return this.source.watch!(changes.onChange, changes.onError);
  }

  /** Waits until all events are handled, by sending a last one. */
  async settled(): Promise<string[]> {
    await until(() => this.streams > 0);
    this.changed("fence.txt");
    await this.changes.untilKeys("fence.txt");
    return this.changes.keys.splice(0).filter((key) => key !== "fence.txt");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    await until(() => this.clock.pending === 0);
  }
}

Deno.test("HttpSource has watch() only with the option `watch`, which must be a URL", () => {
  assertEquals(new HttpSource("https://a.b/").watch, undefined);
  for (const watch of ["http://[", "ftp://a.b/", new URL("file:///a")]) {
    assertThrows(
      () => new HttpSource("https://a.b/", { watch }),
      TypeError,
      `Cannot watch "${watch}": it is not an http or https URL`,
    );
  }
  using mgr = new ResourceManager({ source: new HttpSource("https://a.b/") });
  assertThrows(() => mgr.watch(), ResourceLoadError, "its source cannot watch");
});

Deno.test("HttpSource.watch() resolves its URL against the base, and bypasses every cache", async () => {
  const asked: [string, RequestInit][] = [];
  const source = new HttpSource("https://a.b/assets", {
    watch: "/changes?x",
    cache: undefined,
    fetch: (url, init) => {
      asked.push([url.href, init]);
      return Promise.resolve(new Response("@", { status: asked.length === 1 ? 200 : 404 }));
    },
  });
  await source.readAsync("hero.txt");
  await using _watch = source.watch!(() => {});
  assertEquals(asked.map(([url]) => url), ["https://a.b/assets/hero.txt", "https://a.b/changes?x"]);
  assertEquals(asked.map(([, { cache }]) => cache), ["no-cache", "no-store"]);
});

Deno.test("HttpSource.watch() reports the keys that the server sends", async () => {
  await using server = new ChangeServer({});
  await using _watch = server.watch();
  await until(() => server.streams === 1);
  server.changed("a.txt", "dir/ü n.txt");
  assertEquals(await server.settled(), ["a.txt", "dir/ü n.txt"]);
});

Deno.test("HttpSource.watch() ignores invalid events, and keys that lead out of the base", async () => {
  await using server = new ChangeServer({});
  await using _watch = server.watch();
  await until(() => server.streams === 1);
  for (
    const data of ["", "{", "null", "1", '"a.txt"', "[]", '{"changed":"a.txt"}', '{"files":1}']
  ) {
    server.send(data);
  }
  server.changed("../a", "/etc/passwd", "C:/a", "a\\b", "a\0", ".", "", "./a", "a//b", 1, null, {});
  server.send('{"files":{"../a":1,"__proto__":{}}}');
  server.changed("__proto__");
  assertEquals(await server.settled(), ["__proto__"]);
  assertEquals(server.changes.errors, []);
});

Deno.test("HttpSource.watch() reports what has changed between a read and the connection", async () => {
  await using server = new ChangeServer({ "same.txt": "1", "changed.txt": "1", "gone.txt": "1" });
  for (const key of ["same.txt", "changed.txt", "gone.txt"]) await server.source.readAsync(key);
  for (const key of ["new.txt", "never.txt"]) await server.source.readAsync(key).catch(() => {});
  server.files.set("changed.txt", "2").set("new.txt", "1").delete("gone.txt");
  await using _watch = server.watch();
  assertEquals(await server.settled(), ["changed.txt", "gone.txt", "new.txt"]);
});

Deno.test("HttpSource.watch() reports what has changed when it connects during a read", async () => {
  await using server = new ChangeServer({ "same.txt": "1", "changed.txt": "1" });
  const gate = Promise.withResolvers<void>();
  server.beforeFile = () => gate.promise;
  const reads = ["same.txt", "changed.txt"].map((key) => server.source.readAsync(key));
  server.files.set("changed.txt", "2");
  await using _watch = server.watch();
  assertEquals(await server.settled(), []);
  gate.resolve();
  await Promise.all(reads);
  assertEquals(await server.settled(), ["changed.txt"]);
});

Deno.test("HttpSource.watch() connects again, and reports what has changed meanwhile", async () => {
  await using server = new ChangeServer({ "same.txt": "1", "changed.txt": "1" });
  for (const key of server.files.keys()) await server.source.readAsync(key);
  await using _watch = server.watch();
  assertEquals(await server.settled(), []);
  server.end();
  server.files.set("changed.txt", "2");
  await until(() => server.clock.pending > 0);
  server.clock.advance(100);
  assertEquals(await server.settled(), ["changed.txt"]);
  assertEquals([server.connections, server.changes.errors], [2, []]);
});

Deno.test("HttpSource.watch() reports all keys that were read when it connects again to a server without versions", async () => {
  await using server = new ChangeServer({ "a.txt": "1", "b.txt": "1", "c.txt": "1" });
  server.sendsVersions = false;
  for (const key of ["a.txt", "b.txt"]) await server.source.readAsync(key);
  await using _watch = server.watch();
  assertEquals(await server.settled(), []);
  server.end();
  await until(() => server.clock.pending > 0);
  server.clock.advance(100);
  assertEquals(await server.settled(), ["a.txt", "b.txt"]);
});

Deno.test("HttpSource.watch() waits twice as long after each failure, and reports only the first", async () => {
  await using server = new ChangeServer({});
  server.refuse = () => {
    throw new TypeError("connection refused");
  };
  await using _watch = server.watch();
  const waits: number[] = [];
  while (waits.length < 9) {
    await until(() => server.clock.pending > 0);
    const { connections } = server;
    const start = server.clock.now();
    while (server.clock.pending > 0) server.clock.advance(50);
    waits.push(server.clock.now() - start);
    await until(() => server.connections > connections);
  }
  assertEquals(waits, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  assertEquals(server.changes.errors.map((error) => (error as Error).message), [
    'Cannot watch ".": "https://game.test/assets/.changes" cannot be reached, see the cause; ' +
    "it is tried again until it works",
  ]);
  server.refuse = () => new Response(null, { status: 503 });
  await until(() => server.clock.pending > 0);
  server.clock.advance(5_000);
  await until(() => server.clock.pending > 0);
  server.refuse = undefined;
  server.clock.advance(5_000);
  assertEquals(await server.settled(), []);
  assertEquals(server.changes.errors.length, 1);
});

Deno.test("HttpSource.watch() waits longer and longer for a server that ends each stream at once", async () => {
  await using server = new ChangeServer({});
  await using _watch = server.watch();
  for (const [index, wait] of [100, 200, 400].entries()) {
    await until(() => server.streams === 1);
    assertEquals(server.connections, index + 1);
    server.end();
    await until(() => server.clock.pending > 0);
    server.clock.advance(wait - 1);
    assertEquals(server.clock.pending, 1);
    server.clock.advance(1);
  }
  await until(() => server.streams === 1);
  server.clock.advance(10_000); // the connection was good for a while
  server.end();
  await until(() => server.clock.pending > 0);
  server.clock.advance(100);
  assertEquals(await server.settled(), []);
});

Deno.test("HttpSource.watch() ends with one error when the server refuses, and may be called again", async () => {
  const url = "https://game.test/assets/.changes";
  const refusals: [() => Response, string][] = [
    [() => new Response(null, { status: 404 }), `the server answered 404 for "${url}"`],
    [() => new Response(null, { status: 301 }), `the server answered 301 for "${url}"`],
    [() => Response.json(1), `"${url}" is "application/json", and not a "text/event-stream"`],
    [() => new Response(null), `"${url}" is "", and not a "text/event-stream"`],
  ];
  await using server = new ChangeServer({});
  for (const [refuse, problem] of refusals) {
    server.refuse = refuse;
    const changes = new SeenChanges();
    await using _watch = server.watch(changes);
    await changes.until(() => changes.errors.length > 0);
    const error = changes.errors[0];
    assertInstanceOf(error, ResourceLoadError);
    assertStringIncludes(error.message, problem);
    assertEquals([error.action, error.cause instanceof HttpError], ["watch", true]);
    await until(() => server.clock.pending === 0);
    assertEquals(changes.errors.length, 1);
  }
  assertEquals(server.connections, refusals.length);
  server.refuse = undefined;
  await using _watch = server.watch();
  assertEquals(await server.settled(), []);
});

Deno.test("HttpSource.watch() has one connection for all watchers, until the last one is disposed", async () => {
  await using server = new ChangeServer({});
  const other = new SeenChanges();
  {
    await using _first = server.watch();
    {
      await using _second = server.watch(other);
      await until(() => server.streams === 1);
      server.changed("a.txt");
      await other.untilKeys("a.txt");
    }
    server.changed("b.txt");
    assertEquals(await server.settled(), ["a.txt", "b.txt"]);
    assertEquals([server.connections, other.keys], [1, ["a.txt"]]);
  }
  assertEquals([server.streams, server.clock.pending], [0, 0]);
  const watch = server.watch();
  watch[Symbol.dispose]();
  watch[Symbol.dispose]();
  await until(() => server.streams === 0);
});

Deno.test("HttpSource.watch() can be disposed while it waits to connect again", async () => {
  await using server = new ChangeServer({});
  server.refuse = () => new Response(null, { status: 500 });
  {
    await using _watch = server.watch();
    await until(() => server.clock.pending > 0);
  }
  assertEquals([server.clock.pending, server.connections], [0, 1]);
});

Deno.test("HttpSource.watch() reports the error of a listener, and still notifies the others", async () => {
  await using server = new ChangeServer({});
  const errors: unknown[] = [];
  await using _bad = server.source.watch!(() => {
    throw new Error("bad listener");
  }, (error) => errors.push(error));
  await using _watch = server.watch();
  await until(() => server.streams === 1);
  assertEquals(await server.settled(), []);
  assertEquals(String(errors[0]), "Error: bad listener");
});

Deno.test("a manager reloads only the files that the server reports as changed", async () => {
  await using server = new ChangeServer({ "a.txt": "1", "b.txt": "1" });
  await using mgr = new ResourceManager({ source: server.source });
  await using _watcher = mgr.watch({ debounce: 0 });
  using a = await mgr.loadAsync("a.txt", Text);
  using b = await mgr.loadAsync("b.txt", Text);
  await until(() => server.streams === 1);
  const reloaded = new Promise((resolve) => mgr.on("reload", resolve));
  server.files.set("a.txt", "2");
  server.changed("a.txt", "c.txt");
  await reloaded;
  assertEquals([a.value, a.version, b.version], ["2", 2, 1]);
});
