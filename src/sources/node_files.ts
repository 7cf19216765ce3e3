import { below } from "./real_path.ts";
import type { FileEvent, FileWatcher, SystemFiles } from "./system_files.ts";

type FileSystem = typeof import("node:fs");
type Found = Pick<import("node:fs").Stats, "isFile" | "isDirectory" | "isSymbolicLink">;

/** Reports that events were missed: all files must be checked and watched again. */
const MISSED: FileEvent = { kind: "other", paths: [], flag: "rescan" };

/** How often to look for changes in Bun, in ms: its `fs.watch` misses some, as seen in 1.3.0 and 1.3.14. */
const POLL = 250;

/** The file system of Node or Bun, with Deno's names for the calls. */
export function nodeFiles(fs: FileSystem, isBun: boolean): SystemFiles {
  return {
    isFlat: true, // Recursively, Node would watch each file on its own.
    readFileSync: (path) => unshared(fs.readFileSync(path)),
    readFile: async (path, { signal }) => unshared(await fs.promises.readFile(path, { signal })),
    realPathSync: fs.realpathSync.native, // `realpathSync` itself checks each parent directory.
    statSync: (path) => described(fs.statSync(path)),
    lstatSync: (path) => described(fs.lstatSync(path)),
    readDirSync: (path) => fs.readdirSync(path, { withFileTypes: true }).map(described),
    watchFs: (paths, options) =>
      watch((report, keep) => {
        if (isBun) return keep(poll(report));
        for (const path of paths) keep(watchOne(fs, path, options, report));
      }),
  };
}

/** Returns the bytes in a buffer of their own: Node keeps small files in a shared buffer. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, length } = bytes as Uint8Array<ArrayBuffer>;
  return buffer.byteLength === length ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

/** Turns Node's methods into properties, as Deno has them. */
function described<T extends Found>(found: T) {
  return Object.assign(found as Omit<T, keyof Found>, {
    isFile: found.isFile(),
    isDirectory: found.isDirectory(),
    isSymlink: found.isSymbolicLink(),
  });
}

interface Watcher {
  close(): void;
}

type Report = (event: FileEvent) => void;

/** Collects the events of all watchers that `start` opens. */
function watch(start: (report: Report, keep: (watcher: Watcher) => void) => void): FileWatcher {
  const watchers: Watcher[] = [];
  let controller: ReadableStreamDefaultController<FileEvent> | undefined;
  const events = new ReadableStream<FileEvent>({ start: (each) => void (controller = each) });
  const close = () => {
    for (const watcher of watchers.splice(0)) watcher.close();
    controller?.close();
    controller = undefined;
  };
  try {
    start((event) => controller?.enqueue(event), (watcher) => watchers.push(watcher));
  } catch (error) {
    close();
    throw error;
  }
  return { close, [Symbol.asyncIterator]: () => events.values() };
}

function watchOne(fs: FileSystem, path: string, options: { recursive: boolean }, report: Report) {
  return fs.watch(path, options, (type, name) => {
    if (name === null) return report(MISSED);
    report({ kind: type === "change" ? "modify" : "rename", paths: [below(path, name)] });
  }).on("error", () => report(MISSED));
}

/** Reports every `POLL` ms that events may have been missed. */
function poll(report: Report): Watcher {
  const timer = setInterval(report, POLL, MISSED);
  return { close: () => clearInterval(timer) };
}
