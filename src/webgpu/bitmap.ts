import { decodePng, type Pixels } from "./png.ts";

/**
 * The pixels of a bitmap, which is closed by it. For runtimes whose queue can't copy a bitmap to a
 * texture, as Deno's: there, nothing gives the pixels out but a canvas that writes a file. Deno
 * writes BMP, which is not compressed and so takes a fraction of the time; where there is no BMP,
 * a canvas writes PNG.
 */
export async function readBitmap(bitmap: ImageBitmap): Promise<Pixels> {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(bitmap);
  const blob = await canvas.convertToBlob({ type: "image/bmp" });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return blob.type === "image/bmp" ? readBmp(bytes, width, height) : decodePng(bytes);
}

/**
 * Reads a BMP as Deno writes it: a byte of grey for each pixel, or blue, green, red, and opacity if
 * there is any; in rows of whole words, from the bottom to the top.
 */
function readBmp(bytes: Uint8Array, width: number, height: number): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = view.getUint16(28, true) / 8;
  const [green, red] = step === 1 ? [0, 0] : [1, 2];
  const rowBytes = Math.ceil(width * step / 4) * 4;
  const data = new Uint8Array(width * height * 4);
  let to = 0;
  for (let y = height - 1; y >= 0; y--) {
    let from = view.getUint32(10, true) + y * rowBytes;
    for (let x = 0; x < width; x++, from += step, to += 4) {
      data[to] = bytes[from + red]!;
      data[to + 1] = bytes[from + green]!;
      data[to + 2] = bytes[from]!;
      data[to + 3] = step === 4 ? bytes[from + 3]! : 255;
    }
  }
  return { width, height, data };
}
