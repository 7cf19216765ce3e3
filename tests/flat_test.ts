/** What `bench/flat.ts` accepts, and what it reports. */
import { assertEquals } from "@std/assert";
import { climb, complaint, type Curve, operationCurves } from "../bench/compare/flatness.ts";
import { type OperationName, OPERATIONS } from "../bench/operations.ts";

function curveOf(...times: number[]): Curve {
  return { what: "has", sizes: [10, 1_000, 100_000, 1_000_000], times, small: 2, atMost: 2 };
}

Deno.test("climb() divides the largest cost beside many resources by the least beside few", () => {
  assertEquals(climb(curveOf(20, 25, 22, 30)), 1.5);
  assertEquals(climb(curveOf(25, 20, 30, 22)), 1.5);
  assertEquals(climb(curveOf(190, 70, 70, 77)), 1.1);
  assertEquals(climb({ ...curveOf(20, 60), sizes: [100, 100_000], small: 1 }), 3);
});

Deno.test("complaint() accepts an operation that costs the same or less beside many resources", () => {
  assertEquals(complaint(curveOf(20, 20, 20, 20)), undefined);
  assertEquals(complaint(curveOf(20, 25, 31, 40)), undefined);
  assertEquals(complaint(curveOf(190, 70, 70, 60)), undefined);
});

Deno.test("complaint() reports an operation that costs more beside many resources", () => {
  assertEquals(
    complaint(curveOf(10, 1_000, 100_000, 1_000_000)),
    '"has" costs 100000.0 times as much beside many as beside few, at most 2 times is allowed: ' +
      "10.0 ns at 10, 1000.0 ns at 1 000, 100000.0 ns at 100 000, 1000000.0 ns at 1 000 000",
  );
  // A binary search takes 4, 10, 17 and 20 steps.
  assertEquals(climb(curveOf(4, 10, 17, 20)), 5);
  assertEquals(typeof complaint(curveOf(20, 20, 20, 40.1)), "string");
  assertEquals(typeof complaint(curveOf(20, 20, 40.1, 20)), "string");
});

Deno.test("operationCurves() allows every operation twice its cost beside few resources", () => {
  const names = Object.keys(OPERATIONS) as OperationName[];
  const flat = Object.fromEntries(names.map((name) => [name, [20, 20, 20, 20]]));
  const operations = flat as Record<OperationName, number[]>;
  assertEquals(operationCurves(operations).map(({ what }) => what), names);
  assertEquals(operationCurves(operations).flatMap((curve) => complaint(curve) ?? []), []);
  operations.with = [20, 20, 20, 42];
  const complaints = operationCurves(operations).flatMap((curve) => complaint(curve) ?? []);
  assertEquals(complaints.map((each) => each.slice(0, 22)), ['"with" costs 2.1 times']);
});
