import { assertEquals } from "@std/assert";
import { closeAll, movedWith } from "../../src/worker/moved.ts";

Deno.test("movedWith() finds each buffer, port and stream once, however deep it is", () => {
  const { buffer } = new Uint8Array(4);
  const { port1, port2 } = new MessageChannel();
  const stream = new ReadableStream();
  const value: Record<string, unknown> = {
    views: [new Uint8Array(buffer), new DataView(buffer, 1)],
    map: new Map<unknown, unknown>([["port", port1], [new Set([stream]), null]]),
    text: "text",
    shared: new SharedArrayBuffer(1),
    date: new Date(0),
  };
  value.self = value;
  assertEquals(new Set(movedWith(value)), new Set<unknown>([buffer, port1, stream]));
  for (const nothing of [undefined, null, 1, "text", () => {}]) {
    assertEquals(movedWith(nothing), []);
  }
  port1.close();
  port2.close();
});

Deno.test("closeAll() closes everything that can be closed", async () => {
  const png = await Deno.readFile(
    new URL("../../examples/assets/common/coin.png", import.meta.url),
  );
  const bitmap = await createImageBitmap(new Blob([png]));
  closeAll({ bitmap, bytes: new Uint8Array(1) });
  assertEquals(bitmap.width, 0);
});
