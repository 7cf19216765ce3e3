import { isObject } from "../contract/is_object.ts";
import type { EventHub } from "../contract/events.ts";
import { quote } from "../contract/printable.ts";
import { AddedUnloader, type Content, type Unloader } from "./entry.ts";

/** No value has it as its class. */
const NONE = {};

/** What libraries call the method that frees a value. */
const METHODS = ["dispose", "destroy", "close", "free"] as const;

/**
 * Finds loaders whose values have to be freed, and never are: the loader has no `unload`, and the value
 * no disposer. Raises one `warning` for each, at the first such value.
 */
export class UnfreedValues {
  readonly #events: EventHub;
  readonly #found = new WeakSet<Unloader>();
  /** The class of the last value that need not be freed: most values are of the same few. */
  #harmless: unknown = NONE;

  constructor(events: EventHub) {
    this.#events = events;
  }

  /** Looks at what a load or a reload has made. */
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
      // A getter or a proxy threw: the next one to read it gets that.
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

/** The class of `value`. An object without one may have methods that others have not. */
function classOf({ constructor }: object): unknown {
  return typeof constructor === "function" && constructor !== Object ? constructor : NONE;
}

/** Whether the loader may have told its context how to free the value. */
function isFreedByContext({ ownsMore, context, dependencies }: Content): boolean {
  return ownsMore === true || context !== undefined && !dependencies;
}

/** The method that frees `value`, if it has one and cannot be disposed. */
function freeingMethod(value: object): string | undefined {
  const isMethod = (name: PropertyKey) => {
    return typeof (value as Record<PropertyKey, unknown>)[name] === "function";
  };
  const method = METHODS.find(isMethod);
  return [Symbol.dispose, Symbol.asyncDispose].some(isMethod) ? undefined : method;
}
