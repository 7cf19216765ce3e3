/// <reference lib="dom" />
import { byId, make } from "./dom.ts";
import type { Excess, Mark, Model, Row, Stay } from "./model.ts";
import {
  commonDirectory,
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  plural,
  siteOf,
  visible,
} from "./text.ts";

/** No more lines than somebody reads. */
const MOST = 50;

/** The side of the page: about one resource, or about the whole trace. */
export class Details {
  readonly #element: HTMLElement = byId("details");
  readonly #model: Model;
  /** Where all leaked handles were opened: said once, and not in every line. */
  readonly #directory: string;
  readonly #choose: (row: Row | undefined, time?: number) => void;

  /** `choose` is called when somebody picks a row there, and a moment; or goes back from one. */
  constructor(model: Model, choose: (row: Row | undefined, time?: number) => void) {
    this.#model = model;
    this.#directory = commonDirectory(model.data.leaks.map(({ stack = "" }) => stack));
    this.#choose = choose;
  }

  show(row: Row | undefined): void {
    this.#element.replaceChildren(
      ...(row === undefined ? this.#aboutTrace() : this.#aboutRow(row)),
    );
    this.#element.scrollTop = 0;
  }

  #aboutTrace(): Node[] {
    const { data, rows, peakBytes, evictions, reloads, leaks, excesses } = this.#model;
    const facts: [string, string][] = [
      ["Recorded", new Date(data.start).toLocaleString()],
      ["Duration", formatDuration(data.duration)],
      ["Events", formatCount(data.count)],
      ["Resources", formatCount(rows.length)],
      ["Most memory", formatBytes(peakBytes)],
      ["Budget", data.budget === undefined ? "none" : formatBytes(data.budget)],
      ["Making room", timesOf(excesses, "making room")],
      ["Over budget", timesOf(excesses, "over budget")],
      ["Evictions", formatCount(evictions)],
      ["Reloads", formatCount(reloads)],
    ];
    const hint = "Select a row to see what happened to its resource.";
    return [
      make("h2", "", "This trace"),
      factList(facts),
      make("h3", leaks > 0 ? "leak" : "", leaks === 0 ? "No leaks" : plural(leaks, "leak")),
      this.#leakList(rows.filter((row) => row.leaks > 0)),
      make("p", "muted", hint),
    ];
  }

  #leakList(rows: readonly Row[]): Node {
    const list = make("ul", "leaks");
    for (const row of rows.slice(0, MOST)) {
      for (const mark of row.marks.filter(({ kind }) => kind === "leak").slice(0, MOST)) {
        const site = mark.leak?.stack === undefined ? mark.leak?.label : siteOf(mark.leak.stack);
        const button = make(
          "button",
          "",
          make("strong", "", row.key),
          make("span", "muted", [formatMoment(mark.time), site].filter(Boolean).join(" · ")),
        );
        button.addEventListener("click", () => this.#choose(row, mark.time));
        list.append(make("li", "", button));
      }
    }
    return list;
  }

  #aboutRow(row: Row): Node[] {
    const facts: [string, string][] = [
      ["Type", row.type],
      ["Size", formatBytes(row.bytes)],
      ["Most references", formatCount(row.peak)],
      ["Loading", formatDuration(row.stays.reduce((sum, { loading = 0 }) => sum + loading, 0))],
      ["Live", formatDuration(row.live)],
      ["Idle", formatDuration(row.resident - row.live)],
      ["Loads", formatCount(row.stays.length)],
      ["Evictions", formatCount(row.evictions)],
      ["Reloads", formatCount(row.reloads)],
    ];
    const close = make("button", "close", "×");
    close.ariaLabel = "Back to the whole trace";
    close.addEventListener("click", () => this.#choose(undefined));
    return [
      close,
      make("h2", "", row.key),
      factList(facts),
      ...this.#aboutLeaks(row),
      make("h3", "", "In memory"),
      this.#stayTable(row),
    ];
  }

  #aboutLeaks(row: Row): Node[] {
    if (row.leaks === 0) return [];
    const leaks = row.marks.filter(({ kind }) => kind === "leak");
    return [
      make("h3", "leak", plural(row.leaks, "leak")),
      ...leaks.slice(0, MOST).map((mark) => this.#aboutLeak(mark)),
      ...more(leaks.length),
    ];
  }

  #aboutLeak({ time, leak }: Mark): Node {
    const scope = leak?.label === undefined ? "" : ` of “${leak.label}”`;
    const { stack } = leak!;
    const where = this.#directory === "" ? "opened" : `opened below ${visible(this.#directory)}`;
    const frames = (stack ?? "").replaceAll(this.#directory, "").split("\n")
      .map((line) => visible(line.trim()));
    return make(
      "div",
      "stack",
      make(
        "p",
        "",
        `${formatMoment(time)}: a handle${scope}${stack === undefined ? "" : `, ${where}`}`,
      ),
      make(
        "pre",
        "",
        stack === undefined ? "Set leaks.stacks to see where it was opened." : frames.join("\n"),
      ),
    );
  }

  #stayTable(row: Row): Node {
    const head = make("tr", "", ...["From", "For", "Refs", "End"].map(headCell));
    const body = row.stays.slice(0, MOST).map((stay) => stayLine(stay));
    const table = make("table", "", make("thead", "", head), make("tbody", "", ...body));
    return make("div", "", table, ...more(row.stays.length));
  }
}

/** How often and for how long the budget was exceeded. */
function timesOf(excesses: readonly Excess[], why: Excess["why"]): string {
  const times = excesses.filter((excess) => excess.why === why);
  if (times.length === 0) return "never";
  const duration = times.reduce((sum, { from, to }) => sum + to - from, 0);
  return `${plural(times.length, "time")}, ${formatDuration(duration)}`;
}

function factList(facts: [string, string][]): Node {
  return make(
    "dl",
    "",
    ...facts.map(([name, value]) => make("div", "", make("dt", "", name), make("dd", "", value))),
  );
}

function headCell(text: string): Node {
  const cell = make("th", "", text);
  cell.scope = "col";
  return cell;
}

function stayLine({ from, to, peak, reason }: Stay): Node {
  const cells = [formatMoment(from), formatDuration(to - from), `×${formatCount(peak)}`];
  const end = reason ?? "still resident";
  return make("tr", "", ...[...cells, end].map((text) => make("td", "", text)));
}

function more(count: number): Node[] {
  return count <= MOST ? [] : [make("p", "muted", `and ${formatCount(count - MOST)} more`)];
}
