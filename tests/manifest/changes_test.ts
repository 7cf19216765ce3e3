import { assertEquals } from "@std/assert";
import { changesOf, describeChanges } from "../../src/manifest/changes.ts";

function filesOf(hashes: Record<string, string>) {
  return new Map(Object.entries(hashes).map(([name, sha256]) => [name, { bytes: 1, sha256 }]));
}

Deno.test("changesOf() finds the files that were added, removed and changed", () => {
  const before = filesOf({ same: "1", other: "2", gone: "3" });
  const after = filesOf({ new: "4", same: "1", other: "5" });
  const changes = changesOf(before, after);
  assertEquals(changes, { added: ["new"], removed: ["gone"], changed: ["other"] });
  assertEquals(describeChanges(changes), [
    '1 file added: "new"',
    '1 file removed: "gone"',
    '1 file changed: "other"',
  ]);
  assertEquals(describeChanges(changesOf(before, before)), []);
});

Deno.test("describeChanges() shows ten names of each kind, and counts the rest", () => {
  const names = Array.from({ length: 12 }, (_, i) => `${i}\n`);
  const [line, ...others] = describeChanges({ added: names, removed: [], changed: [] });
  assertEquals(others, []);
  const shown = names.slice(0, 10).map((name) => JSON.stringify(name)).join(", ");
  assertEquals(line, `12 files added: ${shown}, 2 more`);
});
