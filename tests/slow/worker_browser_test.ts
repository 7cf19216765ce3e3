/** Workers in a real browser, whose module workers report less about their errors. */
import { assertEquals, assertMatch } from "@std/assert";
import { Bundle } from "../_bundle.ts";
import { testInChromium } from "../_chromium.ts";

/** What the page exports. */
declare function load(name: string, module?: string): Promise<string[]>;
declare function withdraw(): Promise<string[]>;

testInChromium(
  "workerLoader() decodes in module workers of a browser, and says what fails",
  async (page) => {
    using decoder = await Bundle.make("tests/worker/_browser_decoder.ts");
    using game = await Bundle.make("tests/worker/_browser_page.ts");
    const files: Record<string, string> = {
      "/decoder.js": Deno.readTextFileSync(decoder.file),
      "/game.js": Deno.readTextFileSync(game.file),
      "/syntax.js": "const = 1;",
      "/silent.js": "",
    };
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => {
        const { pathname } = new URL(request.url);
        if (pathname === "/") {
          const html =
            '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/game.js"></script>';
          return new Response(html, { headers: { "content-type": "text/html" } });
        }
        const text = files[pathname] ?? "";
        const type = { "content-type": "text/javascript" };
        return new Response(text, { headers: type, status: pathname in files ? 200 : 403 });
      },
    );
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    await page.waitForFunction(() => "withdraw" in globalThis);
    const loaded = (name: string, module?: string) =>
      page.evaluate(([name, module]) => load(name!, module), [name, module]);

    assertEquals(await loaded("a.data"), ["97,98,99 true"]);
    assertEquals(await loaded("bitmap.data"), ["a bitmap of 2 × 3"]); // transferred, not copied
    assertEquals(await page.evaluate(() => withdraw()), [
      "AbortError",
      "97,98,99 true",
      "1 started",
    ]);

    const [message, name, stack, after] = await loaded("throws.data");
    assertEquals([message, name, after], [
      'Cannot load "throws.data": thrown in the worker',
      "RangeError",
      "97,98,99 true",
    ]);
    assertMatch(stack!, /thrown in the worker\n.*decoder\.js/s);
    const failing = async (name: string, reason: RegExp) => {
      const [message, , , after] = await loaded(name);
      assertMatch(message!, reason);
      assertEquals(after, "97,98,99 true", "a later load works");
    };
    await failing("timer.data", /its worker ".*decoder\.js" crashed: in a timer$/);
    await failing("close.data", /its worker ".*decoder\.js" crashed: it called close\(\)$/);
    await failing("function.data", /its decoder's result cannot be sent .* could not be cloned/);

    const [broken] = await loaded("a.data", "/syntax.js");
    assertMatch(
      broken!,
      /its worker ".*syntax\.js" does not start: (Uncaught SyntaxError|its module)/,
    );
  },
);
