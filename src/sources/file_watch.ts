import type { LinkedKeys } from "./linked_keys.ts";
import { below, keyOf, leadsOut, OS, SEPARATOR } from "./real_path.ts";
import { resolveLink, systemFiles } from "./runtime_files.ts";
import { filesIn, identityOf, infoOf, isIgnored, leadsToDirectory, survey } from "./survey.ts";
import { type FileEvent, type FileInfo, type FileWatcher, kindOf } from "./system_files.ts";

/** Receives what a watch finds. */
export interface WatchListener {
  /** The file of `key` may have been changed, created or removed. */
  onChange(key: string): void;
  /** Changes may be missed because of `error`. */
  onError(error: unknown): void;
}

/** The files that a `FileWatch` watches. */
export interface WatchedFiles {
  /** The real path of the directory. */
  readonly root: string;
  readonly links: LinkedKeys;
  /** Returns the keys below the directory `key`; none if it is not a directory. */
  list(key: string): readonly string[];
  /** Whether the system can watch a whole tree without following links. */
  readonly isNative?: boolean;
}

/** Linux cannot watch a tree: Deno watches each directory instead, and follows links out of the root. */
const IS_NATIVE = /^(darwin|win)/.test(OS);

/** How long to wait before everything is watched again, in ms: one pass then handles several problems. */
const PAUSE = 20;
/** How often to check whether a removed root exists again, in ms. */
const RETRY = 100;
/** How often to check whether the root is still the same directory, in ms. */
const HEARTBEAT = 1_000;
/** How far the times of files may be behind the clock, in ms: the system measures them in ticks. */
const SLACK = 20;
/** How many added directories get watchers of their own, each of which slows down every event in Deno. */
const MAX_ADDED = 32;

/**
 * Reports which keys below a directory change.
 *
 * It watches directories, because a watch on a file ends when the file is replaced. On Linux it does not
 * watch through links: Deno would report such changes under either path, and lose them when the link
 * changes. Events can be missed when Deno drops them, when a watched directory is replaced, or while the
 * root does not exist. Then all watchers are closed and opened again, because Deno does not watch a path
 * again that it has open, even if that watch is dead. The files' times tell which of them were changed.
 */
export class FileWatch {
  /** The active watches. To open a path again, all that have it open must close it first. */
  static readonly #open = new Set<FileWatch>();
  static #reopening: Promise<void> | undefined;

  readonly #files: WatchedFiles;
  readonly #isNative: boolean;
  readonly #listeners = new Set<WatchListener>();
  #watchers: FileWatcher[] = [];
  /** One loop over the events of each watcher. */
  #loops: Promise<void>[] = [];
  /** The paths that Deno has open, even if their watch is dead. */
  readonly #held = new Set<string>();
  /** How many directories were added since everything was opened. */
  #added = 0;
  /** The identity of each watched directory by its path. */
  #directories = new Map<string, string>();
  /** The stamp of each reported file by its path. */
  readonly #reported = new Map<string, string>();
  /** Files with an older time were not changed since the watch began. */
  #since = 0;
  /** How many events there were. */
  #events = 0;
  /** After so many events it checks all files. */
  readonly #limit = eventLimit();
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  readonly #reopenSoon = new Soon(() => this.#reopenAll());
  readonly #followLinksSoon = new Soon(() => this.#followLinks());

  constructor(files: WatchedFiles) {
    this.#files = files;
    this.#isNative = files.isNative ?? IS_NATIVE;
  }

  /** Notifies `listener` until the result is disposed. Throws if it can't watch the root. O(directories). */
  add(listener: WatchListener): Disposable & AsyncDisposable {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    let ended: Promise<void> | undefined;
    const leave = () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) ended = this.#end();
    };
    return {
      [Symbol.dispose]: leave,
      async [Symbol.asyncDispose]() {
        leave();
        await ended;
      },
    };
  }

  #start(): void {
    this.#since = Date.now() - SLACK;
    FileWatch.#open.add(this);
    this.#heartbeat = setInterval(() => this.#checkRoot(), HEARTBEAT);
    try {
      this.#watchAll();
    } catch (error) {
      // Another directory than the root was removed just now.
      const isMissed = kindOf(error) === "NotFound" && infoOf(this.#files.root);
      if (isMissed) return this.#reopenSoon.begin();
      this.#listeners.clear();
      void this.#end();
      throw error;
    }
  }

  async #end(): Promise<void> {
    FileWatch.#open.delete(this);
    clearInterval(this.#heartbeat);
    this.#reopenSoon.end();
    this.#followLinksSoon.end();
    this.#directories.clear();
    this.#reported.clear();
    await Promise.all([this.#close(), FileWatch.#reopening]);
  }

  /** Closes all watchers. Resolves when their loops have ended. */
  async #close(): Promise<void> {
    const loops = this.#loops;
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    this.#loops = [];
    this.#held.clear();
    this.#added = 0;
    await Promise.all(loops);
  }

  #watchAll(): void {
    const { root } = this.#files;
    systemFiles().readDirSync(root); // Throws if there is nothing to watch.
    const { directories, trees, single } = survey(root);
    if (this.#isNative) this.#watch([root], true);
    else if (systemFiles().isFlat) this.#watch([...directories.keys()], false);
    else {
      this.#watch(trees, true);
      this.#watch(single, false);
    }
    this.#directories = directories;
  }

  #watch(paths: string[], recursive: boolean): void {
    if (paths.length === 0) return;
    const watcher = systemFiles().watchFs(paths, { recursive });
    this.#watchers.push(watcher);
    this.#loops.push(this.#follow(watcher));
    for (const path of paths) this.#held.add(path);
  }

  async #follow(watcher: FileWatcher): Promise<void> {
    const events = watcher[Symbol.asyncIterator]();
    for (;;) {
      try {
        const { done, value } = await events.next();
        // A closed watcher may still deliver old events. The scan after reopening covers them.
        if (done || !this.#watchers.includes(watcher)) return;
        this.#handle(value);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #fail(error: unknown): void {
    for (const listener of [...this.#listeners]) listener.onError(error);
  }

  #handle({ kind, paths, flag }: FileEvent): void {
    if (++this.#events % this.#limit === 0 || flag === "rescan") this.#reopenSoon.begin();
    if (kind === "access" || flag === "rescan") return;
    for (const path of paths) {
      if (path !== this.#files.root) this.#onPath(path, kind);
      else if (kind !== "modify") this.#onRootMove();
    }
  }

  /** The parent of the root is not watched, so the removal of the root may cause no event. */
  #checkRoot(): void {
    const { root } = this.#files;
    const info = infoOf(root);
    const known = this.#directories.get(root);
    if (known !== undefined && (!info || identityOf(info) !== known)) this.#onRootMove();
  }

  /** The root was removed, or replaced by another directory. */
  #onRootMove(): void {
    this.#directories.clear();
    this.#reopenSoon.begin();
  }

  #onPath(path: string, kind: FileEvent["kind"]): void {
    const key = keyOf(this.#files.root, path);
    // A file that is moved out of the root may be reported by its new path, if another watch has that open.
    if (key === undefined || isIgnored(key)) return;
    if (!this.#isNative && leadsThroughLink(path)) return this.#reopenSoon.begin();
    const info = infoOf(path);
    if (kind === "remove" || !info) this.#removeDirectory(path);
    if (kind !== "modify") this.#onMove(path, key, info);
    this.#report(path, info);
  }

  /** A path was created, removed or replaced. */
  #onMove(path: string, key: string, info: FileInfo | undefined): void {
    if (info?.isDirectory && this.#directories.get(path) !== identityOf(info)) {
      this.#addDirectory(path);
    } else if (info?.isSymlink && leadsToDirectory(path)) {
      this.#onLink(key);
    }
    if (this.#files.links.size > 0) this.#followLinksSoon.begin();
  }

  /** A link to a directory was created, perhaps in place of a directory. */
  #onLink(key: string): void {
    if (!this.#isNative) this.#reopenSoon.begin();
    for (const each of this.#files.list(key)) this.#notify(each);
  }

  #removeDirectory(path: string): void {
    if (!this.#directories.has(path)) return;
    const start = below(path, "");
    for (const each of this.#directories.keys()) {
      if (each === path || each.startsWith(start)) this.#directories.delete(each);
    }
  }

  /** A directory was created. Its files are reported, because they may be older than its watch. */
  #addDirectory(path: string): void {
    const { directories, single } = survey(path);
    const paths = [...directories.keys()];
    this.#added += paths.length;
    const isDead = paths.some((each) => this.#held.has(each));
    if (!this.#isNative && (single.length > 0 || this.#added > MAX_ADDED || isDead)) {
      return this.#reopenSoon.begin();
    }
    if (!this.#isNative && !this.#tryTo(() => this.#watch(paths, false))) return;
    for (const [each, identity] of directories) {
      this.#directories.set(each, identity);
      for (const file of filesIn(each)) this.#report(file, infoOf(file));
    }
  }

  /** Reports the keys whose links now lead to another file. */
  #followLinks(): void {
    const { root, links } = this.#files;
    for (const key of links.moved((each) => resolveLink(below(root, each)))) this.#notify(key);
  }

  #report(path: string, info: FileInfo | undefined): void {
    if (!info) this.#reported.delete(path);
    else if (!info.isDirectory) this.#reported.set(path, stampOf(info));
    this.#notify(keyOf(this.#files.root, path)!);
    for (const linked of this.#files.links.of(path)) this.#notify(linked);
  }

  #notify(key: string): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener.onChange(key);
      } catch (error) {
        listener.onError(error);
      }
    }
  }

  /** Closes and reopens this watch, and all others that may have the same directories open. */
  async #reopenAll(): Promise<void> {
    if (FileWatch.#reopening) return this.#reopenSoon.begin();
    FileWatch.#reopening = this.#closeAndOpen();
    await FileWatch.#reopening;
    FileWatch.#reopening = undefined;
  }

  async #closeAndOpen(): Promise<void> {
    const all = [...FileWatch.#open].filter((each) => this.#overlaps(each));
    await Promise.all(all.map((each) => each.#close()));
    for (const each of all) if (FileWatch.#open.has(each)) each.#reopen();
  }

  #overlaps(other: FileWatch): boolean {
    const [root, otherRoot] = [this.#files.root, other.#files.root];
    return !leadsOut(root, otherRoot) || !leadsOut(otherRoot, root);
  }

  #reopen(): void {
    const known = this.#directories;
    if (this.#tryTo(() => this.#watchAll())) this.#scan(known);
  }

  /** Returns whether `watch` worked. If a path is missing, everything is opened again later. */
  #tryTo(watch: () => void): boolean {
    try {
      watch();
      return true;
    } catch (error) {
      if (kindOf(error) === "NotFound") this.#reopenSoon.begin(RETRY);
      else this.#fail(error);
      return false;
    }
  }

  /** Reports the files that have changed since they were last reported, and all files in new directories. */
  #scan(known: ReadonlyMap<string, string>): void {
    for (const [directory, identity] of this.#directories) {
      const isNew = known.get(directory) !== identity;
      for (const path of filesIn(directory)) {
        const info = infoOf(path);
        if (isNew || this.#hasChanged(path, info)) this.#report(path, info);
      }
    }
    this.#followLinks();
  }

  #hasChanged(path: string, info: FileInfo | undefined): boolean {
    if (!info) return false;
    const changed = Math.max(info.mtime?.getTime() ?? 0, info.ctime?.getTime() ?? 0);
    return changed >= this.#since && this.#reported.get(path) !== stampOf(info);
  }
}

/** Runs a task a little later: once for several calls of `begin`, and for at most a fifth of the time. */
class Soon {
  readonly #run: () => void | Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = PAUSE;

  constructor(run: () => void | Promise<void>) {
    this.#run = run;
  }

  begin(after = this.#pause): void {
    this.#timer ??= setTimeout(async () => {
      this.#timer = undefined;
      const started = performance.now();
      await this.#run();
      this.#pause = Math.max(PAUSE, 4 * (performance.now() - started));
    }, after);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * After how many events to check all files. Linux silently drops events when 16 384 are waiting, and Deno
 * before 2.9 when 16 are.
 */
function eventLimit(): number {
  return /^2\.[0-8]\./.test(globalThis.Deno?.version.deno) ? 16 : 8_192;
}

/** Whether Deno followed a link to `path`, and so may miss changes there. */
function leadsThroughLink(path: string): boolean {
  const directory = path.slice(0, path.lastIndexOf(SEPARATOR)) || SEPARATOR;
  return (resolveLink(directory) ?? directory) !== directory;
}

/** A stamp that differs whenever the file has changed. */
export function stampOf({ ino, size, mtime, ctime }: FileInfo): string {
  return `${ino} ${size} ${mtime?.getTime()} ${ctime?.getTime()}`;
}
