/** What is known of a file. */
export interface FileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  readonly ino: number | null;
  readonly size: number;
  readonly birthtime: Date | null;
  readonly mtime: Date | null;
  readonly ctime: Date | null;
}

/** What is in a directory; of a link, the link itself. */
export interface DirectoryEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** Something has changed. */
export interface FileEvent {
  readonly kind: Deno.FsEvent["kind"];
  readonly paths: readonly string[];
  /** Events may have been missed. */
  readonly flag?: "rescan";
}

/** Watches until it is closed; a call of `next` that waits resolves then. */
export interface FileWatcher extends AsyncIterable<FileEvent> {
  close(): void;
}

/** A file that is open. */
export interface OpenFile {
  /** How many bytes were read, up to those of `into`; `null` at the end of the file. */
  readSync(into: Uint8Array): number | null;
  read(into: Uint8Array): Promise<number | null>;
  statSync(): FileInfo;
  close(): void;
}

/** The calls that reach the files of the system. `Deno` has them, by the same names. */
export interface SystemFiles {
  readFileSync(path: string): Uint8Array<ArrayBuffer>;
  readFile(path: string, options: { signal?: AbortSignal }): Promise<Uint8Array<ArrayBuffer>>;
  /** Where `readFile` copies, and this does not. */
  openSync?(path: string): OpenFile;
  /** Throws if nothing is there. */
  realPathSync(path: string | URL): string;
  /** Follows links, which `lstatSync` does not. */
  statSync(path: string): FileInfo;
  lstatSync(path: string): FileInfo;
  readDirSync(path: string): Iterable<DirectoryEntry>;
  watchFs(paths: string[], options: { recursive: boolean }): FileWatcher;
  /** Whether Linux can't be asked to watch all that is below a directory, only each by itself. */
  readonly isFlat?: boolean;
}

/** What Node and Bun call a failure, and how Deno does. */
const NAMES: Readonly<Record<string, string | undefined>> = {
  ENOENT: "NotFound",
  ENOTDIR: "NotADirectory",
  ENAMETOOLONG: "NotFound", // No file has such a name.
  EISDIR: "IsADirectory",
};

/**
 * The kind of a file system's error, by the names of Deno's classes. Older versions of Deno lack some
 * of the classes, and some systems report a directory that is read as a file by their code only.
 */
export function kindOf(error: unknown): string {
  return error instanceof Error ? NAMES[codeOf(error) ?? ""] ?? error.name : "";
}

/** The code of a system's error, or of Node's own. */
export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code;
}
