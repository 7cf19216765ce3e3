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

/** The start of an absolute path, on every system. */
const ABSOLUTE = /^(?:[\\/]|[a-z]:)/i;

/** The errors with which Deno and Node refuse a read, and the flags that allow it. */
const REFUSED: Readonly<Record<string, "--allow-read" | "--allow-fs-read" | undefined>> = {
  NotCapable: "--allow-read",
  ERR_ACCESS_DENIED: "--allow-fs-read",
};

/**
 * Reads the files below a directory. Symbolic links are resolved first, and a link that leads out of
 * the directory is refused. Only the resolved path is read, so replacing a link during a read cannot
 * escape the directory either.
 *
 * Runs in Deno, Node and Bun. In Deno it needs only `--allow-read` for the directory.
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
  /** The directory that was passed to the constructor. */
  readonly root: string | URL;
  /** The real path of the root, once it was looked up. */
  #realRoot: string | undefined;
  readonly #links = new LinkedKeys();
  readonly #large = new LargeFiles();
  #watch: FileWatch | undefined;

  /**
   * Creates a source for the directory `root`, a path or a file URL. Does not access any file yet.
   *
   * @throws {TypeError} `root` is a URL, but not a file URL.
   */
  constructor(root: string | URL) {
    const isURL = typeof root === "string" && /^(file|https?):/.test(root);
    const url = isURL ? new URL(root) : root;
    if (url instanceof URL && url.protocol !== "file:") {
      throw new TypeError(
        `Cannot read files from "${url}": it is not a file URL, use an HttpSource`,
      );
    }
    this.root = url;
  }

  /**
   * Resolves the path of a file, and reads it. O(bytes).
   *
   * @throws {ResourceNotFoundError} The file does not exist.
   * @throws {ResourceLoadError} The file cannot be read, for example because a permission is missing.
   * @throws {ResourcePathError} `key` is not a valid key, or a link that leads out of the root.
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
   * Reads a file without blocking, and rejects with the errors of {@linkcode FileSource.read}. `signal`
   * aborts the read, which then rejects with the signal's reason. Links are resolved synchronously,
   * because that takes only microseconds. O(bytes).
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
   * Returns the keys of the files below `directory`, sorted; with `recursive: false`, only of the files
   * directly in it. Broken links and links that lead out of the root are skipped. Each directory is
   * listed once, even if a link leads back to it. O(files).
   *
   * @throws {ResourceNotFoundError} The directory does not exist.
   * @throws {ResourceLoadError} The directory cannot be read.
   * @throws {ResourcePathError} `directory` is not a valid key, or a link that leads out of the root.
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
      return filesBelow(root, path, start, recursive);
    } catch (error) {
      throw this.#explain(directory || ".", error, "index");
    }
  }

  /**
   * Calls `onChange` with the key of each file below the root that is changed, created or removed, until
   * the result is disposed. `onError` receives a {@linkcode ResourceLoadError} when watching fails later,
   * or when `onChange` throws. The watch keeps the process alive. `[Symbol.asyncDispose]` of the result
   * also waits until the system has closed it. Starting costs O(directories).
   *
   * @throws {ResourceNotFoundError} The root does not exist.
   * @throws {ResourceLoadError} The root cannot be read or watched.
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

  /** Returns the real path of the root, and looks it up only once. */
  #findRoot(): string {
    return this.#realRoot ??= systemFiles().realPathSync(this.root);
  }

  /** Returns the real path of `key`. Throws if that is outside of the root. */
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
    return attempt(() => decodeURIComponent(pathname)) ?? pathname; // It may have a plain percent sign.
  }

  /** The flags that allow to read the root, and the directory that a link as the root leads to. */
  #permission(flag: "--allow-read" | "--allow-fs-read"): string {
    const paths = this.#realRoot === undefined ? [this.#path] : [this.#path, this.#realRoot];
    const values = flag === "--allow-read" ? [paths.join(",")] : paths; // Node needs one flag for each path.
    return values.map((each) => `${flag}=${/\s/.test(each) ? JSON.stringify(each) : each}`).join(
      " ",
    );
  }

  /** Says what does not exist: the file, the directory, or the root itself. */
  #missing(key: string, action: string): string {
    const what = action === "index" ? "directory" : "file";
    if (this.#realRoot !== undefined) {
      const [, last = "."] = /([^/\\]+)[/\\]*$/.exec(this.#path) ?? [];
      const isTwice = last !== "." && key.startsWith(`${last}/`);
      const hint = isTwice ? `, leave out "${last}/"` : "";
      return `there is no such ${what} below "${this.#path}"${hint}`;
    }
    const isRelative = typeof this.root === "string" && !ABSOLUTE.test(this.root);
    const hint = isRelative ? ": relative paths start at the current directory" : "";
    return `there is no directory "${this.#path}"${hint}`;
  }

  /** Returns the error for the caller, which names the key and explains the file system's error. */
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

/** Whether the error says that the file does not exist. A file in the middle of the path counts too. */
function isMissing(error: unknown): boolean {
  return ["NotFound", "NotADirectory"].includes(kindOf(error)) || isDirectory(error);
}

function isDirectory(error: unknown): boolean {
  return kindOf(error) === "IsADirectory";
}

/** Returns the real path `path`. Throws if it is outside of `root`. */
function inside(root: string, path: string, key: string): string {
  if (leadsOut(root, path)) throw new ResourcePathError(key, "it is a link out of the root");
  return path;
}

/**
 * Returns the keys of the files below `start`, a real path. Each directory is listed once, however many
 * links lead to it.
 */
function filesBelow(root: string, start: string, directory: string, recursive: boolean): string[] {
  const keys: string[] = [];
  const entered = new Set<string>();
  /** Linked directories come last, so that a directory is listed by its own name if it has one. */
  const linked: { path: string; key: string }[] = [];
  const follow = (link: string, key: string) => {
    const path = resolveLink(link);
    if (path === undefined || leadsOut(root, path)) return;
    if (systemFiles().statSync(path).isFile) keys.push(key);
    else if (recursive) linked.push({ path, key });
  };
  const enter = (path: string, parent: string) => {
    if (entered.has(path)) return;
    entered.add(path);
    for (const { name, isFile, isDirectory, isSymlink } of systemFiles().readDirSync(path)) {
      const key = parent === "" ? name : `${parent}/${name}`;
      if (isFile) keys.push(key);
      else if (isDirectory && recursive) ignoreMissing(() => enter(below(path, name), key));
      else if (isSymlink) ignoreMissing(() => follow(below(path, name), key));
    }
  };
  enter(start, directory);
  for (const { path, key } of linked) ignoreMissing(() => enter(path, key));
  return keys.sort();
}

/** Ignores that a directory was removed, or replaced by a file, after it was listed. */
function ignoreMissing(enter: () => void): void {
  try {
    enter();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Returns the source for the option `source`: a directory becomes a `FileSource`. */
export function sourceOf(source: Source | string | URL): Source {
  if (typeof source === "string" || source instanceof URL) return new FileSource(source);
  if (isObject(source)) return source;
  throw new TypeError(
    `Cannot create a ResourceManager: "source" must be a Source, a path or a file URL: received ${source}`,
  );
}
