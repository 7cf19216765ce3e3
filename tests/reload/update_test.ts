/**
 * Values that are changed in place: each is unloaded once, whatever happens to its resource
 * meanwhile.
 */
import { assertEquals } from "@std/assert";
import { type Loader, MemorySource, ResourceManager } from "../../mod.ts";
import { turns } from "../_turns.ts";

interface Box {
  readonly number: number;
  unloads: number;
}

/** Updates wait until `open` is called. Updates with the text "no" return `false`. */
function setUp(pacing: "pumped" | "immediate" = "immediate") {
  const boxes: Box[] = [];
  const gates: (() => void)[] = [];
  const source = new MemorySource({ "a.box": "", "b.top": "" });
  const make = () => {
    const box = { number: boxes.length, unloads: 0 };
    boxes.push(box);
    return box;
  };
  const box: Loader<Box, ".box"> = {
    name: "box",
    extensions: [".box"],
    load: make,
    async update(_box, bytes) {
      await new Promise<void>((resolve) => gates.push(resolve));
      return new TextDecoder().decode(bytes) !== "no";
    },
    unload: (each) => void each.unloads++,
  };
  const top: Loader<Box, ".top"> = {
    name: "top",
    extensions: [".top"],
    load(_bytes, context) {
      context.load("a.box");
      return make();
    },
    async loadAsync(_bytes, context) {
      await context.loadAsync("a.box");
      await new Promise<void>((resolve) => gates.push(resolve));
      return make();
    },
    unload: (each) => void each.unloads++,
  };
  const mgr = new ResourceManager({ source, loaders: [box, top], pacing, leaks: { onLeak() {} } });
  mgr.on("error", () => {});
  const pump = async () => {
    for (let i = 0; i < 3; i++) {
      await turns();
      if (!mgr.disposed) mgr.pump({ maxMs: Infinity });
    }
    await turns();
  };
  const open = async () => {
    for (const gate of gates.splice(0)) gate();
    await pump();
  };
  const reload = () => mgr.reloadAsync("a.box").catch(() => {});
  return { mgr, boxes, source, open, reload, pump, unloads: () => boxes.map((b) => b.unloads) };
}

/** What may happen to a resource during its update. */
const CHANGES: Record<string, (mgr: ResourceManager) => unknown> = {
  "is forced out": (mgr) => mgr.unload("a.box", { force: true }),
  "is cleared": (mgr) => mgr.clear({ force: true }),
  "is replaced": (mgr) => mgr.add("a.box", {}, { replace: true })[Symbol.dispose](),
  "is forced out and loaded again": (mgr) => {
    mgr.unload("a.box", { force: true });
    mgr.acquire(mgr.load("a.box").key);
  },
  "is unloaded with its manager": (mgr) => mgr[Symbol.dispose](),
};

for (const pacing of ["immediate", "pumped"] as const) {
  for (const [what, happen] of Object.entries(CHANGES)) {
    Deno.test(`a value that is being updated is unloaded once when it ${what}, ${pacing}`, async () => {
      const { mgr, open, reload, pump, unloads } = setUp(pacing);
      const handle = mgr.load("a.box");
      void reload();
      await pump();
      happen(mgr);
      await open();
      assertEquals(unloads()[0], 1);
      handle[Symbol.dispose]();
      mgr[Symbol.dispose]();
      assertEquals(unloads().filter((each) => each !== 1), []);
    });

    Deno.test(`a value that was updated is unloaded once when it ${what} before its dependents are reloaded, ${pacing}`, async () => {
      const { mgr, open, reload, pump, unloads } = setUp(pacing);
      const handle = mgr.load("a.box");
      const top = mgr.load("b.top");
      const reloaded = reload();
      await pump();
      await open(); // the update has ended, and b.top is being reloaded
      assertEquals([mgr.disposed, handle.version, top.version], [false, 2, 1]);
      happen(mgr);
      await open();
      await pump();
      await open();
      await reloaded;
      handle[Symbol.dispose]();
      top[Symbol.dispose]();
      mgr[Symbol.dispose]();
      assertEquals(unloads().filter((each) => each !== 1), []);
    });
  }
}

Deno.test("an update does not restore its value if an earlier read has replaced the value", async () => {
  const { mgr, source, open, reload, pump, unloads } = setUp();
  using handle = mgr.load("a.box");
  const value = () => handle.value as Box;
  source.set("a.box", "no"); // its update returns false, and so it is loaded again
  const first = reload();
  await pump();
  source.set("a.box", "yes");
  const second = reload();
  await pump();
  await open();
  await first;
  assertEquals([value().unloads, unloads()[0]], [0, 1]);
  await open();
  await second;
  assertEquals([value().unloads, unloads().filter((each) => each > 1)], [0, []]);
  mgr[Symbol.dispose]();
  assertEquals(unloads().filter((each) => each !== 1), []);
});

Deno.test("an update that replaces its own value by add() keeps the newer one", () => {
  let depth = 0;
  const log: number[] = [];
  const mgr: ResourceManager = new ResourceManager({
    source: new MemorySource({ "a.box": "" }),
    loaders: [{
      name: "box",
      extensions: [".box"],
      load: () => ({ number: ++depth }),
      update() {
        if (depth > 1) return true;
        mgr.add("a.box", { number: ++depth }, {
          replace: true,
          unload: (it) => void log.push(it.number),
        })
          [Symbol.dispose]();
        return true;
      },
      unload: (it: { number: number }) => void log.push(it.number),
    }],
  });
  const handle = mgr.load("a.box");
  mgr.reload("a.box");
  assertEquals([(handle.value as { number: number }).number, log], [2, [1]]);
  handle[Symbol.dispose]();
  mgr[Symbol.dispose]();
  assertEquals(log, [1, 2]);
});
