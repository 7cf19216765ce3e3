import { assertEquals } from "@std/assert";
import { Kind } from "../../../src/trace/kind.ts";
import { Model } from "../../../src/trace/page/model.ts";
import { emptyGame, largeGame, pacedGame, smallGame } from "../_recordings.ts";
import { dataOf, inBatches, packed } from "./_batches.ts";

Deno.test("Model.append() builds the same model from many batches as from one", () => {
  for (const trace of [smallGame(), pacedGame(), largeGame(300, 3000)]) {
    const data = dataOf(trace);
    const whole = new Model(data);
    for (const size of [1, 7, 1000]) {
      const [first, ...batches] = inBatches(data, size);
      const grown = new Model(first);
      for (const batch of batches) grown.append(batch);
      assertEquals(stateOf(grown), stateOf(whole));
    }
  }
});

function stateOf({ rows, totals, excesses, leaks, waiting, duration, count, ...model }: Model) {
  const { evictions, reloads, overbudget, peak } = model;
  const bytes = [totals.live, totals.resident, totals.memory].map(({ times, values }) => ({
    times,
    values,
  }));
  const stories = rows.map(({ key, type, counts: { times, values }, stays, sizes }) => ({
    ...{ key, type, times, values, stays, sizes: sizes.values },
  }));
  const reported = leaks.map(({ row, opened, reported }) => [row.key, opened, reported]);
  const events = { evictions, reloads, overbudget, peak, duration, count };
  return { stories, bytes, excesses, reported, waiting, events };
}

Deno.test("Model.append() adds new keys, types and leaks after the existing ones", () => {
  const model = new Model(dataOf(emptyGame()));
  const load = (elapsed: number, row: number, type: number) => [
    ...[elapsed, row * 16 + Kind.load, 100, type, 1, 0],
  ];
  const none = { keys: [], types: [], stacks: [], leaks: [] };
  model.append({
    ...none,
    ...{ duration: 10, count: 1, keys: ["a/1.png"], types: ["Texture"] },
    events: packed(load(5, 0, 0)),
  });
  assertEquals([model.duration, model.count, model.rows.length], [10, 1, 1]);
  const leak = { type: "Sound", label: "cave", stack: 0, openedAt: 12 };
  model.append({
    ...none,
    ...{ duration: 30, count: 3, keys: ["b/2.wav"], types: ["Sound"], leaks: [leak] },
    stacks: ["    at echo (file:///game/cave.ts:7:3)"],
    events: packed([...load(7, 1, 1), 4, 16 + Kind.leak, 0, 1, Kind.unload, 0]),
  });
  const [first, second] = model.rows;
  assertEquals([first!.type, second!.type], ["Texture", "Sound"]);
  assertEquals(first!.stays, [
    { from: 5, to: 17, peak: 1, loading: 0, reason: "released" },
  ]);
  assertEquals(second!.leaks.map(({ opened, reported }) => [opened, reported]), [[12, 16]]);
  assertEquals(second!.leaks.map(({ site }) => site), ["echo · cave.ts:7"]);
  assertEquals([model.duration, model.count], [30, 4]);
  assertEquals([...model.directories.keys()], ["a/", "b/"]);
  model.append({ ...none, duration: 50, count: 0, events: "" });
  assertEquals([model.duration, second!.agesAt(50).live], [50, 38]);
});
