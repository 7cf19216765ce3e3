import { assertEquals } from "@std/assert";
import { below, keyOf, leadsOut } from "../../src/sources/real_path.ts";
import { resolveLink } from "../../src/sources/runtime_files.ts";

Deno.test("below() and keyOf() convert a key to a real path and back", () => {
  for (const root of ["/", "/assets", "/a/ü n"]) {
    assertEquals(keyOf(root, below(root, "dir/a.txt")), "dir/a.txt");
    assertEquals(keyOf(root, root), undefined);
  }
  assertEquals(below("/", "a.txt"), "/a.txt");
  assertEquals(keyOf("/assets", "/assets-2/a.txt"), undefined);
});

Deno.test("leadsOut() finds that a sibling whose name begins like the root is outside of it", () => {
  assertEquals(leadsOut("/assets", "/assets"), false);
  assertEquals(leadsOut("/assets", "/assets/a.txt"), false);
  assertEquals(leadsOut("/assets", "/assets-2/a.txt"), true);
  assertEquals(leadsOut("/", "/etc"), false);
});

Deno.test("resolveLink() returns the real path, and undefined for a broken link", () => {
  const directory = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    Deno.symlinkSync(".", `${directory}/link`);
    Deno.symlinkSync("nowhere", `${directory}/dangling`);
    assertEquals(resolveLink(`${directory}/link`), directory);
    assertEquals(resolveLink(`${directory}/dangling`), undefined);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
