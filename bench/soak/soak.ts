import { emptyTally, type EraOptions, playEra, POLICIES } from "./era.ts";
import { Files } from "./files.ts";
import { Findings } from "./findings.ts";
import { Gauges } from "./gauges.ts";
import { Gpu } from "./gpu.ts";
import { describe } from "./judge.ts";
import { plantAll } from "./plants.ts";
import { Random } from "./random.ts";
import type { Outcome } from "./report.ts";

/** The longest era, in ms. A long soak has more managers instead, and so more samples. */
const LONGEST_ERA = 4_000;
/** The least number of managers: two rounds of all policies. */
const LEAST_ERAS = 2 * POLICIES.length;
/** The part of the time for play in a short soak. The rest is for collections and comparisons. */
const PLAY = 0.6;
/** How long to wait for something that must happen, in ms; less if a plant prevents it. */
const PATIENCE = 10_000;
const PLANTED_PATIENCE = 500;

/** Options for a soak. */
export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Whether to do harm that every check must find. */
  readonly plants: boolean;
}

/** Plays a long game, and checks everything that must hold. */
export async function soak(options: SoakOptions): Promise<Outcome> {
  const { seed } = options;
  const findings = new Findings();
  using _rejections = watchRejections(findings);
  const gpu = await Gpu.open((message) => {
    findings.check("errors", false, () => `GPU: ${message}`);
  });
  await using _gpu = gpu;
  if (gpu === undefined) findings.skipped.set("gpu", "no adapter");
  if (Deno.build.os !== "linux") findings.skipped.set("files", "only Linux tells");
  const random = new Random(seed);
  using files = new Files(random.fork(), { textures: gpu !== undefined });
  const world = { files, findings, device: gpu?.device };
  const gauges = new Gauges();
  const tally = emptyTally();
  const started = performance.now();
  for (const era of eras(options, random, gpu)) {
    await playEra(world, era, tally);
    await gauges.sample(gpu);
  }
  const seconds = (performance.now() - started) / 1000;
  const readings = gauges.judge(findings, gpu);
  return { seed, seconds, tally, edits: files.edits, readings, findings };
}

/** The options of one manager after another, until the time is over. */
function* eras(
  { seconds, plants }: SoakOptions,
  random: Random,
  gpu: Gpu | undefined,
): Generator<EraOptions> {
  const end = performance.now() + seconds * 1000;
  for (let era = 0; era < LEAST_ERAS || performance.now() < end; era++) {
    yield {
      policy: { ...POLICIES[era % POLICIES.length] },
      random: random.fork(),
      length: Math.min(LONGEST_ERA, PLAY * seconds * 1000 / LEAST_ERAS),
      // Each policy alternates from one round to the next.
      collects: (era + Math.floor(era / POLICIES.length)) % 2 === 0,
      patience: plants ? PLANTED_PATIENCE : PATIENCE,
      plant: plants ? (game) => plantAll(game, { era, gpu }) : undefined,
    };
  }
}

/** Reports unhandled rejections. Also counts one check that holds, for a soak without any. */
function watchRejections(findings: Findings): Disposable {
  findings.check("rejections", true, () => "");
  const listener = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    findings.check("rejections", false, () => describe(event.reason));
  };
  addEventListener("unhandledrejection", listener);
  return { [Symbol.dispose]: () => removeEventListener("unhandledrejection", listener) };
}
