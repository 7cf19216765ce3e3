/**
 * Serves the page to this machine, and notifies it when a picture is saved. `deno task browser`
 * bundles its script first:
 *
 * ```sh
 * deno bundle --platform browser -o examples/browser/page.js examples/browser/page.ts
 * deno run --allow-net=127.0.0.1 --allow-read=examples examples/browser/serve.ts
 * ```
 *
 * @module
 */
import { FileSource } from "@holdfast/resources";
import { type AssetServer, serveAssets } from "@holdfast/resources/dev";
import { inspectorPage } from "@holdfast/resources/inspect";

const PORT = 8080;
const ASSETS = new URL("../assets/", import.meta.url);
const TYPES: Record<string, string> = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
};
/** The page may load nothing from other servers. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'";

/** Serves the page with `script`, by default on any free port. */
export function serve(script: URL, { port = 0, assets = ASSETS } = {}): AssetServer {
  const fallback = ({ url }: Request) => pageFile(new URL(url).pathname, script);
  return serveAssets(assets, { port, path: "/assets/", fallback, onListen: announce });
}

function announce(url: string): void {
  if (import.meta.main) console.log(`The game is at ${new URL("/", url)}`);
}

const page = new FileSource(new URL("./", import.meta.url));

/** Answers with a file of the page. The source refuses paths that lead out of its folder. */
async function pageFile(path: string, script: URL): Promise<Response> {
  // This page contains its own policy, which is stricter.
  if (path === "/inspect") {
    return new Response(inspectorPage(), { headers: { "content-type": TYPES.html! } });
  }
  try {
    const key = decodeURIComponent(path.slice(1)) || "index.html";
    const bytes = key === "page.js" ? await Deno.readFile(script) : await page.readAsync(key);
    return new Response(bytes, {
      headers: {
        "cache-control": "no-cache",
        "content-security-policy": POLICY,
        "content-type": TYPES[key.slice(key.lastIndexOf(".") + 1)] ?? "application/octet-stream",
      },
    });
  } catch {
    return new Response("There is no such file", { status: 404 });
  }
}

if (import.meta.main) serve(new URL("page.js", import.meta.url), { port: PORT });
