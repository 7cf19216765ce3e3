import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { deflateRawSync, deflateSync, inflateRawSync, inflateSync } from "node:zlib";
import { inflate, inflateRaw } from "../../src/compression/inflate.ts";
import { withAndWithoutZlib, withProcess } from "./_zlib.ts";

const BYTES = Uint8Array.from({ length: 300_000 }, (_, i) => i * i >> 5);

/** Both formats: what inflates each, and what makes it. */
const FORMATS = [
  { inflate, deflate: deflateSync },
  { inflate: inflateRaw, deflate: deflateRawSync },
];

for (const { inflate, deflate } of FORMATS) {
  Deno.test(`${inflate.name}() inflates into a buffer of its own, of exactly the size`, () => {
    withAndWithoutZlib(() => {
      for (const size of [0, 1, 63, 64, 65, 65_535, 65_536, 65_537, 300_000]) {
        const inflated = inflate(deflate(BYTES.subarray(0, size)), size);
        assertEquals(inflated, BYTES.slice(0, size));
        assertEquals([inflated.buffer.byteLength, inflated.constructor], [size, Uint8Array]);
      }
    });
  });

  Deno.test(`${inflate.name}() throws when the bytes become more than their size, and stops soon after it`, () => {
    withAndWithoutZlib(() => {
      assertThrows(() => inflate(deflate(BYTES), BYTES.length - 1), RangeError);
    });
    const bomb = deflate(new Uint8Array(400_000_000));
    const before = Deno.memoryUsage().external;
    withAndWithoutZlib(() => assertThrows(() => inflate(bomb, 1_000), RangeError));
    assertLess(Deno.memoryUsage().external - before, 20_000_000);
  });

  Deno.test(`${inflate.name}() returns fewer bytes, or throws, when they become fewer or are cut off`, () => {
    withAndWithoutZlib(() => {
      assertEquals(inflate(deflate(BYTES), BYTES.length + 1).length, BYTES.length);
      for (const wrong of [new Uint8Array(99).fill(7), deflate(BYTES).subarray(0, 60)]) {
        assertThrows(() => inflate(wrong, BYTES.length));
      }
    });
  });
}

Deno.test("inflate() does not use a zlib that ignores the limit, as that of Deno 2.4 does", async () => {
  const { inflate, inflateRaw } = await import("../../src/compression/inflate.ts?unbounded");
  const lengths: number[] = [];
  const given = (bytes: Uint8Array) => {
    lengths.push(bytes.length);
    return bytes;
  };
  const zlib = {
    inflateSync: (bytes: Uint8Array) => inflateSync(given(bytes)),
    inflateRawSync: (bytes: Uint8Array) => inflateRawSync(given(bytes)),
  };
  withProcess({ getBuiltinModule: () => zlib }, () => {
    for (const [test, deflate] of [[inflate, deflateSync], [inflateRaw, deflateRawSync]] as const) {
      assertEquals(test(deflate(BYTES), BYTES.length), BYTES);
      assertThrows(() => test(deflate(BYTES), BYTES.length - 1), RangeError);
    }
  });
  assertEquals(lengths, [4]); // only the two bytes that show it
});
