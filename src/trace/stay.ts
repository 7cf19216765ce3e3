import { Counter } from "./counter.ts";
import type { EventQueue, Grouped } from "./event_queue.ts";
import { GROUPS } from "./tracks.ts";
import type { TraceArgs } from "./trace_file.ts";

/** A key: its stays in memory share its track and its counters. */
export class Resource {
  readonly key: string;
  /** The track of its stays. */
  readonly id: string;
  readonly references: Counter;
  readonly bytes: Counter;

  constructor(queue: EventQueue, key: string, id: string) {
    this.key = key;
    this.id = id;
    this.references = new Counter(queue, key, { group: GROUPS.references, brief: true });
    this.bytes = new Counter(queue, key, { group: GROUPS.bytes, brief: true });
  }
}

/** One stay of a resource in memory: a span with `live` and `idle` spans inside. */
export class Stay implements Grouped {
  readonly resource: Resource;
  readonly #queue: EventQueue;
  refs: number;
  bytes: number;
  version: number;
  /** The inner span that is open. */
  #open: "live" | "idle";
  /** When it last became live or idle. */
  #since: number;

  constructor(
    queue: EventQueue,
    resource: Resource,
    life: { readonly refs: number; readonly bytes: number; readonly version: number },
  ) {
    this.#queue = queue;
    this.resource = resource;
    this.refs = life.refs;
    this.bytes = life.bytes;
    this.version = life.version;
    this.#open = this.state;
    this.#since = queue.now;
  }

  get state(): "live" | "idle" {
    return this.refs > 0 ? "live" : "idle";
  }

  begin(args: TraceArgs): void {
    this.#span("b", this.resource.key, args);
    this.#span("b", this.#open);
    this.setCounters();
  }

  /** Sets its reference count. `keepsIdle` says whether it may stay idle. */
  setRefs(refs: number, keepsIdle: boolean): void {
    const before = this.state;
    this.refs = refs;
    this.resource.references.set({ references: refs }, refs);
    if (this.state === before || (refs === 0 && !keepsIdle)) return;
    this.#since = this.#queue.now;
    if (this.state !== this.#open) this.#queue.group(this);
  }

  reload(bytes: number): void {
    this.bytes = bytes;
    this.version++;
    this.resource.bytes.set({ bytes }, bytes);
  }

  flush(): void {
    if (this.state === this.#open) return;
    this.#span("e", this.#open, undefined, this.#since);
    this.#span("b", this.#open = this.state, undefined, this.#since);
  }

  /** Ends it. A state that it has only just entered is not drawn. */
  end(args: TraceArgs): void {
    this.#queue.drop(this);
    this.#span("e", this.#open);
    this.#span("e", this.resource.key, args);
  }

  /** Sets the counters of its key. */
  setCounters(): void {
    const { refs, bytes, resource } = this;
    resource.references.set({ references: refs }, refs);
    resource.bytes.set({ bytes }, bytes);
  }

  #span(ph: "b" | "e", name: string, args?: TraceArgs, ts: number = this.#queue.now): void {
    const { id } = this.resource;
    const pid = GROUPS.resources;
    this.#queue.add({ name, ph, ts, pid, tid: pid, cat: "resource", id, ...(args && { args }) });
  }
}
