/// <reference lib="dom" />
import type { QueuedWork } from "../../contract/stats.ts";
import { byId, make } from "./dom.ts";
import type { Excess, Model } from "./model.ts";
import { ABSENT, type Leak, openingOf, reportOf, type Row, type Totals } from "./row.ts";
import type { MarkKind } from "./mark_painter.ts";
import { nameOf } from "./row_list.ts";
import { countUpTo, itself } from "./search.ts";
import { Group, type Line, scopeOf } from "./selection.ts";
import { formatBytes, formatDuration, formatTime, plural } from "./text.ts";
import type { View } from "./view.ts";

/** How close the pointer must be to a mark, in CSS pixels. */
const NEAR = 7;
const GAP = 14;
const NONE: QueuedWork = { loads: 0, unloads: 0, bytes: 0 };

/** Shows what is under the pointer, and the time there. */
export class Tooltip {
  readonly #element: HTMLElement = byId("tooltip");
  readonly #cursor: HTMLElement = byId("cursor");
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  get #model(): Model {
    return this.#view.model;
  }

  hide(): void {
    this.#element.hidden = true;
    this.#cursor.hidden = true;
  }

  /** Shows the state of `line`, or of the memory, at `x` CSS pixels in the plot. */
  show(line: Line | undefined, x: number, pointer: { clientX: number; clientY: number }): void {
    const { viewport } = this.#view;
    const time = viewport.timeAt(x);
    if (time > this.#model.duration) return this.hide();
    this.#cursor.hidden = false;
    this.#cursor.style.transform = `translateX(${x}px)`;
    const step = viewport.span / viewport.width;
    const when = make("span", "when", formatTime(time, 10 ** Math.floor(Math.log10(step))));
    this.#write(pointer, this.#describe(line, time, when));
  }

  /** Shows what `line` is, without a time. */
  name(line: Line, pointer: { clientX: number; clientY: number }): void {
    this.#cursor.hidden = true;
    if (line instanceof Group) {
      const what = `${plural(line.rows.length, "resource")}, at most ${formatBytes(line.bytes)}`;
      return this.#write(pointer, [
        make("p", "", make("strong", "", nameOf(line.directory.path))),
        make("p", "", what),
      ]);
    }
    const { key, type, bytes, peak, leaks } = line;
    const lines = [
      make("p", "", make("strong", "", key)),
      make("p", "", `${type}, ${formatBytes(bytes)}, at most ${plural(peak, "reference")}`),
    ];
    if (leaks.length > 0) lines.push(make("p", "leak", plural(leaks.length, "leak")));
    this.#write(pointer, lines);
  }

  #write(pointer: { clientX: number; clientY: number }, lines: readonly Node[]): void {
    this.#element.replaceChildren(...lines);
    this.#element.hidden = false;
    this.#place(pointer);
  }

  #describe(line: Line | undefined, time: number, when: Node): Node[] {
    if (line === undefined) return this.#memory(time, when);
    if (!(line instanceof Group)) return this.#describeRow(line, time, when);
    const { path, totals } = line.directory;
    return [
      make("p", "", make("strong", "", nameOf(path)), when),
      make("p", "", bytesAt(totals, time)),
    ];
  }

  #memory(time: number, when: Node): Node[] {
    const { totals, data: { budget } } = this.#model;
    const of = budget === undefined ? "" : `, of ${formatBytes(budget)}`;
    const lines = [
      make("p", "", make("strong", "", "Memory"), when),
      make("p", "", `${bytesAt(totals, time)}${of}`),
    ];
    const waiting = this.#waitingAt(time);
    if (waiting !== "") lines.push(make("p", "", waiting));
    const excess = this.#excessNear(time);
    if (excess !== undefined) lines.push(excessLine(excess, this.#model.duration));
    return lines;
  }

  /** The work that waits for a pump; empty if there is none. */
  #waitingAt(time: number): string {
    const { times, work } = this.#model.waiting;
    const { loads, unloads, bytes } = work[countUpTo(times, time, itself) - 1] ?? NONE;
    if (loads + unloads === 0) return "";
    const freed = `${plural(unloads, "unload")} (${formatBytes(bytes)})`;
    return `${plural(loads, "load")} and ${freed} wait for a pump`;
  }

  /** The excess of the budget near `time`, preferably one by live resources alone. */
  #excessNear(time: number): Excess | undefined {
    const { excesses } = this.#model;
    const reach = this.#reach;
    const end = countUpTo(excesses, time + reach, ({ from }) => from);
    const near = excesses.slice(Math.max(0, end - 100), end).filter(({ to }) => to >= time - reach);
    return near.find(({ why }) => why === "over budget") ?? near.at(-1);
  }

  #describeRow(row: Row, time: number, when: Node): Node[] {
    const lines = [make("p", "", make("strong", "", row.key), when)];
    lines.push(make("p", "", this.#state(row, time)));
    const mark = this.#markNear(row, time);
    if (mark !== undefined) lines.push(make("p", mark.kind, mark.text));
    return lines;
  }

  #state(row: Row, time: number): string {
    const count = row.countAt(time);
    const stay = row.stayAt(time);
    if (count === ABSENT || stay === undefined) {
      const next = row.stays.find(({ from }) => from > time);
      if (next?.loading !== undefined && next.from - next.loading <= time) {
        return `being loaded, for ${formatDuration(next.loading)}`;
      }
      return stay?.reason === undefined ? "not loaded yet" : `not resident: ${stay.reason}`;
    }
    const state = count > 0 ? plural(count, "reference") : "idle";
    return `${row.type}, ${formatBytes(row.bytesAt(time))}, ${state}`;
  }

  /** How far a mark may be from the pointer, in microseconds. */
  get #reach(): number {
    return NEAR / this.#view.viewport.width * this.#view.viewport.span;
  }

  /** The mark near a time, preferably a leak. */
  #markNear(row: Row, time: number): { kind: MarkKind; text: string } | undefined {
    const leak = this.#nearest(row.leaks, time, reportOf);
    if (leak !== undefined) return { kind: "leak", text: leakText(leak, "reported") };
    const opened = this.#nearest(row.openings, time, openingOf);
    if (opened !== undefined) return { kind: "leak", text: leakText(opened, "opened") };
    if (this.#nearest(row.evictions, time, itself) !== undefined) {
      return { kind: "evict", text: "evicted here" };
    }
    if (this.#nearest(row.reloads, time, itself) === undefined) return undefined;
    return { kind: "reload", text: "reloaded here" };
  }

  #nearest<T>(list: readonly T[], time: number, timeOf: (item: T) => number): T | undefined {
    const after = countUpTo(list, time, timeOf);
    return list.slice(Math.max(0, after - 1), after + 1)
      .filter((item) => Math.abs(timeOf(item) - time) <= this.#reach)
      .sort((a, b) => Math.abs(timeOf(a) - time) - Math.abs(timeOf(b) - time))[0];
  }

  #place({ clientX, clientY }: { clientX: number; clientY: number }): void {
    const { offsetWidth, offsetHeight, style } = this.#element;
    const left = clientX + GAP + offsetWidth > innerWidth
      ? clientX - GAP - offsetWidth
      : clientX + GAP;
    const top = Math.min(clientY + GAP, innerHeight - offsetHeight - 4);
    style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }
}

function bytesAt({ live, resident }: Totals, time: number): string {
  const alive = live.valueAt(time) ?? 0;
  const idle = (resident.valueAt(time) ?? 0) - alive;
  return `${formatBytes(alive)} live, ${formatBytes(idle)} idle`;
}

function excessLine({ why, from, to }: Excess, duration: number): HTMLParagraphElement {
  const end = Math.min(to, duration);
  const lasted = end === from ? why : `${why} for ${formatDuration(end - from)}`;
  return why === "over budget"
    ? make("p", "leak", `${lasted}: live resources alone exceed it`)
    : make("p", "evict", `${lasted}: idle resources are evicted`);
}

function leakText(leak: Leak, what: "opened" | "reported"): string {
  const scope = scopeOf(leak);
  const handle = scope === "" ? "a handle" : `a handle of “${scope}”`;
  if (what === "opened" && leak.opened < leak.reported) {
    const site = leak.site === "" ? "" : ` at ${leak.site}`;
    const later = formatDuration(leak.reported - leak.opened);
    return `${handle} that leaked was opened here${site}, reported ${later} later`;
  }
  return `${handle} leaked${leak.site === "" ? "" : `, opened at ${leak.site}`}`;
}
