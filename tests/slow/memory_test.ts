/** What a hit allocates, and how memory falls after unloading. */
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { Bytes, MemorySource, ResourceManager } from "../../mod.ts";
import { collectGarbage } from "../../src/testing.ts";

const MiB = 2 ** 20;

/** The bytes of the heap in use, after all garbage was collected. */
async function heapUsed(): Promise<number> {
  await collectGarbage({ collections: 3 });
  return Deno.memoryUsage().heapUsed;
}

/** A source of blocks of `size` bytes under any name. */
function blocks(size: number) {
  return { read: () => new Uint8Array(size).fill(1) };
}

/** A loader of objects on the JavaScript heap, which the size of the heap shows and RSS does not. */
const objects = {
  name: "objects",
  extensions: [".obj"],
  load: () => ({ list: Array.from({ length: 10_000 }, (_, i) => ({ i })) }),
};

Deno.test("a hit allocates less than 48 bytes: its handle of five words, and nothing else", async () => {
  using mgr = new ResourceManager({ source: blocks(8) });
  using held = mgr.load("hot.bin", Bytes);
  const open = new Array<Disposable>(900).fill(held); // fewer than are registered with the collector
  const sizes: number[] = [];
  for (let round = 0; round < 9; round++) {
    await collectGarbage({ collections: 1 });
    using _first = mgr.load("hot.bin", Bytes); // makes the sentinel, once after each collection
    const before = Deno.memoryUsage().heapUsed;
    for (let i = 0; i < open.length; i++) open[i] = mgr.load("hot.bin", Bytes);
    sizes.push((Deno.memoryUsage().heapUsed - before) / open.length);
    for (const handle of open) handle[Symbol.dispose]();
  }
  const median = sizes.toSorted((a, b) => a - b)[sizes.length >> 1]!;
  assertLess(median, 48, `${median.toFixed(1)} bytes for each hit`);
});

Deno.test("the heap falls to its former size after a scene is unloaded", async () => {
  using mgr = new ResourceManager({ source: blocks(0), loaders: [objects] });
  const before = await heapUsed();
  {
    using scene = mgr.scope("scene");
    for (let i = 0; i < 50; i++) scene.load(`${i}.obj`, Object);
    assertGreater(await heapUsed() - before, 10 * MiB);
  }
  assertLess(await heapUsed() - before, MiB);
  assertEquals(mgr.size, 0);
});

Deno.test("RSS falls after a scene of large buffers is unloaded", async () => {
  // Blocks so large that no allocator keeps them for reuse.
  using mgr = new ResourceManager({ source: blocks(48 * MiB) });
  let during: number;
  {
    using scene = mgr.scope("scene");
    for (let i = 0; i < 4; i++) scene.load(`${i}.bin`, Bytes);
    assertEquals(mgr.bytes, 192 * MiB);
    during = Deno.memoryUsage().rss;
  }
  const fallen = () => during - Deno.memoryUsage().rss;
  await collectGarbage({ until: () => fallen() > 180 * MiB });
});

Deno.test("a budget limits the bytes that a long game holds", async () => {
  using mgr = new ResourceManager({ source: blocks(MiB), maxBytes: 16 * MiB });
  let most = 0;
  for (let i = 0; i < 500; i++) {
    using _block = mgr.load(`${i}.bin`, Bytes);
    most = Math.max(most, mgr.bytes);
  }
  assertEquals([most, mgr.cacheStats().evictions], [16 * MiB, 484]);
  await collectGarbage({ collections: 1 });
});

Deno.test("the heap has its former size after 1 000 000 loads of one resource and 100 000 of changing ones", async () => {
  using mgr = new ResourceManager({ source: new MemorySource({ "hot.bin": "x" }) });
  using changing = new ResourceManager({ source: blocks(8), maxBytes: 800 });
  const churn = async (loads: number, changes: number) => {
    using _held = mgr.load("hot.bin", Bytes);
    for (let i = 0; i < loads; i++) {
      using _hot = mgr.load("hot.bin", Bytes);
      if (i % 50_000 === 0) await collectGarbage({ collections: 1 });
    }
    for (let i = 0; i < changes; i++) {
      using _block = changing.load(`${i % 5_000}.bin`, Bytes);
      if (i % 10_000 === 0) await collectGarbage({ collections: 1 });
    }
  };
  await churn(50_000, 5_000);
  const before = await heapUsed();
  await churn(1_000_000, 100_000);
  assertLess(await heapUsed() - before, MiB);
  assertEquals(changing.size, 100);
});
