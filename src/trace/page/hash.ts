import { EVERYTHING, type Filter, type Order, ORDERS } from "./selection.ts";

/** The content of a link to a view. Everything that is missing has its initial value. */
export interface Link {
  /** The visible time, in microseconds. */
  readonly from?: number;
  readonly to?: number;
  readonly filter: Filter;
  /** The key that is selected. */
  readonly selected?: string;
  /** The index of the selected leak, by when their handles were opened. */
  readonly leak?: number;
  readonly pinned?: number;
  readonly mark?: number;
  readonly tab?: string;
  /** The width of the column of names, in CSS pixels. */
  readonly width?: number;
}

/** Writes a link, without the `#` and without initial values. */
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

/** Reads a link. Ignores values that are not valid. */
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
