import type { TraceEvent } from "./trace_file.ts";

/** The groups of tracks, in the order in which they are shown. */
export const GROUPS = { resources: 1, references: 2, bytes: 3 } as const;

/** The tracks of moments. Their numbers must also differ from those of the groups. */
export const TRACKS = { evictions: 11, reloads: 12, leaks: 13, budget: 14 } as const;

const TITLES = ["Resources", "References by resource", "Bytes by resource"];

/** Names the groups and tracks of a file. */
export function trackNames(): TraceEvent[] {
  const groups = Object.values(GROUPS);
  return [
    ...groups.map((pid, i) => metadata("process_name", pid, pid, { name: TITLES[i] })),
    ...groups.map((pid) => metadata("process_sort_index", pid, pid, { sort_index: pid })),
    ...Object.entries(TRACKS).map(([name, tid]) =>
      metadata("thread_name", GROUPS.resources, tid, { name })
    ),
  ];
}

function metadata(name: string, pid: number, tid: number, args: TraceEvent["args"]): TraceEvent {
  return { name, ph: "M", ts: 0, pid, tid, args };
}
