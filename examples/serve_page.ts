/**
 * Serves the page of an example to this machine, and notifies it when a picture is saved.
 *
 * @module
 */
import { FileSource } from "@holdfast/resources";
import { type AssetServer, serveAssets } from "@holdfast/resources/dev";

const ASSETS = new URL("assets/", import.meta.url);

/** Options for {@linkcode servePage}. Without a port it uses any free one. */
export interface PageOptions {
  readonly port?: number;
  readonly assets?: URL;
  /** Called with the URL of the page. */
  readonly onListen?: (url: URL) => void;
}

/** Serves `index.html` of `folder`, with `script` as its `page.js`. */
export function servePage(folder: URL, script: URL, options: PageOptions = {}): AssetServer {
  const { port = 0, assets = ASSETS, onListen = () => {} } = options;
  const page = new FileSource(folder);
  const fallback = ({ url }: Request) => pageFile(page, new URL(url).pathname, script);
  const announce = (url: string) => onListen(new URL("/", url));
  return serveAssets(assets, { port, path: "/assets/", fallback, onListen: announce });
}

/** Answers with the page or its script. */
async function pageFile(page: FileSource, path: string, script: URL): Promise<Response> {
  const isScript = path === "/page.js";
  if (!isScript && path !== "/") return new Response("There is no such file", { status: 404 });
  const bytes = isScript ? await Deno.readFile(script) : await page.readAsync("index.html");
  const type = isScript ? "text/javascript" : "text/html; charset=utf-8";
  return new Response(bytes, { headers: { "cache-control": "no-cache", "content-type": type } });
}

/** Serves an example, and prints its URL. The task of the example has bundled the script. */
export function serveExample(folder: URL): void {
  const onListen = (url: URL) => console.log(`The game is at ${url}`);
  servePage(folder, new URL("page.js", folder), { port: 8080, onListen });
}
