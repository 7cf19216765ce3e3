/**
 * Shows in a browser what a game keeps in memory, while it runs.
 *
 * {@linkcode serveInspector} serves a page on this machine, for games that run in Deno.
 * {@linkcode postInspector} sends the data to a page in another window, for games that run in a browser.
 * The page is that of a trace (`@holdfast/resources/trace`), and updates itself.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { serveInspector } from "@holdfast/resources/inspect";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * await using panel = serveInspector(mgr, { onListen() {} }); // without onListen, it prints the URL
 * const page = await fetch(panel.url); // open it in a browser
 * assertEquals(page.headers.get("content-type"), "text/html; charset=utf-8");
 * await page.body?.cancel();
 * ```
 *
 * @module
 */
export type { InspectorOptions } from "./inspect/options.ts";
export {
  inspectorPage,
  type PostedInspector,
  postInspector,
  type PostInspectorOptions,
} from "./inspect/post_inspector.ts";
export {
  type Inspector,
  serveInspector,
  type ServeInspectorOptions,
} from "./inspect/serve_inspector.ts";
