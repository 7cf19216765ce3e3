/** Serves the game to this machine. `deno task pixi` bundles its script before. */
import { FileSource, type Source } from "@holdfast/resources";

const EXAMPLES = new URL("../", import.meta.url);
const PORT = 8080;
const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  png: "image/png",
};

/** Serves the page with `script`, and assets from `files`. The port is free if `port` is 0. */
export function serve(
  script: URL,
  { port = 0, files = new FileSource(EXAMPLES) }: { port?: number; files?: Source } = {},
): Deno.HttpServer<Deno.NetAddr> {
  const options = { hostname: "127.0.0.1", port, onListen() {} };
  return Deno.serve(options, async ({ url }) => {
    const name = decodeURIComponent(new URL(url).pathname.slice(1)) || "index.html";
    const key = name.startsWith("assets/") ? name : `pixi/${name}`;
    try {
      const bytes = key === "pixi/page.js"
        ? await Deno.readFile(script)
        : await files.readAsync!(key);
      const type = TYPES[key.slice(key.lastIndexOf(".") + 1)] ?? "application/octet-stream";
      return new Response(bytes, {
        headers: { "cache-control": "no-cache", "content-type": type },
      });
    } catch {
      return new Response("There is no such file", { status: 404 });
    }
  });
}

if (import.meta.main) {
  const { addr } = serve(new URL("page.js", import.meta.url), { port: PORT });
  console.log(`The game is at http://${addr.hostname}:${addr.port}/`);
}
