/**
 * Serves the page to this machine. `deno task three` bundles its script before.
 *
 * @module
 */
import { FileSource } from "@holdfast/resources";

const HERE = new URL("./", import.meta.url);
const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  png: "image/png",
};

/** Serves the page with `script` and the pictures below `assets`, on a port that is free if it is 0. */
export function serve(script: URL, assets: URL, port = 0): Deno.HttpServer<Deno.NetAddr> {
  const [page, pictures] = [new FileSource(HERE), new FileSource(assets)];
  const options = { hostname: "127.0.0.1", port, onListen() {} };
  return Deno.serve(options, async ({ url }) => {
    const key = decodeURIComponent(new URL(url).pathname.slice(1)) || "index.html";
    const headers = {
      "cache-control": "no-cache", // so that a picture that has changed is seen
      "content-type": TYPES[key.slice(key.lastIndexOf(".") + 1)] ?? "application/octet-stream",
    };
    try {
      const bytes = key === "page.js"
        ? await Deno.readFile(script)
        : key.startsWith("assets/")
        ? await pictures.readAsync(key.slice("assets/".length))
        : await page.readAsync(key);
      return new Response(bytes, { headers });
    } catch {
      return new Response("There is no such file", { status: 404 });
    }
  });
}

if (import.meta.main) {
  const { addr } = serve(new URL("page.js", HERE), new URL("../assets/", HERE), 8080);
  console.log(`The game is at http://${addr.hostname}:${addr.port}/`);
}
