import { messageOf } from "./errors.ts";

/**
 * Why a resource was unloaded.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text, type UnloadReason } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const reasons: UnloadReason[] = [];
 * using _subscription = mgr.on("unload", ({ reason }) => reasons.push(reason));
 * mgr.load("hero.txt", Text)[Symbol.dispose]();
 * assertEquals(reasons, ["released"]);
 * ```
 */
export type UnloadReason =
  | "released"
  | "evicted"
  | "expired"
  | "unused"
  | "forced"
  | "cleared"
  | "replaced"
  | "disposed";

/**
 * A handle that nobody disposed: it was garbage-collected, or still open when its manager was disposed.
 *
 * @example
 * ```ts
 * import { type Leak, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const leaks: Leak[] = [];
 * using mgr = new ResourceManager({ leaks: { onLeak: (leak) => leaks.push(leak) } });
 * mgr.add("hero", "@"); // forgotten
 * mgr[Symbol.dispose]();
 * assertEquals(leaks, [{ key: "hero", type: "string" }]);
 * ```
 */
export interface Leak {
  /** The key of its resource. */
  key: string;
  /** The name of the resource's type. */
  type: string;
  /** The label of the scope that it belonged to, if any. */
  label?: string;
  /** How many bytes it kept resident, those of its resource, unless that is 0. */
  bytes?: number;
  /** Where it was opened, a frame a line, if `leaks.stacks` captured it. */
  stack?: string;
  /** When it was opened, if `stack` says where: milliseconds of `performance.now()`. */
  openedAt?: number;
}

/**
 * What a manager tells its listeners, by event name. Sizes in bytes, durations in milliseconds.
 *
 * @example
 * ```ts
 * import { MemorySource, type ResourceEvents, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const loads: ResourceEvents["load"][] = [];
 * using _subscription = mgr.on("load", (event) => loads.push(event));
 * using _hero = mgr.load("hero.txt", Text);
 * assertEquals([loads[0]?.key, loads[0]?.type, loads[0]?.bytes], ["hero.txt", "Text", 1]);
 * ```
 */
export interface ResourceEvents {
  /** A resource was read, decoded and cached, or added. */
  load: { key: string; type: string; bytes: number; ms: number };
  /** A resource was unloaded. */
  unload: { key: string; type: string; bytes: number; reason: UnloadReason };
  /** A resource's value was swapped in place. */
  reload: { key: string; version: number; ms: number };
  /**
   * A handle leaked, and its reference has been given back: one event for each. With no listener, the
   * console says it, for each call site together.
   */
  leak: Leak;
  /** Live resources alone now exceed the budget; `bytes` are all. Raised once for each crossing. */
  overbudget: { bytes: number; maxBytes: number };
  /** Something is allowed, but probably not meant. With no listener, `console.warn` says it, once. */
  warning: { message: string; key?: string };
  /** Something failed where no caller could be told, or a reload, whose caller is told too. */
  error: { error: unknown; key?: string };
}

const EVENTS = ["load", "unload", "reload", "leak", "overbudget", "warning", "error"] as const;

/** How many different warnings of a manager go to the console. */
const MAX_PRINTED = 100;

interface Subscription {
  /** Whether it only looks on: the console is told as if it were not there. */
  readonly isTap: boolean;
  listener(event: unknown): void;
}

/** Listeners by event. A listener that throws stops neither the others nor the one who emits. */
export class EventHub {
  readonly #listeners = Object.fromEntries(EVENTS.map((event) => [event, new Set()])) as Record<
    keyof ResourceEvents,
    Set<Subscription>
  >;
  /** The warnings that the console was told. */
  #printed: Set<string> | undefined;

  /** Returns a hub with the same listeners for `events`. It does not keep other listeners alive. */
  only(...events: (keyof ResourceEvents)[]): EventHub {
    const hub = new EventHub();
    for (const event of events) hub.#listeners[event] = this.#listeners[event];
    return hub;
  }

  on<E extends keyof ResourceEvents>(
    event: E,
    listener: (event: ResourceEvents[E]) => void,
  ): Disposable {
    const listeners = this.#listeners;
    if (!Object.hasOwn(listeners, event)) {
      const known = EVENTS.join(", ");
      throw new TypeError(`Cannot listen to "${event}": no such event, use one of ${known}`);
    }
    if (typeof listener !== "function") {
      throw new TypeError(`Cannot listen to "${event}": ${listener} is not a function`);
    }
    return this.#add(event, { listener, isTap: false } as Subscription);
  }

  /** Like `on`, for the library's own eyes: takes no place of the console. */
  tap<E extends keyof ResourceEvents>(
    event: E,
    listener: (event: ResourceEvents[E]) => void,
  ): Disposable {
    return this.#add(event, { listener, isTap: true } as Subscription);
  }

  #add(event: keyof ResourceEvents, subscription: Subscription): Disposable {
    const listeners = this.#listeners[event];
    listeners.add(subscription);
    return { [Symbol.dispose]: () => void listeners.delete(subscription) };
  }

  /** Whether anybody listens. Ask before an event object is made: nobody listening costs nothing. */
  has(event: keyof ResourceEvents): boolean {
    return this.#listeners[event].size > 0;
  }

  /** Whether anybody listens in place of the console. */
  isHeard(event: keyof ResourceEvents): boolean {
    return [...this.#listeners[event]].some(({ isTap }) => !isTap);
  }

  emit<E extends keyof ResourceEvents>(event: E, detail: ResourceEvents[E]): void {
    // A copy, so that a listener may subscribe and leave while an event goes round.
    for (const { listener } of [...this.#listeners[event]]) {
      try {
        listener(detail);
      } catch (error) {
        if (event === "error") print(error);
        else this.fail(error);
      }
    }
  }

  /**
   * Tells of what is probably not meant: a `warning` event, or `console.warn`. That says the same thing
   * once, and no more than a hundred things: a game may ask each frame.
   */
  warn(message: string, key?: string): void {
    this.emit("warning", key === undefined ? { message } : { message, key });
    if (this.isHeard("warning")) return;
    const printed = this.#printed ??= new Set();
    if (printed.has(message) || printed.size > MAX_PRINTED) return;
    printed.add(message);
    if (printed.size <= MAX_PRINTED) console.warn(message);
    else console.warn('More warnings are not printed: listen to the "warning" event');
  }

  /** Tells of an error that has no caller to be thrown to: an `error` event, or `console.error`. */
  fail(error: unknown, key?: string): void {
    if (this.has("error")) this.emit("error", key === undefined ? { error } : { error, key });
    else print(error);
  }
}

/** Not even the console can draw everything that may be thrown. */
function print(error: unknown): void {
  try {
    console.error(error);
  } catch {
    console.error(messageOf(error));
  }
}
