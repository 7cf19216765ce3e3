import { assert, assertEquals, assertThrows } from "@std/assert";
import { MemorySource, ResourceManager } from "../../mod.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { inspectorPage, postInspector, type PostInspectorOptions } from "../../src/inspect.ts";
import type { ChannelAnswer, ChannelAsk } from "../../src/trace/live_data.ts";
import { until } from "../_patience.ts";
import { FakeTime } from "../trace/_recordings.ts";

let channels = 0;

/** The name of a channel that no other test uses. */
function channelName(): string {
  return `test ${channels++}`;
}

function game(): ResourceManager {
  const source = new MemorySource({ "a.txt": "1", "b.txt": "2" });
  return new ResourceManager({ source, idle: "keep" });
}

/** A page on a channel, which asks what the test wants. */
class Page implements Disposable {
  readonly heard: ChannelAnswer[] = [];
  readonly #channel: BroadcastChannel;

  constructor(channel: string, readonly page = "page") {
    this.#channel = new BroadcastChannel(channel);
    this.#channel.onmessage = ({ data }) => void this.heard.push(data);
  }

  ask(ask: ChannelAsk["ask"], more: Partial<ChannelAsk> = {}): void {
    this.#channel.postMessage({ page: this.page, ask, ...more });
  }

  /** Asks until it gets an answer, because messages to a channel that is opening may be lost. */
  async meet(): Promise<ChannelAnswer> {
    await until(() => {
      this.ask("next");
      return this.mine.length > 0;
    });
    return this.mine[0]!;
  }

  /** The answers to this page, not those to all pages. */
  get mine(): ChannelAnswer[] {
    return this.heard.filter(({ to }) => to === this.page);
  }

  get keys(): string[] {
    return this.mine.flatMap(({ message }) => (message?.begin ?? message?.more)?.keys ?? []);
  }

  [Symbol.dispose](): void {
    this.#channel.close();
  }
}

function panelOf(mgr: ResourceManager, options: PostInspectorOptions = {}) {
  const channel = options.channel ?? channelName();
  return { channel, panel: postInspector(mgr, { ...options, channel }) };
}

Deno.test("postInspector() sends a page the resident resources, and then one message for each request", async () => {
  using mgr = game();
  using _a = mgr.load("a.txt");
  const { channel, panel } = panelOf(mgr);
  using _panel = panel;
  using page = new Page(channel);
  const { game: name } = await page.meet();
  assertEquals([page.keys, panel.pages], [["a.txt"], 1]);
  assertEquals(page.mine[0]!.message!.actions, []);
  using _b = mgr.load("b.txt");
  page.ask("next", { game: name });
  await until(() => page.keys.includes("b.txt"));
  assertEquals(page.keys, ["a.txt", "b.txt"]);
});

Deno.test("pages that wait receive a message when a game starts, and when it ends", async () => {
  using mgr = game();
  const { channel, panel } = panelOf(mgr);
  using page = new Page(channel);
  await page.meet();
  using other = game();
  const again = postInspector(other, { channel }); // the game was reloaded
  await until(() => page.heard.some(({ to, gone }) => to === undefined && !gone));
  panel[Symbol.dispose]();
  await until(() => page.heard.some(({ gone }) => gone === true));
  assertEquals(panel.pages, 0);
  again[Symbol.dispose]();
});

Deno.test("another game on the same channel does not answer a page that follows one game", async () => {
  using mgr = game();
  using other = game();
  const { channel, panel } = panelOf(mgr);
  using _panel = panel;
  using page = new Page(channel);
  const { game: name } = await page.meet();
  using second = postInspector(other, { channel });
  for (let i = 0; i < 20; i++) page.ask("next", { game: name });
  using _a = mgr.load("a.txt");
  await until(() => page.keys.includes("a.txt"));
  assertEquals(second.pages, 0);
  assertEquals(new Set(page.mine.map(({ game }) => game)), new Set([name]));
});

Deno.test("a page that leaves, or does not ask for ten seconds, is forgotten", async () => {
  using mgr = game();
  const { channel, panel } = panelOf(mgr);
  using _panel = panel;
  using page = new Page(channel);
  await page.meet();
  page.ask("leave");
  await until(() => panel.pages === 0);
  page.ask("next");
  await until(() => panel.pages === 1);
  using time = new FakeTime();
  time.wait(1e9); // the page is frozen, and its tab may never come back
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => panel.pages === 0 && resolve(), 0);
  await promise;
  clearInterval(timer);
});

Deno.test("at most sixteen pages get answers", async () => {
  using mgr = game();
  const { channel, panel } = panelOf(mgr);
  using _panel = panel;
  using pages = new DisposableStack();
  const all = Array.from({ length: 20 }, (_, i) => pages.use(new Page(channel, `page ${i}`)));
  await until(() => {
    for (const page of all) page.ask("next");
    return all.filter(({ mine }) => mine.length > 0).length === 16;
  });
  assertEquals(panel.pages, 16);
});

Deno.test("a page on a channel can run actions only with control", async () => {
  for (const control of [false, true]) {
    using mgr = game();
    mgr.load("a.txt")[Symbol.dispose]();
    const { channel, panel } = panelOf(mgr, { control });
    using _panel = panel;
    using page = new Page(channel);
    await page.meet();
    page.ask("unload");
    await until(() => page.mine.some(({ said }) => said !== undefined));
    const [said] = page.mine.flatMap(({ said = [] }) => said);
    const refused = '"unload" is not an action of this panel';
    assertEquals(said, control ? "1 of 1 resources were unloaded" : refused);
    assertEquals(mgr.size, control ? 0 : 1);
    page[Symbol.dispose]();
    panel[Symbol.dispose]();
    // Deno 2.9.6 must have seen that all channels are closed before another one is opened.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
});

Deno.test("a panel ignores other messages on its channel", async () => {
  using mgr = game();
  const { channel, panel } = panelOf(mgr);
  using _panel = panel;
  using closing = new DisposableStack();
  const sender = closing.adopt(new BroadcastChannel(channel), (each) => each.close());
  for (const data of [null, undefined, 1, "next", {}, { page: {} }, { page: 1, ask: "next" }]) {
    sender.postMessage(data);
  }
  using page = new Page(channel);
  await page.meet();
  assertEquals(panel.pages, 1);
});

Deno.test("inspectorPage() names its channel, and may not use the network", () => {
  const page = inspectorPage({ channel: "</script>", title: "sounds" });
  assert(page.includes('{"title":"sounds","live":{"channel":"\\u003c/script>"},'));
  assert(page.includes("default-src 'none'; script-src"));
  assert(inspectorPage().includes('"live":{"channel":"holdfast"}'));
});

Deno.test("postInspector() observes nothing where there is no BroadcastChannel", () => {
  using mgr = game();
  const { BroadcastChannel } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, "BroadcastChannel");
    assertThrows(() => postInspector(mgr), ReferenceError, "BroadcastChannel");
  } finally {
    Object.assign(globalThis, { BroadcastChannel });
  }
  assertEquals(cacheOf(mgr).events.has("leak"), false);
});

Deno.test("postInspector() refuses an invalid number of events, and leaves nothing open", () => {
  using mgr = game();
  assertThrows(() => postInspector(mgr, { maxEvents: 1.5 }), RangeError, "received 1.5");
});
