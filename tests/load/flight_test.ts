import { assertEquals, assertThrows } from "@std/assert";
import { ResourceCycleError } from "../../mod.ts";
import { assertNoDeadlock } from "../../src/load/cycles.ts";
import { EventHub } from "../../src/contract/events.ts";
import { Flight, Waiter } from "../../src/load/flight.ts";
import { Progress } from "../../src/load/progress.ts";
import type { Flights } from "../../src/load/flights.ts";
import { Text, textLoader } from "../../src/loaders/text.ts";

function flightOf(key: string, parent?: Flight, abandon: (flight: Flight) => void = () => {}) {
  const flights: Pick<Flights, "abandon"> = { abandon };
  return new Flight({ key, loader: textLoader, priority: "normal", parent }, flights as Flights);
}

/** Lets the loader of `parent` wait for `flight`. */
function wait(parent: Flight, flight: Flight): Waiter {
  return new Waiter(flight, flight.key, Text, { parent });
}

function waitersOf(flight: Flight): Waiter[] {
  return [...flight.waiters];
}

Deno.test("Flight.chain begins with the load that no loader asked for", () => {
  const low = flightOf("low", flightOf("mid", flightOf("top")));
  assertEquals(low.chain, ["top", "mid", "low"]);
});

Deno.test("assertNoDeadlock() finds a path along the loads that wait, even through cycles", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((key) => flightOf(key));
  for (const [parent, flight] of [[a, b], [a, c], [b, a], [c, d]]) wait(parent!, flight!);
  const error = assertThrows(() => assertNoDeadlock(d!, a!), ResourceCycleError);
  assertEquals(error.chain, ["d", "a", "c", "d"]);
  assertNoDeadlock(a!, d!);
  assertThrows(() => assertNoDeadlock(a!, a!), ResourceCycleError);
});

Deno.test("Flight.waitsFor lists a load until the last of several waits for it has ended", () => {
  const [a, b] = [flightOf("a"), flightOf("b")];
  const [first, second] = [wait(a, b), wait(a, b)];
  first.task[Symbol.dispose]();
  assertEquals([...a.waitsFor], [b]);
  second.task[Symbol.dispose]();
  assertEquals([...a.waitsFor], []);
});

Deno.test("Flight.abort() aborts its signal, and later work is refused", () => {
  const flight = flightOf("a");
  const { signal } = flight;
  flight.assertWanted();
  flight.abort();
  assertEquals([signal.aborted, flight.over], [true, true]);
  assertThrows(() => flight.assertWanted(), DOMException, "Nobody waits for the load any more");
});

Deno.test("Flight.follow() reaches every load that its loader waits for once, even through cycles", () => {
  const [a, b, c] = ["a", "b", "c"].map((key) => flightOf(key));
  for (const [parent, flight] of [[a, b], [a, c], [b, c], [c, a]]) wait(parent!, flight!);
  const totals: number[] = [];
  const options = { events: new EventHub(), sizeOf: () => undefined };
  const progress = new Progress(({ total }) => totals.push(total), ["a"], options);
  a!.follow(progress);
  a!.follow(progress);
  assertEquals(totals, [1, 2, 3]);
  assertEquals([a, b, c].map((each) => each!.followers!.add(progress)), [false, false, false]);
});

Deno.test("Waiters leave their flight in any order, and the last one abandons it once", () => {
  const abandoned: string[] = [];
  const parent = flightOf("parent");
  const flight = flightOf("a", undefined, ({ key }) => abandoned.push(key));
  const abort = new AbortController();
  const [first, second, third] = [{}, { signal: abort.signal }, { parent }].map((request) =>
    new Waiter(flight, "a", Text, request)
  );
  assertEquals([waitersOf(flight), [...parent.waitsFor]], [[first, second, third], [flight]]);
  abort.abort();
  assertEquals(waitersOf(flight), [first, third]);
  third!.task[Symbol.dispose]();
  assertEquals([waitersOf(flight), [...parent.waitsFor], abandoned], [[first], [], []]);
  first!.task.withdraw("left");
  first!.task.withdraw("again");
  assertEquals([waitersOf(flight), abandoned], [[], ["a"]]);
});
