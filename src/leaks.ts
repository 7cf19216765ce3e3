import { bold, dim, yellow } from "@std/fmt/colors";
import type { LeakPolicy } from "./_cache.ts";
import type { Leak } from "./events.ts";
import { SiteSampler } from "./_leak_detector.ts";

/** What is done about handles that nobody disposes. */
export interface LeakOptions {
  /**
   * Whether handles are watched.
   *
   * @default {true}
   */
  detect?: boolean;
  /**
   * Captures the call site of each handle, or of one in so many. Costs some 25 µs for each that
   * is captured.
   *
   * @default {false}
   */
  stacks?: boolean | number;
  /** Called for each leak. By default, one `console.warn` says it. */
  onLeak?(leak: Leak): void;
}

/**
 * What a cache does about leaks, by the options.
 *
 * @throws {RangeError} `stacks` is no whole number of 1 or more.
 */
export function createLeakPolicy(options: LeakOptions = {}): LeakPolicy {
  const { detect = true, stacks = false } = options;
  const interval = Number(stacks);
  if (!Number.isInteger(interval) || interval < 0) {
    throw new RangeError(
      `Cannot create a ResourceManager: "leaks.stacks" must be a boolean or a whole number: received ${stacks}`,
    );
  }
  return {
    detect,
    sites: interval === 0 ? undefined : new SiteSampler(interval),
    report(leak, where) {
      if (options.onLeak !== undefined) options.onLeak(leak);
      else console.warn(describeLeak(leak, where));
    },
  };
}

function describeLeak({ key, type, label, stack }: Leak, where: string): string {
  const scope = label ? ` of "${label}"` : "";
  const hint = stack ?? dim("    set leaks.stacks to see where it was opened");
  return `${yellow("Leaked handle")}: ${bold(`"${key}"`)} (${type})${scope} was ${where}\n${hint}`;
}
