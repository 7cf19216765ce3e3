/**
 * Checks the rules of the Trace Event Format that its readers insist on, and reads what a trace
 * says.
 */
import { assert, assertEquals } from "@std/assert";
import type { TraceEvent, TraceFile } from "../../src/trace.ts";

/** Parses a file as its readers do, and checks every rule. */
export function parseTrace(text: string): TraceFile {
  const file: TraceFile = JSON.parse(text);
  assertEquals(file.displayTimeUnit, "ms");
  let last = 0;
  for (const event of file.traceEvents) {
    const shown = JSON.stringify(event);
    assert(event.ts >= last, `not sorted: ${shown}`);
    assert(Number.isSafeInteger(event.ts), shown);
    last = event.ts;
    assert(Number.isInteger(event.pid) && event.pid > 0 && Number.isInteger(event.tid), shown);
    assert(typeof event.name === "string" && event.name !== "", shown);
    checkPhase(event, shown);
  }
  checkSpans(file.traceEvents);
  checkCounters(file.traceEvents);
  checkNames(file.traceEvents);
  return file;
}

function checkPhase({ ph, s, cat, id, args = {}, name }: TraceEvent, shown: string): void {
  if (ph === "M") {
    const detail = name === "process_sort_index" ? args.sort_index : args.name;
    assert(detail !== undefined && /^(process|thread)_/.test(name), shown);
  } else if (ph === "C") {
    const numbers = Object.values(args);
    assert(numbers.length > 0 && numbers.every((each) => Number.isFinite(each)), shown);
  } else if (ph === "i") assertEquals(s, "t", shown);
  else {
    assert(ph === "b" || ph === "e", shown);
    assert(typeof cat === "string" && typeof id === "string" && id !== "", shown);
  }
}

/** Every span that begins also ends, inner spans before outer ones, and no other span ends. */
function checkSpans(events: readonly TraceEvent[]): void {
  const open = new Map<string, string[]>();
  for (const { ph, cat, id, name } of events) {
    if (ph !== "b" && ph !== "e") continue;
    const track = JSON.stringify([cat, id]);
    if (!open.has(track)) open.set(track, []);
    if (ph === "b") open.get(track)!.push(name);
    else assertEquals(open.get(track)!.pop(), name, `${track} is not nested`);
  }
  assertEquals([...open.values()].flat(), []);
}

/** A counter has an event only when it has changed, and at most one at a time. */
function checkCounters(events: readonly TraceEvent[]): void {
  const last = new Map<string, { ts: number; numbers: string }>();
  for (const { ph, pid, name, ts, args } of events) {
    if (ph !== "C") continue;
    const counter = `${pid} ${name}`;
    const numbers = JSON.stringify(args);
    const before = last.get(counter);
    assert(before?.numbers !== numbers, `${counter} is ${numbers} twice in a row`);
    assert(before?.ts !== ts, `${counter} has two events at ${ts}`);
    last.set(counter, { ts, numbers });
  }
}

/** Groups and tracks of moments have names, and each track has its own number. */
function checkNames(events: readonly TraceEvent[]): void {
  const named = new Set(
    events.filter(({ ph }) => ph === "M").map(({ name, pid, tid }) =>
      name === "thread_name" ? `${pid} ${tid}` : `${pid}`
    ),
  );
  const groups = new Map<number, number>();
  for (const { ph, pid, tid } of events) {
    assert(named.has(String(pid)), `group ${pid} has no name`);
    assert(ph !== "i" || named.has(`${pid} ${tid}`), `track ${tid} has no name`);
    assertEquals(groups.get(tid) ?? pid, pid, `track ${tid} is in two groups`);
    groups.set(tid, pid);
  }
}

/** The events of one phase as lines: time in ms, name and arguments. */
export function linesOf({ traceEvents }: TraceFile, phase: TraceEvent["ph"]): string[] {
  return traceEvents.filter(({ ph }) => ph === phase)
    .map(({ ts, name, args }) => `${ts / 1000} ${name}${args ? ` ${JSON.stringify(args)}` : ""}`);
}

/** The count and the size of each resource that was resident at the end, from the counters. */
export function lastCounts({ traceEvents }: TraceFile): Record<string, [number, number]> {
  const last: Record<string, [number, number]> = Object.create(null);
  const resident = new Set<string>();
  for (const { ph, name, args = {}, cat } of traceEvents) {
    if (cat === "resource" && ph === "b" && args.type !== undefined) resident.add(name);
    if (cat === "resource" && ph === "e" && args.reason !== undefined) resident.delete(name);
    if (ph !== "C") continue;
    if (typeof args.references === "number" && name !== "all") {
      (last[name] ??= [0, 0])[0] = args.references;
    }
    if (typeof args.bytes === "number" && name !== "budget") {
      (last[name] ??= [0, 0])[1] = args.bytes;
    }
  }
  for (const key of Object.keys(last)) if (!resident.has(key)) delete last[key];
  return last;
}
