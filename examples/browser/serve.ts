/**
 * Serves the page to this machine. `deno task browser` bundles its script before:
 *
 * ```sh
 * deno bundle --platform browser -o examples/browser/page.js examples/browser/page.ts
 * deno run --allow-net=127.0.0.1 --allow-read=examples examples/browser/serve.ts
 * ```
 *
 * @module
 */
import { FileSource } from "@holdfast/resources";

const EXAMPLES = new URL("../", import.meta.url);
const PORT = 8080;
const TYPES: Record<string, string> = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  png: "image/png",
};
/** Nothing comes from elsewhere. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'";

/** Serves the page with `script`, on a port that is free if `port` is 0. */
export function serve(script: URL, port = 0): Deno.HttpServer<Deno.NetAddr> {
  const files = new FileSource(EXAMPLES);
  const options = { hostname: "127.0.0.1", port, onListen() {} };
  return Deno.serve(options, async ({ url }) => {
    try {
      const key = keyOf(new URL(url).pathname);
      const bytes = key === "browser/page.js"
        ? await Deno.readFile(script)
        : await files.readAsync(key);
      return new Response(bytes, { headers: headersFor(key) });
    } catch {
      return new Response("There is no such file", { status: 404 });
    }
  });
}

/** Where the file of a path is. The source refuses those that lead out of its folder. */
function keyOf(path: string): string {
  const name = decodeURIComponent(path.slice(1)) || "index.html";
  return name.startsWith("assets/") ? name : `browser/${name}`;
}

function headersFor(key: string): HeadersInit {
  return {
    "cache-control": key.startsWith("assets/") ? "max-age=3600" : "no-cache",
    "content-security-policy": POLICY,
    "content-type": TYPES[key.slice(key.lastIndexOf(".") + 1)] ?? "application/octet-stream",
  };
}

if (import.meta.main) {
  const { addr } = serve(new URL("page.js", import.meta.url), PORT);
  console.log(`The game is at http://${addr.hostname}:${addr.port}/`);
}
