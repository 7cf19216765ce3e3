import { collectGarbage } from "../../src/testing.ts";
import { pause } from "./files.ts";
import type { Check, Findings } from "./findings.ts";
import type { Gpu } from "./gpu.ts";
import { median } from "../_median.ts";

const MiB = 2 ** 20;
/** How long to wait for closing sockets, in ms. */
const SOCKETS = 250;

/** A measured quantity, and how much it may grow between the warm-up and the end. */
interface Gauge {
  readonly check: Check;
  readonly name: string;
  readonly isBytes: boolean;
  /** The allowed growth relative to the value after the warm-up, */
  readonly share: number;
  /** and the absolute growth in addition. */
  readonly slack: number;
  read(gpu: Gpu | undefined): number;
  /** The highest value, if it is known better than from the samples. */
  peak?(gpu: Gpu | undefined): number;
}

/**
 * - The heap is exact after collections, but the engine compiles a few hundred kB of code as it
 *   runs.
 * - RSS includes memory that the allocator keeps for later. With four players it varies by some MiB
 *   between managers. A tenth is more than that, and less than any leak of values would take.
 * - Descriptors are exact after the sockets of the server have closed.
 * - GPU bytes are exact, and must be 0, because no manager is left.
 */
const GAUGES: readonly Gauge[] = [
  {
    ...{ check: "heap", name: "JS heap", isBytes: true, share: 0.05, slack: MiB },
    read: () => Deno.memoryUsage().heapUsed,
  },
  {
    ...{ check: "rss", name: "RSS", isBytes: true, share: 0.1, slack: 16 * MiB },
    read: () => Deno.memoryUsage().rss,
  },
  { check: "files", name: "descriptors", isBytes: false, share: 0, slack: 0, read: descriptors },
  {
    ...{ check: "gpu", name: "GPU textures", isBytes: true, share: 0, slack: 0 },
    read: (gpu) => gpu?.bytes ?? 0,
    peak: (gpu) => gpu?.peak ?? 0,
  },
];

/** The values of one gauge. */
export interface Reading {
  readonly name: string;
  readonly isBytes: boolean;
  readonly early: number;
  readonly late: number;
  readonly most: number;
  readonly limit: number;
}

/** Reads gauges between two managers, when everything should be freed. */
export class Gauges {
  readonly #samples = new Map<Gauge, number[]>(GAUGES.map((gauge) => [gauge, []]));

  /** Takes a sample of each gauge, after garbage, GPU work and sockets have settled. */
  async sample(gpu: Gpu | undefined): Promise<void> {
    await collectGarbage();
    await gpu?.idle();
    await this.#settleDescriptors();
    for (const [gauge, samples] of this.#samples) samples.push(gauge.read(gpu));
  }

  /** Waits for sockets, which close a moment after their server. */
  async #settleDescriptors(): Promise<void> {
    const least = Math.min(...[...this.#samples].find(([{ check }]) => check === "files")![1]);
    const end = performance.now() + SOCKETS;
    while (descriptors() > least && performance.now() < end) await pause(5);
  }

  /**
   * Compares the medians at the end with those after the warm-up, so that no single sample decides.
   */
  judge(findings: Findings, gpu: Gpu | undefined): Reading[] {
    return [...this.#samples].map(([gauge, all]) => {
      const { check, name, isBytes, share, slack } = gauge;
      const samples = all.slice(Math.floor(all.length / 4));
      const third = Math.max(1, Math.floor(samples.length / 3));
      const [early, late] = [samples.slice(0, third), samples.slice(-third)].map(median);
      const limit = early! * (1 + share) + slack;
      const reason = () => `${name}: ${late} at the end, ${early} after the warm-up`;
      findings.check(check, late! <= limit, reason);
      const most = gauge.peak?.(gpu) ?? Math.max(...all);
      return { name, isBytes, early: early!, late: late!, most, limit };
    });
  }
}

/** How many files, sockets and watches are open; 0 on systems that do not report it. */
function descriptors(): number {
  if (Deno.build.os !== "linux") return 0;
  return [...Deno.readDirSync("/proc/self/fd")].length;
}
