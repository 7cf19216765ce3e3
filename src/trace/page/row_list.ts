/// <reference lib="dom" />
import { ROW_HEIGHT } from "./bar_painter.ts";
import { byId, make } from "./dom.ts";
import type { Row } from "./row.ts";
import { Group, type Line } from "./selection.ts";
import { formatBytes, formatCount, plural, splitKey } from "./text.ts";

/** A label in the page, and its line. */
interface Label {
  readonly element: HTMLElement;
  line: Line | undefined;
  /** What the label shows. It is written again when this changes, as it may in a live trace. */
  written: string;
}

/** The part of the list that is visible. */
export interface Place {
  /** The index of the first visible line, of `of` lines. */
  readonly first: number;
  readonly of: number;
  readonly shift: number;
  /** Whether rows are grouped below the headings of their directories. */
  readonly grouped: boolean;
  /** The heading that sticks to the top. */
  readonly sticky: Group | undefined;
}

/**
 * The names of the visible lines. They are elements with text, for the browser's search and screen
 * readers.
 */
export class RowList {
  readonly #box: HTMLElement = byId("labels");
  readonly #list: HTMLElement = byId("rows");
  readonly #labels: Label[] = [];
  readonly #sticky: Label = { element: byId("sticky"), line: undefined, written: "" };

  show(lines: readonly Line[], place: Place): void {
    while (this.#labels.length < lines.length) this.#add();
    for (const [i, label] of this.#labels.entries()) {
      const line = lines[i];
      label.element.hidden = line === undefined;
      if (line === undefined) continue;
      write(label, line, place.grouped);
      label.element.ariaPosInSet = String(place.first + i + 1);
      label.element.ariaSetSize = String(place.of);
    }
    this.#sticky.element.hidden = place.sticky === undefined;
    if (place.sticky !== undefined) write(this.#sticky, place.sticky, true);
    this.#box.style.transform = `translateY(${-place.shift}px)`;
  }

  /** Marks the selected line, also for screen readers. */
  select(selected: Line | undefined): void {
    let active = "";
    for (const { element, line } of this.#labels) {
      const isSelected = line === selected && line !== undefined && !element.hidden;
      element.ariaSelected = String(isSelected);
      if (isSelected) active = element.id;
    }
    if (active === "") this.#list.removeAttribute("aria-activedescendant");
    else this.#list.setAttribute("aria-activedescendant", active);
  }

  #add(): void {
    const element = make("div", "label");
    element.role = "treeitem";
    element.id = `label-${this.#labels.length}`;
    element.style.height = `${ROW_HEIGHT}px`;
    this.#box.append(element);
    this.#labels.push({ element, line: undefined, written: "" });
  }
}

function write(label: Label, line: Line, grouped: boolean): void {
  const { element } = label;
  const text = line instanceof Group ? describeGroup(line) : describe(line);
  const written = `${grouped} ${text}`;
  if (label.line === line && label.written === written) return;
  label.line = line;
  label.written = written;
  element.ariaLabel = text;
  element.ariaLevel = grouped && !(line instanceof Group) ? "2" : "1";
  element.ariaExpanded = line instanceof Group ? String(!line.folded) : null;
  element.classList.toggle("group", line instanceof Group);
  element.classList.toggle("inner", grouped && !(line instanceof Group));
  element.replaceChildren(
    ...(line instanceof Group ? partsOfGroup(line) : partsOf(line, grouped)),
  );
}

function partsOf(row: Row, grouped: boolean): Node[] {
  const [directory, name] = splitKey(row.key);
  return [
    pathEnd("directory", grouped ? "" : directory),
    pathEnd("name", name),
    flag(row.leaks.length),
    make("span", "size", formatBytes(row.bytes)),
    make("span", "peak", `×${formatCount(row.peak)}`),
  ];
}

function partsOfGroup({ directory, rows, leaks, bytes, folded }: Group): Node[] {
  return [
    make("span", folded ? "fold folded" : "fold"),
    pathEnd("name", nameOf(directory.path)),
    flag(leaks),
    make("span", "size", formatBytes(bytes)),
    make("span", "peak", formatCount(rows.length)),
  ];
}

/** The number of leaks. The style sheet hides the word on a phone. */
function flag(leaks: number): Node {
  if (leaks === 0) return make("span", "flag");
  const word = make("span", "word", leaks === 1 ? " leak" : " leaks");
  return make("span", "flag", formatCount(leaks), word);
}

/** Text that is cut at its start if there is no room, because the end of a path says more. */
function pathEnd(className: string, text: string): Node {
  const part = make("bdi", "", text);
  part.dir = "ltr";
  return make("span", `path ${className}`, part);
}

/** The name of a directory, in words if it is empty. */
export function nameOf(path: string): string {
  return path === "" ? "(no directory)" : path;
}

function describe(row: Row): string {
  const parts = [row.key, row.type, formatBytes(row.bytes)];
  parts.push(`at most ${plural(row.peak, "reference")}`, plural(row.stays.length, "load"));
  if (row.evictions.length > 0) parts.push(plural(row.evictions.length, "eviction"));
  if (row.reloads.length > 0) parts.push(plural(row.reloads.length, "reload"));
  if (row.leaks.length > 0) parts.push(plural(row.leaks.length, "leak"));
  return parts.join(", ");
}

function describeGroup({ directory, rows, leaks, bytes }: Group): string {
  const parts = [nameOf(directory.path), plural(rows.length, "resource")];
  parts.push(formatBytes(bytes));
  if (leaks > 0) parts.push(plural(leaks, "leak"));
  return parts.join(", ");
}
