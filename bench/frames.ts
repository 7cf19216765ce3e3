/**
 * Plays a world that streams real files, twice: paced by `pump`, and unpaced. Prints the time that
 * the library took in each frame: calls of the game, work between them, and unloading. Exits with 1
 * if that was too long.
 *
 * - `--seconds=N`: the length of each game, 60 by default.
 * - `--chart=FILE`: draws both as an SVG.
 * - `--frames`: lists the longest frames.
 */
import { imageWorkers } from "../src/webgpu.ts";
import { measureUploads, openDevice } from "./frames/gpu.ts";
import { framesChart } from "./frames/chart.ts";
import { Meter, taken } from "./frames/meter.ts";
import { type Outcome, play } from "./frames/play.ts";
import { complaints, PUMP, report } from "./frames/report.ts";
import { ThreadClock } from "./frames/thread_clock.ts";
import { World } from "./frames/world.ts";

const RATE = 60;
/** In this many frames, every part of the script happens. */
const WARM_UP = 900;
const LONGEST = 20;

/** The value of an argument, such as `60` for `--seconds=60`. */
function argument(name: string): string | undefined {
  const prefix = `--${name}=`;
  return Deno.args.find((each) => each.startsWith(prefix))?.slice(prefix.length);
}

function printLongest(how: string, { frames }: Outcome): void {
  const costs = frames.map((cost, frame) => ({ frame, all: taken(cost), ...cost }));
  for (const each of costs.toSorted((a, b) => b.all - a.all).slice(0, LONGEST)) {
    const [calls, between, gc, piece] = [each.calls, each.between, each.collections, each.piece]
      .map((ms) => ms.toFixed(2));
    console.log(
      `${how}, frame ${each.frame}: ${calls} + ${between} - ${gc} ms, longest piece ${piece}`,
    );
  }
}

const seconds = Number(argument("seconds") ?? 60);
if (!(seconds > 0)) throw new RangeError(`Cannot play: "--seconds" gives no positive number`);
using clock = new ThreadClock();
using world = new World({ scale: 1, props: 2_000 });
const device = await openDevice();
using images = imageWorkers();
const meter = new Meter(clock);
if (device !== undefined) measureUploads(device, meter);
const all = { world, images, device, meter, maxMs: PUMP };
console.log(device ? "Textures on the GPU" : "No GPU adapter: pixels stay in memory");
if (!clock.isExact) {
  console.log("The times include other programs: this system has no clock for a thread");
}
for (const pacing of ["pumped", "immediate"] as const) {
  await play({ ...all, pacing, frames: WARM_UP, isTimed: false });
}
console.log(`${(await meter.calibrate()).toFixed(2)} ms: the longest turn with nothing to do`);
const timed = { ...all, frames: Math.round(seconds * RATE), isTimed: true };
const paced = await play({ ...timed, pacing: "pumped" });
const unpaced = await play({ ...timed, pacing: "immediate" });
console.log(report({ paced, unpaced }));
if (Deno.args.includes("--frames")) {
  printLongest("paced", paced);
  printLongest("unpaced", unpaced);
}
const chart = argument("chart");
if (chart !== undefined) Deno.writeTextFileSync(chart, framesChart({ paced, unpaced }));
const problems = complaints({ paced, unpaced });
console.log(problems.length === 0 ? "No frame was late" : problems.join("\n"));
if (problems.length > 0) Deno.exitCode = 1;
device?.destroy();
await device?.lost;
