import { assert, assertEquals, assertThrows } from "@std/assert";
import { HttpSource, type Manifest, ResourcePathError } from "../../mod.ts";
import { assertManifest, isFileName } from "../../src/names/manifest.ts";
import { normalizeName } from "../../src/names/names.ts";

const FILE = {
  bytes: 1,
  sha256: "c3641f8544d7c02f3580b07c0f9887f0c6a27ff5ab1d4a3e29caf197cfc299ae",
};
const AGAIN = "write it again with @holdfast/resources/manifest";

function refusal(manifest: unknown): string {
  const { message } = assertThrows(() => assertManifest(manifest), TypeError);
  assert(
    message.startsWith("Cannot use the manifest: ") && message.endsWith(`, ${AGAIN}`),
    message,
  );
  return message.slice("Cannot use the manifest: ".length, -AGAIN.length - 2);
}

function withFile(name: string, file: unknown): unknown {
  return { version: 1, files: Object.fromEntries([[name, file]]) };
}

Deno.test("assertManifest() accepts manifests of version 1, with any valid names", () => {
  assertManifest({ version: 1, files: {} });
  for (const name of ["hero.png", "chars/Ü n.PNG", "__proto__", "aa:b", "..a", 'q"<.txt']) {
    assertManifest(withFile(name, { ...FILE, bytes: 0 }));
    assertManifest(withFile(name, { ...FILE, bytes: Number.MAX_SAFE_INTEGER }));
  }
});

Deno.test("assertManifest() refuses another version, and a manifest without files", () => {
  for (const invalid of [undefined, null, 1, "manifest", [], {}]) {
    assertEquals(refusal(invalid), "its version is undefined, and version 1 is needed");
  }
  assertEquals(refusal({ version: 2, files: {} }), "its version is 2, and version 1 is needed");
  for (const files of [undefined, null, 1, "files"]) {
    assertEquals(refusal({ version: 1, files }), "it has no files");
  }
});

Deno.test("assertManifest() refuses names that are not keys, and says which", () => {
  const names = ["", ".", "..", "./a", "a/", "a//b", "a/../b", "../a", "/a", "a\\b", "c:/a", "a\0"];
  for (const name of [...names, "a?b", "a#b", "https://example.com/a"]) {
    assertEquals(
      refusal(withFile(name, FILE)),
      `${JSON.stringify(name)} is not a valid name of a file`,
    );
    assertEquals(isFileName(name), false);
  }
});

Deno.test("isFileName() is true for names that normalizeName() returns unchanged", () => {
  for (const name of ["a", "a/b.txt", "a b", "a./b", "...", "a/.b"]) {
    assertEquals([isFileName(name), normalizeName(name)], [true, name]);
  }
  assertThrows(() => normalizeName("../a"), ResourcePathError);
});

Deno.test("assertManifest() refuses sizes that are not whole numbers, and hashes that are not SHA-256", () => {
  for (const bytes of [-1, 0.5, NaN, Infinity, 2 ** 53, "1", null, undefined]) {
    assertEquals(refusal(withFile("a", { ...FILE, bytes })), 'the bytes of "a" are invalid');
  }
  const { sha256 } = FILE;
  for (
    const hash of ["", sha256.slice(1), `${sha256}0`, sha256.toUpperCase(), `${sha256}\n`, 7, null]
  ) {
    assertEquals(
      refusal(withFile("a", { bytes: 1, sha256: hash })),
      'the sha256 of "a" is invalid',
    );
  }
  for (const file of [undefined, null, 1, "file"]) {
    assertEquals(refusal(withFile("a", file)), 'the bytes of "a" are invalid');
  }
});

Deno.test("HttpSource refuses a malformed manifest when it is created", () => {
  const manifest = { version: 3, files: {} };
  assertThrows(
    () => new HttpSource("https://example.com/", { manifest }),
    TypeError,
    "its version is 3",
  );
});

Deno.test("the names of a manifest are inferred from its files, and a plain Manifest has all of them", () => {
  const manifest = { version: 1, files: { "a.png": FILE, "b/c.png": FILE } };
  const names: ("a.png" | "b/c.png")[] = namesOf(manifest);
  // @ts-expect-error "c.png" is not in the manifest.
  const wrong: typeof names = ["c.png"];
  const general: Manifest = manifest satisfies Manifest<"a.png" | "b/c.png">;
  const typed: Manifest<"a.png" | "b/c.png"> = manifest;
  assertEquals([names, wrong, namesOf(general)], [["a.png", "b/c.png"], ["c.png"], names]);
  assertEquals(new HttpSource("https://example.com", { manifest: typed }).size("a.png"), 1);
});

function namesOf<K extends string>(manifest: Manifest<K>): K[] {
  return Object.keys(manifest.files) as K[];
}
