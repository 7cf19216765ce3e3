import { isObject } from "../contract/is_object.ts";
import { attempt } from "../contract/attempt.ts";
import {
  messageOf,
  ResourceLoadError,
  ResourceNotFoundError,
  ResourcePathError,
} from "../contract/errors.ts";
import { normalizeDirectory, normalizeName } from "../names/names.ts";
import type { ReadOptions, Source } from "../contract/source.ts";
import { FileWatch } from "./file_watch.ts";
import { LargeFiles } from "./large_files.ts";
import { LinkedKeys } from "./linked_keys.ts";
import { below, leadsOut } from "./real_path.ts";
import { resolveLink, systemFiles } from "./runtime_files.ts";
import { codeOf, kindOf } from "./system_files.ts";

/** How paths begin that do not depend on where a program was started, on every system. */
const ABSOLUTE = /^(?:[\\/]|[a-z]:)/i;

/** What Deno and Node call it when they do not allow a read, and the flags that do. */
const REFUSED: Readonly<Record<string, "--allow-read" | "--allow-fs-read" | undefined>> = {
  NotCapable: "--allow-read",
  ERR_ACCESS_DENIED: "--allow-fs-read",
};

/**
 * Files below a directory. Symbolic links are resolved before anything is read; one that leads out of
 * the directory is refused, and it is the resolved path that is read, so a link that is exchanged
 * meanwhile gains nothing.
 *
 * Runs in Deno, Node and Bun. In Deno it needs `--allow-read` for the directory, and nothing else.
 *
 * @example
 * ```ts
 * import { FileSource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const source = new FileSource(new URL("./src/loaders/", `file://${Deno.cwd()}/`));
 * using mgr = new ResourceManager({ source });
 * mgr.registerLoader({ name: "code", extensions: [".ts"], load: (b) => new TextDecoder().decode(b) });
 * using code = mgr.load("text.ts", Text);
 * assertStringIncludes(code.value, "textLoader");
 * ```
 */
export class FileSource implements Source {
  /** The directory as it was given. */
  readonly root: string | URL;
  #realRoot: string | undefined;
  readonly #links = new LinkedKeys();
  readonly #large = new LargeFiles();
  #watch: FileWatch | undefined;

  /**
   * Creates a source for the directory `root`, a path or a file URL. Touches no file yet.
   *
   * @throws {TypeError} `root` is a URL of another kind.
   */
  constructor(root: string | URL) {
    const url = typeof root === "string" && root.startsWith("file:") ? new URL(root) : root;
    if (url instanceof URL && url.protocol !== "file:") {
      throw new TypeError(`Cannot read files from "${url}": it is not a file URL`);
    }
    this.root = url;
  }

  /**
   * Reads a file. O(bytes), and what it takes to resolve its path.
   *
   * @throws {ResourceNotFoundError} There is no such file.
   * @throws {ResourceLoadError} It may not be read.
   * @throws {ResourcePathError} The file is outside of the root.
   *
   * @example
   * ```ts
   * import { FileSource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new FileSource("src/loaders");
   * assertEquals(new TextDecoder().decode(source.read("text.ts")).includes("textLoader"), true);
   * ```
   */
  read(key: string): Uint8Array<ArrayBuffer> {
    try {
      const path = this.#locate(key);
      const bytes = this.#large.read(path) ?? systemFiles().readFileSync(path);
      this.#large.note(path, bytes);
      return bytes;
    } catch (error) {
      throw this.#explain(key, error);
    }
  }

  /**
   * Like {@linkcode FileSource.read}, without blocking while bytes are read; `signal` aborts it. Links
   * are resolved at once: that takes microseconds, less than to wait for it. O(bytes).
   *
   * @example
   * ```ts
   * import { FileSource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new FileSource("src/loaders");
   * const bytes = await source.readAsync("text.ts", { signal: new AbortController().signal });
   * assertEquals(bytes, source.read("text.ts"));
   * ```
   */
  async readAsync(
    key: string,
    options: ReadOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    try {
      options.signal?.throwIfAborted();
      const path = this.#locate(key);
      const large = this.#large.readAsync(path, options.signal);
      const bytes = (large && await large) ??
        await systemFiles().readFile(path, options);
      this.#large.note(path, bytes);
      options.onProgress?.(bytes.length, bytes.length);
      return bytes;
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      throw this.#explain(key, error);
    }
  }

  /**
   * The keys of the files below `directory`, sorted. Links that lead out of the root, or nowhere, are
   * skipped; a link back to a directory above it is not followed again. O(files).
   *
   * @throws {ResourceNotFoundError} There is no such directory.
   * @throws {ResourceLoadError} It may not be read.
   *
   * @example
   * ```ts
   * import { FileSource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new FileSource("src");
   * assertEquals(source.list("loaders").includes("loaders/text.ts"), true);
   * ```
   */
  list(directory: string, options: { recursive?: boolean } = {}): string[] {
    const { recursive = true } = options;
    try {
      const start = normalizeDirectory(directory);
      const root = this.#findRoot();
      const path = inside(root, systemFiles().realPathSync(below(root, start)), directory);
      return keysBelow(root, path, start, recursive);
    } catch (error) {
      throw this.#explain(directory || ".", error, "index");
    }
  }

  /**
   * Watches the directory and all below it. Starting costs O(directories), and then as much as
   * changes. It keeps the process alive until the result is disposed; its `[Symbol.asyncDispose]` also
   * waits until the system has let go.
   *
   * @throws {ResourceNotFoundError} There is no such directory.
   * @throws {ResourceLoadError} It may not be read or watched.
   *
   * @example
   * ```ts
   * import { FileSource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const directory = await Deno.makeTempDir();
   * const changed = Promise.withResolvers<string>();
   * {
   *   await using _watch = new FileSource(directory).watch(changed.resolve, changed.reject);
   *   await Deno.writeTextFile(`${directory}/hero.txt`, "@");
   *   assertEquals(await changed.promise, "hero.txt");
   * }
   * await Deno.remove(directory, { recursive: true });
   * ```
   */
  watch(
    onChange: (key: string) => void,
    onError: (error: unknown) => void = () => {},
  ): Disposable & AsyncDisposable {
    try {
      const root = this.#findRoot();
      this.#watch ??= new FileWatch({
        root,
        links: this.#links,
        list: (key) => attempt(() => this.list(key)) ?? [],
      });
      return this.#watch.add({
        onChange,
        onError: (error) => onError(this.#explain(".", error, "watch")),
      });
    } catch (error) {
      throw this.#explain(".", error, "watch");
    }
  }

  /** The real path of the root, which is looked up once. */
  #findRoot(): string {
    return this.#realRoot ??= systemFiles().realPathSync(this.root);
  }

  /** The real path of a key, which is below the root. */
  #locate(key: string): string {
    const file = normalizeName(key);
    const root = this.#findRoot();
    const direct = below(root, file);
    const path = inside(root, systemFiles().realPathSync(direct), key);
    this.#links.note(file, path === direct ? undefined : path);
    return path;
  }

  /** The root, for messages. */
  get #path(): string {
    if (!(this.root instanceof URL)) return this.root;
    const { pathname } = this.root;
    return attempt(() => decodeURIComponent(pathname)) ?? pathname; // A percent sign may stand for itself.
  }

  /** What lets this be read: the root, and where it leads to if that is what was refused. */
  #permission(flag: "--allow-read" | "--allow-fs-read"): string {
    const paths = this.#realRoot === undefined ? [this.#path] : [this.#path, this.#realRoot];
    const values = flag === "--allow-read" ? [paths.join(",")] : paths; // Node wants a flag for each.
    return values.map((each) => `${flag}=${/\s/.test(each) ? JSON.stringify(each) : each}`).join(
      " ",
    );
  }

  /** What is not there: what was asked for, or the root itself. */
  #missing(key: string, action: string): string {
    const what = action === "index" ? "directory" : "file";
    if (this.#realRoot !== undefined) {
      const [, last] = /([^/\\]+)[/\\]*$/.exec(this.#path) ?? [];
      const hint = key.startsWith(`${last}/`) ? `, leave out "${last}/"` : "";
      return `there is no such ${what} below "${this.#path}"${hint}`;
    }
    const isRelative = typeof this.root === "string" && !ABSOLUTE.test(this.root);
    const hint = isRelative ? ": a relative one is looked for where the program was started" : "";
    return `there is no directory "${this.#path}"${hint}`;
  }

  /** The error that tells a caller what a file system error means for the key. */
  #explain(key: string, error: unknown, action = "load"): unknown {
    if (error instanceof ResourcePathError || error instanceof ResourceLoadError) return error;
    const Failure = isMissing(error) ? ResourceNotFoundError : ResourceLoadError;
    return new Failure(key, this.#problem(key, error, action), { cause: error, action });
  }

  #problem(key: string, error: unknown, action: string): string {
    const flag = REFUSED[codeOf(error) ?? kindOf(error)];
    if (flag) return `permission to read it is missing, run with ${this.#permission(flag)}`;
    if (isDirectory(error)) return "it is a directory";
    const isFile = action === "watch" && kindOf(error) === "NotADirectory";
    return isMissing(error) && !isFile ? this.#missing(key, action) : messageOf(error);
  }
}

/** Whether a file system says that there is no such file: what is halfway to it may be one too. */
function isMissing(error: unknown): boolean {
  return ["NotFound", "NotADirectory"].includes(kindOf(error)) || isDirectory(error);
}

function isDirectory(error: unknown): boolean {
  return kindOf(error) === "IsADirectory";
}

/** Returns `path`, which has no links left, if it is in `root`. */
function inside(root: string, path: string, key: string): string {
  if (leadsOut(root, path)) throw new ResourcePathError(key, "it is a link out of the root");
  return path;
}

/**
 * The keys of the files below `start`, a real path. Each real directory is entered once, however many
 * links lead to it.
 */
function keysBelow(root: string, start: string, directory: string, recursive: boolean): string[] {
  const keys: string[] = [];
  const entered = new Set<string>();
  /** Links to directories are entered after all directories have been entered by their own names. */
  const linked: { path: string; key: string }[] = [];
  const follow = (link: string, key: string) => {
    const path = resolveLink(link);
    if (path === undefined || leadsOut(root, path)) return;
    if (systemFiles().statSync(path).isFile) keys.push(key);
    else if (recursive) linked.push({ path, key });
  };
  const enter = (path: string, within: string) => {
    if (entered.has(path)) return;
    entered.add(path);
    for (const { name, isFile, isDirectory, isSymlink } of systemFiles().readDirSync(path)) {
      const key = within === "" ? name : `${within}/${name}`;
      if (isFile) keys.push(key);
      else if (isDirectory && recursive) unlessGone(() => enter(below(path, name), key));
      else if (isSymlink) unlessGone(() => follow(below(path, name), key));
    }
  };
  enter(start, directory);
  for (const { path, key } of linked) unlessGone(() => enter(path, key));
  return keys.sort();
}

/** Looks at what may have been removed since it was listed, or become a file. */
function unlessGone(look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** The source that an option names: a directory, or the source itself. */
export function sourceOf(source: Source | string | URL): Source {
  if (typeof source === "string" || source instanceof URL) return new FileSource(source);
  if (isObject(source)) return source;
  throw new TypeError(
    `Cannot create a ResourceManager: "source" must be a Source, a path or a file URL: received ${source}`,
  );
}
