/** `ZipSource` with hostile and damaged archives. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { ResourceLoadError } from "../mod.ts";
import { ZipSource } from "../src/zip.ts";
import { RUNS } from "./_hostile_names.ts";
import { archive } from "./zip/_archive.ts";

const NUM_RUNS = Math.ceil(RUNS / 4);
/** Far more than the largest of these archives may become, in bytes. */
const MAX_ENTRY_BYTES = 100_000;
/** How many bytes all reads may return for each byte of the archive: deflate compresses no better. */
const MAX_RATIO = 1032;

const ENTRIES = [
  { name: "a.txt", data: "a".repeat(300) },
  { name: "dir/" },
  { name: "dir/b.txt", data: "stored", method: 0 },
  { name: "dir/ü.txt", data: "behind", descriptor: true },
];
const GOOD = [
  archive(ENTRIES),
  archive(ENTRIES, { comment: "a comment", prefix: new Uint8Array(40) }),
  archive(ENTRIES.map((entry) => ({ ...entry, zip64: true })), { zip64: true }),
];

/** Reads a whole archive. Returns how many entries were read; any undocumented error fails the test. */
function readAll(bytes: Uint8Array): number | undefined {
  let source: ZipSource;
  try {
    source = new ZipSource(bytes, { maxEntryBytes: MAX_ENTRY_BYTES });
  } catch (error) {
    assert(
      error instanceof SyntaxError && error.message.startsWith("Cannot create a Zip"),
      `${error}`,
    );
    return undefined;
  }
  let [read, total] = [0, 0];
  for (const key of source.list("")) {
    try {
      total += source.read(key).length;
      read++;
    } catch (error) {
      if (!(error instanceof ResourceLoadError)) throw error;
    }
  }
  assert(total <= bytes.length * MAX_RATIO, `${total} bytes out of ${bytes.length}`);
  return read;
}

/** A good archive, the bytes to exchange in it, and the part to cut out. */
const damage = fc.record({
  good: fc.constantFrom(...GOOD),
  exchanged: fc.array(
    fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 1, 255), fc.nat({ max: 255 }))),
    { maxLength: 4 },
  ),
  cut: fc.tuple(fc.nat(), fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat({ max: 60 }))),
});

Deno.test("ZipSource throws only documented errors, however an archive was damaged", () => {
  const counts = { refused: 0, read: 0, partly: 0 };
  fc.assert(
    fc.property(damage, ({ good, exchanged, cut: [at, length] }) => {
      const bytes = good.slice();
      for (const [where, value] of exchanged) bytes[where % bytes.length] = value;
      const start = at % bytes.length;
      const rest = bytes.subarray(Math.min(bytes.length, start + length));
      const read = readAll(new Uint8Array([...bytes.subarray(0, start), ...rest]));
      counts[read === undefined ? "refused" : read === 3 ? "read" : "partly"]++;
    }),
    { numRuns: NUM_RUNS, seed: 1 },
  );
  for (const [what, count] of Object.entries(counts)) assertGreater(count, NUM_RUNS / 50, what);
});

Deno.test("ZipSource throws only documented errors, whatever the headers say", () => {
  const number = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0xfffffffe), fc.nat({ max: 400 }));
  const entry = fc.record({
    name: fc.oneof(fc.constantFrom("a", "b", "c/", "../d", "/e", "f\\g"), fc.string()),
    data: fc.string({ maxLength: 40 }),
    method: fc.constantFrom(0, 8, 8, 9),
    flags: fc.constantFrom(0x800, 0, 1),
    mode: fc.constantFrom(0, 0o100644, 0o120777),
    crc: number,
    size: number,
    compressedSize: number,
    offset: number,
    zip64: fc.boolean(),
  }, { requiredKeys: ["name", "data"] });
  let opened = 0;
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), fc.boolean(), (entries, zip64) => {
      if (readAll(archive(entries, { zip64 })) !== undefined) opened++;
    }),
    { numRuns: NUM_RUNS, seed: 1 },
  );
  assertGreater(opened, NUM_RUNS / 20);
});

Deno.test("the archives can be read before they are damaged", () => {
  assertEquals(GOOD.map(readAll), [3, 3, 3]);
});
