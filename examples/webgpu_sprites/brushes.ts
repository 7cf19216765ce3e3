import { decode, encode } from "fast-png";

/** Paints a soft round light as a PNG file: white, and more transparent away from the middle. */
export function paintGlow(size = 128): Uint8Array {
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const away = Math.hypot(x + 0.5 - size / 2, y + 0.5 - size / 2) / (size / 2);
      data[(y * size + x) * 4 + 3] = Math.round(255 * Math.max(0, 1 - away) ** 2);
    }
  }
  return encode({ width: size, height: size, channels: 4, data });
}

/** Turns the greens of a PNG file into the colours of autumn. */
export function repaintForAutumn(png: Uint8Array): Uint8Array {
  const { width, height, channels, data } = decode(png);
  const painted = Uint8Array.from(data);
  for (let at = 0; at < painted.length; at += channels) {
    const [red, green, blue] = painted.subarray(at, at + 3);
    if (green! > red! && green! > blue!) {
      painted.set([green! * 0.9 + 70, green! * 0.7, blue! * 0.4], at);
    }
  }
  return encode({ width, height, channels, data: painted });
}
