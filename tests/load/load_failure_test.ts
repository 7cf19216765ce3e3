import { assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { ResourceCycleError, ResourceLoadError } from "../../mod.ts";
import { wrap } from "../../src/load/load_failure.ts";

Deno.test("wrap() leaves what is clear, and makes a ResourceLoadError of all else", () => {
  const clear = [
    new ResourceCycleError(["a", "a"]),
    new DOMException("x", "AbortError"),
    new ResourceLoadError("key", "it is broken"),
  ];
  for (const error of clear) assertStrictEquals(wrap("key", error), error);
  for (const thrown of [new Error("disk"), new ResourceLoadError("other", "x"), "text", null]) {
    const error = wrap("key", thrown);
    assertInstanceOf(error, ResourceLoadError);
    assertEquals([error.key, error.cause], ["key", thrown]);
  }
});
