import { assertEquals } from "@std/assert";
import { nearest } from "../../src/names/nearest.ts";

Deno.test("nearest() returns the words that differ by a few letters, the nearest first", () => {
  assertEquals(nearest("rum", ["idle", "run", "Rum", "jump"]), '"Rum" or "run"');
  assertEquals(
    nearest("runs/left", ["run/left", "runs/felt", "left"]),
    '"run/left" or "runs/felt"',
  );
});

Deno.test("nearest() does not compare words that are too long to read", () => {
  const long = "x".repeat(30_000);
  assertEquals(nearest(`${long}a`, [`${long}b`]), "");
});
