import { assert, assertEquals, assertLess } from "@std/assert";
import { MemorySource, ResourceManager } from "../../mod.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { LiveFeed, type Subject } from "../../src/inspect/live_feed.ts";
import { Panel } from "../../src/inspect/panel.ts";
import type { LiveMessage } from "../../src/trace/live_data.ts";
import { Model } from "../../src/trace/page/model.ts";
import { Recorder } from "../../src/trace/recorder.ts";
import { FakeTime, leak, SITE, Thing, things } from "../trace/_recordings.ts";

const HOUR = 3_600_000;

/** A page that follows a manager. */
class LivePage {
  readonly recorder: Recorder;
  readonly feed: LiveFeed;
  model = new Model({
    ...{ title: "", start: 0, duration: 0, count: 0, forgotten: 0, keepsIdle: true },
    ...{ keys: [], types: [], reasons: [], stacks: [], leaks: [], events: "" },
  });
  /** All messages that it received. */
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

  /** Reads all messages, as a page does every other frame. */
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

  /** Throws unless the page shows the resident resources with their reference counts. */
  check(): void {
    const shown = this.model.rows.map(({ key, counts }) => [key, counts.values.at(-1)])
      .filter(([, count]) => count !== -1);
    const resident = Object.entries(this.mgr.cacheStats().resources)
      .map(([key, { refCount }]) => [key, refCount]);
    assertEquals(new Map(shown as [string, number][]), new Map(resident as [string, number][]));
  }
}

Deno.test("a page receives what was resident before, and then what happens, batch by batch", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { idle: "keep" });
  using _hero = mgr.load("hero.png", Thing);
  const page = new LivePage(mgr);
  page.read();
  page.check();
  for (let i = 0; i < 100; i++) {
    time.wait(33);
    using _another = mgr.load("hero.png", Thing);
    mgr.load(`${i % 7}.png`, Thing)[Symbol.dispose]();
    if (i % 10 === 0) leak(mgr, `${i % 7}.png`, "scene", SITE);
    if (i % 5 === 0) mgr.unloadUnused();
    page.read();
    page.check();
  }
  page.read();
  assertEquals([page.beginnings, page.messages.length], [1, 102]);
  assertEquals([page.model.leaks.length, page.model.duration], [10, 3_300_000]);
  assertEquals(page.model.count, page.recorder.log.length);
});

Deno.test("a page that opens late receives everything that is kept, a few thousand events at a time", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { idle: "keep" });
  const page = new LivePage(mgr, 20_000);
  for (let i = 0; i < 30_000; i++) {
    time.wait(1);
    mgr.load(`${i % 50}.png`, Thing)[Symbol.dispose]();
  }
  page.read();
  time.wait(33);
  page.read();
  page.check();
  assertEquals(page.model.count, 20_000);
  assertEquals(page.messages.map(({ begin, more }) => (begin ?? more)!.count), [
    4096,
    4096,
    4096,
    4096,
    3616,
  ]);
  assertEquals(page.messages.map(({ behind }) => behind), [true, true, true, undefined, undefined]);
  assertEquals([page.last.dropped, page.beginnings], [0, 1]);
  assertEquals(
    page.model.data.from,
    Math.round(page.recorder.since - page.recorder.started) * 1000,
  );
  assertEquals(page.model.data.forgotten, 40_000);
});

Deno.test("a page that reads too slowly receives everything again, and how many events it has lost", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { idle: "keep" });
  const page = new LivePage(mgr, 100);
  const play = (hits: number) => {
    for (let i = 0; i < hits; i++) mgr.load(`${i % 5}.png`, Thing)[Symbol.dispose]();
  };
  play(10);
  page.read();
  const seen = page.recorder.log.length;
  time.wait(2000);
  play(1000); // 2 000 events, of which 100 are kept
  page.read();
  page.check();
  assertEquals([page.last.dropped, page.beginnings], [2000 - 100, 2]);
  assertEquals(page.model.count, 100);
  time.wait(2000);
  play(200);
  page.read();
  page.check();
  assertEquals([page.last.dropped, page.beginnings], [2000 - 100 + 400 - 100, 3]);
  assert(seen > 0);
});

Deno.test("a page that is always too slow starts again once a second, and not more often", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { idle: "keep" });
  const page = new LivePage(mgr, 10);
  page.read();
  for (let frame = 0; frame < 300; frame++) {
    time.wait(33);
    for (let i = 0; i < 10; i++) mgr.load("a.png", Thing)[Symbol.dispose]();
    page.read();
  }
  assertEquals(page.beginnings, 10);
});

Deno.test("the panel and the page stay within their bounds, however many events and keys come for hours", () => {
  using time = new FakeTime();
  using mgr = things(() => 100);
  const page = new LivePage(mgr, 1000);
  let most = 0;
  let rows = 0;
  for (let frame = 0; frame < 2000; frame++) {
    time.wait(HOUR / 500);
    for (let i = 0; i < 5; i++) mgr.load(`${frame}-${i}.png`, Thing)[Symbol.dispose]();
    page.read();
    most = Math.max(most, page.model.count);
    rows = Math.max(rows, page.model.rows.length);
  }
  page.check();
  assertEquals([page.last.dropped, page.recorder.log.length], [0, 1000]);
  assertLess(most, 2 * 1000 + 4096);
  assertLess(rows, most);
  assertLess(page.recorder.lives.size, 1001);
  assertEquals(page.model.duration, 4 * HOUR * 1000, "the time counts from the start of the panel");
  assert(page.model.data.from! > 3 * HOUR * 1000);
});

Deno.test("a quiet game sends a message twice a second, and not more often", () => {
  using time = new FakeTime();
  using mgr = things(() => 100);
  const page = new LivePage(mgr);
  page.read();
  for (let tick = 0; tick < 300; tick++) {
    time.wait(33);
    page.read();
  }
  assertEquals(page.messages.length, 1 + Math.floor(9900 / 528));
  assertEquals(page.last.more?.events, "");
});

Deno.test("the last message of a disposed manager has its leaks, and comes once", () => {
  using time = new FakeTime();
  const mgr = things(() => 100);
  const page = new LivePage(mgr);
  page.read();
  const open = mgr.load("a.png", Thing);
  time.wait(10);
  mgr[Symbol.dispose]();
  page.read();
  assertEquals([page.last.ended, page.model.leaks.length], [true, 1]);
  const { length } = page.messages;
  time.wait(1000);
  page.read();
  assertEquals(page.messages.length, length);
  void open;
});

Deno.test("a page that opens long after its manager was disposed shows no time after that", () => {
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

Deno.test("a page of a paced manager shows what waits for a pump, also after it starts again", () => {
  using time = new FakeTime();
  using mgr = things(() => 100, { pacing: "pumped", unload() {} });
  const page = new LivePage(mgr, 10);
  for (let i = 0; i < 30; i++) mgr.load(`${i}.png`, Thing)[Symbol.dispose]();
  time.wait(33);
  page.read();
  assertEquals(page.model.waiting.work.at(-1)?.unloads, 30);
  time.wait(2000);
  mgr.pump({ maxMs: 1 }); // time stands still, so it does everything
  page.read();
  assertEquals([page.model.waiting.work.at(-1)?.unloads, page.beginnings], [0, 2]);
});

Deno.test("names with markup and control characters reach a page unchanged, and it shows them as text", () => {
  using mgr = new ResourceManager({ source: new MemorySource(), idle: "keep" });
  const page = new LivePage(mgr);
  const names = ["</script><b>", "\u202e\u2028<!--", "__proto__", 'a"b'];
  for (const name of names) mgr.add(name, {})[Symbol.dispose]();
  page.read();
  const { begin } = page.last;
  assertEquals(begin!.keys, names);
  assertEquals(page.model.rows.map(({ key }) => key), [
    "</script><b>",
    "\\u202e\\u2028<!--",
    "__proto__",
    'a"b',
  ]);
});
