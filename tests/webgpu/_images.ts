/** Small images that are not PNGs, and their pixels. */
import { makePng } from "./_png_files.ts";

/** One red pixel. */
export const GIF = image("R0lGODlhAQABAIAAAP8AAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==", [
  255,
  0,
  0,
  255,
]);

/** A red pixel and a green one. */
export const BMP = image(
  "Qk0+AAAAAAAAADYAAAAoAAAAAgAAAAEAAAABABgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD/AP8AAAA=",
  [255, 0, 0, 255, 0, 255, 0, 255],
);

/** One black pixel that is transparent. */
export const WEBP = image("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==", [0, 0, 0, 0]);

interface Image {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly pixels: number[];
}

function image(base64: string, pixels: number[]): Image {
  return { bytes: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)), pixels };
}

/** A JPEG of one grey, which has no other channel. */
export async function makeGreyJpeg(
  width: number,
  height: number,
  grey: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const png = makePng({ width, height, colorType: 0, depth: 8, sample: () => grey });
  const canvas = new OffscreenCanvas(width, height);
  const bitmap = await createImageBitmap(new Blob([png]));
  canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(bitmap);
  return await (await canvas.convertToBlob({ type: "image/jpeg" })).bytes();
}
