/**
 * Compares asynchronous loading with the same work without Holdfast. Exits with 1 if a limit is
 * passed.
 */
import { Bytes, FileSource, MemorySource, ResourceManager } from "../mod.ts";
import { compare } from "./_comparison.ts";
import { measureEach } from "./_processes.ts";
import { filled, nameOf, prove, Sprite } from "./_sprites.ts";

const LARGE_BYTES = 3_000_000;
const LARGE_READS = 20;
const FILES = 10_000;
const FILE_BYTES = 10_000;
const CONCURRENCY = 16;

async function resident(): Promise<boolean> {
  const mgr = filled(1_000);
  const hot = nameOf(7);
  mgr.acquire(hot);
  const loops = 100_000;
  return await compare(`${loops} loads of a resident resource`, [
    {
      name: "await Promise.resolve(load)",
      async run() {
        let sum = 0;
        for (let i = 0; i < loops; i++) {
          const sprite = await Promise.resolve(mgr.load(hot, Sprite));
          sum += sprite.value.id;
          sprite[Symbol.dispose]();
        }
        prove("load", sum === 7 * loops);
      },
    },
    {
      name: "await loadAsync",
      limit: 2,
      async run() {
        let sum = 0;
        for (let i = 0; i < loops; i++) {
          const sprite = await mgr.loadAsync(hot, Sprite);
          sum += sprite.value.id;
          sprite[Symbol.dispose]();
        }
        prove("loadAsync", sum === 7 * loops);
      },
    },
  ]);
}

async function waiters(): Promise<boolean> {
  const bytes = new Uint8Array(16);
  const source = { readAsync: () => Promise.resolve(bytes) };
  return await compare("1 000 waiters on one key", [
    {
      name: "one waiter, 1 000 times",
      async run() {
        using mgr = new ResourceManager({ source });
        for (let i = 0; i < 1_000; i++) (await mgr.loadAsync("a.bin", Bytes))[Symbol.dispose]();
        prove("one", mgr.cacheStats().misses === 1_000);
      },
    },
    {
      name: "1 000 waiters at once",
      async run() {
        using mgr = new ResourceManager({ source });
        const tasks = Array.from({ length: 1_000 }, () => mgr.loadAsync("a.bin", Bytes));
        const handles = await Promise.all(tasks);
        prove("waiters", mgr.cacheStats().misses === 1 && handles.length === 1_000);
        for (const handle of handles) handle[Symbol.dispose]();
      },
    },
  ]);
}

async function keys(): Promise<boolean> {
  const source = new MemorySource();
  const names = Array.from({ length: FILES }, (_, i) => `${i}.bin`);
  for (const name of names) source.set(name, "x");
  return await compare(`${FILES} keys in memory, ${CONCURRENCY} at once`, [
    {
      name: "the source alone",
      async run() {
        const all = await Promise.all(names.map((name) => source.readAsync(name)));
        prove("the source", all.length === FILES);
      },
    },
    {
      name: "loadAsync",
      async run() {
        using mgr = new ResourceManager({ source, maxConcurrency: CONCURRENCY });
        const handles = await Promise.all(names.map((name) => mgr.loadAsync(name, Bytes)));
        prove("loadAsync", mgr.size === FILES);
        for (const handle of handles) handle[Symbol.dispose]();
      },
    },
  ]);
}

/** Reads all `names` with `read`, {@linkcode CONCURRENCY} at once. Returns the number of bytes. */
async function readAll(
  names: readonly string[],
  read: (name: string) => Promise<Uint8Array>,
): Promise<number> {
  let [next, bytes] = [0, 0];
  const worker = async () => {
    while (next < names.length) {
      const content = await read(names[next++]!);
      bytes += content.length;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return bytes;
}

async function files(): Promise<boolean> {
  const root = await Deno.makeTempDir();
  try {
    const names = Array.from({ length: FILES }, (_, i) => `${i}.bin`);
    const content = new Uint8Array(FILE_BYTES);
    for (const name of names) Deno.writeFileSync(`${root}/${name}`, content);
    const paths = names.map((name) => `${root}/${name}`);
    return await compare(`${FILES} files of ${FILE_BYTES} bytes, ${CONCURRENCY} at once`, [
      {
        name: "Deno.readFile",
        async run() {
          prove(
            "readFile",
            await readAll(paths, (path) => Deno.readFile(path)) === FILES * FILE_BYTES,
          );
        },
      },
      {
        name: "the same, links resolved",
        async run() {
          const read = (path: string) => Deno.readFile(Deno.realPathSync(path));
          prove("realPath", await readAll(paths, read) === FILES * FILE_BYTES);
        },
      },
      {
        name: "the same by FileSource alone",
        async run() {
          const source = new FileSource(root);
          const read = (name: string) => source.readAsync(name);
          prove("FileSource", await readAll(names, read) === FILES * FILE_BYTES);
        },
      },
      {
        name: "loadAsync through FileSource",
        limit: 2.6,
        async run() {
          const source = new FileSource(root);
          using mgr = new ResourceManager({ source, maxConcurrency: CONCURRENCY });
          const handles = await Promise.all(names.map((name) => mgr.loadAsync(name, Bytes)));
          prove("loadAsync", mgr.bytes === FILES * FILE_BYTES);
          for (const handle of handles) handle[Symbol.dispose]();
        },
      },
    ]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** `FileSource` is faster here, because Deno's own calls copy the bytes that they have read. */
async function largeFiles(): Promise<boolean> {
  const root = await Deno.makeTempDir();
  try {
    const path = `${root}/large.bin`;
    Deno.writeFileSync(path, new Uint8Array(LARGE_BYTES));
    const source = new FileSource(root);
    source.read("large.bin"); // from now on the source expects such files to be large
    return await compare(`a file of ${LARGE_BYTES} bytes, ${LARGE_READS} times`, [
      {
        name: "Deno.readFileSync",
        run() {
          for (let i = 0; i < LARGE_READS; i++) free(Deno.readFileSync(path));
        },
      },
      {
        name: "FileSource.read",
        limit: 0.5,
        run() {
          for (let i = 0; i < LARGE_READS; i++) free(source.read("large.bin"));
        },
      },
    ]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function free(bytes: Uint8Array<ArrayBuffer>): void {
  prove("a large file", bytes.length === LARGE_BYTES);
  bytes.buffer.transfer(0);
}

await measureEach(import.meta.url, { resident, waiters, keys, files, largeFiles });
