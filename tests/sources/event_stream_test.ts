import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { readEvents } from "../../src/sources/event_stream.ts";

/** The data of the events in `chunks`. */
async function eventsIn(...chunks: (string | Uint8Array<ArrayBuffer>)[]): Promise<string[]> {
  const encoder = new TextEncoder();
  const bytes = chunks.map((each) => typeof each === "string" ? encoder.encode(each) : each);
  const events: string[] = [];
  await readEvents(new Response(ReadableStream.from(bytes)), (data) => events.push(data));
  return events;
}

Deno.test("readEvents() passes on the data of each complete event", async () => {
  assertEquals(await eventsIn("data:1\n\ndata: 2\n\n", "data:3"), ["1", " 2"]);
  assertEquals(await eventsIn("\uFEFFdata:1\ndata:2\n\n"), ["1\n2"]);
  assertEquals(await eventsIn(": ping\n\nid: 7\nevent: x\nretry: 1\n\ndata\n\ndatum:1\n\n"), []);
  assertEquals(await eventsIn("data:a\r\n\r\ndata:b\r\rdata:c\n\n"), ["a", "b", "c"]);
});

Deno.test("readEvents() finds the same events, wherever the chunks are cut", async () => {
  const events = [..."ü€😀"].map((each, i) =>
    `data:${each}\r\ndata: ${i}${"\r\n\n\r".slice(i, i + 2)}`
  );
  const bytes = new TextEncoder().encode(events.join("\n") + "\n\n");
  const whole = await eventsIn(bytes);
  assertEquals(whole[0], "ü\n 0");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
      const parts = ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
      assertEquals(await eventsIn(...parts), whole);
    }),
    { numRuns: 200 },
  );
});

Deno.test("readEvents() joins a line of thousands of chunks", async () => {
  const part = new TextEncoder().encode("x".repeat(100));
  const parts = Array.from({ length: 5_000 }, () => part);
  const [event] = await eventsIn("data:", ...parts, "\n\n");
  assertEquals(event, "x".repeat(500_000));
});

Deno.test("readEvents() rejects for an event that does not end, and cancels the stream", async () => {
  let cancelled = false;
  const chunk = new TextEncoder().encode(`data:${"x".repeat(2 ** 20)}\n`);
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(chunk),
    cancel: () => void (cancelled = true),
  });
  const reading = readEvents(new Response(body), () => {});
  await assertRejects(() => reading, Error, "has more than 67108864 bytes");
  assertEquals(cancelled, true);
});

Deno.test("readEvents() limits each event, not the whole stream", async () => {
  const event = new TextEncoder().encode(`data:${"x".repeat(2 ** 20)}\n\n`);
  let length = 0;
  await readEvents(
    new Response(ReadableStream.from(Array.from({ length: 66 }, () => event))),
    (data) => length += data.length,
  );
  assertEquals(length, 66 * 2 ** 20);
});
