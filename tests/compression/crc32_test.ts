import { assertEquals } from "@std/assert";
import { crc32 } from "../../src/compression/crc32.ts";
import { withAndWithoutZlib } from "./_zlib.ts";

Deno.test("crc32() is the checksum of zip and PNG, with and without the runtime's zlib", () => {
  withAndWithoutZlib(() => {
    assertEquals(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
    assertEquals(crc32(new Uint8Array()), 0);
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i * i >> 5);
    assertEquals(crc32(bytes), 0xa7063472); // by Python's zlib
  });
});
