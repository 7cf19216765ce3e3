/** Pictures and sheets for tests. */
import { encode } from "fast-png";

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
