/** PixiJS without a renderer, and pictures for it. */
import { encode } from "fast-png";
import { MemorySource, ResourceManager } from "@holdfast/resources";
import { type PixiLoaderOptions, type PixiLoaders, pixiLoaders } from "@holdfast/resources/pixi";
import * as PIXI from "pixi.js";

export { PIXI };

PIXI.DOMAdapter.set(PIXI.WebWorkerAdapter); // It parses XML without a DOM.

/** A PNG of one colour. */
export function png(
  width: number,
  height: number,
  color: readonly number[] = [255, 0, 0],
): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([...color, 255], at);
  return encode({ width, height, data, channels: 4 });
}

/** A sheet: its frames are x, y, width and height. */
export function sheet(
  image: string,
  frames: Record<string, readonly [number, number, number, number]>,
  more: object = {},
): string {
  const all = Object.entries(frames)
    .map(([name, [x, y, w, h]]) => [name, { frame: { x, y, w, h } }]);
  return JSON.stringify({ frames: Object.fromEntries(all), meta: { image, scale: 1 }, ...more });
}

/** A manager of files in memory. */
export function managerOf(
  files: Record<string, string | Uint8Array>,
  options?: PixiLoaderOptions,
): { source: MemorySource; mgr: ResourceManager<PixiLoaders<typeof PIXI>> } {
  const source = new MemorySource(files);
  return { source, mgr: new ResourceManager({ source, loaders: pixiLoaders(PIXI, options) }) };
}
