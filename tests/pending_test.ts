/** Pending work: what pending() lists, and settled() waits for. */
import { assertEquals, assertRejects } from "@std/assert";
import { type Loader, type LoadProgress, MemorySource, ResourceManager } from "../mod.ts";
import { GatedSource } from "../src/testing.ts";
import { letThrough, turns } from "./_turns.ts";

const FILES = { "a.node": "b.node", "b.node": "bb", "c.node": "" };

/** Loads the file that its text names. */
const nodes: Loader<string, ".node"> = {
  name: "node",
  extensions: [".node"],
  async loadAsync(bytes, context) {
    const text = new TextDecoder().decode(bytes);
    if (text.endsWith(".node")) await context.loadAsync(text);
    return text;
  },
};

function gated(files: Record<string, string> = FILES, pacing?: "pumped") {
  const source = new GatedSource(files);
  const options = { source, loaders: [nodes], maxConcurrency: 1 } as const;
  return { source, mgr: new ResourceManager({ ...options, ...(pacing && { pacing }) }) };
}

Deno.test("ResourceManager.pending() lists pending loads, with their waiters and their progress", async () => {
  const { source, mgr } = gated(FILES, "pumped");
  using first = mgr.loadAsync("a.node");
  using second = mgr.loadAsync("a.node", { priority: "high" });
  using _third = mgr.loadAsync("c.node", { priority: "low" });
  const seen = () =>
    mgr.pending().map(({ key, waiters, priority, bytes, totalBytes, state }) =>
      `${key} ${waiters} ${priority} ${bytes}/${totalBytes} ${state}`
    );
  assertEquals(seen(), [
    "a.node 2 high 0/undefined reading",
    "c.node 1 low 0/undefined queued",
  ]);
  source.open("a.node");
  await turns();
  assertEquals(seen(), ["a.node 2 high 6/6 waiting", "c.node 1 low 0/undefined reading"]);
  mgr.pump();
  await turns();
  assertEquals(seen(), [
    "a.node 2 high 6/6 loading",
    "c.node 1 low 0/undefined reading",
    "b.node 1 high 0/undefined queued",
  ]);
  first[Symbol.dispose]();
  assertEquals(seen()[0], "a.node 1 high 6/6 loading");
  second[Symbol.dispose]();
  assertEquals(seen(), ["c.node 1 low 0/undefined reading"]);
  mgr[Symbol.dispose]();
  assertEquals(seen(), []);
});

Deno.test("ResourceManager.settled() waits for all pending loads, also for those that fail", async () => {
  const { source, mgr } = gated({ ...FILES, "broken.node": "missing.node" });
  let isSettled = false;
  const progress: LoadProgress[] = [];
  await mgr.settled(); // nothing is pending
  const loads = Promise.allSettled(["a.node", "broken.node"].map((name) => mgr.loadAsync(name)));
  const settled = mgr.settled({ onProgress: (each) => progress.push(each) });
  settled.then(() => isSettled = true);
  await turns();
  assertEquals(isSettled, false);
  const controller = new AbortController();
  const aborted = mgr.settled({ signal: controller.signal });
  controller.abort(new Error("enough"));
  await assertRejects(() => aborted, Error, "enough");
  await letThrough(source);
  await settled;
  assertEquals(progress.at(-1)?.done, progress.at(-1)?.total);
  assertEquals((await loads).map(({ status }) => status), ["fulfilled", "rejected"]);
  assertEquals(mgr.pending(), []);
  mgr[Symbol.dispose]();
});

Deno.test("ResourceManager.settled() waits for the whole reload, whenever it is called during it", async () => {
  for (const pacing of ["immediate", "pumped"] as const) {
    for (const isSlow of [false, true]) {
      const { mgr, source } = chain(pacing, isSlow);
      mgr.on("error", () => {});
      const [broken, top] = ["e.link", "d.link"].map((name) => mgr.load(name));
      source.set("e.link", "missing.link");
      source.set("a.link", "new");
      let isOver = false;
      const reloaded = assertRejects(() => mgr.reloadAsync(["e.link", "a.link"]))
        .then(() => isOver = true);
      const versions: number[] = [];
      const all: Promise<unknown>[] = [];
      for (let turn = 0; !isOver; turn++) {
        all.push(mgr.settled().then(() => versions.push(top!.version)));
        await Promise.resolve();
        if (turn % 9 === 0) mgr.pump({ maxMs: 0 });
      }
      await Promise.all([reloaded, ...all]);
      assertEquals([broken!.version, [...new Set(versions)]], [1, [2]]);
      for (const handle of [broken, top]) handle![Symbol.dispose]();
      mgr[Symbol.dispose]();
    }
  }
});

/** A manager of five resources; b, c and d are each made from the one before. */
function chain(pacing: "pumped" | "immediate", isSlow: boolean) {
  const source = new MemorySource({
    "a.link": "",
    "b.link": "a.link",
    "c.link": "b.link",
    "d.link": "c.link",
    "e.link": "",
  });
  const links: Loader<object, ".link"> = {
    name: "link",
    extensions: [".link"],
    load(bytes, context) {
      const name = new TextDecoder().decode(bytes);
      if (name.endsWith(".link")) context.load(name);
      return {};
    },
  };
  const readAsync = async (key: string) => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
    return source.read(key);
  };
  const read = (key: string) => source.read(key);
  const used = isSlow ? { read, readAsync } : source;
  return { source, mgr: new ResourceManager({ source: used, loaders: [links], pacing }) };
}
