/// <reference lib="dom" />
import type { CacheStats, ResourceStats } from "@holdfast/resources";
import { element } from "./element.ts";

const COUNTS = ["hits", "misses", "evictions", "leaks"] as const;

/** Shows the memory: a bar, some numbers, and a row for each resource. */
export class MemoryPanel {
  readonly #budget = element("budget");
  readonly #use = element("use");
  readonly #table = element("resources");
  readonly #counts: readonly HTMLElement[];
  /** The rows by key, so that resources that stay in memory keep their rows. */
  readonly #rows = new Map<string, HTMLTableRowElement>();

  constructor() {
    this.#counts = COUNTS.map((name) => {
      const number = make("dd");
      const group = make("div");
      group.append(make("dt", name), number);
      element("counts").append(group);
      return number;
    });
  }

  show(stats: CacheStats): void {
    this.#showUse(stats);
    COUNTS.forEach((name, index) => this.#counts[index]!.textContent = String(stats[name]));
    this.#showResources(stats.resources);
  }

  #showUse({ resourceCount, bytes, idleBytes, maxBytes = bytes }: CacheStats): void {
    const parts = [bytes - idleBytes, idleBytes];
    const [all, most, live, idle] = [bytes, maxBytes, ...parts].map(megabytes);
    const text = `${resourceCount} resources, ${all} of ${most} MB: ${live} live, ${idle} idle`;
    this.#use.textContent = text;
    this.#budget.ariaValueMax = String(maxBytes);
    this.#budget.ariaValueNow = String(bytes);
    this.#budget.ariaValueText = text;
    parts.forEach((part, index) => {
      const bar = this.#budget.children[index] as HTMLElement;
      bar.style.width = `${part / maxBytes * 100}%`;
    });
  }

  #showResources(resources: Readonly<Record<string, ResourceStats>>): void {
    const keys = Object.keys(resources).sort();
    const known = keys.length === this.#rows.size && keys.every((key) => this.#rows.has(key));
    if (!known) this.#replaceRows(keys);
    for (const key of keys) showRow(this.#rows.get(key)!, resources[key]!);
  }

  #replaceRows(keys: readonly string[]): void {
    const rows = keys.map((key) => this.#rows.get(key) ?? makeRow(key));
    this.#rows.clear();
    keys.forEach((key, index) => this.#rows.set(key, rows[index]!));
    this.#table.replaceChildren(...rows);
  }
}

function makeRow(key: string): HTMLTableRowElement {
  const row = document.createElement("tr");
  const head = make("th", key);
  head.setAttribute("scope", "row");
  const state = make("td");
  state.append(make("span"));
  const [references, size] = [make("td"), make("td")];
  references.className = size.className = "number";
  row.append(head, state, references, size);
  return row;
}

function showRow(row: HTMLTableRowElement, { state, refCount, bytes }: ResourceStats): void {
  const [, pill, references, size] = row.children;
  const label = pill!.firstElementChild!;
  label.textContent = state;
  label.className = `state ${state}`;
  references!.textContent = String(refCount);
  size!.textContent = kilobytes(bytes);
}

function make(name: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toLocaleString("en", { maximumFractionDigits: 1 })} kB`;
}
