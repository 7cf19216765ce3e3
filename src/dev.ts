/**
 * A server for development: it serves a folder of assets, and reports to open pages which files have
 * changed. A page in a browser shows a picture as soon as it is saved, without a reload of the page.
 *
 * @example
 * ```ts
 * import { HttpSource, ResourceManager, Text } from "@holdfast/resources";
 * import { serveAssets } from "@holdfast/resources/dev";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = Deno.makeTempDirSync();
 * Deno.writeTextFileSync(`${folder}/sign.txt`, "Beware");
 * {
 *   await using server = serveAssets(folder, { port: 0, onListen() {} });
 *
 *   // In the page:
 *   const source = new HttpSource(server.url, { watch: ".changes" });
 *   await using mgr = new ResourceManager({ source });
 *   await using _watcher = mgr.watch();
 *   using sign = await mgr.loadAsync("sign.txt", Text);
 *
 *   const reloaded = new Promise((resolve) => mgr.on("reload", resolve));
 *   Deno.writeTextFileSync(`${folder}/sign.txt`, "Welcome"); // an editor does this
 *   await reloaded;
 *   assertEquals(sign.value, "Welcome");
 * }
 * Deno.removeSync(folder, { recursive: true });
 * ```
 *
 * @module
 */
export { type AssetServer, serveAssets, type ServeAssetsOptions } from "./dev/serve_assets.ts";
