import { assertEquals, assertThrows } from "@std/assert";
import { Plan } from "../../src/plan.ts";

const CAVE = { peak: 3, next: { lair: 2, end: 1 }, urgent: { "a.txt": 1 }, other: { "b.txt": 2 } };
const FILE = { version: 1, scenes: { cave: CAVE } } as const;

Deno.test("Plan reads what it has written, as text or as parsed JSON", () => {
  const plan = new Plan(FILE);
  assertEquals(plan.toJSON(), FILE);
  assertEquals(new Plan(String(plan)).toJSON(), FILE);
  assertEquals(new Plan(JSON.stringify(plan)).toJSON(), FILE);
  assertEquals(String(new Plan(String(plan))), String(plan));
});

Deno.test("Plan ignores fields that it does not know", () => {
  const file = { ...FILE, made: "by hand", scenes: { cave: { ...CAVE, note: "dark" } } };
  assertEquals(new Plan(file).toJSON(), FILE);
});

Deno.test("Plan does not change with the object from which it was created", () => {
  const urgent: Record<string, number> = { "a.txt": 1 };
  const plan = new Plan({ version: 1, scenes: { cave: { ...CAVE, urgent } } });
  urgent["c.txt"] = 3;
  assertEquals(plan.toJSON(), FILE);
});

const BROKEN: readonly [file: unknown, error: new () => Error, message: string][] = [
  ["{", SyntaxError, "Cannot read a plan: it is not JSON: "],
  ["[]", TypeError, "Cannot read a plan: it is a list, not an object"],
  [null, TypeError, "Cannot read a plan: it is null, not an object"],
  [{}, RangeError, "Cannot read a plan: its version is missing, not 1, record the play again"],
  [{ version: 2 }, RangeError, "its version is 2, not 1, record the play again"],
  [{ version: "1" }, RangeError, "its version is a string, not 1"],
  [{ version: 1 }, TypeError, 'Cannot read a plan: "scenes" is missing, not an object'],
  [{ version: 1, scenes: { cave: 1 } }, TypeError, 'the scene "cave" is a number, not an object'],
  [
    { version: 1, scenes: { cave: { ...CAVE, next: undefined } } },
    TypeError,
    '"next" of the scene "cave" is missing, not an object',
  ],
  [
    { version: 1, scenes: { cave: { ...CAVE, peak: -1 } } },
    TypeError,
    '"peak" of the scene "cave" is -1, not a whole number of 0 or more',
  ],
  [
    { version: 1, scenes: { cave: { ...CAVE, urgent: { "a.txt": "1" } } } },
    TypeError,
    '"a.txt" in "urgent" of the scene "cave" is a string, not a whole number of 0 or more',
  ],
];

for (const [file, error, message] of BROKEN) {
  Deno.test(`Plan refuses ${JSON.stringify(file)}`, () => {
    assertThrows(() => new Plan(file as string), error, message);
  });
}
