import { assertEquals } from "@std/assert";
import { ABSENT, Condition, DONE, DOUBT, HELD } from "../../src/lint/conditions.ts";
import { inTree } from "./_tree.ts";

const ALL = HELD | ABSENT | DONE | DOUBT;

/** The states that are still possible when a condition about `a` is true, and when it is false. */
function narrowed(test: string): [boolean: number, boolean: number] {
  let answer: [number, number] = [0, 0];
  inTree(`if (${test}) {}`, ({ all }) => {
    const condition = new Condition(
      all("IfStatement")[0]!.test,
      (node) => node.type === "Identifier" && node.name === "a",
    );
    answer = [condition.narrow(ALL, true), condition.narrow(ALL, false)];
  });
  return answer;
}

Deno.test("Condition.narrow() knows the ways to test whether a variable has a value", () => {
  const there = HELD | DONE | DOUBT;
  const absent = ABSENT | DONE;
  const ways: Record<string, [number, number]> = {
    "a": [there, absent],
    "!a": [absent, there],
    "a!": [there, absent],
    "a !== undefined": [there, absent],
    "null == a": [absent, there],
    "(a = b())": [there, absent],
    "a && b": [there, ALL],
    "!a || b": [ALL, there],
    "!(a && b)": [ALL, there],
    "a || b": [ALL, absent],
    "a.disposed": [ABSENT | DONE, ALL],
    "a.length": [there, absent],
    "a.size === 0": [absent, there],
    "a.length > 0": [there, absent],
    "a.length < 1": [absent, there],
    "a.length > 1": [ALL, ALL],
    "a.width === 0": [ALL, ALL],
    "b": [ALL, ALL],
    "a === b": [ALL, ALL],
    "a > undefined": [ALL, ALL],
    "a ?? b": [ALL, ALL],
    "-a": [ALL, ALL],
    "(b = a)": [ALL, ALL],
    "a.value": [ALL, ALL],
  };
  for (const [test, answer] of Object.entries(ways)) assertEquals(narrowed(test), answer, test);
});

Deno.test("Condition.narrow() gives up on conditions that are nested too deeply", () => {
  assertEquals(narrowed(`${"!".repeat(100)}a`), [ALL, ALL]);
});
