/** Large files are read into a buffer of their size, and not by Deno's own calls, which copy. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FileSource, ResourceNotFoundError } from "../../mod.ts";
import { LargeFiles } from "../../src/sources/large_files.ts";

const LARGE = 300_000;

/** Bytes that differ for each position and seed. */
function bytes(length: number, seed = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => i * 7 + seed + (i >> 8));
}

function fixture() {
  const root = Deno.realPathSync(Deno.makeTempDirSync());
  const write = (name: string, content: Uint8Array) => {
    Deno.writeFileSync(`${root}/${name}`, content);
    return `${root}/${name}`;
  };
  return { root, write, [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }) };
}

Deno.test("FileSource reads files of every size, in any order", async () => {
  using f = fixture();
  const sizes = [LARGE, 0, 1, LARGE + 1, 2 ** 18, 2 ** 18 - 1];
  const source = new FileSource(f.root);
  for (const [i, size] of sizes.entries()) f.write(`${i}.bin`, bytes(size, i));
  for (let round = 0; round < 2; round++) {
    for (const [i, size] of sizes.entries()) {
      assertEquals(source.read(`${i}.bin`), bytes(size, i));
      const asynchronous = await source.readAsync(`${i}.bin`);
      assertEquals(asynchronous, bytes(size, i));
      assertEquals(asynchronous.buffer.byteLength, size); // nothing else is in the buffer, so it may be moved
    }
  }
});

Deno.test("a large file is read by its size after another one with its extension was read", async () => {
  using f = fixture();
  const files = new LargeFiles();
  const path = f.write("hero.png", bytes(LARGE));
  assertEquals([files.read(path), files.readAsync(path, undefined)], [undefined, undefined]);
  files.note("small.png", new Uint8Array(9));
  assertEquals(files.read(path), undefined);
  files.note("other.png", new Uint8Array(LARGE));
  assertEquals(files.read(path), bytes(LARGE));
  assertEquals(await files.readAsync(path, undefined), bytes(LARGE));
  assertEquals(files.read(f.write("small.png", bytes(9))), undefined);
});

Deno.test("a large file that changes its size while it is read is read in the usual way", async () => {
  using f = fixture();
  const { openSync } = Deno;
  for (const length of [LARGE - 1, LARGE + 1, 0]) {
    const files = new LargeFiles();
    const path = f.write("hero.png", bytes(LARGE));
    files.note(path, bytes(LARGE));
    Deno.openSync = (...args) => {
      Deno.writeFileSync(path, bytes(length)); // after its size was read
      return openSync(...args);
    };
    try {
      assertEquals(files.read(path), undefined);
      Deno.writeFileSync(path, bytes(LARGE));
      assertEquals(await files.readAsync(path, undefined), undefined);
    } finally {
      Deno.openSync = openSync;
    }
  }
});

Deno.test("FileSource reports the same errors and progress for a large file as for others", async () => {
  using f = fixture();
  const source = new FileSource(f.root);
  f.write("a.bin", bytes(LARGE));
  source.read("a.bin");
  for (const name of ["missing.bin", "directory.bin"]) {
    if (name === "directory.bin") Deno.mkdirSync(`${f.root}/${name}`);
    assertThrows(() => source.read(name), ResourceNotFoundError);
    await assertRejects(() => source.readAsync(name), ResourceNotFoundError);
  }
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => source.readAsync("a.bin", { signal }), Error, "enough");
  const controller = new AbortController();
  const reading = source.readAsync("a.bin", { signal: controller.signal });
  controller.abort(new Error("changed my mind"));
  await assertRejects(() => reading, Error, "changed my mind");
  const seen: [number, number?][] = [];
  await source.readAsync("a.bin", { onProgress: (...of) => seen.push(of) });
  assertEquals(seen, [[LARGE, LARGE]]);
});
