import { assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { type LoadContext, MemorySource, ResourceManager, Text } from "../../mod.ts";
import { Flights } from "../../src/load/flights.ts";
import { handleIn } from "../../src/load/ready_task.ts";

const source = new MemorySource({ "a.txt": "@", "b.url": "" });

Deno.test("the task of a resident resource is a promise that owns its handle", async () => {
  using mgr = new ResourceManager({ source });
  using held = mgr.load("a.txt", Text);
  const tasks = Array.from({ length: 3 }, () => mgr.loadAsync("a.txt", Text));
  const [kept, disposed, awaited] = tasks as [typeof tasks[0], typeof tasks[0], typeof tasks[0]];
  assertInstanceOf(kept, Promise);
  assertStrictEquals(Promise.resolve(kept), kept); // `await` uses it directly
  disposed[Symbol.dispose]();
  disposed[Symbol.dispose]();
  {
    await using _task = awaited;
  }
  assertEquals((await disposed).disposed, true);
  assertEquals((await awaited).disposed, true);
  assertEquals(mgr.cacheStats().totalReferences, 2);
  using handle = await kept;
  assertEquals([handle.value, held.value], ["@", "@"]);
});

Deno.test("the task of a resident resource is over when its handle is disposed", () => {
  using mgr = new ResourceManager({ source });
  using _held = mgr.load("a.txt", Text);
  const task = mgr.loadAsync("a.txt", Text);
  const { isOver } = Flights.prototype;
  assertEquals([isOver(task), isOver(Promise.resolve())], [false, false]);
  handleIn(task)![Symbol.dispose]();
  assertEquals(isOver(task), true);
});

Deno.test("a loader's task of a resident resource is released at once, without waiting for a pump", () => {
  const use = (_: unknown, context: LoadContext) => {
    context.use(mgr.loadAsync("a.txt", Text));
    return new URL("about:blank");
  };
  const mgr: ResourceManager = new ResourceManager({
    source,
    loaders: [{ name: "url", extensions: [".url"], load: use }],
    pacing: "pumped",
  });
  using held = mgr.load("a.txt", Text);
  mgr.load("b.url", URL)[Symbol.dispose]();
  const { totalReferences, queued } = mgr.cacheStats();
  assertEquals([totalReferences, queued], [1, { loads: 0, unloads: 0, bytes: 0 }]);
  held[Symbol.dispose]();
  mgr[Symbol.dispose]();
});
