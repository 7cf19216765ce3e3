import { assertEquals } from "@std/assert";
import { Track } from "../../../src/trace/page/track.ts";

Deno.test("Track.valueAt() is the last value at or before a time", () => {
  const track = new Track();
  assertEquals([track.valueAt(5), track.length, track.peak], [undefined, 0, -Infinity]);
  track.push(10, 3);
  track.push(20, 1);
  assertEquals([9, 10, 19, 20, 99].map((time) => track.valueAt(time)), [undefined, 3, 3, 1, 1]);
  assertEquals(track.peak, 3);
});

Deno.test("Track.set() keeps new values, and only the last one of each moment", () => {
  const track = new Track();
  for (const [time, value] of [[1, 5], [2, 5], [3, 9], [3, 4], [4, 4], [5, 2]] as const) {
    track.set(time, value);
  }
  assertEquals([track.times, track.values], [[1, 3, 5], [5, 4, 2]]);
  assertEquals(track.peak, 5, "9 lasted no time at all");
});

Deno.test("Track.measure() finds the range of any part, also while the track grows", () => {
  const track = new Track();
  const extent = { high: 0, low: 0, zero: false };
  for (let i = 0; i < 600; i++) {
    track.push(i, (i * 7919) % 97);
    for (const [from, to] of [[0, i + 1], [i >> 1, i + 1], [i >> 2, i >> 1], [i, i + 1]] as const) {
      track.measure(from, to, extent);
      const part = track.values.slice(from, to);
      const expected = { high: Math.max(...part), low: Math.min(...part), zero: part.includes(0) };
      assertEquals(extent, expected, `${from} to ${to} of ${i}`);
    }
  }
});
