import type { LinkedKeys } from "./linked_keys.ts";
import { below, keyOf, leadsOut, OS, SEPARATOR } from "./real_path.ts";
import { resolveLink, systemFiles } from "./runtime_files.ts";
import { filesIn, identityOf, infoOf, isIgnored, leadsToDirectory, survey } from "./survey.ts";
import { type FileEvent, type FileInfo, type FileWatcher, kindOf } from "./system_files.ts";

/** One who watches. */
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
  /** Whether the system watches a whole tree, and follows no links. */
  readonly isNative?: boolean;
}

/** Linux watches no whole tree: what Deno does instead follows links, and out of the root too. */
const IS_NATIVE = /^(darwin|win)/.test(OS);

/** How long to wait before all is watched anew, in ms: more may be amiss by then, and is put right with it. */
const PAUSE = 20;
/** How often to look whether a root that has gone is back, in ms. */
const RETRY = 100;
/** How often to see whether the root is still the same, in ms. */
const HEARTBEAT = 1_000;
/** How far the times of files may be behind the clock, in ms: the system counts them in ticks. */
const SLACK = 20;
/** How many directories to add by and by, before all is watched anew: each costs Deno time at every event. */
const MAX_GROWN = 32;
/** After how many events to look at all files: Linux drops events when 16 384 wait, and tells nobody. */
const MANY = 8_192;

/**
 * Tells which keys below a directory change.
 *
 * Directories are watched, for a watch on a file ends when the file is replaced. On Linux none is watched
 * through a link: Deno would name what changes there by either way, and lose it when the link changes.
 * What happens while nobody looks is found by the times of the files: when Deno has dropped events, when
 * a directory that was watched has been replaced, when the root has been away. Then everything is closed
 * and watched anew, since Deno does not watch again what it has open, even if that watch is dead.
 */
export class FileWatch {
  /** Those that are open: what one closes to watch it anew, no other must keep open. */
  static readonly #open = new Set<FileWatch>();
  static #reopening: Promise<void> | undefined;

  readonly #files: WatchedFiles;
  readonly #isNative: boolean;
  readonly #listeners = new Set<WatchListener>();
  #watchers: FileWatcher[] = [];
  /** What goes through the events of the watchers. */
  #loops: Promise<void>[] = [];
  /** The paths that are open in Deno, dead or alive. */
  readonly #held = new Set<string>();
  #grown = 0;
  /** Which directories are watched: by their paths, what tells them from others that take their place. */
  #directories = new Map<string, string>();
  /** The stamps of the files that were reported. */
  readonly #told = new Map<string, string>();
  #since = 0;
  #events = 0;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  readonly #watchingAnew = new Soon(() => this.#reopenAll());
  readonly #followingLinks = new Soon(() => this.#followLinks());

  constructor(files: WatchedFiles) {
    this.#files = files;
    this.#isNative = files.isNative ?? IS_NATIVE;
  }

  /** Tells `listener` until the result is disposed. Throws if the root can't be watched. O(directories). */
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
      // Something else than the root may have gone just now.
      const isMissed = kindOf(error) === "NotFound" && infoOf(this.#files.root);
      if (isMissed) return this.#watchingAnew.begin();
      this.#listeners.clear();
      void this.#end();
      throw error;
    }
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
    this.#grown = 0;
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

  #handle({ kind, paths, flag }: FileEvent): void {
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

  #noticed(path: string, kind: FileEvent["kind"]): void {
    const key = keyOf(this.#files.root, path);
    // Somebody may watch the directory to which something is moved from here.
    if (key === undefined || isIgnored(key)) return;
    if (!this.#isNative && leadsThroughLink(path)) return this.#watchingAnew.begin();
    const info = infoOf(path);
    if (kind === "remove" || !info) this.#forget(path);
    if (kind !== "modify") this.#moved(path, key, info);
    this.#tell(path, info);
  }

  /** Something has come, or gone, or taken the place of something else. */
  #moved(path: string, key: string, info: FileInfo | undefined): void {
    if (info?.isDirectory && this.#directories.get(path) !== identityOf(info)) this.#grow(path);
    else if (info?.isSymlink && leadsToDirectory(path)) this.#linked(key);
    if (this.#files.links.size > 0) this.#followingLinks.begin();
  }

  /** There is a link to a directory, perhaps in place of a directory. */
  #linked(key: string): void {
    if (!this.#isNative) this.#watchingAnew.begin();
    for (const each of this.#files.list(key)) this.#change(each);
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
    const { directories, single } = survey(path);
    const paths = [...directories.keys()];
    this.#grown += paths.length;
    const isDead = paths.some((each) => this.#held.has(each));
    if (!this.#isNative && (single.length > 0 || this.#grown > MAX_GROWN || isDead)) {
      return this.#watchingAnew.begin();
    }
    if (!this.#isNative && !this.#tryTo(() => this.#watch(paths, false))) return;
    for (const [each, identity] of directories) {
      this.#directories.set(each, identity);
      for (const file of filesIn(each)) this.#tell(file, infoOf(file));
    }
  }

  /** Tells of the keys that lead through links to another file now. */
  #followLinks(): void {
    const { root, links } = this.#files;
    for (const key of links.moved((each) => resolveLink(below(root, each)))) this.#change(key);
  }

  #tell(path: string, info: FileInfo | undefined): void {
    if (!info) this.#told.delete(path);
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
    if (FileWatch.#reopening) return this.#watchingAnew.begin();
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

  /** Returns whether `watch` worked. What has gone meanwhile may come back: it tries again later. */
  #tryTo(watch: () => void): boolean {
    try {
      watch();
      return true;
    } catch (error) {
      if (kindOf(error) === "NotFound") this.#watchingAnew.begin(RETRY);
      else this.#fail(error);
      return false;
    }
  }

  /** Reports what has changed since the last report, and all in directories that are new. */
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

  #isNews(path: string, info: FileInfo | undefined): boolean {
    if (!info) return false;
    const changed = Math.max(info.mtime?.getTime() ?? 0, info.ctime?.getTime() ?? 0);
    return changed >= this.#since && this.#told.get(path) !== stampOf(info);
  }
}

/** Does something a little later, and not all the time, however often it is asked to. */
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

/** Whether Deno has followed a link to `path`, and so may miss what changes there. */
function leadsThroughLink(path: string): boolean {
  const directory = path.slice(0, path.lastIndexOf(SEPARATOR)) || SEPARATOR;
  return (resolveLink(directory) ?? directory) !== directory;
}

/** Changes whenever a file does. */
export function stampOf({ ino, size, mtime, ctime }: FileInfo): string {
  return `${ino} ${size} ${mtime?.getTime()} ${ctime?.getTime()}`;
}
