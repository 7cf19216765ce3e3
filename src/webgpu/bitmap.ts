import { decodePng, type Pixels } from "./png.ts";

/**
 * Reads the pixels of a bitmap, and closes it. Needed where the GPU's queue can't copy a bitmap to
 * a texture, as in Deno: there, the only way to the pixels is a canvas that writes them to a file.
 * Deno writes BMP, which takes a fraction of the time because it is not compressed. A runtime
 * without BMP writes PNG.
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
 * Reads a BMP as Deno writes it. A pixel is one byte of grey, or blue, green, red and, if the image
 * has it, opacity. Rows are padded to four bytes and go from the bottom to the top.
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
