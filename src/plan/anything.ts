import type { Bundle } from "../contract/task.ts";

/** A plan knows names, and no types. */
export const Anything = {
  name: "anything",
  [Symbol.hasInstance]: (_value: unknown): _value is unknown => true,
};

/** What to give to `loadAll` to load the resources of these names: by their places in the list. */
export function bundleOf(names: readonly string[]): Bundle {
  return Object.fromEntries(names.map((name, index) => [index, [name, Anything]]));
}
