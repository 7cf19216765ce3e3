/** Images that real workers decode, without a GPU. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeImage, imageWorkers } from "@holdfast/resources/webgpu";
import { freePixels } from "../../src/webgpu/own_pixels.ts";
import { BMP, GIF } from "./_images.ts";
import { makeRgba } from "./_png_files.ts";

const PIXELS = [255, 0, 0, 255, 0, 0, 255, 128, 1, 2, 3, 255, 200, 150, 100, 0];
const PNG = makeRgba(2, 2, PIXELS);
const request = (key: string) => ({ key, signal: new AbortController().signal });

Deno.test("imageWorkers() decodes images of every kind in workers", async () => {
  await using images = imageWorkers({ workers: 1 });
  const { width, height, data } = await images.decode(PNG.slice(), request("a.png"));
  assertEquals([width, height, [...data]], [2, 2, PIXELS]);
  for (const { bytes, pixels } of [BMP, GIF]) {
    assertEquals([...(await images.decode(bytes.slice(), request("a"))).data], pixels);
  }
});

Deno.test("imageWorkers() fails for damaged images with the same errors as decodeImage() on the main thread", async () => {
  await using images = imageWorkers({ workers: 1 });
  for (const bytes of [PNG.slice(0, 60), new Uint8Array(9), BMP.bytes.slice(0, 40)]) {
    const here = await decodeImage(bytes.slice()).catch((error) => error);
    const there = await images.decode(bytes, request("a.png")).catch((error) => error);
    assertEquals([there.name, there.message], [here.name, here.message]);
  }
});

Deno.test("imageWorkers() names itself in its errors", async () => {
  assertThrows(
    () => imageWorkers({ workers: 0 }),
    RangeError,
    'Cannot create imageWorkers: "workers" must be a whole number above 0: received 0',
  );
  const images = imageWorkers({ module: new URL("./nowhere.ts", import.meta.url) });
  images[Symbol.dispose]();
  await assertRejects(
    () => images.decode(PNG.slice(), request("a.png")),
    ReferenceError,
    "its workers are disposed, dispose the manager before them",
  );
});

Deno.test("freePixels() frees the pixels of a worker, small and large ones", async () => {
  const images = imageWorkers({ workers: 1 });
  const small = await images.decode(PNG.slice(), request("small.png"));
  const side = 600;
  const large = await images.decode(
    makeRgba(side, side, new Array(side * side * 4).fill(7)),
    request("large.png"),
  );
  for (const pixels of [small, large]) {
    freePixels(pixels, images);
    assertEquals([pixels.data.buffer.detached, pixels.data.length], [true, 0]);
  }
  const after = await images.decode(PNG.slice(), request("small.png")); // the worker goes on
  images[Symbol.dispose]();
  freePixels(after, images); // the worker has ended
  assertEquals(after.data.buffer.detached, true);
});
