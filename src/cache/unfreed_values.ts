import { isObject } from "../contract/is_object.ts";
import type { EventHub } from "../contract/events.ts";
import { quote } from "../contract/printable.ts";
import { AddedUnloader, type Content, type Unloader } from "./entry.ts";

/** Stands for no class: no value has this as its constructor. */
const NONE = {};

/** The names that libraries use for the method that frees a value. */
const METHODS = ["dispose", "destroy", "close", "free"] as const;

/**
 * Finds loaders whose values have to be freed and are not: the loader has no `unload`, and the value
 * has no disposer. Raises one `warning` for each loader, at the first such value.
 */
export class UnfreedValues {
  readonly #events: EventHub;
  /** The loaders that it has warned of. */
  readonly #found = new WeakSet<Unloader>();
  /** The class of the last value that need not be freed. Most values are of a few classes. */
  #harmless: unknown = NONE;

  constructor(events: EventHub) {
    this.#events = events;
  }

  /** Checks a new value. */
  check(key: string, content: Content): void {
    const { value, unloader } = content;
    if (unloader.unload !== undefined || !isObject(value)) return;
    try {
      if (value.constructor === this.#harmless) return;
      if (unloader instanceof AddedUnloader || this.#found.has(unloader)) return;
      const method = freeingMethod(value);
      if (method === undefined) this.#harmless = classOf(value);
      else if (!isFreedByContext(content)) this.#warn(key, unloader, method);
    } catch {
      // A getter or a proxy threw. The next reader of the value gets that error.
    }
  }

  #warn(key: string, unloader: Unloader, method: string): void {
    this.#found.add(unloader);
    const { name } = unloader as { name?: string };
    const message =
      `Loader ${quote(name)} has no unload, so nothing calls ${method}() of its values: ` +
      `write \`unload: (value) => value.${method}()\``;
    this.#events.warn(message, key);
  }
}

/** The class of `value`, or `NONE` for a plain object: plain objects differ in their methods. */
function classOf({ constructor }: object): unknown {
  return typeof constructor === "function" && constructor !== Object ? constructor : NONE;
}

/** Whether the loader put something into its context that may free the value. */
function isFreedByContext({ ownsMore, context, dependencies }: Content): boolean {
  return ownsMore === true || context !== undefined && !dependencies;
}

/** The name of the method that frees `value`, if it has one and no disposer. */
function freeingMethod(value: object): string | undefined {
  const isMethod = (name: PropertyKey) => {
    return typeof (value as Record<PropertyKey, unknown>)[name] === "function";
  };
  const method = METHODS.find(isMethod);
  return [Symbol.dispose, Symbol.asyncDispose].some(isMethod) ? undefined : method;
}
