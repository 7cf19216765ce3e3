import { collectGarbage } from "../../src/testing.ts";
import { pause } from "./files.ts";
import type { Check, Findings } from "./findings.ts";
import type { Gpu } from "./gpu.ts";
import { median } from "../_median.ts";

const MiB = 2 ** 20;
/** For how long to wait for sockets that are closing, in ms. */
const SOCKETS = 250;

/** What is read off, and how much more of it there may be at the end than after the warm-up. */
interface Gauge {
  readonly check: Check;
  readonly name: string;
  readonly isBytes: boolean;
  /** In parts of what there was, */
  readonly share: number;
  /** and besides. */
  readonly slack: number;
  read(gpu: Gpu | undefined): number;
  /** The most that there ever was, if more is known of that than the samples. */
  peak?(gpu: Gpu | undefined): number;
}

/**
 * - The heap is settled by collections and exact; what the engine compiles while it gets to know the
 *   code is a few hundred kB.
 * - RSS is what the allocator keeps for later too. With four players it differs by some MiB from one
 *   manager to the next; a tenth is more than that, and less than what any leak of values would be.
 * - Descriptors are exact, once the sockets of the server have gone.
 * - GPU bytes are exact: no manager is left, so there must be none.
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

/** What one gauge has shown. */
export interface Reading {
  readonly name: string;
  readonly isBytes: boolean;
  readonly early: number;
  readonly late: number;
  readonly most: number;
  readonly limit: number;
}

/** Reads gauges between two managers, when there should be nothing left of any. */
export class Gauges {
  readonly #samples = new Map<Gauge, number[]>(GAUGES.map((gauge) => [gauge, []]));

  /** Takes a sample of each, after what is on its way out has gone. */
  async sample(gpu: Gpu | undefined): Promise<void> {
    await collectGarbage();
    await gpu?.idle();
    await this.#settleDescriptors();
    for (const [gauge, samples] of this.#samples) samples.push(gauge.read(gpu));
  }

  /** Sockets close a moment after their server has. */
  async #settleDescriptors(): Promise<void> {
    const least = Math.min(...[...this.#samples].find(([{ check }]) => check === "files")![1]);
    const end = performance.now() + SOCKETS;
    while (descriptors() > least && performance.now() < end) await pause(5);
  }

  /** Compares the end with what was after the warm-up: medians, so that one sample decides nothing. */
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

/** How many files, sockets and watches are open, where the system tells. */
function descriptors(): number {
  if (Deno.build.os !== "linux") return 0;
  return [...Deno.readDirSync("/proc/self/fd")].length;
}
