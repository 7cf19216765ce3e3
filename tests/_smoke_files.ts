/**
 * What a `FileSource` must be able to do in every runtime that has files. Bundled together with the
 * library, and run in each, so it writes files with `node:fs`.
 */
import { FileSource, ResourceManager, Text } from "@holdfast/resources";
import { withPatience } from "./_patience.ts";

type Process = { getBuiltinModule(name: "node:fs"): typeof import("node:fs") };
const fs = (globalThis as unknown as { process: Process }).process.getBuiltinModule("node:fs");

/** The results of a run. */
export interface FileSmoke {
  readonly texts: readonly string[];
  /** Whether the bytes of small and of large files have a buffer of their own. */
  readonly unshared: readonly boolean[];
  readonly keys: readonly string[];
  readonly found: readonly string[];
  readonly messages: Readonly<Record<string, string>>;
  /** Each key that was reloaded, with its text. */
  readonly reloads: readonly string[];
  /** How many resources were resident before and after their scope was disposed. */
  readonly sizes: readonly number[];
}

/** Reads, lists, fails, and reloads in `home`, the real path of an empty directory. */
export async function smokeFiles(home: string): Promise<FileSmoke> {
  const root = `${home}/assets`;
  fs.mkdirSync(`${root}/dir/deep`, { recursive: true });
  fs.mkdirSync(`${root}/node_modules`);
  fs.writeFileSync(`${home}/secret.txt`, "secret");
  fs.writeFileSync(`${root}/a.txt`, "A");
  fs.writeFileSync(`${root}/dir/b.txt`, "B");
  fs.writeFileSync(`${root}/dir/deep/c.txt`, "C");
  fs.writeFileSync(`${root}/large.bin`, new Uint8Array(1_000_000));
  fs.symlinkSync("../secret.txt", `${root}/out.txt`);
  fs.symlinkSync("dir", `${root}/link`);
  const source = new FileSource(new URL(`file://${root}`));
  const mgr = new ResourceManager({ source });
  const scope = mgr.scope("scene");
  const handles = [scope.load("a.txt", Text), scope.load("link/b.txt", Text)];
  handles.push(await scope.loadAsync("dir/deep/c.txt", Text));
  const texts = handles.map(({ value }) => value);
  const reloads = await change(mgr, root, home);
  const sizes = [mgr.size];
  scope.dispose();
  sizes.push(mgr.size);
  mgr.indexDirectory("");
  const found = [...mgr.find("**/*.txt")].sort();
  await mgr[Symbol.asyncDispose]();
  return {
    texts,
    unshared: [source.read("a.txt"), source.read("large.bin"), await source.readAsync("a.txt")]
      .map((bytes) => bytes.constructor === Uint8Array && bytes.buffer.byteLength === bytes.length),
    keys: source.list(""),
    found,
    messages: await messages(source, home),
    reloads,
    sizes,
  };
}

/** Changes files in the ways in which programs do, and returns each text that was reloaded. */
async function change(mgr: ResourceManager, root: string, home: string): Promise<string[]> {
  const reloads: string[] = [];
  const watcher = mgr.watch({ debounce: 10 });
  const until = async (key: string, text: string, act: () => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _listener = mgr.on("reload", () => mgr.peek(key) === text && resolve());
    act();
    await withPatience(promise, () => new Error(`${key} is "${mgr.peek(key)}", not "${text}"`));
    reloads.push(`${key} ${mgr.peek(key)}`);
  };
  await until("a.txt", "in place", () => fs.writeFileSync(`${root}/a.txt`, "in place"));
  await until("a.txt", "by a rename", () => {
    fs.writeFileSync(`${root}/a.txt~`, "by a rename");
    fs.renameSync(`${root}/a.txt~`, `${root}/a.txt`);
  });
  await until("link/b.txt", "through a link", () => {
    fs.writeFileSync(`${root}/dir/b.txt`, "through a link");
  });
  await until("dir/deep/c.txt", "in a new directory", () => {
    fs.rmSync(`${root}/dir/deep`, { recursive: true });
    fs.mkdirSync(`${root}/dir/deep`);
    fs.writeFileSync(`${root}/dir/deep/c.txt`, "in a new directory");
  });
  await until("dir/deep/c.txt", "in it, later", () => {
    fs.writeFileSync(`${root}/dir/deep/c.txt`, "in it, later");
  });
  await until("a.txt", "in a new root", () => {
    fs.cpSync(root, `${home}/next`, { recursive: true, verbatimSymlinks: true });
    fs.writeFileSync(`${home}/next/a.txt`, "in a new root");
    fs.renameSync(root, `${home}/old`);
    fs.renameSync(`${home}/next`, root);
  });
  await watcher[Symbol.asyncDispose]();
  return reloads;
}

async function messages(source: FileSource, home: string): Promise<Record<string, string>> {
  const aborted = AbortSignal.abort(new Error("it was aborted"));
  const tries: Record<string, () => unknown> = {
    missing: () => source.read("nothing.txt"),
    "missing, async": () => source.readAsync("nothing.txt"),
    "below a file": () => source.read("a.txt/b.txt"),
    directory: () => source.read("dir"),
    "directory, async": () => source.readAsync("dir"),
    outside: () => source.read("out.txt"),
    aborted: () => source.readAsync("a.txt", { signal: aborted }),
    "missing directory": () => source.list("nothing"),
    "missing root": () => new FileSource("nowhere").read("a.txt"),
    "missing root, watched": () => new FileSource(`${home}/nowhere`).watch(() => {}),
    "file as root, watched": () => new FileSource(`${home}/secret.txt`).watch(() => {}),
  };
  const found: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(tries)) {
    try {
      await attempt();
      found[name] = "it worked";
    } catch (error) {
      const { name: kind, message } = error as Error;
      found[name] = `${kind}: ${message}`.replaceAll(home, "");
    }
  }
  return found;
}

/** The message of a source about a directory that may not be read. */
export function refused(directory: string): string {
  try {
    new FileSource(directory).read("a.txt");
    return "it worked";
  } catch (error) {
    return (error as Error).message;
  }
}
