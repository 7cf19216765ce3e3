import { assertEquals, assertThrows } from "@std/assert";
import { type ResourceType, ResourceTypeError, Text } from "../../mod.ts";
import { assertType, nameOfType } from "../../src/names/resource_type.ts";

Deno.test("assertType() accepts classes, prototypes and objects that answer instanceof", () => {
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

Deno.test("nameOfType() also has a name for an anonymous class", () => {
  assertEquals([nameOfType(class {}), nameOfType(Text)], ["(anonymous)", "Text"]);
});
