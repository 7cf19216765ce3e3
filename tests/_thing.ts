import {
  type Loader,
  MemorySource,
  type ResourceEvents,
  ResourceManager,
  type ResourceManagerOptions,
} from "../mod.ts";

/** A value whose life can be followed. */
export class Thing {
  /** Its content: the names, a line each, of the things that it depends on. */
  readonly text: string;
  readonly key: string;
  unloads = 0;

  constructor(key: string, text: string) {
    this.key = key;
    this.text = text;
  }
}

/** Another class, of which no value here is an instance. */
export class Other {
  readonly other = true;
}

/**
 * Loads things from `.thing` files, which list the names of what they depend on, and logs what it
 * does: `+key` and `-key`.
 */
export class ThingLoader implements Loader<Thing> {
  readonly name = "thing";
  readonly extensions = [".thing"];
  readonly log: string[] = [];
  /** Keys whose unloading throws. */
  readonly stubborn = new Set<string>();
  readonly values: Thing[] = [];

  load: Loader<Thing>["load"] = (bytes, context) => {
    const text = new TextDecoder().decode(bytes);
    for (const name of text.split("\n").filter((line) => line.endsWith(".thing"))) {
      context.load(name, Thing);
    }
    if (text.includes("throw")) throw new Error(`${context.key} is broken`);
    this.log.push(`+${context.key}`);
    const thing = new Thing(context.key, text);
    this.values.push(thing);
    return thing;
  };

  unload = (thing: Thing): void => {
    thing.unloads++;
    this.log.push(`-${thing.key}`);
    if (this.stubborn.has(thing.key)) throw new Error(`${thing.key} is stubborn`);
  };

  /** What was logged since the last call. */
  takeLog(): string[] {
    return this.log.splice(0);
  }
}

/** A manager of things, with everything that a test looks at. */
export interface Bench extends Disposable {
  readonly mgr: ResourceManager;
  readonly loader: ThingLoader;
  readonly source: MemorySource;
  /** Every event, as `name key reason`. */
  readonly events: string[];
  readonly errors: unknown[];
}

export function bench(
  files: Record<string, string>,
  options: ResourceManagerOptions = {},
): Bench {
  const source = new MemorySource(files);
  const loader = new ThingLoader();
  const mgr = new ResourceManager({ source, loaders: [loader], ...options });
  const events: string[] = [];
  const errors: unknown[] = [];
  follow(mgr, events);
  mgr.on("error", ({ error }) => errors.push(error));
  return { mgr, loader, source, events, errors, [Symbol.dispose]: () => mgr[Symbol.dispose]() };
}

/** Writes a manager's events into `log`. */
export function follow(mgr: ResourceManager, log: string[]): void {
  const note = <E extends keyof ResourceEvents>(
    event: E,
    detail: (e: ResourceEvents[E]) => string | number,
  ) => mgr.on(event, (e) => log.push(`${event} ${detail(e)}`));
  note("load", ({ key }) => key);
  note("unload", ({ key, reason }) => `${key} ${reason}`);
  note("reload", ({ key, version }) => `${key} ${version}`);
  note("leak", ({ key }) => key);
  note("overbudget", ({ bytes, maxBytes }) => `${bytes}/${maxBytes}`);
  note("warning", ({ message }) => message);
}
