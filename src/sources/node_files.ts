import { below } from "./real_path.ts";
import type { FileEvent, FileWatcher, SystemFiles } from "./system_files.ts";

type FileSystem = typeof import("node:fs");
type Found = Pick<import("node:fs").Stats, "isFile" | "isDirectory" | "isSymbolicLink">;

/** Says that all files are to be looked at, and watched anew: events are missed. */
const MISSED: FileEvent = { kind: "other", paths: [], flag: "rescan" };

/** How often to look for changes in Bun, in ms. Its `fs.watch` leaves some out: seen in 1.3.0 and 1.3.14. */
const POLL = 250;

/** The files of Node, and of Bun, by the names that Deno has for the calls. */
export function nodeFiles(fs: FileSystem, isBun: boolean): SystemFiles {
  return {
    isFlat: true, // Node would watch each file on its own.
    readFileSync: (path) => unshared(fs.readFileSync(path)),
    readFile: async (path, { signal }) => unshared(await fs.promises.readFile(path, { signal })),
    realPathSync: fs.realpathSync.native, // The other way looks at each directory above.
    statSync: (path) => described(fs.statSync(path)),
    lstatSync: (path) => described(fs.lstatSync(path)),
    readDirSync: (path) => fs.readdirSync(path, { withFileTypes: true }).map(described),
    watchFs: (paths, options) =>
      watch((tell, keep) => {
        if (isBun) return keep(poll(tell));
        for (const path of paths) keep(watchOne(fs, path, options, tell));
      }),
  };
}

/** The bytes in a buffer of their own: that of a small file is a part of one that Node shares. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, length } = bytes as Uint8Array<ArrayBuffer>;
  return buffer.byteLength === length ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

/** What Node has as methods, as properties. */
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

type Tell = (event: FileEvent) => void;

/** What `start` opens tells of, until all of it is closed. */
function watch(start: (tell: Tell, keep: (watcher: Watcher) => void) => void): FileWatcher {
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

function watchOne(fs: FileSystem, path: string, options: { recursive: boolean }, tell: Tell) {
  return fs.watch(path, options, (type, name) => {
    if (name === null) return tell(MISSED);
    tell({ kind: type === "change" ? "modify" : "rename", paths: [below(path, name)] });
  }).on("error", () => tell(MISSED));
}

/** Says that all is to be looked at, again and again. */
function poll(tell: Tell): Watcher {
  const timer = setInterval(tell, POLL, MISSED);
  return { close: () => clearInterval(timer) };
}
