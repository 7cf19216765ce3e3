import { assertLess } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Bundle } from "./_bundle.ts";
import { Folder } from "./_folder.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  png: "image/png",
};

interface GuideOptions {
  /** The program has fewer lines, without the empty ones. 15 by default. */
  readonly maxLines?: number;
  /** Code after the program. */
  readonly end?: string;
}

/**
 * Serves the first program of a guide, such as `docs/pixi.md`, with its page and with `picture` as
 * `assets/hero.png`. Fails unless the program is short.
 */
export async function serveGuide(
  guide: string,
  picture: Uint8Array,
  { maxLines = 15, end = "" }: GuideOptions = {},
): Promise<{ readonly url: string } & AsyncDisposable> {
  const text = Deno.readTextFileSync(new URL(`../${guide}`, import.meta.url));
  const [, code] = /```ts ignore\n(.*?)```/s.exec(text)!;
  const [, html] = /```html\n(.*?)```/s.exec(text)!;
  assertLess(code!.split("\n").filter((line) => line !== "").length, maxLines);
  using folder = new Folder({ "game.ts": `${code}${end}` });
  using bundle = await Bundle.make(fileURLToPath(new URL("game.ts", folder.url)));
  const files: Record<string, BodyInit> = {
    "/": html!,
    "/game.js": Deno.readTextFileSync(bundle.file),
    "/assets/hero.png": new Blob([Uint8Array.from(picture)]),
  };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, ({ url }) => {
    const { pathname } = new URL(url);
    return new Response(files[pathname], {
      headers: { "content-type": TYPES[/\w+$/.exec(pathname)?.[0] ?? "html"]! },
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
