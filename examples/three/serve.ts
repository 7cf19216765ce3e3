/**
 * Serves the game. `deno task three` bundles its script first.
 *
 * @module
 */
import type { AssetServer } from "@holdfast/resources/dev";
import { type PageOptions, serveExample, servePage } from "../serve_page.ts";

const FOLDER = new URL("./", import.meta.url);

/** Serves the page with `script`. */
export function serve(script: URL, options?: PageOptions): AssetServer {
  return servePage(FOLDER, script, options);
}

if (import.meta.main) serveExample(FOLDER);
