import { assertEquals } from "@std/assert";
import { ChangeStreams } from "../../src/dev/change_streams.ts";

/** Streams of a folder that a test changes, and the listeners of the folder. */
function folder() {
  const listeners = new Set<(key: string) => void>();
  const streams = new ChangeStreams({
    versions: () => ({ "a.txt": "1" }),
    watch(onChange) {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
  });
  const change = (key: string) => {
    for (const listener of listeners) listener(key);
  };
  return { streams, listeners, change };
}

/** Reads the events of a stream. */
function reading({ body }: Response) {
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  return {
    next: async () => (await reader.read()).value,
    leave: () => reader.cancel(),
  };
}

Deno.test("changes while a page does not read are one event, which names each file once", async () => {
  const { streams, change } = folder();
  const { next, leave } = reading(streams.open());
  assertEquals(await next(), 'data: {"files":{"a.txt":"1"}}\n\n');
  for (let i = 0; i < 10_000; i++) change(`${i % 3}.txt`);
  const changed: string[] = [];
  while (changed.length < 3) {
    changed.push(...JSON.parse((await next())!.slice("data: ".length)).changed);
  }
  assertEquals(changed.toSorted(), ["0.txt", "1.txt", "2.txt"]);
  change("1.txt");
  assertEquals(await next(), 'data: {"changed":["1.txt"]}\n\n');
  await leave();
});

Deno.test("a page that leaves is forgotten, and the others receive changes", async () => {
  const { streams, listeners, change } = folder();
  const [left, stays] = [reading(streams.open()), reading(streams.open())];
  for (const { next } of [left, stays]) await next();
  await left.leave();
  assertEquals(listeners.size, 1);
  change("a.txt");
  assertEquals(await stays.next(), 'data: {"changed":["a.txt"]}\n\n');
  streams.end();
  assertEquals([await stays.next(), listeners.size], [undefined, 0]);
});
