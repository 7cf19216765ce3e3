/// <reference lib="dom" />
import { byId, make } from "./dom.ts";
import type { Row } from "./model.ts";
import { ROW_HEIGHT } from "./row_painter.ts";
import { formatBytes, formatCount, plural, splitKey } from "./text.ts";

/** A label that is in the page, and the row that it is for. */
interface Label {
  readonly element: HTMLElement;
  row: Row | undefined;
}

/** The names of the rows that are in sight: real text, for those who read, search and listen. */
export class RowList {
  readonly #box: HTMLElement = byId("labels");
  readonly #list: HTMLElement = byId("rows");
  readonly #labels: Label[] = [];

  /** Shows `rows`, of which the first is at `position` of all. */
  show(rows: readonly Row[], position: { first: number; of: number; shift: number }): void {
    while (this.#labels.length < rows.length) this.#add();
    for (const [i, label] of this.#labels.entries()) {
      const row = rows[i];
      label.element.hidden = row === undefined;
      if (row === undefined) continue;
      if (label.row !== row) write(label, row);
      label.element.ariaPosInSet = String(position.first + i + 1);
      label.element.ariaSetSize = String(position.of);
    }
    this.#box.style.transform = `translateY(${-position.shift}px)`;
  }

  /** Says which row is selected. */
  select(selected: Row | undefined): void {
    let active = "";
    for (const { element, row } of this.#labels) {
      const isSelected = row === selected && row !== undefined && !element.hidden;
      element.ariaSelected = String(isSelected);
      if (isSelected) active = element.id;
    }
    if (active === "") this.#list.removeAttribute("aria-activedescendant");
    else this.#list.setAttribute("aria-activedescendant", active);
  }

  #add(): void {
    const element = make("div", "label");
    element.role = "option";
    element.id = `label-${this.#labels.length}`;
    element.style.height = `${ROW_HEIGHT}px`;
    this.#box.append(element);
    this.#labels.push({ element, row: undefined });
  }
}

function write(label: Label, row: Row): void {
  const { element } = label;
  const [directory, name] = splitKey(row.key);
  label.row = row;
  element.ariaLabel = describe(row);
  element.classList.toggle("leaked", row.leaks > 0);
  element.replaceChildren(
    make("span", "directory", directory),
    make("span", "name", name),
    make("span", "flag", row.leaks === 0 ? "" : plural(row.leaks, "leak")),
    make("span", "size", formatBytes(row.bytes)),
    make("span", "peak", `×${formatCount(row.peak)}`),
  );
}

function describe(row: Row): string {
  const parts = [row.key, row.type, formatBytes(row.bytes)];
  parts.push(`at most ${plural(row.peak, "reference")}`, plural(row.stays.length, "load"));
  if (row.evictions > 0) parts.push(plural(row.evictions, "eviction"));
  if (row.reloads > 0) parts.push(plural(row.reloads, "reload"));
  if (row.leaks > 0) parts.push(plural(row.leaks, "leak"));
  return parts.join(", ");
}
