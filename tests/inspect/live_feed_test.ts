import { assert, assertEquals, assertLess } from "@std/assert";
import { MemorySource, ResourceManager } from "../../mod.ts";
import { cacheOf } from "../../src/cache/observers.ts";
import { LiveFeed, type Subject } from "../../src/inspect/live_feed.ts";
import { Panel } from "../../src/inspect/panel.ts";
import type { LiveMessage } from "../../src/trace/live_data.ts";
import { Model } from "../../src/trace/page/model.ts";
import { Recorder } from "../../src/trace/recorder.ts";
import { FakeTime, leak, SITE, Thing, things } from "../trace/_recordings.ts";

const HOUR = 3_600_000;

/** A manager that is recorded, and a page that is told. */
class Told {
  readonly recorder: Recorder;
  readonly feed: LiveFeed;
  model = new Model({
    ...{ title: "", start: 0, duration: 0, count: 0, forgotten: 0, keepsIdle: true },
    ...{ keys: [], types: [], reasons: [], stacks: [], leaks: [], events: "" },
  });
  /** All that it was told. */
  readonly messages: LiveMessage[] = [];

  constructor(readonly mgr: ResourceManager, maxEvents = 1000) {
    const recorder = this.recorder = new Recorder(cacheOf(mgr), maxEvents);
    const subject: Subject = {
      ...{ recorder, maxEvents, title: "live", actions: [] },
      get ended() {
        return mgr.disposed;
      },
    };
    this.feed = new LiveFeed(subject);
  }

  /** Reads what there is, as a page does every other frame. */
  read(): void {
    this.feed.tick();
    for (let message = this.feed.next(); message !== undefined; message = this.feed.next()) {
      this.messages.push(JSON.parse(JSON.stringify(message)));
      if (message.begin) this.model = new Model(message.begin);
      if (message.more) this.model.append(message.more);
    }
  }

  get last(): LiveMessage {
    return this.messages.at(-1)!;
  }

  get beginnings(): number {
    return this.messages.filter(({ begin }) => begin !== undefined).length;
  }

  /** Throws unless the page shows what is resident, with the references that it has. */
  check(): void {
    const shown = this.model.rows.map(({ key, counts }) => [key, counts.values.at(-1)])
      .filter(([, count]) => count !== -1);
    const resident = Object.entries(this.mgr.cacheStats().resources)
      .map(([key, { refCount }]) => [key, refCount]);
    assertEquals(new Map(shown as [string, number][]), new Map(resident as [string, number][]));
  }
}

Deno.test("a page is told what was resident before, and then what happens, batch by batch", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { idle: "keep" });
  using _hero = mgr.load("hero.png", Thing);
  const told = new Told(mgr);
  told.read();
  told.check();
  for (let i = 0; i < 100; i++) {
    time.wait(33);
    using _another = mgr.load("hero.png", Thing);
    mgr.load(`${i % 7}.png`, Thing)[Symbol.dispose]();
    if (i % 10 === 0) leak(mgr, `${i % 7}.png`, "scene", SITE);
    if (i % 5 === 0) mgr.unloadUnused();
    told.read();
    told.check();
  }
  told.read();
  assertEquals([told.beginnings, told.messages.length], [1, 102]);
  assertEquals([told.model.leaks.length, told.model.duration], [10, 3_300_000]);
  assertEquals(told.model.count, told.recorder.log.length);
});

Deno.test("a page that comes late is told all that is kept, a few thousand events at a time", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { idle: "keep" });
  const told = new Told(mgr, 20_000);
  for (let i = 0; i < 30_000; i++) {
    time.wait(1);
    mgr.load(`${i % 50}.png`, Thing)[Symbol.dispose]();
  }
  told.read();
  time.wait(33);
  told.read();
  told.check();
  assertEquals(told.model.count, 20_000);
  assertEquals(told.messages.map(({ begin, more }) => (begin ?? more)!.count), [
    4096,
    4096,
    4096,
    4096,
    3616,
  ]);
  assertEquals(told.messages.map(({ behind }) => behind), [true, true, true, undefined, undefined]);
  assertEquals([told.last.dropped, told.beginnings], [0, 1]);
  assertEquals(
    told.model.data.from,
    Math.round(told.recorder.since - told.recorder.started) * 1000,
  );
  assertEquals(told.model.data.forgotten, 40_000);
});

Deno.test("a page that reads too slowly is told how many events it has lost, and all anew", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { idle: "keep" });
  const told = new Told(mgr, 100);
  const play = (hits: number) => {
    for (let i = 0; i < hits; i++) mgr.load(`${i % 5}.png`, Thing)[Symbol.dispose]();
  };
  play(10);
  told.read();
  const seen = told.recorder.log.length;
  time.wait(2000);
  play(1000); // 2 000 events, of which 100 are kept
  told.read();
  told.check();
  assertEquals([told.last.dropped, told.beginnings], [2000 - 100, 2]);
  assertEquals(told.model.count, 100);
  time.wait(2000);
  play(200);
  told.read();
  told.check();
  assertEquals([told.last.dropped, told.beginnings], [2000 - 100 + 400 - 100, 3]);
  assert(seen > 0);
});

Deno.test("a page that is always too slow begins anew once a second, and no more often", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { idle: "keep" });
  const told = new Told(mgr, 10);
  told.read();
  for (let frame = 0; frame < 300; frame++) {
    time.wait(33);
    for (let i = 0; i < 10; i++) mgr.load("a.png", Thing)[Symbol.dispose]();
    told.read();
  }
  assertEquals(told.beginnings, 10);
});

Deno.test("hours of events and keys without end keep the panel and the page within their bounds", () => {
  using time = new FakeTime();
  using mgr = things(() => 100);
  const told = new Told(mgr, 1000);
  let most = 0;
  let rows = 0;
  for (let frame = 0; frame < 2000; frame++) {
    time.wait(HOUR / 500);
    for (let i = 0; i < 5; i++) mgr.load(`${frame}-${i}.png`, Thing)[Symbol.dispose]();
    told.read();
    most = Math.max(most, told.model.count);
    rows = Math.max(rows, told.model.rows.length);
  }
  told.check();
  assertEquals([told.last.dropped, told.recorder.log.length], [0, 1000]);
  assertLess(most, 2 * 1000 + 4096);
  assertLess(rows, most);
  assertLess(told.recorder.lives.size, 1001);
  assertEquals(told.model.duration, 4 * HOUR * 1000, "time goes on from when the panel began");
  assert(told.model.data.from! > 3 * HOUR * 1000);
});

Deno.test("a quiet game is heard twice a second, and no more often", () => {
  using time = new FakeTime();
  using mgr = things(() => 100);
  const told = new Told(mgr);
  told.read();
  for (let tick = 0; tick < 300; tick++) {
    time.wait(33);
    told.read();
  }
  assertEquals(told.messages.length, 1 + Math.floor(9900 / 528));
  assertEquals(told.last.more?.events, "");
});

Deno.test("a page is told of a disposed manager last, once, with its leaks", () => {
  using time = new FakeTime();
  const mgr = things(() => 100);
  const told = new Told(mgr);
  told.read();
  const open = mgr.load("a.png", Thing);
  time.wait(10);
  mgr[Symbol.dispose]();
  told.read();
  assertEquals([told.last.ended, told.model.leaks.length], [true, 1]);
  const { length } = told.messages;
  time.wait(1000);
  told.read();
  assertEquals(told.messages.length, length);
  void open;
});

Deno.test("a page that comes long after its manager was disposed is told of no time since", () => {
  using time = new FakeTime();
  const mgr = things(() => 100);
  const panel = new Panel(mgr, {});
  mgr.load("a.png", Thing)[Symbol.dispose]();
  time.wait(10);
  using _open = mgr.load("b.png", Thing);
  mgr[Symbol.dispose]();
  time.wait(HOUR);
  const feed = panel.open(() => {});
  const { begin, ended } = feed.next()!;
  panel.close(feed);
  assertEquals([begin?.duration, ended], [10_000, true]);
});

Deno.test("a page of a paced manager is told what waits for a pump, also when it begins anew", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { pacing: "pumped", unload() {} });
  const told = new Told(mgr, 10);
  for (let i = 0; i < 30; i++) mgr.load(`${i}.png`, Thing)[Symbol.dispose]();
  time.wait(33);
  told.read();
  assertEquals(told.model.waiting.work.at(-1)?.unloads, 30);
  time.wait(2000);
  mgr.pump({ maxMs: 1 }); // time stands still: all of it
  told.read();
  assertEquals([told.model.waiting.work.at(-1)?.unloads, told.beginnings], [0, 2]);
});

Deno.test("names with markup and control characters reach a page as they are, and it shows them so that one sees them", () => {
  using mgr = new ResourceManager({ source: new MemorySource(), idle: "keep" });
  const told = new Told(mgr);
  const names = ["</script><b>", "\u202e\u2028<!--", "__proto__", 'a"b'];
  for (const name of names) mgr.add(name, {})[Symbol.dispose]();
  told.read();
  const { begin } = told.last;
  assertEquals(begin!.keys, names);
  assertEquals(told.model.rows.map(({ key }) => key), [
    "</script><b>",
    "\\u202e\\u2028<!--",
    "__proto__",
    'a"b',
  ]);
});
