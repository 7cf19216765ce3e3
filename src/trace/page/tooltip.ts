/// <reference lib="dom" />
import type { QueuedWork } from "../../contract/stats.ts";
import { byId, make } from "./dom.ts";
import { ABSENT, type Excess, type Mark, type Model, type Row } from "./model.ts";
import { countUpTo, itself } from "./search.ts";
import { formatBytes, formatDuration, formatTime, plural, siteOf } from "./text.ts";
import type { Viewport } from "./viewport.ts";

/** How near the pointer must be to a mark, in CSS pixels. */
const NEAR = 7;
const GAP = 14;
const NONE: QueuedWork = { loads: 0, unloads: 0, bytes: 0 };

/** Says what is under the pointer, and when. */
export class Tooltip {
  readonly #element: HTMLElement = byId("tooltip");
  readonly #cursor: HTMLElement = byId("cursor");
  readonly #model: Model;
  readonly #viewport: Viewport;

  constructor(model: Model, viewport: Viewport) {
    this.#model = model;
    this.#viewport = viewport;
  }

  hide(): void {
    this.#element.hidden = true;
    this.#cursor.hidden = true;
  }

  /** Shows what `row` is, or what memory holds, at `x` of the plot. */
  show(row: Row | undefined, x: number, pointer: { clientX: number; clientY: number }): void {
    const time = this.#viewport.timeAt(x);
    if (time > this.#model.data.duration) return this.hide();
    this.#cursor.hidden = false;
    this.#cursor.style.transform = `translateX(${x}px)`;
    const step = this.#viewport.span / this.#viewport.width;
    const when = make("span", "when", formatTime(time, 10 ** Math.floor(Math.log10(step))));
    this.#element.replaceChildren(
      ...(row === undefined ? this.#memory(time, when) : this.#describe(row, time, when)),
    );
    this.#element.hidden = false;
    this.#place(pointer);
  }

  #memory(time: number, when: Node): Node[] {
    const { totals, data: { budget } } = this.#model;
    const i = countUpTo(totals.times, time, itself) - 1;
    const live = `${formatBytes(totals.live[i] ?? 0)} live`;
    const idle = `${formatBytes(totals.idle[i] ?? 0)} idle`;
    const of = budget === undefined ? "" : `, of ${formatBytes(budget)}`;
    const lines = [
      make("p", "", make("strong", "", "Memory"), when),
      make("p", "", `${live}, ${idle}${of}`),
    ];
    const waiting = this.#waitingAt(time);
    if (waiting !== "") lines.push(make("p", "", waiting));
    const excess = this.#excessNear(time);
    if (excess !== undefined) lines.push(excessLine(excess));
    return lines;
  }

  /** What waits for a pump, if anything does. */
  #waitingAt(time: number): string {
    const { times, work } = this.#model.waiting;
    const { loads, unloads, bytes } = work[countUpTo(times, time, itself) - 1] ?? NONE;
    if (loads + unloads === 0) return "";
    const freed = `${plural(unloads, "unload")} (${formatBytes(bytes)})`;
    return `${plural(loads, "load")} and ${freed} wait for a pump`;
  }

  /** The time near `time` in which the budget was exceeded: by live resources alone, if there is one. */
  #excessNear(time: number): Excess | undefined {
    const { excesses } = this.#model;
    const reach = NEAR / this.#viewport.width * this.#viewport.span;
    const end = countUpTo(excesses, time + reach, ({ from }) => from);
    const near = excesses.slice(Math.max(0, end - 100), end).filter(({ to }) => to >= time - reach);
    return near.find(({ why }) => why === "over budget") ?? near.at(-1);
  }

  #describe(row: Row, time: number, when: Node): Node[] {
    const lines = [make("p", "", make("strong", "", row.key), when)];
    lines.push(make("p", "", this.#state(row, time)));
    const mark = this.#nearest(row, time);
    if (mark !== undefined) lines.push(make("p", mark.kind, markText(mark)));
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
    return `${row.type}, ${formatBytes(stay.bytes)}, ${state}`;
  }

  #nearest(row: Row, time: number): Mark | undefined {
    const reach = NEAR / this.#viewport.width * this.#viewport.span;
    const first = countUpTo(row.marks, time - reach, (mark) => mark.time);
    const near = row.marks.slice(first, first + 100).filter((mark) => mark.time <= time + reach);
    return near.find(({ kind }) => kind === "leak") ??
      near.sort((a, b) => Math.abs(a.time - time) - Math.abs(b.time - time))[0];
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

function excessLine({ why, from, to }: Excess): HTMLParagraphElement {
  const lasted = to === from ? why : `${why} for ${formatDuration(to - from)}`;
  return why === "over budget"
    ? make("p", "leak", `${lasted}: live resources alone exceed it`)
    : make("p", "evict", `${lasted}: idle resources are evicted`);
}

function markText({ kind, leak }: Mark): string {
  if (kind === "evict") return "evicted here";
  if (kind === "reload") return "reloaded here";
  const scope = leak?.label === undefined ? "" : ` of “${leak.label}”`;
  const site = leak?.stack === undefined ? "" : `, opened at ${siteOf(leak.stack)}`;
  return `a handle${scope} leaked${site}`;
}
