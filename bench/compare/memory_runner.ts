/**
 * Measures the memory of one contender in its own process: with heap snapshots, or by the size of
 * the heap for a million handles, because their snapshot would be too large to read.
 */
import { writeHeapSnapshot } from "node:v8";
import { collectGarbage } from "../../src/testing.ts";
import { median } from "../_median.ts";
import { nameOf, namesOf } from "../_sprites.ts";
import type { Contender } from "./contender.ts";
import { type ContenderName, CONTENDERS } from "./contenders.ts";

/** The number of resources in a snapshot. */
const COUNT = 50_000;
const MILLION = 1_000_000;
/** The bytes of an array slot, in which the benchmark itself keeps a reference. */
const SLOT = 8;
const COLLECTIONS = 9;

interface HeapSnapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: readonly string[] } };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** The bytes of all objects except the sprites, which are the payload. */
async function bytesOfAll(): Promise<number> {
  await collectGarbage({ collections: 3 });
  const path = Deno.makeTempFileSync({ suffix: ".heapsnapshot" });
  try {
    writeHeapSnapshot(path);
    const { snapshot, nodes, strings }: HeapSnapshot = JSON.parse(Deno.readTextFileSync(path));
    const fields = snapshot.meta.node_fields;
    const [name, size] = [fields.indexOf("name"), fields.indexOf("self_size")];
    const sprite = strings.indexOf("Sprite");
    let bytes = 0;
    for (let node = 0; node < nodes.length; node += fields.length) {
      if (nodes[node + name] !== sprite) bytes += nodes[node + size]!;
    }
    return bytes;
  } finally {
    Deno.removeSync(path);
  }
}

/** The bytes that `run` adds for each of {@linkcode COUNT} resources. */
async function added(run: () => unknown): Promise<number> {
  await bytesOfAll(); // the first one leaves memory behind
  const before = await bytesOfAll();
  const kept = await run();
  const bytes = (await bytesOfAll() - before) / COUNT;
  if (kept === undefined) throw new Error("Cannot measure: nothing was kept");
  return bytes;
}

/** The bytes for each resource or reference, without the payload and without our slots. */
async function ofEach(what: string, who: ContenderName): Promise<number> {
  const options = { idle: what === "idle", expected: COUNT };
  const make = async (): Promise<Contender> => await CONTENDERS[who](options);
  const names = namesOf(COUNT);
  for (const name of names) new Map([[name, 0]]); // gives each string its hash
  const other = await make();
  other.releaseAll(other.takeAll(namesOf(100))); // compiles the code
  const hold = (cache: Contender) => {
    cache.hold(names);
    return cache;
  };
  if (what === "referenced") return await added(async () => hold(await make())) - SLOT;
  if (what === "reference") {
    hold(other);
    return await added(() => hold(other)) - SLOT;
  }
  return await added(async () => {
    const cache = await make();
    cache.releaseAll(cache.takeAll(names));
    return cache;
  });
}

/** The milliseconds of a full garbage collection. */
async function collection(): Promise<number> {
  const times: number[] = [];
  const { gc } = globalThis as unknown as { gc(): void };
  for (let i = 0; i < COLLECTIONS; i++) {
    const start = performance.now();
    gc();
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return median(times);
}

async function heapUsed(): Promise<number> {
  await collectGarbage({ collections: 3 });
  return Deno.memoryUsage().heapUsed;
}

async function million(who: ContenderName): Promise<void> {
  const cache: Contender = await CONTENDERS[who]({ idle: false });
  const names = Array.from({ length: MILLION }, () => nameOf(7));
  cache.hold(names.slice(0, 1));
  const before = await heapUsed();
  const without = await collection();
  cache.hold(names);
  const bytes = (await heapUsed() - before) / MILLION - SLOT;
  const ms = await collection();
  console.log(JSON.stringify({ bytes, ms, without }));
}

const [what, who] = Deno.args as [string, ContenderName];
if (what === "million") await million(who);
else console.log(JSON.stringify(await ofEach(what, who)));
Deno.exit(); // a contender may have a timer of an hour
