import { assertEquals, assertInstanceOf, assertLess, assertThrows } from "@std/assert";
import { zipSync } from "fflate";
import { deflateRawSync } from "node:zlib";
import { ResourceLoadError, ResourceNotFoundError, ResourcePathError } from "../../mod.ts";
import { ZipSource } from "../../src/zip.ts";
import { archive, type ArchiveOptions, type Entry, join } from "./_archive.ts";

const encoder = new TextEncoder();
const GOOD: readonly Entry[] = [
  { name: "a.txt", data: "a".repeat(1000) },
  { name: "dir/" },
  { name: "dir/b.bin", data: Uint8Array.of(0, 1, 2), method: 0 },
  { name: "dir/empty.txt" },
];

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Asserts that a source has the entries of `GOOD`. */
function assertGood(source: ZipSource): void {
  assertEquals(source.list(""), ["a.txt", "dir/b.bin", "dir/empty.txt"]);
  assertEquals(textOf(source.read("a.txt")), "a".repeat(1000));
  assertEquals(source.read("dir/b.bin"), Uint8Array.of(0, 1, 2));
  assertEquals(source.read("dir/empty.txt"), new Uint8Array());
}

/** Why an archive is refused as a whole. */
function refusal(bytes: Uint8Array): string {
  const { message } = assertThrows(() => new ZipSource(bytes), SyntaxError);
  const start = "Cannot create a ZipSource: ";
  assertEquals(message.slice(0, start.length), start);
  return message.slice(start.length);
}

/** Why the only entry of an archive is refused. */
function problemOf(entry: Partial<Entry>, options?: { maxEntryBytes: number }): string {
  const source = new ZipSource(archive([{ name: "a.txt", data: "abc", ...entry }]), options);
  assertEquals(source.list(""), ["a.txt"]);
  const error = assertThrows(() => source.read("a.txt"), ResourceLoadError);
  assertEquals(error instanceof ResourceNotFoundError, false);
  const start = 'Cannot load "a.txt": ';
  assertEquals(error.message.slice(0, start.length), start);
  return error.message.slice(start.length);
}

const FORMS: Record<string, Uint8Array> = {
  "stored and deflated entries": archive(GOOD),
  "data descriptors": archive(GOOD.map((entry) => ({ ...entry, descriptor: true }))),
  "a comment": archive(GOOD, { comment: "by the modders, 2026" }),
  "a comment with a signature in it": archive(GOOD, { comment: "PK\x05\x06 and more" }),
  "the longest comment": archive(GOOD, { comment: "c".repeat(0xffff) }),
  "a program in front of it": archive(GOOD, { prefix: encoder.encode("#!/bin/sh\nPK\x05\x06") }),
  "ZIP64 records": archive(GOOD.map((entry) => ({ ...entry, zip64: true })), { zip64: true }),
  "ZIP64 records, behind a program": archive(GOOD, { zip64: true, prefix: new Uint8Array(99) }),
  "ZIP64 fields alone": archive(GOOD.map((entry) => ({ ...entry, zip64: true }))),
  "modes of Unix": archive(GOOD.map((entry) => ({ ...entry, mode: 0o100644 }))),
};

for (const [what, bytes] of Object.entries(FORMS)) {
  Deno.test(`ZipSource reads an archive with ${what}`, () => assertGood(new ZipSource(bytes)));
}

Deno.test("ZipSource reads an archive that is part of a larger buffer", () => {
  const bytes = archive(GOOD);
  const buffer = new Uint8Array(bytes.length + 20);
  buffer.set(bytes, 10);
  assertGood(new ZipSource(buffer.subarray(10, 10 + bytes.length)));
});

Deno.test("ZipSource reads an archive without entries, and one by fflate", () => {
  assertEquals(new ZipSource(archive([])).list(""), []);
  assertThrows(() => new ZipSource(archive([])).read("a.txt"), ResourceNotFoundError, "no such");
  const u = encoder.encode("u");
  const source = new ZipSource(zipSync({ "ü.txt": u, dir: { "b.txt": u } }));
  assertEquals([source.list(""), textOf(source.read("ü.txt"))], [["dir/b.txt", "ü.txt"], "u"]);
});

/** Whether the system has a program. */
function runs(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["-h"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name:
    "ZipSource reads an archive that zip has made: a folder with a link and names that are not ASCII",
  ignore: !runs("zip"),
  fn() {
    const folder = Deno.makeTempDirSync();
    try {
      Deno.mkdirSync(`${folder}/dir`);
      Deno.writeTextFileSync(`${folder}/dir/a.txt`, "a".repeat(10_000));
      Deno.writeTextFileSync(`${folder}/grün 猫.txt`, "g");
      Deno.symlinkSync("/etc/passwd", `${folder}/link`);
      const args = ["-q", "-r", "-y", "out.zip", "dir", "grün 猫.txt", "link"];
      new Deno.Command("zip", { args, cwd: folder }).outputSync();
      const source = new ZipSource(Deno.readFileSync(`${folder}/out.zip`));
      assertEquals(source.list(""), ["dir/a.txt", "grün 猫.txt", "link"]);
      assertEquals(textOf(source.read("dir/a.txt")), "a".repeat(10_000));
      assertEquals(textOf(source.read("grün 猫.txt")), "g");
      assertThrows(() => source.read("link"), ResourceLoadError, "it is a symbolic link");
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

Deno.test("new ZipSource() refuses bytes and options of other types", () => {
  for (const value of [undefined, "mods.zip", new ArrayBuffer(8), [80, 75]]) {
    assertThrows(() => new ZipSource(value as never), TypeError, "must be a Uint8Array, read the");
  }
  for (const maxEntryBytes of [-1, NaN]) {
    assertThrows(
      () => new ZipSource(archive([]), { maxEntryBytes }),
      RangeError,
      `Cannot create a ZipSource: "maxEntryBytes" must be a number of 0 or more: received ${maxEntryBytes}`,
    );
  }
});

Deno.test("new ZipSource() refuses bytes that are not an archive, and an archive that is cut off anywhere", () => {
  const bytes = archive(GOOD);
  for (const wrong of [new Uint8Array(), new Uint8Array(1000), encoder.encode("PK\x03\x04")]) {
    assertEquals(refusal(wrong), "it is not a zip archive, or the end of it is missing");
  }
  for (let length = 0; length < bytes.length; length++) refusal(bytes.subarray(0, length));
  assertEquals(refusal(join([bytes, Uint8Array.of(0)])).startsWith("it is not a zip"), true);
  assertEquals(refusal(bytes.subarray(1)), "its directory is not in it: bytes are missing");
});

Deno.test("new ZipSource() refuses an archive whose directory does not match the record at its end", () => {
  const refused = (options: ArchiveOptions) => refusal(archive(GOOD, options));
  for (const zip64 of [false, true]) {
    assertEquals(refused({ zip64, count: 3 }), "its directory has more bytes than its entries");
    assertEquals(
      refused({ zip64, count: 5 }),
      "its directory is broken, or has fewer entries than it says",
    );
    assertEquals(refused({ zip64, disk: 1 }), "it is one part of a split archive");
  }
  assertEquals(refused({ zip64: true, count: 2 ** 53 - 1 }).startsWith("its directory"), true);
  const bytes = archive(GOOD, { zip64: true });
  bytes[bytes.length - 22 - 20 - 56] = 0;
  assertEquals(refusal(bytes), "its ZIP64 record is not in its place");
});

Deno.test("new ZipSource() refuses names that lead out of it or are not valid keys", () => {
  const names = ["../a", "dir/../../a", "/etc/passwd", "C:/a", "c:a", "dir\\a", "a\0", "", "."]
    .concat("..", "https://example.com/a", "a".repeat(40_000));
  for (const name of names) {
    const bytes = archive([...GOOD, { name }]);
    const message = refusal(bytes);
    assertEquals(message.startsWith("the name of one of its entries is not allowed: "), true);
    const error = assertThrows(() => new ZipSource(bytes), SyntaxError);
    assertInstanceOf(error.cause, ResourcePathError);
  }
});

Deno.test("new ZipSource() refuses two entries with the same name, in any spelling", () => {
  for (const name of ["a.txt", "./a.txt", "dir/../a.txt", ".//a.txt"]) {
    assertEquals(
      refusal(archive([...GOOD, { name }])),
      'it has two entries with the name "a.txt"',
    );
  }
  assertEquals(new ZipSource(archive([...GOOD, { name: "A.txt" }])).list("").length, 4);
});

Deno.test("new ZipSource() refuses entries that overlap, or are not in the archive", () => {
  const problem = "its entries overlap, or lie outside of it";
  const bomb: Entry[] = Array.from({ length: 100 }, (_, i) => ({
    name: `${i}`,
    data: "0".repeat(10_000),
    offset: 0,
  }));
  assertEquals(refusal(archive(bomb)), problem);
  assertEquals(refusal(archive([{ name: "a", compressedSize: 1_000 }])), problem);
  assertEquals(refusal(archive([{ name: "a", offset: 4 }])), problem);
  assertEquals(refusal(archive([{ name: "a", offset: 0xfffffffe }])), problem);
  assertEquals(refusal(archive([{ name: "a", offset: 0xffffffff }])), problem);
  assertEquals(refusal(archive([{ name: "a", compressedSize: 2 ** 52, zip64: true }])), problem);
  const twoDirectories = [{ name: "x/", offset: 0 }, { name: "y/", offset: 0 }];
  assertEquals(refusal(archive(twoDirectories)), problem);
});

Deno.test("ZipSource decodes names as UTF-8 if they are valid, and otherwise as code page 437", () => {
  const keysOf = (...entries: Entry[]) => new ZipSource(archive(entries)).list("");
  assertEquals(keysOf({ name: "ü", flags: 0 }), ["ü"]); // as macOS writes it
  assertEquals(keysOf({ name: Uint8Array.of(0x81, 0x2e, 0x9b, 0xff), flags: 0 }), ["ü.¢\u00a0"]);
  const bytes = archive([{ name: Uint8Array.of(0x81) }]);
  assertEquals(refusal(bytes).startsWith("the name of one of its entries is not allowed"), true);
});

Deno.test("ZipSource.read() refuses entries of kinds that it cannot read, and says why", () => {
  for (const flags of [1, 0x41, 0x2000]) {
    assertEquals(problemOf({ flags }), "it is encrypted, store it without a password");
  }
  for (const method of [1, 9, 12, 14, 93, 99]) {
    assertEquals(
      problemOf({ method }),
      `it is compressed by method ${method}, store or deflate it`,
    );
  }
  const link = { mode: 0o120777, data: "../../etc/passwd" };
  assertEquals(problemOf(link), "it is a symbolic link, store the file that it leads to");
  for (const mode of [0o010644, 0o020644, 0o040755, 0o060644, 0o140644]) {
    assertEquals(problemOf({ mode }), "it is not a file");
  }
});

Deno.test("ZipSource.read() refuses an entry that is larger than maxEntryBytes", () => {
  const [data, options] = ["0".repeat(1_001), { maxEntryBytes: 1_000 }];
  assertEquals(problemOf({ data }, options), "it has 1001 bytes, and maxEntryBytes is 1000");
  assertEquals(problemOf({ data, method: 0 }, options).startsWith("it has 1001 bytes"), true);
  const raw = new Uint8Array(300_000);
  assertEquals(
    problemOf({ raw, size: 2 ** 28 + 1 }),
    "it has 268435457 bytes, and maxEntryBytes is 268435456",
  );
  const exact = new ZipSource(archive([{ name: "a", data: data.slice(1) }]), options);
  assertEquals(exact.read("a").length, 1_000);
});

Deno.test("ZipSource.read() refuses an entry with a false size, and allocates no more than that size", () => {
  const data = "0".repeat(1_000);
  for (const size of [0, 1, 999, 1_001, 5_000]) {
    assertEquals(
      problemOf({ data, size }),
      `it is damaged, it does not inflate to its ${size} bytes`,
    );
    assertEquals(
      problemOf({ data, size, method: 0 }),
      `it is damaged, it cannot have ${size} bytes`,
    );
  }
  assertEquals(problemOf({ size: 200_000_000 }), "it is damaged, it cannot have 200000000 bytes");
  const bomb = { raw: new Uint8Array(deflateRawSync(new Uint8Array(100_000_000))), size: 1_000 };
  const before = Deno.memoryUsage().external;
  assertEquals(problemOf(bomb), "it is damaged, it does not inflate to its 1000 bytes");
  assertLess(Deno.memoryUsage().external - before, 20_000_000);
});

Deno.test("ZipSource.read() checks data for damage each time that it is read", () => {
  const checksum = "it is damaged, its bytes do not match its checksum";
  assertEquals(problemOf({ crc: 1 }), checksum);
  assertEquals(problemOf({ crc: 1, method: 0 }), checksum);
  const raw = Uint8Array.of(7, 7, 7);
  assertEquals(problemOf({ raw }), "it is damaged, it does not inflate to its 3 bytes");
  const cut = new Uint8Array(deflateRawSync(encoder.encode("abc"))).subarray(0, -2);
  assertEquals(problemOf({ raw: cut }), "it is damaged, it does not inflate to its 3 bytes");

  const bytes = archive([{ name: "a", data: "abc", method: 0 }]);
  const source = new ZipSource(bytes);
  assertEquals(textOf(source.read("a")), "abc");
  bytes[31] = 0;
  assertThrows(() => source.read("a"), ResourceLoadError, checksum);
});

Deno.test("ZipSource.read() refuses an entry whose own header is not in its place", () => {
  const bytes = archive([{ name: "a", data: "abc" }]);
  for (const [at, value] of [[0, 0], [26, 255], [28, 3]] as const) {
    const broken = bytes.slice();
    broken[at] = value;
    assertThrows(
      () => new ZipSource(broken).read("a"),
      ResourceLoadError,
      'Cannot load "a": it is damaged, its header is not in its place',
    );
  }
});
