import { encode } from "fast-png";

/** A PNG of `side` × `side` pixels like those of games: shapes, light, and some noise. */
export function picture(seed: number, side: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(side * side * 4);
  let random = seed + 1;
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at += 4) {
      random = (random * 1_103_515_245 + 12_345) & 0x7fffffff;
      const noise = random >> 16 & 7;
      const shape = (x >> 5 ^ y >> 5) * (seed + 3) & 0x7f;
      data[at] = shape + (x >> 3) & 0xff;
      data[at + 1] = shape + noise + (y >> 4) & 0xff;
      data[at + 2] = (x + y >> 4) + noise & 0xff;
      data[at + 3] = shape > 90 ? 0 : 255;
    }
  }
  return new Uint8Array(encode({ width: side, height: side, data, channels: 4 }));
}
