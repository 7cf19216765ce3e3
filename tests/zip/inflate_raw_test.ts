import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { crc32 } from "../../src/zip/crc32.ts";
import { inflateRaw } from "../../src/zip/inflate_raw.ts";

const BYTES = Uint8Array.from({ length: 300_000 }, (_, i) => i * i >> 5);

/** Runs `run` with another `process`; without one as in a browser, which has no zlib. */
function withProcess(other: unknown, run: () => void): void {
  const { process } = globalThis as { process?: unknown };
  Object.assign(globalThis, { process: other });
  try {
    run();
  } finally {
    Object.assign(globalThis, { process });
  }
}

/** Calls `test` with the runtime's zlib, and without it. */
function bothWays(test: () => void): void {
  test();
  withProcess(undefined, test);
}

Deno.test("inflateRaw() inflates into a buffer of its own, of exactly the size", () => {
  bothWays(() => {
    for (const size of [0, 1, 63, 64, 65, 65_535, 65_536, 65_537, 300_000]) {
      const inflated = inflateRaw(deflateRawSync(BYTES.subarray(0, size)), size);
      assertEquals(inflated, BYTES.slice(0, size));
      assertEquals([inflated.buffer.byteLength, inflated.constructor], [size, Uint8Array]);
    }
  });
});

Deno.test("inflateRaw() throws when the bytes become more than their size, and stops soon after it", () => {
  bothWays(() => assertThrows(() => inflateRaw(deflateRawSync(BYTES), BYTES.length - 1)));
  const bomb = deflateRawSync(new Uint8Array(400_000_000));
  const before = Deno.memoryUsage().external;
  bothWays(() => assertThrows(() => inflateRaw(bomb, 1_000)));
  assertLess(Deno.memoryUsage().external - before, 20_000_000);
});

Deno.test("inflateRaw() does not use a zlib that ignores the limit, as that of Deno 2.4 does", async () => {
  const { inflateRaw } = await import("../../src/zip/inflate_raw.ts?unbounded");
  const bytes = deflateRawSync(BYTES);
  const lengths: number[] = [];
  const zlib = {
    inflateRawSync(given: Uint8Array) {
      lengths.push(given.length);
      return inflateRawSync(given);
    },
  };
  withProcess({ getBuiltinModule: () => zlib }, () => {
    assertEquals(inflateRaw(bytes, BYTES.length), BYTES);
    assertThrows(() => inflateRaw(bytes, BYTES.length - 1));
  });
  assertEquals(lengths, [4]); // only the two bytes that show it
});

Deno.test("inflateRaw() returns fewer bytes, or throws, when they become fewer or are cut off", () => {
  bothWays(() => {
    assertEquals(inflateRaw(deflateRawSync(BYTES), BYTES.length + 1).length, BYTES.length);
    for (const wrong of [new Uint8Array(99).fill(7), deflateRawSync(BYTES).subarray(0, 60)]) {
      assertThrows(() => inflateRaw(wrong, BYTES.length));
    }
  });
});

Deno.test("crc32() is the checksum of zip, with and without the runtime's zlib", () => {
  bothWays(() => {
    assertEquals(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
    assertEquals(crc32(new Uint8Array()), 0);
    assertEquals(crc32(BYTES), 0xa7063472); // by Python's zlib
  });
});
