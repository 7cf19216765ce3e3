import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { deflateSync, inflateSync } from "node:zlib";
import { inflate, inflateInSteps } from "../../src/webgpu/inflate.ts";

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

Deno.test("inflate() inflates data of the expected size", () => {
  bothWays(() => assertEquals(new Uint8Array(inflate(deflateSync(BYTES), BYTES.length)), BYTES));
});

Deno.test("inflate() refuses more or fewer bytes than expected", () => {
  bothWays(() => {
    const bytes = deflateSync(BYTES);
    assertThrows(() => inflate(bytes, BYTES.length - 1), SyntaxError, "more pixels");
    assertThrows(() => inflate(bytes, BYTES.length + 1), SyntaxError, "fewer pixels");
  });
});

Deno.test("inflate() refuses a size that the bytes can't become, and takes no memory for it", () => {
  const bytes = deflateSync(BYTES);
  bothWays(() => {
    for (const size of [bytes.length * 1032 + 1, 2 ** 40, 2 ** 64]) {
      assertThrows(() => inflate(bytes, size), SyntaxError, "fewer pixels");
    }
  });
  const zeros = deflateSync(new Uint8Array(10_000_000)); // compressed as much as zlib can
  assertEquals(inflate(zeros, 10_000_000).length, 10_000_000);
});

Deno.test("inflate() refuses bytes that are not zlib data, or are cut off", () => {
  bothWays(() => {
    const bytes = deflateSync(BYTES);
    for (const wrong of [new Uint8Array(), new Uint8Array(99), bytes.subarray(0, 60)]) {
      assertThrows(() => inflate(wrong, BYTES.length), SyntaxError);
    }
  });
});

Deno.test("inflateInSteps() stops soon after the expected size, however much follows", () => {
  const bomb = deflateSync(new Uint8Array(400_000_000));
  const before = Deno.memoryUsage().external;
  assertThrows(() => inflateInSteps(bomb, 1000), RangeError);
  assertLess(Deno.memoryUsage().external - before, 150_000_000);
  assertThrows(() => inflate(bomb, 1000), SyntaxError, "more pixels");
});

Deno.test("inflate() does not use a zlib that ignores the limit, as that of Deno 2.4 does", async () => {
  const { inflate } = await import("../../src/webgpu/inflate.ts?unbounded");
  const bytes = deflateSync(BYTES);
  const lengths: number[] = [];
  const zlib = {
    inflateSync(given: Uint8Array) {
      lengths.push(given.length);
      return inflateSync(given);
    },
  };
  withProcess({ getBuiltinModule: () => zlib }, () => {
    assertEquals(inflate(bytes, BYTES.length), BYTES);
    assertThrows(() => inflate(bytes, BYTES.length - 1), SyntaxError, "more pixels");
  });
  assertEquals(lengths, [10]); // only the two bytes that show it
});
