import { messageOf } from "./errors.ts";
import { quote } from "./printable.ts";

/**
 * Why a resource was unloaded.
 *
 * - `"released"`: its last reference was released, and idle resources are not kept.
 * - `"evicted"`: space was needed, for `maxBytes`, `maxEntries` or `trim`.
 * - `"expired"`: it was idle for `maxAge`.
 * - `"unused"`: `unload` or `unloadUnused` found it idle.
 * - `"forced"`: `unload` with `force`.
 * - `"cleared"`: `clear`, with or without `force`.
 * - `"replaced"`: `add` put another value under its key.
 * - `"disposed"`: its manager was disposed.
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
 * A handle that was never disposed: it was garbage-collected, or still open when its manager was
 * disposed. In strict mode, also a handle that was not adopted before its task ended.
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
  /** The key of the handle's resource. */
  key: string;
  /** The name of the resource's type. */
  type: string;
  /** The label of the scope that the handle belonged to, if any. */
  label?: string;
  /** The bytes of its resource, which the handle kept resident. Missing if that is 0. */
  bytes?: number;
  /** Where the handle was opened, one frame a line, if `leaks.stacks` captured it. */
  stack?: string;
  /** When the handle was opened, in milliseconds of `performance.now()`. Missing without `stack`. */
  openedAt?: number;
}

/**
 * The objects that a manager passes to its listeners, by event name. Sizes are in bytes, durations in
 * milliseconds.
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
  /** A resource's value was replaced in place. */
  reload: { key: string; version: number; ms: number };
  /**
   * A handle leaked. Each handle has an event of its own. If the handle was garbage-collected, its
   * reference was released. Without a listener and without `leaks.onLeak`, the console reports the leaks
   * of a call site together.
   */
  leak: Leak;
  /**
   * Live resources alone exceed the budget; `bytes` includes idle ones. Emitted each time that this
   * begins.
   */
  overbudget: { bytes: number; maxBytes: number };
  /**
   * Something is allowed, but probably a mistake. Without a listener, `console.warn` prints it, once.
   */
  warning: { message: string; key?: string };
  /**
   * Something failed and no caller receives the error. Also emitted for a failed reload, whose caller
   * does.
   */
  error: { error: unknown; key?: string };
}

const EVENTS = ["load", "unload", "reload", "leak", "overbudget", "warning", "error"] as const;

/** How many different warnings of a manager the console prints. */
const MAX_PRINTED = 100;

interface Subscription {
  /** Whether it only observes: it does not replace the console. */
  readonly isTap: boolean;
  listener(event: unknown): void;
}

/** Listeners by event. A listener that throws stops neither the other listeners nor the emitter. */
export class EventHub {
  readonly #listeners = Object.fromEntries(EVENTS.map((event) => [event, new Set()])) as Record<
    keyof ResourceEvents,
    Set<Subscription>
  >;
  /** The warnings that the console has printed. */
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
      throw new TypeError(`Cannot listen to ${quote(event)}: no such event, use one of ${known}`);
    }
    if (typeof listener !== "function") {
      throw new TypeError(`Cannot listen to "${event}": ${listener} is not a function`);
    }
    return this.#add(event, { listener, isTap: false } as Subscription);
  }

  /** Like `on`, for the library's own observers: they do not replace the console. */
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

  /** Whether there is a listener. Check it before you make an event object, which costs time. */
  has(event: keyof ResourceEvents): boolean {
    return this.#listeners[event].size > 0;
  }

  /** Whether a listener replaces the console. */
  isHeard(event: keyof ResourceEvents): boolean {
    return [...this.#listeners[event]].some(({ isTap }) => !isTap);
  }

  emit<E extends keyof ResourceEvents>(event: E, detail: ResourceEvents[E]): void {
    // A copy, because a listener may subscribe or unsubscribe during the event.
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
   * Reports a probable mistake: emits `warning`, or calls `console.warn`. The console prints a message
   * once, and a hundred messages at most, because a game may repeat the mistake in each frame.
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

  /** Reports an error that no caller receives: emits `error`, or calls `console.error`. */
  fail(error: unknown, key?: string): void {
    if (this.has("error")) this.emit("error", key === undefined ? { error } : { error, key });
    else print(error);
  }
}

/** The console can't print every value that may be thrown. */
function print(error: unknown): void {
  try {
    console.error(error);
  } catch {
    console.error(messageOf(error));
  }
}
