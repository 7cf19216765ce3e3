/**
 * Serves the page to this machine, and tells it which of its pictures are saved. `deno task three`
 * bundles its script before.
 *
 * @module
 */
import { FileSource } from "@holdfast/resources";
import { type AssetServer, serveAssets } from "@holdfast/resources/dev";

const PORT = 8080;
const ASSETS = new URL("../assets/", import.meta.url);
const page = new FileSource(new URL("./", import.meta.url));

/** Serves the page with `script`, on a port that is free unless one is given. */
export function serve(script: URL, { port = 0, assets = ASSETS } = {}): AssetServer {
  const fallback = ({ url }: Request) => pageFile(new URL(url).pathname, script);
  return serveAssets(assets, { port, path: "/assets/", fallback, onListen: announce });
}

function announce(url: string): void {
  if (import.meta.main) console.log(`The game is at ${new URL("/", url)}`);
}

/** The page, or its script. */
async function pageFile(path: string, script: URL): Promise<Response> {
  const isScript = path === "/page.js";
  if (!isScript && path !== "/") return new Response("There is no such file", { status: 404 });
  const bytes = isScript ? await Deno.readFile(script) : await page.readAsync("index.html");
  const type = isScript ? "text/javascript" : "text/html; charset=utf-8";
  return new Response(bytes, { headers: { "cache-control": "no-cache", "content-type": type } });
}

if (import.meta.main) serve(new URL("page.js", import.meta.url), { port: PORT });
