/** `FileSource` under the rules of Windows for paths, on any system. */
import { win32 } from "node:path";
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { hostileNames, RUNS } from "./_hostile_names.ts";
import type { Report } from "./_windows.ts";

/** Reads names below a root in a worker that imitates Windows. */
async function readAll(root: string, names: readonly string[]): Promise<Report> {
  const worker = new Worker(import.meta.resolve("./_windows.ts"), { type: "module" });
  try {
    const { promise, resolve, reject } = Promise.withResolvers<Report>();
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ root, names });
    return await promise;
  } finally {
    worker.terminate();
  }
}

/** The only text that may be read below each root. */
const ROOTS = {
  "C:\\game\\assets": "inside",
  "D:\\": "on D",
  "\\\\server\\share\\assets": "shared",
};

Deno.test("FileSource opens nothing outside of its root when names are hostile, on Windows", async () => {
  for (const [root, content] of Object.entries(ROOTS)) {
    const { outcomes } = await readAll(root, [...hostileNames(RUNS / 4, [root, `${root}\\`])]);
    let [read, refused] = [0, 0];
    for (const { name, text, error, opened } of outcomes) {
      for (const path of opened) {
        const from = win32.relative(root, path);
        assert(
          !from.startsWith("..") && !win32.isAbsolute(from),
          `${JSON.stringify(name)}: ${path}`,
        );
      }
      if (text !== undefined) assertEquals([text, opened.length], [content, 1], name);
      else assert(error!.name.startsWith("Resource"), `${JSON.stringify(name)}: ${error!.name}`);
      if (text !== undefined) read++;
      if (error?.message.includes("it is a link out of the root")) refused++;
    }
    assertGreater(read, 10, root);
    assertGreater(refused, root === "D:\\" || root.includes("C:") ? 0 : -1, root);
  }
});

Deno.test("FileSource accepts slashes in keys and lists keys with slashes, on Windows", async () => {
  const names = ["dir/b.txt", "DIR/B.TXT", "in/b.txt", "dir\\b.txt", "C:/game/a.txt", "out.txt"];
  const { listed, outcomes } = await readAll("C:\\game\\assets", [...names, "dir/up/a.txt", "nul"]);
  assertEquals(listed, ["a.txt", "dir/b.txt", "dir/deep/c.txt"]);
  const texts = outcomes.slice(0, 3).map(({ text }) => text);
  assertEquals(texts, ["inside", "inside", "inside"]);
  assertEquals(outcomes[2]!.opened, ["C:\\game\\assets\\dir\\b.txt"]);
  const problems = ["backslash", "drive", "link out", "link out", "link out"];
  for (const [i, problem] of problems.entries()) {
    const { error, opened } = outcomes[i + 3]!;
    assertStringIncludes(error!.message, problem);
    assertEquals([error!.name, opened], ["ResourcePathError", []]);
  }
});

Deno.test("FileSource accepts a drive, a share and a directory in another case as its root, on Windows", async () => {
  assertEquals((await readAll("D:\\", ["a.txt"])).listed, ["a.txt", "dir/b.txt"]);
  const share = await readAll("\\\\server\\share\\assets", ["a.txt", "dir/out/b.txt"]);
  assertEquals(share.outcomes.map(({ text }) => text), ["shared", undefined]);
  const other = await readAll("c:\\GAME\\Assets", ["a.txt"]);
  assertEquals(other.outcomes[0]!.opened, ["C:\\game\\assets\\a.txt"]);
});
