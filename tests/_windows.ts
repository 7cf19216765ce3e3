/**
 * A worker with a small imitation of Windows: drives, shares, links, names in any case, dots and spaces
 * that do not count, short names and devices. Reads names below a root with a `FileSource` that takes
 * it for the real one, and reports what was opened.
 */
import { win32 } from "node:path";

interface Directory {
  [name: string]: Directory | string;
}

/** A text that begins with `->` is a link. */
const DISKS: Directory = {
  "C:\\": {
    "game": {
      "assets": {
        "a.txt": "inside",
        "dir": { "b.txt": "inside", "deep": { "c.txt": "inside" }, "up": "->C:\\game" },
        "in": "->C:\\game\\assets\\dir",
        "out": "->C:\\game\\beside",
        "out.txt": "->C:\\game\\secret.txt",
        "root": "->D:\\",
        "up": "->\\\\server\\share\\assets",
        "loop": "->C:\\game\\assets\\loop",
      },
      "assets-2": { "a.txt": "SECRET", "dir": { "b.txt": "SECRET" } },
      "beside": { "a.txt": "SECRET", "b.txt": "SECRET" },
      "secret.txt": "SECRET",
      "a.txt": "SECRET",
    },
  },
  "D:\\": { "a.txt": "on D", "dir": { "b.txt": "on D", "out": "->C:\\game\\assets" } },
  "\\\\server\\share\\": {
    "assets": { "a.txt": "shared", "dir": { "out": "->\\\\server\\share\\beside" } },
    "assets-2": { "a.txt": "SECRET" },
    "beside": { "b.txt": "SECRET" },
  },
};
const DEVICE = /^(con|nul|aux|prn|com\d|lpt\d)(\.|$)/i;

class NotFound extends Error {}
class NotCapable extends Error {}
class IsADirectory extends Error {}

function entryOf(directory: Directory, name: string): [string, Directory | string] {
  // Neither case nor dots and spaces at the end count, nor what comes after a colon.
  const bare = name.replace(/:.*$/, "").replace(/[. ]+$/, "").toLowerCase();
  const plain = bare === "secre~1.txt" ? "secret.txt" : bare;
  const found = Object.entries(directory).find(([each]) => each.toLowerCase() === plain);
  if (found === undefined) throw new NotFound(name);
  return found;
}

/** The path without links, as the system spells it, and its directory or text. */
function resolve(path: string, links = 0): [string, Directory | string] {
  if (links > 32) throw new Error("The name of the file cannot be resolved by the system");
  if (path.includes("\0")) throw new TypeError("a NUL character");
  const absolute = win32.resolve("C:\\game", path);
  const disk = win32.parse(absolute).root;
  const start = Object.keys(DISKS).find((each) => each.toLowerCase() === disk.toLowerCase());
  if (start === undefined) throw new NotFound(path);
  let [real, here]: [string, Directory | string] = [start, DISKS[start]!];
  for (const name of absolute.slice(disk.length).split("\\").filter((each) => each !== "")) {
    if (DEVICE.test(name)) return [`\\\\.\\${name}`, "SECRET"];
    if (typeof here === "string") throw new NotFound(path);
    const [spelled, next] = entryOf(here, name);
    [real, here] = typeof next === "string" && next.startsWith("->")
      ? resolve(next.slice(2), links + 1)
      : [win32.join(real, spelled), next];
  }
  return [real, here];
}

function* entriesOf(path: string) {
  const [, directory] = resolve(path);
  if (typeof directory === "string") throw new Error("The directory name is invalid");
  for (const [name, each] of Object.entries(directory)) {
    const isSymlink = typeof each === "string" && each.startsWith("->");
    yield {
      name,
      isSymlink,
      isFile: typeof each === "string" && !isSymlink,
      isDirectory: typeof each !== "string",
    };
  }
}

const opened: string[] = [];

function readFileSync(path: string): Uint8Array {
  opened.push(path);
  const [, content] = resolve(path);
  if (typeof content !== "string") throw new IsADirectory(path);
  return new TextEncoder().encode(content);
}

Object.defineProperty(globalThis, "Deno", {
  value: {
    build: { os: "windows" },
    errors: { NotFound, NotCapable, IsADirectory },
    realPathSync: (path: string) => resolve(path)[0],
    statSync: (path: string) => ({ isFile: typeof resolve(path)[1] === "string" }),
    readDirSync: entriesOf,
    readFileSync,
    // deno-lint-ignore require-await
    readFile: async (path: string) => readFileSync(path),
  },
});

/** The outcome of one read. */
export interface Outcome {
  name: string;
  /** The paths that were opened. */
  opened: string[];
  /** What was read, or the error. */
  text?: string;
  error?: { name: string; message: string };
}

/** The files of a root, and the outcome of each read below it. */
export interface Report {
  root: string;
  listed: string[];
  outcomes: Outcome[];
}

async function report(root: string, names: readonly string[]): Promise<Report> {
  const { FileSource } = await import("../src/sources/file.ts");
  const source = new FileSource(root);
  const outcomes = names.map((name): Outcome => {
    opened.length = 0;
    try {
      const text = new TextDecoder().decode(source.read(name));
      return { name, text, opened: [...opened] };
    } catch (error) {
      const { name: kind, message } = error as Error;
      return { name, error: { name: kind, message }, opened: [...opened] };
    }
  });
  return { root, listed: source.list(""), outcomes };
}

const port = globalThis as unknown as Worker;
port.onmessage = async ({ data: { root, names } }) => port.postMessage(await report(root, names));
