import type { Bundle } from "../contract/task.ts";

/** The type of what a plan loads: it knows names, and no types. */
export const Anything = {
  name: "anything",
  [Symbol.hasInstance]: (_value: unknown): _value is unknown => true,
};

/** What to give to `loadAll` to load the resources of these names: an object by name. */
export function bundleOf(names: readonly string[]): Bundle {
  return Object.fromEntries(names.map((name) => [name, [name, Anything]]));
}
