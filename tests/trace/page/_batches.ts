/** The data of pages, in batches as a live page receives them. */
import { PAGE } from "../../../src/trace/bundled_page.ts";
import { Kind, RESIDENT } from "../../../src/trace/kind.ts";
import type { PageData, TraceBatch } from "../../../src/trace/page_data.ts";
import { StreamReader } from "../../../src/trace/page/stream_reader.ts";
import type { Trace } from "../../../src/trace.ts";

/** The data of the page of a trace. */
export function dataOf(trace: Trace): PageData {
  const html = trace.toHTML();
  return JSON.parse(html.slice(PAGE[0].length, html.length - PAGE[1].length));
}

/** Packs whole numbers like the events of a page. */
export function packed(numbers: readonly number[]): string {
  const bytes: number[] = [];
  for (let number of numbers) {
    for (; number >= 0x80; number = Math.floor(number / 0x80)) bytes.push(0x80 | number % 0x80);
    bytes.push(number);
  }
  return btoa(String.fromCharCode(...bytes));
}

/** Splits data into batches of `size` events. */
export function inBatches(data: PageData, size: number): [first: PageData, ...TraceBatch[]] {
  const reader = new StreamReader(data.events);
  const batches: TraceBatch[] = [];
  let [now, count, numbers] = [0, 0, [] as number[]];
  const end = (duration: number) => {
    const events = packed(numbers);
    batches.push({ duration, count, keys: [], types: [], stacks: [], leaks: [], events });
    [count, numbers] = [0, []];
  };
  while (!reader.done) {
    const [elapsed, head, value] = [reader.next(), reader.next(), reader.next()] as const;
    now += elapsed;
    numbers.push(elapsed, head, value);
    const isLoad = [Kind.load, RESIDENT].some((kind) => head % 16 === kind);
    if (isLoad) numbers.push(reader.next(), reader.next(), reader.next());
    if (++count === size) end(now);
  }
  end(data.duration);
  const [first, ...others] = batches;
  // The state at the beginning is in the first batch, but does not count as events.
  const rest = others.reduce((sum, { count }) => sum + count, 0);
  return [{ ...data, ...first!, ...listsOf(data), count: data.count - rest }, ...others];
}

function listsOf({ keys, types, leaks }: PageData) {
  return { keys, types, leaks };
}
