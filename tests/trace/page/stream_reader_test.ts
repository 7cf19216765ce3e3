import { assertEquals } from "@std/assert";
import { StreamReader } from "../../../src/trace/page/stream_reader.ts";

Deno.test("StreamReader reads numbers of one byte and of many, to the end", () => {
  const bytes = [0, 127, 0x80, 1, 0xff, 0x7f, 0x80, 0x80, 0x80, 0x80, 0x10];
  const reader = new StreamReader(btoa(String.fromCharCode(...bytes)));
  const numbers: number[] = [];
  while (!reader.done) numbers.push(reader.next());
  assertEquals(numbers, [0, 127, 128, 16_383, 2 ** 32]);
});

Deno.test("StreamReader is done at once with nothing", () => {
  assertEquals(new StreamReader("").done, true);
});
