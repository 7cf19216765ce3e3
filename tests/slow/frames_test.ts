/** A short game of `deno task frames`, without a clock: it loads and unloads everything. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { distributionOf } from "../../bench/frames/distribution.ts";
import { framesChart } from "../../bench/frames/chart.ts";
import { Meter } from "../../bench/frames/meter.ts";
import { type Outcome, play } from "../../bench/frames/play.ts";
import { complaints, wrong } from "../../bench/frames/report.ts";
import { ThreadClock } from "../../bench/frames/thread_clock.ts";
import { World } from "../../bench/frames/world.ts";
import { imageWorkers } from "../../src/webgpu.ts";

const PROPS = 150;

/** Plays a small world. A frame does not wait for a time, but for the work that it has started. */
async function playInShort(pacing: "pumped" | "immediate"): Promise<Outcome> {
  using world = new World({ scale: 1 / 32, props: PROPS });
  using images = imageWorkers();
  using clock = new ThreadClock();
  const [meter, device] = [new Meter(clock), undefined];
  const all = { world, images, device, meter, pacing };
  return await play({ ...all, maxMs: 0, frames: 600, isTimed: false });
}

Deno.test("a streaming world loads, reloads and unloads everything in its script, paced and unpaced", async () => {
  const paced = await playInShort("pumped");
  const unpaced = await playInShort("immediate");
  assertEquals([...wrong("paced", paced), ...wrong("unpaced", unpaced)], []);
  for (const { tally } of [paced, unpaced]) {
    const { loaded, unloaded, leaked, reloaded, failed, planned, overbudget } = tally;
    assert(loaded > 2 * PROPS && reloaded >= 12 && overbudget > 0, Deno.inspect(tally));
    assertEquals([unloaded, leaked, failed], [loaded, 0, planned]);
  }
  assertEquals([paced.mostPieces, unpaced.mostPieces], [1, 0]); // a pump without time runs one piece
});

/** An outcome with a frame for each of these costs, in ms. */
function outcomeOf(costs: readonly number[], piece = 0): Outcome {
  const tally = { loaded: 1, unloaded: 1, reloaded: 0, failed: 0, planned: 0, edits: 0, leaked: 0 };
  return {
    frames: costs.map((between) => ({ calls: 0, between, collections: 0, piece })),
    tally: { ...tally, overbudget: 0 },
    mostPieces: 0,
    left: { resources: 0, bytes: 0, queued: 0 },
  };
}

Deno.test("deno task frames reports each aim that is missed, and nothing else", () => {
  const good = outcomeOf([1, 2, 3]);
  const slow = outcomeOf([1, 2, 300]);
  assertEquals(complaints({ paced: good, unpaced: slow }), []);
  assertEquals(complaints({ paced: outcomeOf([5], 2), unpaced: slow }), [
    "one paced frame in 1 000 took 5.00 ms, and not 4 ms",
  ]);
  assertEquals(complaints({ paced: outcomeOf([7], 2), unpaced: good }), [
    "1 paced frames took more than 4 ms and one piece: 7.00 ms with a piece of 2.00 ms",
    "one paced frame in 1 000 took 7.00 ms, and not 4 ms",
    "unpaced, the longest frame is 0.4 ×, and not 10 ×",
  ]);
  const left = { ...good, left: { resources: 1, bytes: 0, queued: 2 } };
  assertEquals(complaints({ paced: left, unpaced: slow }), [
    "paced, 1 resources were left",
    "paced, 2 queued were left",
  ]);
});

Deno.test("distributionOf() returns the percentiles, the maximum, and how many frames exceed a limit", () => {
  const costs = Array.from({ length: 1_000 }, (_, i) => 1_000 - i);
  const { p50, p99, p999, max, over } = distributionOf(costs, 990);
  assertEquals([p50, p99, p999, max, over], [500, 990, 999, 1_000, 10]);
});

Deno.test("framesChart() draws paced and unpaced frames, in colours for dark and for light pages", () => {
  const svg = framesChart({ paced: outcomeOf([1, 2]), unpaced: outcomeOf([300, 2]) });
  assertMatch(svg, /^<svg .*prefers-color-scheme: dark.*<\/svg>\n$/s);
  assertEquals(svg.match(/class="bars"/g)?.length, 2);
  assert(!svg.includes("NaN"));
});
