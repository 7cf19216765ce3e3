import { EVERYTHING, type Filter, type Order, ORDERS } from "./selection.ts";

/** What a link to a view says. Whatever is missing is as it is at first. */
export interface Link {
  /** The time that is in sight, in microseconds. */
  readonly from?: number;
  readonly to?: number;
  readonly filter: Filter;
  /** The key that is selected. */
  readonly selected?: string;
  /** The place of the leak that is looked at, by when they were opened. */
  readonly leak?: number;
  readonly pinned?: number;
  readonly mark?: number;
  readonly tab?: string;
  /** The width of the column of names, in CSS pixels. */
  readonly width?: number;
}

/** Writes a link, without the `#`. What is as it is at first is left out. */
export function writeHash({ filter, selected, tab, ...link }: Link): string {
  const hash = new URLSearchParams();
  for (const name of ["from", "to", "leak", "pinned", "mark", "width"] as const) {
    const value = link[name];
    if (value !== undefined) hash.set(name, String(Math.round(value)));
  }
  for (const name of ["query", "type", "scope", "directory"] as const) {
    if (filter[name] !== "") hash.set(name, filter[name]);
  }
  if (filter.order !== EVERYTHING.order) hash.set("order", filter.order);
  if (filter.leaking) hash.set("leaking", "1");
  if (!filter.grouped) hash.set("grouped", "0");
  for (const path of filter.folded) hash.append("folded", path);
  if (selected !== undefined) hash.set("selected", selected);
  if (tab !== undefined) hash.set("tab", tab);
  return hash.toString();
}

/** Reads a link. What can't be read is left out. */
export function readHash(text: string): Link {
  const hash = new URLSearchParams(text.replace(/^#/, ""));
  const number = (name: string) => {
    const value = hash.get(name) ?? "";
    return /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  const order = ORDERS.find((each) => each === hash.get("order")) ?? EVERYTHING.order;
  const filter: Filter = {
    query: hash.get("query") ?? "",
    type: hash.get("type") ?? "",
    scope: hash.get("scope") ?? "",
    directory: hash.get("directory") ?? "",
    order: order satisfies Order,
    leaking: hash.get("leaking") === "1",
    grouped: hash.get("grouped") !== "0",
    folded: new Set(hash.getAll("folded")),
  };
  return {
    filter,
    from: number("from"),
    to: number("to"),
    leak: number("leak"),
    pinned: number("pinned"),
    mark: number("mark"),
    width: number("width"),
    selected: hash.get("selected") ?? undefined,
    tab: hash.get("tab") ?? undefined,
  };
}
