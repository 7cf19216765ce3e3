import { assertEquals, assertThrows } from "@std/assert";
import { Flight } from "../src/_flight.ts";

Deno.test("Flight.chain leads from the load that nobody's loader asked for", () => {
  const top = new Flight("top", "normal");
  const low = new Flight("low", "normal", new Flight("mid", "normal", top));
  assertEquals(low.chain, ["top", "mid", "low"]);
});

Deno.test("Flight.pathTo() finds a way along what waits for what, round circles too", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((key) => new Flight(key, "normal"));
  a!.waitsFor.add(b!).add(c!);
  b!.waitsFor.add(a!);
  c!.waitsFor.add(d!);
  assertEquals([a!.pathTo(d!), d!.pathTo(a!), a!.pathTo(a!)], [["a", "c", "d"], undefined, ["a"]]);
});

Deno.test("Flight.abort() aborts its signal, its wait for a place, and what comes after", () => {
  const flight = new Flight("a", "normal");
  const reasons: unknown[] = [];
  flight.cancel = (reason) => reasons.push(reason);
  const { signal } = flight;
  flight.assertWanted();
  flight.abort();
  assertEquals([signal.aborted, flight.over, reasons.length], [true, true, 1]);
  assertThrows(() => flight.assertWanted(), DOMException, "Nobody waits for the load any more");
});
