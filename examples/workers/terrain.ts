/** Runs in a worker. Makes terrain from a height map with a byte for each height. */
import { serveDecoder } from "@holdfast/resources/worker";

/** The height of white, in metres. */
const HIGHEST = 100;

serveDecoder((bytes) => {
  const side = Math.sqrt(bytes.length);
  if (!Number.isInteger(side)) throw new RangeError(`${bytes.length} heights do not form a square`);
  const heights = Float32Array.from(bytes, (byte) => byte / 255 * HIGHEST);
  // How steep the terrain is towards the neighbours on the left and above.
  const slopes = heights.map((height, i) => {
    const left = i % side === 0 ? height : heights[i - 1]!;
    const above = i < side ? height : heights[i - side]!;
    return Math.hypot(height - left, height - above);
  });
  return { heights, slopes }; // both are transferred to the game, not copied
});
