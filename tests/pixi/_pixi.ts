/** PixiJS without a renderer, and pictures for it. */
import { MemorySource, ResourceManager } from "@holdfast/resources";
import { type PixiLoaderOptions, type PixiLoaders, pixiLoaders } from "@holdfast/resources/pixi";
import * as PIXI from "pixi.js";

export { PIXI };
export { png, sheet } from "./_pictures.ts";

PIXI.DOMAdapter.set(PIXI.WebWorkerAdapter); // It parses XML without a DOM.

/** A manager of files in memory. */
export function managerOf(
  files: Record<string, string | Uint8Array>,
  options?: PixiLoaderOptions,
): { source: MemorySource; mgr: ResourceManager<PixiLoaders<typeof PIXI>> } {
  const source = new MemorySource(files);
  return { source, mgr: new ResourceManager({ source, loaders: pixiLoaders(PIXI, options) }) };
}
