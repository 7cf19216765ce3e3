/** Compares the file system calls of Node and Bun with Deno's, which can import the same modules. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fs from "node:fs";
import { nodeFiles } from "../../src/sources/node_files.ts";
import {
  type FileEvent,
  type FileWatcher,
  kindOf,
  type SystemFiles,
} from "../../src/sources/system_files.ts";
import { withPatience } from "../_patience.ts";

/** A real directory that has `a.txt`, `dir` and `link`, which leads to `a.txt`. */
class Files implements Disposable {
  readonly root: string = Deno.realPathSync(Deno.makeTempDirSync());
  readonly file: string = `${this.root}/a.txt`;

  constructor() {
    Deno.writeTextFileSync(this.file, "A");
    Deno.mkdirSync(`${this.root}/dir`);
    Deno.symlinkSync("a.txt", `${this.root}/link`);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

/** The entries of a directory, a line for each. */
function entriesOf({ readDirSync }: Pick<SystemFiles, "readDirSync">, path: string): string[] {
  const entries = [...readDirSync(path)];
  return entries.map(({ name, isFile, isDirectory, isSymlink }) =>
    `${name} ${isFile} ${isDirectory} ${isSymlink}`
  ).sort();
}

/** The next event of a watcher, or nothing once it is closed. */
async function nextOf(events: AsyncIterator<FileEvent>): Promise<FileEvent | undefined> {
  const { value } = await withPatience(events.next(), () => new Error("No event came"));
  return value;
}

/** A watcher with its events. */
function opened(watcher: FileWatcher): Disposable & { events: AsyncIterator<FileEvent> } {
  return { events: watcher[Symbol.asyncIterator](), [Symbol.dispose]: () => watcher.close() };
}

const node = nodeFiles(fs, false);

Deno.test("nodeFiles() reads the same bytes as Deno, into a buffer of their own", async () => {
  using files = new Files();
  const expected = new TextEncoder().encode("A");
  for (const bytes of [node.readFileSync(files.file), await node.readFile(files.file, {})]) {
    assertEquals(bytes, expected);
    assertEquals([bytes.constructor, bytes.buffer.byteLength], [Uint8Array, 1]);
  }
});

Deno.test("nodeFiles() describes files, directories and links as Deno does", () => {
  using files = new Files();
  for (const path of [files.file, `${files.root}/dir`, `${files.root}/link`]) {
    for (const call of ["statSync", "lstatSync"] as const) {
      const [found, expected] = [node[call](path), Deno[call](path)];
      for (const field of ["isFile", "isDirectory", "isSymlink", "ino", "size"] as const) {
        assertEquals(found[field], expected[field], `${call} ${path} ${field}`);
      }
      for (const field of ["mtime", "ctime", "birthtime"] as const) {
        assertEquals(found[field]?.getTime(), expected[field]?.getTime(), `${path} ${field}`);
      }
    }
    assertEquals(node.realPathSync(path), Deno.realPathSync(path));
  }
  assertEquals(entriesOf(node, files.root), entriesOf(Deno, files.root));
});

Deno.test("kindOf() returns the same names for errors of Node and Deno", async () => {
  using files = new Files();
  for (const path of ["nothing", "a.txt/b", "dir"].map((name) => `${files.root}/${name}`)) {
    const expected = kindOf(assertThrows(() => Deno.readFileSync(path)));
    assert(["NotFound", "NotADirectory", "IsADirectory"].includes(expected), expected);
    assertEquals(kindOf(assertThrows(() => node.readFileSync(path))), expected);
    assertEquals(kindOf(await assertRejects(() => node.readFile(path, {}))), expected);
  }
  assertEquals(["EISDIR", null, undefined].map(kindOf), ["", "", ""]);
});

Deno.test("nodeFiles().watchFs() reports the path that changes, until it is closed", async () => {
  using files = new Files();
  const watcher = node.watchFs([files.root], { recursive: false });
  using watched = opened(watcher);
  Deno.writeTextFileSync(`${files.root}/b.txt`, "B");
  assertEquals((await nextOf(watched.events))?.paths, [`${files.root}/b.txt`]);
  watcher.close();
  while (await nextOf(watched.events)); // events from before it was closed
});

Deno.test("nodeFiles().watchFs() closes the watchers that it has opened when a path can't be watched", () => {
  const log: string[] = [];
  const watch = (path: string) => {
    if (path === "nothing") throw new Error("there is nothing");
    const watcher = { on: () => watcher, close: () => log.push(`close ${path}`) };
    return watcher;
  };
  const files = nodeFiles({ ...fs, watch } as unknown as typeof fs, false);
  const paths = ["a", "b", "nothing", "c"];
  assertThrows(() => files.watchFs(paths, { recursive: false }), Error, "there is nothing");
  assertEquals(log, ["close a", "close b"]);
});

Deno.test("nodeFiles().watchFs() asks for a check of all files in Bun", async () => {
  const watcher = nodeFiles(fs, true).watchFs([], { recursive: false });
  using watched = opened(watcher);
  assertEquals(await nextOf(watched.events), { kind: "other", paths: [], flag: "rescan" });
  watcher.close();
  assertEquals(await nextOf(watched.events), undefined);
});
