/** Traces of made-up games with a fake clock, so that each step takes a known time. */
import { MemorySource, ResourceManager, type ResourceManagerOptions } from "../../mod.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { captureSite } from "../../src/leaks/call_sites.ts";
import { startTrace, type Trace, type TraceOptions } from "../../src/trace.ts";
import { Model } from "../../src/trace/page/model.ts";
import { PAGE } from "../../src/trace/bundled_page.ts";

/** Replaces `performance.now()` with a time that only `wait` moves. */
export class FakeTime implements Disposable {
  now = 1000;
  readonly #real = performance.now;

  constructor() {
    performance.now = () => this.now;
  }

  /** Moves the time on by `ms` milliseconds. */
  wait(ms: number): void {
    this.now += ms;
  }

  [Symbol.dispose](): void {
    performance.now = this.#real;
  }
}

export class Thing {
  constructor(readonly key: string) {}
}

/** A manager that can load a thing of any name. `bytes` gives its size. */
export function things(
  bytes: (key: string) => number,
  { unload, ...options }: ResourceManagerOptions & { unload?: () => void } = {},
): ResourceManager {
  return new ResourceManager({
    source: { read: () => new Uint8Array(1) },
    loaders: [{
      name: "thing",
      extensions: [".png", ".wav", ".json"],
      load: (_bytes, { key }) => new Thing(key),
      byteLength: ({ key }) => bytes(key),
      ...(unload && { unload }),
    }],
    leaks: { onLeak() {} },
    ...options,
  });
}

/** How long a leaked handle was open when it is reported, in ms. */
export const OPEN = 150;

/** Leaks a handle of `key`, as if the garbage collector had found it. */
export function leak(
  mgr: ResourceManager,
  key: string,
  label: string,
  stack?: string,
  open = OPEN,
): void {
  const entry = cacheOf(mgr).entries.get(key)!;
  entry.retain();
  const site = stack === undefined ? undefined : {
    stack,
    openedAt: captureSite(leak).openedAt - open,
  };
  entry.record({ holder: { label }, site }).collected();
}

export const SITE = `    at spawn (file:///game/src/enemies.ts:42:17)
    at Level.start (file:///game/src/level.ts:7:9)`;

/** The model of the page of a trace. */
export function modelOf(trace: Trace): Model {
  const html = trace.toHTML();
  return new Model(JSON.parse(html.slice(PAGE[0].length, html.length - PAGE[1].length)));
}

/** Some seconds of a small game with every kind of event. */
export function smallGame(options: TraceOptions = {}): Trace {
  using time = new FakeTime();
  const sizes: Record<string, number> = { "chars/hero.png": 4000, "forest/map.json": 2000 };
  using mgr = things((key) => sizes[key] ?? 1000, { maxBytes: 8000 });
  using hero = mgr.load("chars/hero.png", Thing);
  const trace = startTrace(mgr, options);
  time.wait(100);
  {
    using level = mgr.scope("forest");
    level.load("forest/map.json", Thing);
    for (let i = 0; i < 4; i++) {
      time.wait(100);
      level.load("forest/tree.png", Thing);
    }
    time.wait(200);
    sizes["chars/hero.png"] = 5000;
    mgr.reload("chars/hero.png");
    time.wait(100);
    leak(mgr, "forest/tree.png", "forest", SITE);
    time.wait(100);
  }
  time.wait(300);
  using caves = mgr.scope("caves");
  for (const name of ["bat", "rock", "torch", "troll"]) {
    caves.load(`caves/${name}.png`, Thing);
    time.wait(50);
  }
  using another = hero.clone();
  time.wait(250);
  trace[Symbol.dispose]();
  void another;
  return trace;
}

/** Pseudo-random numbers below `1`, the same in each run. */
function* random(): Generator<number, never> {
  for (let state = 12345;;) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

/** A long game with many levels: `resources` keys and at least `events` events. */
export function largeGame(resources = 5_000, events = 200_000): Trace {
  using time = new FakeTime();
  const numbers = random();
  const next = (below: number) => Math.floor(numbers.next().value * below);
  const folders = ["chars", "forest", "caves", "lair", "ui", "common", "music"];
  const names = Array.from({ length: resources }, (_, i) => {
    const extension = i % 9 === 0 ? "wav" : "png";
    return `${folders[i % folders.length]}/${
      ["idle", "walk", "tree", "rock"][i % 4]
    }-${i}.${extension}`;
  });
  using mgr = things((key) => 1000 + 37 * key.length ** 2, { maxBytes: 9_000_000 });
  const trace = startTrace(mgr, { title: "A long evening" });
  const perLevel = Math.ceil(resources / 15);
  for (let level = 0; trace.events < events || level < 15; level++) {
    using scene = mgr.scope(`level ${level}`);
    const nameOf = (i: number) => names[(level * perLevel + i) % names.length]!;
    for (let i = 0; i < perLevel; i++) {
      time.wait(next(20) / 10);
      scene.load(nameOf(i), Thing);
      if (i % 9 === 0) scene.load(nameOf(next(perLevel)), Thing);
    }
    for (let frame = 0; frame < events / 600; frame++) {
      time.wait(16);
      for (let i = 0; i < 20; i++) {
        using _sprite = mgr.load(nameOf(next(40) * 15 - 100 + names.length), Thing);
      }
    }
    const keys = Object.keys(mgr.cacheStats().resources);
    if (level % 3 === 0) mgr.reload(keys[next(keys.length)]!);
    if (level % 4 === 1) leak(mgr, keys[next(keys.length)]!, `level ${level}`, SITE);
  }
  trace[Symbol.dispose]();
  return trace;
}

/**
 * Three hours of a game that leaks: 5 000 resources in nested directories, and 200 handles of five
 * call sites, each open for minutes before it is reported.
 */
export function longNight(): Trace {
  using time = new FakeTime();
  const numbers = random();
  const next = (below: number) => Math.floor(numbers.next().value * below);
  const parts = ["textures/characters", "textures/tiles/desert", "sounds/ambient/night", "maps"];
  const names = Array.from(
    { length: 5000 },
    (_, i) => `${parts[i % 4]}/${i % 8 < 4 ? "shared" : "night"}/merchant-of-the-oasis-${i}.png`,
  );
  using mgr = things((key) => 2000 + 37 * key.length ** 2 + key.charCodeAt(key.length - 5) * 900, {
    maxBytes: 120_000_000,
  });
  const trace = startTrace(mgr, { title: "A long night" });
  const handles: Disposable[] = [];
  for (let minute = 0; minute < 180; minute++) {
    for (let i = 0; i < 120; i++) {
      time.wait(400 + next(200));
      const name = names[(minute * 28 + next(90)) % names.length]!;
      handles.push(mgr.load(name, Thing));
      for (let frame = 0; frame < 4; frame++) mgr.load(name, Thing)[Symbol.dispose]();
      if (handles.length > 800) handles.splice(next(800), 1)[0]![Symbol.dispose]();
    }
    if (minute === 90) mgr.trim(20_000_000);
    const keys = Object.keys(mgr.cacheStats().resources);
    for (let i = 0; minute % 9 === 8 && i < 10; i++) {
      const line = [42, 7, 180, 66, 9][next(5) % (1 + next(5))]!;
      const site = SITE.replace(":42:", `:${line}:`);
      leak(
        mgr,
        keys[next(keys.length)]!,
        `night ${(minute + 1) / 9 % 3}`,
        site,
        60_000 + next(400_000),
      );
    }
  }
  while (trace.events < 200_000) mgr.load(names[next(40)]!, Thing)[Symbol.dispose]();
  for (const handle of handles) handle[Symbol.dispose]();
  trace[Symbol.dispose]();
  return trace;
}

/** A paced game whose resources are freed one by one, in three frames after their last use. */
export function pacedGame(options: TraceOptions = {}): Trace {
  using time = new FakeTime();
  using mgr = things(() => 1000, { pacing: "pumped", unload() {} });
  mgr.load("before.png", Thing)[Symbol.dispose](); // waits when the trace begins
  const trace = startTrace(mgr, options);
  for (const name of ["a.png", "b.png"]) {
    time.wait(100);
    mgr.load(name, Thing)[Symbol.dispose]();
  }
  for (let frame = 0; frame < 3; frame++) {
    time.wait(100);
    mgr.pump({ maxMs: 0 });
  }
  trace[Symbol.dispose]();
  return trace;
}

/** A game that ends at once. */
export function emptyGame(): Trace {
  using _time = new FakeTime();
  using mgr = things(() => 1);
  const trace = startTrace(mgr);
  trace[Symbol.dispose]();
  return trace;
}

/** A game with two resources that takes no time at all. */
export function momentGame(): Trace {
  using _time = new FakeTime();
  using mgr = things(() => 1000);
  using _a = mgr.load("a.png", Thing);
  const trace = startTrace(mgr);
  using _b = mgr.load("b.png", Thing);
  trace[Symbol.dispose]();
  return trace;
}

/** A game with one resource that takes a week. */
export function weekGame(): Trace {
  using time = new FakeTime();
  using mgr = things(() => 1000);
  const trace = startTrace(mgr);
  using _a = mgr.load("a.png", Thing);
  time.wait(7 * 24 * 3600 * 1000);
  trace[Symbol.dispose]();
  return trace;
}

/** A game with names that look like code or markup. */
export function hostileGame(): Trace {
  using time = new FakeTime();
  const names = [
    "__proto__",
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=document.title='broken'>",
    "constructor/toString",
    "\u2028\u202e\"'&<!--",
  ];
  using mgr = new ResourceManager({ source: new MemorySource(), leaks: { onLeak() {} } });
  const trace = startTrace(mgr, { title: "<b>title</b></title><script>1</script>" });
  using scope = new DisposableStack();
  for (const name of names) {
    time.wait(10);
    scope.use(mgr.add(name, { name }));
    leak(mgr, name, "</script>", `    at <img onerror=1> (file:///${name}:1:1)`);
  }
  time.wait(10);
  trace[Symbol.dispose]();
  return trace;
}
