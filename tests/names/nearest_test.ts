import { assertEquals } from "@std/assert";
import { nearest } from "../../src/names/nearest.ts";

Deno.test("nearest() gives the words that differ by a few letters, the nearest first", () => {
  assertEquals(nearest("rum", ["idle", "run", "Rum", "jump"]), '"Rum" or "run"');
  assertEquals(
    nearest("runs/left", ["run/left", "runs/felt", "left"]),
    '"run/left" or "runs/felt"',
  );
});

Deno.test("nearest() compares no words that are longer than a person reads", () => {
  const long = "x".repeat(30_000);
  assertEquals(nearest(`${long}a`, [`${long}b`]), "");
});
