import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { EventHub } from "../../src/contract/events.ts";
import { captured } from "../_console.ts";

Deno.test("EventHub.on() calls listeners in order until they unsubscribe, and a function twice if it subscribed twice", () => {
  const hub = new EventHub();
  const log: string[] = [];
  const listener = ({ message }: { message: string }) => log.push(message);
  assertFalse(hub.has("warning"));
  const first = hub.on("warning", listener);
  using _second = hub.on("warning", listener);
  assert(hub.has("warning"));
  hub.emit("warning", { message: "one" });
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  hub.emit("warning", { message: "two" });
  assertEquals(log, ["one", "one", "two"]);
});

Deno.test("EventHub.on() refuses an unknown event", () => {
  for (const event of ["lod", "toString", "__proto__", "\n"]) {
    assertThrows(
      () => new EventHub().on(event as "load", () => {}),
      TypeError,
      `Cannot listen to ${JSON.stringify(event)}: no such event, use one of load, unload`,
    );
  }
});

Deno.test("EventHub.on() refuses a listener that is not a function", () => {
  assertThrows(
    () => new EventHub().on("load", undefined as never),
    TypeError,
    'Cannot listen to "load": undefined is not a function',
  );
});

Deno.test("EventHub.fail() goes to the error event, and to console.error when nobody listens", () => {
  const hub = new EventHub();
  const failure = new Error("x");
  assertEquals(captured("error", () => hub.fail(failure)), [failure]);
  const seen: unknown[] = [];
  using _errors = hub.on("error", (event) => seen.push(event));
  hub.fail(failure);
  hub.fail(failure, "key");
  assertEquals(seen, [{ error: failure }, { error: failure, key: "key" }]);
});

Deno.test("EventHub.warn() goes to the warning event, and to console.warn when nobody listens", () => {
  const hub = new EventHub();
  using _tap = hub.tap("warning", () => {});
  assertEquals(captured("warn", () => hub.warn("a", "key")), ["a"]);
  const seen: unknown[] = [];
  using _warnings = hub.on("warning", (event) => seen.push(event));
  assertEquals(captured("warn", () => [hub.warn("b"), hub.warn("c", "key")]), []);
  assertEquals(seen, [{ message: "b" }, { message: "c", key: "key" }]);
});

Deno.test("EventHub.warn() prints each warning once, and a hundred at the most", () => {
  const hub = new EventHub();
  const printed = captured("warn", () => {
    for (let i = 0; i < 1_000; i++) {
      hub.warn("again");
      hub.warn(`warning ${i}`);
    }
  });
  assertEquals(printed.slice(0, 3), ["again", "warning 0", "warning 1"]);
  assertEquals([printed.length, printed.at(-2)], [101, "warning 98"]);
  assertEquals(printed.at(-1), 'More warnings are not printed: listen to the "warning" event');
  const seen: unknown[] = [];
  using _warnings = hub.on("warning", (event) => seen.push(event));
  hub.warn("again");
  hub.warn("again");
  assertEquals(seen.length, 2);
});

Deno.test("EventHub.tap() receives events like a listener, and does not replace the console", () => {
  const hub = new EventHub();
  const log: string[] = [];
  const tap = hub.tap("leak", ({ key }) => log.push(key));
  assertEquals([hub.has("leak"), hub.isHeard("leak")], [true, false]);
  const listener = hub.on("leak", () => {});
  assert(hub.isHeard("leak"));
  hub.emit("leak", { key: "a", type: "Text" });
  listener[Symbol.dispose]();
  tap[Symbol.dispose]();
  assertEquals([log, hub.has("leak"), hub.isHeard("leak")], [["a"], false, false]);
});

Deno.test("what an error listener throws goes to console.error, and not to the listener again", () => {
  const hub = new EventHub();
  const failure = new Error("x");
  let calls = 0;
  using _errors = hub.on("error", () => {
    calls++;
    throw failure;
  });
  assertEquals(captured("error", () => hub.fail(1)), [failure]);
  assertEquals(calls, 1);
});
