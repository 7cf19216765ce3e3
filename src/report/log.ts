import { format as formatBytes } from "@std/fmt/bytes";
import { messageOf } from "../contract/errors.ts";
import type { ResourceEvents } from "../contract/events.ts";
import { printable } from "../contract/printable.ts";
import { cyan, dim, green, red, yellow } from "./colors.ts";

/**
 * Prints one line for each event of a manager (loads, unloads, evictions, leaks, errors and others),
 * until the result is disposed. While it listens, the manager prints no other lines about leaks,
 * warnings and errors. Characters that could break a line or reverse its text are printed as escapes,
 * such as `\u001b`. Each line costs as much as `console.log`; without a call there is no cost.
 *
 * @example
 * ```ts
 * import { logEvents, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * using _log = logEvents(mgr);
 * using intro = mgr.load("intro.txt", Text); // load    intro.txt (Text, 5 B, 0.1 ms)
 * ```
 */
export function logEvents(manager: {
  on<E extends keyof ResourceEvents>(
    event: E,
    listener: (event: ResourceEvents[E]) => void,
  ): Disposable;
}): Disposable {
  const print = (verb: string, what: string, detail: string) =>
    console.log(`${verb} ${printable(what)} ${dim(`(${printable(detail)})`)}`);
  const log = new DisposableStack();
  log.use(manager.on("load", ({ key, type, bytes, ms }) => {
    print(green("load   "), key, `${type}, ${formatBytes(bytes)}, ${ms.toFixed(1)} ms`);
  }));
  log.use(manager.on("unload", ({ key, type, bytes, reason }) => {
    const verb = reason === "evicted" ? yellow("evict  ") : cyan("unload ");
    print(verb, key, `${type}, ${formatBytes(bytes)}, ${reason}`);
  }));
  log.use(manager.on("reload", ({ key, version, ms }) => {
    print(green("reload "), key, `version ${version}, ${ms.toFixed(1)} ms`);
  }));
  log.use(manager.on("leak", ({ key, type, label, stack }) => {
    const where = stack?.split("\n")[0]?.trim();
    print(red("leak   "), key, [type, label, where].filter(Boolean).join(", "));
  }));
  log.use(manager.on("overbudget", ({ bytes, maxBytes }) => {
    print(yellow("budget "), formatBytes(bytes), `over ${formatBytes(maxBytes)}`);
  }));
  log.use(manager.on("warning", ({ message }) => printMessage(yellow("warning"), message)));
  log.use(manager.on("error", ({ error }) => printMessage(red("error  "), messageOf(error))));
  return log;
}

function printMessage(verb: string, message: string): void {
  console.log(`${verb} ${printable(message.replaceAll("\n", " "))}`);
}
