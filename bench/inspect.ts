/**
 * Measures the cost of a panel for its game: the time of an event while it is open, without a page
 * and with a page that gets a message every other frame, and the time of a hit before and after.
 * Checks that the page received everything, and exits with 1 if a limit is passed.
 */
import type { ResourceManager } from "../mod.ts";
import { Panel } from "../src/inspect/panel.ts";
import { report } from "./_report.ts";
import { BareMap, filled, loadAndDispose, nameOf, prove } from "./_sprites.ts";

const NAMES = 10_000;
const HOT = 7;
const ROUNDS = 3_000;
/** The limit for an event, in ns. A hit and its disposal are two events. */
const EVENT_LIMIT = 300;
/**
 * The limit for a hit after the panel, as a multiple of a hit before it, both relative to the bare
 * map.
 */
const AFTER_LIMIT = 1.4;
/** The hits in one message, for a game with 2 000 events a second and for one with 120 000. */
const CALM = 33;
const BUSY = 2_000;

const hot = nameOf(HOT);
const map = new BareMap(NAMES);

/** The tenth percentile, which other work of the machine does not reach. */
function quick(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 10)]!;
}

/**
 * The nanoseconds of a hit and its disposal, with a call of `between` after every `hits` of them.
 */
function measure(mgr: ResourceManager | BareMap, hits: number, between = () => {}): number {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const sum = mgr instanceof BareMap ? mgr.run(hot, hits) : loadAndDispose(mgr, hot, hits);
    between();
    times.push((performance.now() - start) / hits * 1e6);
    prove("the game", sum === HOT * hits);
  }
  return quick(times);
}

/** The same with a page, including the work of its server. */
function measureWithPage(mgr: ResourceManager, hits: number): number {
  const panel = new Panel(mgr, {});
  const feed = panel.open(() => {});
  const encoder = new TextEncoder();
  let events = 0;
  let bytes = 0;
  const tell = () => {
    feed.tick();
    const message = feed.next()!;
    events += (message.begin ?? message.more)!.count;
    bytes += encoder.encode(`data: ${JSON.stringify(message)}\n\n`).length;
  };
  const time = measure(mgr, hits, tell);
  panel.close(feed);
  panel.stop();
  // A page that holds enough starts again, and receives all recorded events once more.
  prove("the page", events >= 2 * hits * ROUNDS && bytes > events);
  return time;
}

const mgr = filled(NAMES);
mgr.acquire(hot);
measure(mgr, BUSY); // compiles
const bareBefore = measure(map, BUSY);
const before = measure(mgr, BUSY);
report("before any panel", before, { unit: "ns a hit" });
{
  const panel = new Panel(mgr, {});
  const alone = measure(mgr, BUSY);
  panel.stop();
  report("a panel without a page", alone / 2, { unit: "ns an event", atMost: EVENT_LIMIT });
}
measureWithPage(mgr, BUSY); // compiles
report("a page, 66 events in a message", measureWithPage(mgr, CALM) / 2, {
  unit: "ns an event",
  atMost: EVENT_LIMIT,
});
report("a page, 4 000 events in a message", measureWithPage(mgr, BUSY) / 2, {
  unit: "ns an event",
  atMost: EVENT_LIMIT,
});
const bareAfter = measure(map, BUSY);
const limit = before * bareAfter / bareBefore * AFTER_LIMIT;
report("after the panel", measure(mgr, BUSY), { unit: "ns a hit", atMost: limit });
