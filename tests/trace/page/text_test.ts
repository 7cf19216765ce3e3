import { assertEquals } from "@std/assert";
import {
  commonDirectory,
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  formatMoment,
  formatTime,
  plural,
  splitKey,
  ticks,
  timeTicks,
  visible,
} from "../../../src/trace/page/text.ts";

Deno.test("formatBytes() has three digits and a decimal unit", () => {
  const texts = [0, 999, 1000, 1536, 999_499, 999_999, 12_345_678, 7e15].map(formatBytes);
  assertEquals(texts, ["0 B", "999 B", "1 kB", "1.54 kB", "999 kB", "1 MB", "12.3 MB", "7000 TB"]);
});

Deno.test("formatDuration() chooses a suitable unit", () => {
  const texts = [0, 12, 1234, 999_499, 999_999, 1_500_000, 61e6, 3_599e6].map(formatDuration);
  assertEquals(texts, [
    "0 µs",
    "12 µs",
    "1.23 ms",
    "999 ms",
    "1 s",
    "1.5 s",
    "1 min 1 s",
    "59 min 59 s",
  ]);
});

Deno.test("formatDuration(), formatTime() and formatMoment() write hours as h:mm:ss", () => {
  const [hour, week] = [3600e6, 7 * 24 * 3600e6];
  const times = [hour, 3 * hour + 61e6, week];
  assertEquals(times.map(formatDuration), ["1:00:00", "3:01:01", "168:00:00"]);
  assertEquals(times.map(formatMoment), ["1:00:00", "3:01:01", "168:00:00"]);
  assertEquals(times.map((time) => formatTime(time, 60e6)), ["1:00:00", "3:01:01", "168:00:00"]);
  assertEquals(formatTime(hour + 1_250_000, 50_000), "1:00:01.25");
  assertEquals(formatTime(90e6, 30e6), "0:01:30");
  assertEquals([59_999_000, 125_400_000].map(formatMoment), ["59.999 s", "0:02:05"]);
  assertEquals(formatMoment(-150_000), "150 ms before");
  assertEquals([59_960_000, 59.99e6, 3599.9e6].map(formatDuration), [
    ...["1 min 0 s", "1 min 0 s", "1:00:00"],
  ]);
});

Deno.test("formatChange() shows with a sign whether bytes came or went", () => {
  assertEquals([1500, -20, 0].map(formatChange), ["+1.5 kB", "−20 B", "±0 B"]);
});

Deno.test("timeTicks() above a second are those of a clock", () => {
  const [minute, hour] = [60e6, 3600e6];
  const stepOf = (time: number) => timeTicks(0, time, 10).step;
  assertEquals([10, 2e6, 45e6, 10 * minute].map(stepOf), [1, 200_000, 5e6, minute]);
  assertEquals([3 * hour, 24 * hour, 168 * hour].map(stepOf), [30 * minute, 3 * hour, 24 * hour]);
  assertEquals(timeTicks(0, 1e5 * hour, 10).at.length, 9);
  assertEquals(timeTicks(hour, 1.5 * hour, 4), {
    step: 10 * minute,
    at: [hour, hour + 10 * minute, hour + 20 * minute, hour + 30 * minute],
  });
});

Deno.test("formatTime() is as exact as the step between two moments", () => {
  assertEquals(formatTime(0, 100_000), "0 ms");
  assertEquals(formatTime(250_000, 50_000), "250 ms");
  assertEquals(formatTime(1_250_000, 50_000), "1.25 s");
  assertEquals(formatTime(20e6, 10e6), "20 s");
  assertEquals(formatTime(1_250_125, 5), "1\u202f250.125 ms");
  assertEquals(formatTime(40, 10), "40 µs");
});

Deno.test("formatMoment() is exact to the microsecond below a second, and to the millisecond above", () => {
  const texts = [7, 1500, 800_000, 1_234_567, 5_400_000_000].map(formatMoment);
  assertEquals(texts, ["7 µs", "1.5 ms", "800 ms", "1.235 s", "1:30:00"]);
});

Deno.test("formatCount() groups thousands, and plural() says one or many", () => {
  assertEquals([1, 1234, 1234567].map(formatCount), ["1", "1\u202f234", "1\u202f234\u202f567"]);
  assertEquals([plural(1, "leak"), plural(0, "leak"), plural(2000, "leak")], [
    "1 leak",
    "0 leaks",
    "2\u202f000 leaks",
  ]);
});

Deno.test("ticks() are multiples of 1, 2 or 5 times a power of ten, and not more than fit", () => {
  assertEquals(ticks(0, 100, 10), { step: 10, at: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100] });
  assertEquals(ticks(130, 300, 5), { step: 50, at: [150, 200, 250, 300] });
  assertEquals(ticks(0, 9, 3), { step: 5, at: [0, 5] });
});

Deno.test("commonDirectory() is the directory that contains all files", () => {
  const at = (...paths: string[]) => paths.map((path) => `at f (${path}:1:2)`).join("\n");
  const stacks = [
    at("file:///game/src/a.ts", "file:///game/src/x/b.ts"),
    at("file:///game/srv/c.ts"),
  ];
  assertEquals(commonDirectory(stacks), "file:///game/");
  assertEquals(commonDirectory([at("file:///game/src/a.ts")]), "file:///game/src/");
  assertEquals(commonDirectory([at("file:///a.ts", "https://b.ts/c.ts")]), "");
  assertEquals(commonDirectory(["", "at f (<anonymous>)"]), "");
});

Deno.test("commonDirectory() is fast for any long stack", () => {
  for (const part of ["a", "1", ":", "/", "a://", "a://b ", "(", " "]) {
    const text = part.repeat(200_000);
    commonDirectory([
      text,
      `at f (file:///${text}:1:2)`,
      `file://${text}`,
      "file:///game/a.ts:1:2",
    ]);
  }
});

Deno.test("visible() writes characters that are invisible or change the direction as codes", () => {
  assertEquals(visible("a\nb\u202ec\u200b\u0000"), "a\\u000ab\\u202ec\\u200b\\u0000");
  assertEquals(visible("chars/héros-日本.png"), "chars/héros-日本.png");
});

Deno.test("splitKey() splits a key before its file name", () => {
  assertEquals(splitKey("chars/hero/walk.png"), ["chars/hero/", "walk.png"]);
  assertEquals(splitKey("hero.png"), ["", "hero.png"]);
  assertEquals(splitKey("a/b.sheet?2x/y#run/1"), ["a/", "b.sheet?2x/y#run/1"]);
  assertEquals(splitKey("b.sheet#run/1"), ["", "b.sheet#run/1"]);
});
