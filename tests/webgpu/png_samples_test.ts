import { assertEquals } from "@std/assert";
import { CHANNELS, expandInto, unpack } from "../../src/webgpu/png_samples.ts";

Deno.test("unpack() takes samples of any depth, the first from the highest bits", () => {
  const row = Uint8Array.of(0b1011_0010, 0b0100_0000);
  assertEquals([...unpack(row, 1, 9)], [1, 0, 1, 1, 0, 0, 1, 0, 0]);
  assertEquals([...unpack(row, 2, 5)], [2, 3, 0, 2, 1]);
  assertEquals([...unpack(row, 4, 3)], [11, 2, 4]);
  assertEquals([...unpack(row, 8, 2)], [0xb2, 0x40]);
  assertEquals([...unpack(row, 16, 1)], [0xb240]);
});

Deno.test("expandInto() writes pixels from `at` on, `step` bytes apart", () => {
  const data = new Uint8Array(20);
  const header = { width: 5, height: 1, depth: 8, colorType: 2, interlaced: true };
  const palette = new Uint8Array();
  const expand = expandInto(data, { header, palette, transparency: undefined, data });
  expand(Uint8Array.of(1, 2, 3, 4, 5, 6), 4, 12);
  assertEquals([...data], [0, 0, 0, 0, 1, 2, 3, 255, ...Array(8).fill(0), 4, 5, 6, 255]);
});

Deno.test("CHANNELS has the number of samples of each colour type, and 0 for those that do not exist", () => {
  assertEquals(CHANNELS, [1, 0, 3, 1, 2, 0, 4]);
});
