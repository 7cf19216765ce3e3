/** The metadata of a file. */
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

/** An entry of a directory. For a link it describes the link itself. */
export interface DirectoryEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** A change that the system reports. */
export interface FileEvent {
  readonly kind: Deno.FsEvent["kind"];
  readonly paths: readonly string[];
  /** Set if the system may have dropped events. */
  readonly flag?: "rescan";
}

/** Watches until it is closed. Closing also resolves a pending call of `next`. */
export interface FileWatcher extends AsyncIterable<FileEvent> {
  close(): void;
}

/** An open file. */
export interface OpenFile {
  /** Reads at most as many bytes as `into` has. Returns how many; `null` at the end of the file. */
  readSync(into: Uint8Array): number | null;
  read(into: Uint8Array): Promise<number | null>;
  statSync(): FileInfo;
  close(): void;
}

/** The calls of the file system that are used here. `Deno` has them by the same names. */
export interface SystemFiles {
  readFileSync(path: string): Uint8Array<ArrayBuffer>;
  readFile(path: string, options: { signal?: AbortSignal }): Promise<Uint8Array<ArrayBuffer>>;
  /** Exists where `readFile` copies the bytes, which an open file does not. */
  openSync?(path: string): OpenFile;
  /** Throws if the path does not exist. */
  realPathSync(path: string | URL): string;
  /** Follows links, which `lstatSync` does not. */
  statSync(path: string): FileInfo;
  lstatSync(path: string): FileInfo;
  readDirSync(path: string): Iterable<DirectoryEntry>;
  watchFs(paths: string[], options: { recursive: boolean }): FileWatcher;
  /** Whether each directory must be watched on its own on Linux. */
  readonly isFlat?: boolean;
}

/** Deno's names for the error codes of Node and Bun. */
const NAMES: Readonly<Record<string, string | undefined>> = {
  ENOENT: "NotFound",
  ENOTDIR: "NotADirectory",
  ENAMETOOLONG: "NotFound", // No file has such a name.
  EISDIR: "IsADirectory",
};

/**
 * The kind of a file system's error, by the names of Deno's classes. The code comes first: older versions
 * of Deno lack some classes, and some systems report reading a directory only by a code.
 */
export function kindOf(error: unknown): string {
  return error instanceof Error ? NAMES[codeOf(error) ?? ""] ?? error.name : "";
}

/** The code of an error of the system or of Node. */
export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code;
}
