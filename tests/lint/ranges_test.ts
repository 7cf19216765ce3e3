import { assertEquals } from "@std/assert";
import { firstNotBelow, NodesByPlace } from "../../src/lint/ranges.ts";
import { inTree } from "./_tree.ts";

Deno.test("NodesByPlace.within() finds nodes by their place, in the order of the file", () => {
  inTree("a(); b(c(d())); e();", ({ all, file, find }) => {
    const nodes = new NodesByPlace(all("CallExpression").toReversed());
    const within = (text: string) =>
      nodes.within(find("CallExpression", text)).map((each) => file.textOf(each));
    assertEquals(within("b(c(d()))"), ["b(c(d()))", "c(d())", "d()"]);
    assertEquals(within("c(d())"), ["c(d())", "d()"]);
    assertEquals(within("e()"), ["e()"]);
  });
});

Deno.test("firstNotBelow() finds an index in sorted numbers", () => {
  assertEquals([0, 1, 2, 3, 4].map((least) => firstNotBelow([1, 2, 2, 3], least)), [0, 0, 1, 3, 4]);
  assertEquals(firstNotBelow([], 1), 0);
});
