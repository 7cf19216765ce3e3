/// <reference lib="dom" />
/** Changed files in a browser with a cache, and hashes on a page that was loaded by plain http. */
import { assertEquals } from "@std/assert";
import type { HttpSource, Manifest } from "@holdfast/resources";
import { scan } from "@holdfast/resources/manifest";
import { isMissing, launch } from "../_chromium.ts";
import { Bundle } from "../_bundle.ts";
import { MemorySource } from "../../mod.ts";

/** Serves `file`, to be cached for a year, and the bundled library. */
async function serve(file: { text: string }) {
  using bundle = await Bundle.make("mod.ts");
  const code = Deno.readTextFileSync(bundle.file);
  const log: (string | null)[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/lib.js") {
      return new Response(code, { headers: { "content-type": "text/javascript" } });
    }
    if (pathname !== "/assets/a.txt") {
      return new Response("<!doctype html>", { headers: { "content-type": "text/html" } });
    }
    log.push(request.headers.get("cache-control"));
    const headers = { "cache-control": "public, max-age=31536000, immutable" };
    return new Response(file.text, { headers });
  });
  return { log, port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Runs in the page: reads a file by a manifest, and returns its text or the message of the error. */
async function read(manifest: Manifest): Promise<string> {
  const lib: { HttpSource: typeof HttpSource } = await import(`${location.origin}/lib.js`);
  const source = new lib.HttpSource(`${location.origin}/assets`, { manifest });
  try {
    return new TextDecoder().decode(await source.readAsync("a.txt"));
  } catch (error) {
    return (error as Error).message;
  }
}

function manifestOf(text: string): Promise<Manifest> {
  return scan(new MemorySource({ "a.txt": text }));
}

Deno.test({
  name: "a browser that has cached an old file for a year gets the new one by its manifest",
  ignore: isMissing,
  async fn() {
    const file = { text: "old" };
    await using server = await serve(file);
    await using browser = await launch();
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.port}/`);
    assertEquals(await page.evaluate(read, await manifestOf("old")), "old");
    file.text = "new";
    assertEquals(await page.evaluate(read, await manifestOf("old")), "old"); // from the cache
    assertEquals(server.log, [null]);
    assertEquals(await page.evaluate(read, await manifestOf("new")), "new");
    assertEquals(server.log, [null, "no-cache"]);
    assertEquals(await page.evaluate(read, await manifestOf("new")), "new");
    assertEquals(server.log.length, 2); // the new file is cached now
  },
});

Deno.test({
  name: "a page that was loaded by plain http says why it cannot read by a manifest",
  ignore: isMissing,
  async fn() {
    await using server = await serve({ text: "old" });
    await using browser = await launch("--host-resolver-rules=MAP game.test 127.0.0.1");
    const page = await browser.newPage();
    await page.goto(`http://game.test:${server.port}/`);
    assertEquals(
      await page.evaluate(read, await manifestOf("old")),
      'Cannot load "a.txt": browsers check hashes only on pages from https or localhost',
    );
    assertEquals(server.log, []);
  },
});
