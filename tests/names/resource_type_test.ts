import { assertEquals, assertThrows } from "@std/assert";
import { type ResourceType, ResourceTypeError, Text } from "../../mod.ts";
import { assertType, nameOfType } from "../../src/names/resource_type.ts";

Deno.test("assertType() takes classes, prototypes and whatever answers instanceof", () => {
  assertType("k", new Map(), Map);
  assertType("k", "text", Text);
  assertType("k", new Map(), { name: "M", prototype: Map.prototype } as ResourceType<unknown>);
  for (const value of [{}, null, 1, undefined]) {
    assertThrows(() => assertType("k", value, Map), ResourceTypeError, 'Cannot use "k" as "Map"');
    assertThrows(
      () => assertType("k", value, { name: "M", prototype: Map.prototype }),
      ResourceTypeError,
    );
  }
});

Deno.test("nameOfType() has a name for a class that has none", () => {
  assertEquals([nameOfType(class {}), nameOfType(Text)], ["(anonymous)", "Text"]);
});
