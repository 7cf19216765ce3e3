import type { LinkedKeys } from "./_linked_keys.ts";
import { below, keyOf, leadsOut, resolveLink } from "./_real_path.ts";

/** Whoever watches. */
export interface WatchListener {
  /** The file of `key` may have changed, come or gone. */
  onChange(key: string): void;
  /** Something keeps changes from being seen. */
  onError(error: unknown): void;
}

/** What is watched. */
export interface WatchedFiles {
  /** A real path. */
  readonly root: string;
  readonly links: LinkedKeys;
  /** The keys below the directory `key`, or none if it is no directory. */
  list(key: string): readonly string[];
  /** Whether the system watches a whole tree without following links. */
  readonly recursive?: boolean;
}

/** Linux has no watch of a whole tree: what Deno puts in its place follows links, out of the root too. */
const WATCHES_TREES = ["darwin", "windows"].includes(globalThis.Deno?.build.os ?? "");

/** How long to wait before all is watched anew, in ms: more may be amiss by then, and is put right with it. */
const PAUSE = 20;
/** How often to look whether a root that has gone is back, in ms. */
const RETRY = 100;
/** How often to see whether the root is still the same, in ms. */
const HEARTBEAT = 1_000;
/** How far the clock of a file system may be behind, in ms. */
const SLACK = 100;
/** How many of Deno's watchers to have at most. Each costs time with every event. */
const MAX_WATCHERS = 16;
/** After how many events to look at all files: Linux drops events when 16 384 wait, and tells nobody. */
const MANY = 8_192;

/**
 * Tells which keys below a directory change.
 *
 * Directories are watched, for a watch on a file ends when the file is replaced. On Linux it is each
 * real directory by itself, none through a link. What happens while nobody looks is found by the times
 * of the files: when Deno has dropped events, when a directory that was watched has been replaced, when
 * the root has been away. Then everything is closed and watched anew, since a path that is open in Deno
 * already is not watched again, even if its watch is dead.
 */
export class FileWatch {
  /** Those that are open: what one closes to watch it anew, no other must keep open. */
  static readonly #open = new Set<FileWatch>();
  static #reopening: Promise<void> | undefined = undefined;

  readonly #files: WatchedFiles;
  readonly #recursive: boolean;
  readonly #listeners = new Set<WatchListener>();
  #watchers: Deno.FsWatcher[] = [];
  /** What goes through the events of the watchers. */
  #loops: Promise<void>[] = [];
  /** The paths that are open in Deno, dead or alive. */
  readonly #held = new Set<string>();
  /** Which directories are watched: by their paths, what tells them from others that take their place. */
  #directories = new Map<string, string>();
  /** The stamps of the files that were told of. */
  readonly #told = new Map<string, string>();
  #since = 0;
  #events = 0;
  #heartbeat: ReturnType<typeof setInterval> | undefined = undefined;
  readonly #watchingAnew = new Soon(() => this.#reopenAll());
  readonly #followingLinks = new Soon(() => this.#followLinks());

  constructor(files: WatchedFiles) {
    this.#files = files;
    this.#recursive = files.recursive ?? WATCHES_TREES;
  }

  /** Tells `listener` until the result is disposed. Throws if the root can't be watched. O(directories). */
  add(listener: WatchListener): Disposable & AsyncDisposable {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
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
    this.#watchAll();
    this.#heartbeat = setInterval(() => this.#checkRoot(), HEARTBEAT);
    FileWatch.#open.add(this);
  }

  async #end(): Promise<void> {
    FileWatch.#open.delete(this);
    clearInterval(this.#heartbeat);
    this.#watchingAnew.end();
    this.#followingLinks.end();
    this.#directories.clear();
    this.#told.clear();
    await Promise.all([this.#close(), FileWatch.#reopening]);
  }

  /** Resolves when Deno has let go of all that was open. */
  async #close(): Promise<void> {
    const loops = this.#loops;
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    this.#loops = [];
    this.#held.clear();
    await Promise.all(loops);
  }

  #watchAll(): void {
    const { root } = this.#files;
    Deno.readDirSync(root); // Throws if there is nothing to watch.
    this.#watch(new Map(directoriesBelow(root)));
  }

  #watch(directories: ReadonlyMap<string, string>): void {
    if (!this.#recursive || this.#watchers.length === 0) {
      const paths = this.#recursive ? [this.#files.root] : [...directories.keys()];
      const watcher = Deno.watchFs(paths, { recursive: this.#recursive });
      this.#watchers.push(watcher);
      this.#loops.push(this.#follow(watcher));
      for (const path of paths) this.#held.add(path);
    }
    for (const [path, identity] of directories) this.#directories.set(path, identity);
  }

  async #follow(watcher: Deno.FsWatcher): Promise<void> {
    const events = watcher[Symbol.asyncIterator]();
    for (;;) {
      try {
        const { done, value } = await events.next();
        // One that was closed may still give what it had: what is left of it is found in other ways.
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

  #handle({ kind, paths, flag }: Deno.FsEvent): void {
    if (++this.#events % MANY === 0 || flag === "rescan") this.#watchingAnew.begin();
    if (kind === "access" || flag === "rescan") return;
    for (const path of paths) {
      if (path !== this.#files.root) this.#noticed(path, kind);
      else if (kind !== "modify") this.#rootMoved();
    }
  }

  /** Nobody watches the directory that the root is in, so that its going may be missed. */
  #checkRoot(): void {
    const { root } = this.#files;
    const info = infoOf(root);
    const known = this.#directories.get(root);
    if (known !== undefined && (!info || identityOf(info) !== known)) this.#rootMoved();
  }

  /** The root has gone, or come back: what is there is another directory. */
  #rootMoved(): void {
    this.#directories.clear();
    this.#watchingAnew.begin();
  }

  #noticed(path: string, kind: Deno.FsEvent["kind"]): void {
    const key = keyOf(this.#files.root, path);
    if (key === undefined) return; // It was moved to another directory that somebody watches.
    const info = infoOf(path);
    if (kind === "remove" || info === undefined) this.#forget(path);
    if (kind !== "modify") this.#moved(path, key, info);
    this.#tell(path, info);
  }

  /** Something has come, or gone, or taken the place of something else. */
  #moved(path: string, key: string, info: Deno.FileInfo | undefined): void {
    if (info?.isDirectory && this.#directories.get(path) !== identityOf(info)) this.#grow(path);
    else if (info?.isSymlink) { for (const each of this.#files.list(key)) this.#change(each); }
    if (this.#files.links.size > 0) this.#followingLinks.begin();
  }

  #forget(path: string): void {
    if (!this.#directories.has(path)) return;
    const start = below(path, "");
    for (const each of this.#directories.keys()) {
      if (each === path || each.startsWith(start)) this.#directories.delete(each);
    }
  }

  /** There is a new directory: what it has may have come before anybody looked. */
  #grow(path: string): void {
    const directories = new Map(directoriesBelow(path));
    const isFull = this.#watchers.length >= MAX_WATCHERS;
    if (isFull || [...directories.keys()].some((each) => this.#held.has(each))) {
      return this.#watchingAnew.begin();
    }
    if (!this.#tryTo(() => this.#watch(directories))) return;
    for (const each of directories.keys()) {
      for (const file of filesIn(each)) this.#tell(file, infoOf(file));
    }
  }

  /** Tells of the keys that lead through links to another file now. */
  #followLinks(): void {
    const { root, links } = this.#files;
    for (const key of links.moved((each) => resolveLink(below(root, each)))) this.#change(key);
  }

  #tell(path: string, info: Deno.FileInfo | undefined): void {
    if (info === undefined) this.#told.delete(path);
    else if (!info.isDirectory) this.#told.set(path, stampOf(info));
    this.#change(keyOf(this.#files.root, path)!);
    for (const linked of this.#files.links.of(path)) this.#change(linked);
  }

  #change(key: string): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener.onChange(key);
      } catch (error) {
        listener.onError(error);
      }
    }
  }

  /** Closes and opens this one, and all that may have the same directories open. */
  async #reopenAll(): Promise<void> {
    if (FileWatch.#reopening !== undefined) return this.#watchingAnew.begin();
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
    this.#directories = new Map();
    if (this.#tryTo(() => this.#watchAll())) this.#scan(known);
    else this.#directories = known;
  }

  /** Returns whether `watch` worked. What has gone meanwhile may come back: it tries again later. */
  #tryTo(watch: () => void): boolean {
    try {
      watch();
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) this.#watchingAnew.begin(RETRY);
      else this.#fail(error);
      return false;
    }
  }

  /** Tells of what has changed since it was told of last, and of all in directories that are new. */
  #scan(known: ReadonlyMap<string, string>): void {
    for (const [directory, identity] of this.#directories) {
      const isNew = known.get(directory) !== identity;
      for (const path of filesIn(directory)) {
        const info = infoOf(path);
        if (isNew || this.#isNews(path, info)) this.#tell(path, info);
      }
    }
    this.#followLinks();
  }

  #isNews(path: string, info: Deno.FileInfo | undefined): boolean {
    if (info === undefined) return false;
    const changed = Math.max(info.mtime?.getTime() ?? 0, info.ctime?.getTime() ?? 0);
    return changed >= this.#since && this.#told.get(path) !== stampOf(info);
  }
}

/** Does something a little later, and not all the time, however often it is asked to. */
class Soon {
  readonly #run: () => void | Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
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

/** What a file is, if there is one; of a link, the link itself. */
function infoOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined;
  }
}

/** Changes whenever a file does. */
function stampOf({ ino, size, mtime, ctime }: Deno.FileInfo): string {
  return `${ino} ${size} ${mtime?.getTime()} ${ctime?.getTime()}`;
}

/** Tells a directory from another one of its path. Numbers are used again, and at once. */
function identityOf({ ino, birthtime }: Deno.FileInfo): string {
  return `${ino} ${birthtime?.getTime()}`;
}

/** A directory and all below it, no link among them. What has gone, or may not be read, is left out. */
function* directoriesBelow(path: string): Generator<[path: string, identity: string]> {
  const info = infoOf(path);
  const entries = entriesOf(path);
  if (info === undefined || entries === undefined) return;
  yield [path, identityOf(info)];
  for (const { name, isDirectory } of entries) {
    if (isDirectory) yield* directoriesBelow(below(path, name));
  }
}

/** All in a directory that is none itself. */
function* filesIn(directory: string): Generator<string> {
  for (const { name, isDirectory } of entriesOf(directory) ?? []) {
    if (!isDirectory) yield below(directory, name);
  }
}

function entriesOf(directory: string): Deno.DirEntry[] | undefined {
  try {
    return [...Deno.readDirSync(directory)];
  } catch {
    return undefined;
  }
}
