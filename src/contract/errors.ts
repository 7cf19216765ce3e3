/** Every error class of the library. Each message says what failed, why, and what to do. */
import { attempt } from "./attempt.ts";
import { isObject } from "./is_object.ts";
import { cannot, printable, quote } from "./printable.ts";

/** A number with its noun: `1 handle`, `2 handles`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Returns the JavaScript type of a value, and "null" for `null`. */
export function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/** Returns the class of a value, or its JavaScript type. Never throws. */
export function typeNameOf(value: unknown): string {
  if (!isObject(value)) return kindOf(value);
  return attempt(() => String(value.constructor?.name || "object")) ?? "object";
}

/**
 * Thrown by `acquire`, `release` and `reload` for a resource that is not resident.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, ResourceNotLoadedError } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource() });
 * assertThrows(() => mgr.acquire("hero.txt"), ResourceNotLoadedError);
 * ```
 */
export class ResourceNotLoadedError extends ReferenceError {
  /** The key that is not resident. */
  readonly key: string;
  /** The method that was called: `"acquire"`, `"release"` or `"reload"`. */
  readonly action: string;

  /** Creates the error for `key`; `action` is the method that was called. */
  constructor(key: string, action: string) {
    const hint = action === "release" ? "there is nothing to release" : "load it first";
    super(cannot(action, key, `it is not resident, ${hint}`));
    this.name = "ResourceNotLoadedError";
    this.key = key;
    this.action = action;
  }
}

/**
 * Thrown by `release` when all references that `acquire` added were released already.
 *
 * @example
 * ```ts
 * import { MemorySource, ReferenceCountError, ResourceManager, Text } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using hero = mgr.load("hero.txt", Text);
 * assertThrows(() => mgr.release(hero.key), ReferenceCountError, "1 handle holds it");
 * ```
 */
export class ReferenceCountError extends RangeError {
  /** The key that has no manual reference left. */
  readonly key: string;
  /** How many open handles hold the resource. Disposing them releases their references. */
  readonly handles: number;

  /** Creates the error for `key`, which `handles` open handles hold. */
  constructor(key: string, handles: number) {
    const [hold, them] = handles === 1 ? ["holds", "that"] : ["hold", "those"];
    const holders = handles === 0
      ? "nothing holds it"
      : `${plural(handles, "handle")} ${hold} it, dispose ${them} instead`;
    super(cannot("release", key, `every acquire() was released already, ${holders}`));
    this.name = "ReferenceCountError";
    this.key = key;
    this.handles = handles;
  }
}

/**
 * Thrown when a value is not of the requested type. No reference count changes.
 *
 * @example
 * ```ts
 * import { Bytes, MemorySource, ResourceManager, ResourceTypeError } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * assertThrows(() => mgr.load("hero.txt", Bytes), ResourceTypeError, 'as "Bytes"');
 * ```
 */
export class ResourceTypeError extends TypeError {
  /** The key that was requested. */
  readonly key: string;
  /** The name of the type that was requested. */
  readonly expected: string;
  /** The class of the value, or its JavaScript type. */
  readonly actual: string;

  /** Creates the error; `cause` holds the issues if a schema refused the value. */
  constructor(key: string, expected: string, actual: string, options?: ErrorOptions) {
    const hint = actual === "undefined"
      ? "its value is undefined, was a return forgotten?"
      : options?.cause !== undefined
      ? "it does not fit the schema, see the cause"
      : `its value is of type ${quote(actual)}`;
    super(`Cannot use ${quote(key)} as ${quote(expected)}: ${hint}`, options);
    this.name = "ResourceTypeError";
    this.key = key;
    this.expected = expected;
    this.actual = actual;
  }
}

/**
 * Thrown when no loader reads a key's extension or makes its variant, or when a synchronous load
 * needs a loader that is only asynchronous.
 *
 * @example
 * ```ts
 * import { Bytes, LoaderNotFoundError, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * assertThrows(() => mgr.load("hero.obj", Bytes), LoaderNotFoundError, "no loader");
 * ```
 */
export class LoaderNotFoundError extends TypeError {
  /** The key that was requested. */
  readonly key: string;
  /** The extensions that have a loader. */
  readonly extensions: readonly string[];
  /**
   * The name of the loader that cannot load the key: it is asynchronous, or does not make its variant.
   */
  readonly loader: string | undefined;

  /**
   * Creates the error for `key`; `loader` is the name of a loader that cannot load it, and `problem`
   * completes the sentence after that name.
   */
  constructor(
    key: string,
    extensions: readonly string[],
    loader?: string,
    problem = "is asynchronous, use loadAsync",
  ) {
    const why = loader === undefined
      ? withoutLoader(key, extensions)
      : `its loader ${quote(loader)} ${problem}`;
    super(cannot("load", key, why));
    this.name = "LoaderNotFoundError";
    this.key = key;
    this.loader = loader;
    this.extensions = extensions;
  }
}

/** The extensions of `imageLoader`, which is not a built-in loader. */
const PICTURE = /^\.(?:png|jpe?g|gif|webp|bmp)$/i;

/** Says why no loader reads a key. */
function withoutLoader(key: string, extensions: readonly string[]): string {
  const path = key.slice(0, key.search(/[?#]|$/));
  const file = path.slice(path.lastIndexOf("/") + 1);
  const dot = file.lastIndexOf(".");
  if (dot <= 0 || dot === file.length - 1) {
    return path === key
      ? "no loader for a name without extension, write it in full or call indexDirectory()"
      : `no loader for ${quote(path)}, a name without extension: ${RESERVED}`;
  }
  const extension = file.slice(dot);
  if (key.includes("#")) {
    return `no loader for parts of ${quote(extension)} files, register one for ${
      quote(`${extension}#`)
    }`;
  }
  const example = PICTURE.test(extension)
    ? "imageLoader"
    : `{ name: "…", extensions: [${quote(extension)}], load: (bytes) => … }`;
  return `no loader for its extension, register one such as ${example}; there are loaders for ${
    extensions.join(", ")
  }`;
}

/** A hint for names with `?` or `#` that no loader reads. They may be URLs, or names of files. */
export const RESERVED = 'in a name, "?" begins a variant and "#" a part';

/**
 * Thrown by `add` when the key is live: something still uses its value.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceExistsError, ResourceManager, Text } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _hero = mgr.load("hero.txt", Text);
 * assertThrows(() => mgr.add("hero.txt", "#"), ResourceExistsError, "1 reference");
 * ```
 */
export class ResourceExistsError extends RangeError {
  /** The key that is in use. */
  readonly key: string;
  /** How many references hold the resource. */
  readonly refCount: number;

  /** Creates the error for `key`, which `refCount` references hold. */
  constructor(key: string, refCount: number) {
    super(
      cannot(
        "add",
        key,
        `it is still in use (${plural(refCount, "reference")}): ` +
          "release it first, or choose another name",
      ),
    );
    this.name = "ResourceExistsError";
    this.key = key;
    this.refCount = refCount;
  }
}

/**
 * Thrown for a name that is not a valid key, leads out of the source's root, or is ambiguous. Nothing
 * was read.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, ResourcePathError, Text } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * assertThrows(() => mgr.load("../hero.txt", Text), ResourcePathError, "leads out");
 * ```
 */
export class ResourcePathError extends RangeError {
  /** The name as it was given. */
  readonly path: string;
  /** The keys that claim the name if it is ambiguous; otherwise empty. */
  readonly candidates: readonly string[];

  /** Creates the error for the name `path`; `problem` completes the sentence after the colon. */
  constructor(path: string, problem: string, candidates: readonly string[] = []) {
    super(`Cannot use ${quote(path)} as a name: ${problem}`);
    this.name = "ResourcePathError";
    this.path = path;
    this.candidates = candidates;
  }
}

/**
 * Thrown when the source or the loader failed. `cause` is what it threw.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceLoadError, ResourceManager, Text } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * assertThrows(() => mgr.load("villain.txt", Text), ResourceLoadError, "no such key");
 * ```
 */
export class ResourceLoadError extends Error {
  /** The key whose load failed. */
  readonly key: string;
  /** What failed: `"load"`, `"reload"`, `"index"`, `"find"` or `"watch"`. */
  readonly action: string;

  /**
   * Creates the error for `key`; `problem` completes the sentence after the colon, and `action` says
   * what failed, `"load"` by default.
   */
  constructor(key: string, problem: string, options: ErrorOptions & { action?: string } = {}) {
    const { action = "load" } = options;
    super(cannot(action, key, problem), options);
    this.name = "ResourceLoadError";
    this.key = key;
    this.action = action;
  }
}

/**
 * Thrown when the source has no such key, or no such directory to index. `cause` is the error of the
 * system or of the server, if there is one. A source of your own should throw it too.
 *
 * @example
 * ```ts
 * import { Json, MemorySource, ResourceManager, ResourceNotFoundError } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource() });
 * let settings: unknown = "the defaults";
 * try {
 *   settings = mgr.with("settings.json", Json, (value) => value);
 * } catch (error) {
 *   if (!(error instanceof ResourceNotFoundError)) throw error; // it exists, and is broken
 * }
 * assertEquals(settings, "the defaults");
 * ```
 */
export class ResourceNotFoundError extends ResourceLoadError {
  /** Creates the error for `key`; `problem` completes the sentence after the colon. */
  constructor(
    key: string,
    problem = "its source has no such key",
    options: ErrorOptions & { action?: string } = {},
  ) {
    super(key, problem, options);
    this.name = "ResourceNotFoundError";
  }
}

/**
 * An error response of an HTTP server: the `cause` of a {@linkcode ResourceLoadError}.
 *
 * @example
 * ```ts
 * import { HttpError, HttpSource, ResourceLoadError, ResourceManager, Text } from "@holdfast/resources";
 * import { assert, assertEquals, assertRejects } from "@std/assert";
 *
 * const fetch = () => Promise.resolve(new Response(null, { status: 401 })); // for a test
 * using mgr = new ResourceManager({ source: new HttpSource("https://example.com/", { fetch }) });
 * const { cause } = await assertRejects(() => mgr.loadAsync("hero.txt", Text), ResourceLoadError);
 * assert(cause instanceof HttpError);
 * assertEquals([cause.status, cause.url], [401, "https://example.com/hero.txt"]);
 * assertEquals(cause.headers.get("www-authenticate"), null);
 * ```
 */
export class HttpError extends Error {
  /** The URL that was requested, after redirects, without a user name and password. */
  readonly url: string;
  /** The status code of the response, such as 404. */
  readonly status: number;
  /** The headers of the response. Browsers hide most headers of other origins. */
  readonly headers: Headers;

  /** Creates the error for the response of `url`. */
  constructor(url: string, response: Response) {
    super(cannot("fetch", url, answerOf(response)));
    this.name = "HttpError";
    this.url = url;
    this.status = response.status;
    this.headers = response.headers;
  }
}

/** Says in words what a server answered. */
export function answerOf({ status, statusText }: Response): string {
  return `the server answered ${`${status} ${statusText}`.trim()}`;
}

/**
 * Thrown when a loader ends up loading its own key, directly or through others.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceCycleError, ResourceManager } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "a.mirror": "" }) });
 * mgr.registerLoader({
 *   name: "mirror",
 *   extensions: [".mirror"],
 *   load: (_bytes, context) => context.load("a.mirror", Object).value,
 * });
 * assertThrows(() => mgr.load("a.mirror", Object), ResourceCycleError, '"a.mirror" → "a.mirror"');
 * ```
 */
export class ResourceCycleError extends Error {
  /** The keys from the first to itself again: `["a", "b", "a"]`. */
  readonly chain: readonly string[];

  /** Creates the error for the `chain` of keys that leads back to its first. */
  constructor(chain: readonly string[]) {
    super(cannot("load", chain[0], `it depends on itself, ${chain.map(quote).join(" → ")}`));
    this.name = "ResourceCycleError";
    this.chain = chain;
  }
}

/**
 * Thrown by `.value`, `clone()` and `weak()` of a handle that was disposed.
 *
 * @example
 * ```ts
 * import { HandleDisposedError, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const hero = mgr.load("hero.txt", Text);
 * hero[Symbol.dispose]();
 * assertThrows(() => hero.value, HandleDisposedError, "the handle is disposed");
 * ```
 */
export class HandleDisposedError extends ReferenceError {
  /** The key of the handle's resource. */
  readonly key: string;
  /** What failed, as a verb phrase: `"read the value of"`. */
  readonly action: string;

  /** Creates the error for `key`; `action` is what failed, as a verb phrase. */
  constructor(key: string, action: string) {
    super(
      cannot(
        action,
        key,
        "the handle is disposed, clone() it for an owner that lives longer",
      ),
    );
    this.name = "HandleDisposedError";
    this.key = key;
    this.action = action;
  }
}

/**
 * Thrown by `.value` and `clone()` of an open handle whose resource was unloaded by force, and by
 * `.value` after its manager was disposed.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, ResourceUnloadedError, Text } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using hero = mgr.load("hero.txt", Text);
 * mgr.unload("hero.txt", { force: true });
 * assertThrows(() => hero.value, ResourceUnloadedError, "by force");
 * ```
 */
export class ResourceUnloadedError extends ReferenceError {
  /** The key of the resource that was unloaded. */
  readonly key: string;
  /** What failed, as a verb phrase: `"read the value of"`. */
  readonly action: string;
  /** Why it was unloaded: `"forced"`, `"cleared"` or `"disposed"`. */
  readonly reason: string;

  /** Creates the error for `key`; `action` is what failed, as a verb phrase. */
  constructor(key: string, action: string, reason: string) {
    const state = reason === "disposed"
      ? "its manager is disposed"
      : "it was unloaded by force, load it again";
    super(cannot(action, key, state));
    this.name = "ResourceUnloadedError";
    this.key = key;
    this.action = action;
    this.reason = reason;
  }
}

/**
 * Thrown by every method of a disposed manager that would load, reference or unload a resource.
 *
 * @example
 * ```ts
 * import { ManagerDisposedError, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertThrows } from "@std/assert";
 *
 * const mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * mgr[Symbol.dispose]();
 * assertThrows(() => mgr.load("hero.txt", Text), ManagerDisposedError, "is disposed");
 * ```
 */
export class ManagerDisposedError extends ReferenceError {
  /** What failed, as a verb phrase: `load "hero.png"`. */
  readonly action: string;

  /** Creates the error; `action` is what failed, as a verb phrase. */
  constructor(action: string) {
    super(`Cannot ${printable(action)}: the manager is disposed`);
    this.name = "ManagerDisposedError";
    this.action = action;
  }
}

/** Errors that already name the key and the problem. */
const PASSED_ON = [
  LoaderNotFoundError,
  ManagerDisposedError,
  ResourceCycleError,
  ResourcePathError,
  ResourceTypeError,
];

/** What else is known about a failure. */
interface FailureDetails {
  /** What failed, `"load"` by default. */
  action?: string;
  /** What is odd about the bytes that could not be decoded. */
  hint?: string | undefined;
}

/** Returns the error for a caller when a source or a loader of `key` threw `thrown`. Never throws. */
export function failureOf(key: string, thrown: unknown, details: FailureDetails = {}): unknown {
  const { action = "load", hint } = details;
  if (isAborted(thrown) || attempt(() => isPassedOn(key, thrown))) return thrown;
  const isLoadError = attempt(() => thrown instanceof ResourceLoadError);
  const message = messageOf(thrown);
  const problem = hint === undefined || isLoadError ? message : `${hint}: ${message}`;
  const Failure = attempt(() => isMissing(key, thrown)) ? ResourceNotFoundError : ResourceLoadError;
  return new Failure(key, problem, { cause: thrown, action });
}

/** Whether an error already says everything that the caller who requested `key` needs to know. */
function isPassedOn(key: string, thrown: unknown): boolean {
  return PASSED_ON.some((kind) => thrown instanceof kind) ||
    (thrown instanceof ResourceLoadError || thrown instanceof ResourceNotLoadedError) &&
      thrown.key === key;
}

/** Returns what `run` returns. If it throws, throws what {@linkcode failureOf} makes of that. */
export function explained<T>(key: string, action: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw failureOf(key, error, { action });
  }
}

/** Whether `key` is a variant or a part of the file that was not found. */
function isMissing(key: string, thrown: unknown): boolean {
  return thrown instanceof ResourceNotFoundError && key.startsWith(thrown.key) &&
    "?#".includes(key.charAt(thrown.key.length));
}

/** Whether something was withdrawn, by Holdfast or by other code. Never throws. */
export function isAborted(thrown: unknown): boolean {
  return attempt(() => thrown instanceof DOMException && thrown.name === "AbortError") === true;
}

/** Says in words what was thrown. Never throws: `message` may not be a string, or its getter may throw. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  const message = attempt(() => thrown instanceof Error ? String(thrown.message) : undefined);
  return message ?? `${typeNameOf(thrown)} was thrown`;
}

/** An error from unloading or reloading the resource `key`. */
export interface Failure {
  error: unknown;
  key: string;
}

/** Throws a single error unchanged, and several as an `AggregateError`. Without errors, does nothing. */
export function throwAll(failures: Failure[], action = "unload"): void {
  if (failures.length === 1) throw failures[0]!.error;
  if (failures.length > 1) {
    const keys = failures.map(({ key }) => quote(key)).join(", ");
    const message = `Cannot ${action} cleanly: ${failures.length} resources failed, ${keys}`;
    throw new AggregateError(failures.map(({ error }) => error), message);
  }
}

/**
 * Returns the errors that a stack of disposables chained, in the order in which they were thrown. A
 * chain for which `isOne` returns true counts as one error. O(errors).
 */
export function flatten(
  error: unknown,
  isOne: (error: unknown) => boolean = () => false,
): unknown[] {
  const errors: unknown[] = [];
  let rest = error;
  for (; isSuppressed(rest) && !isOne(rest); rest = rest.suppressed) errors.push(rest.error);
  return [...errors, rest].reverse();
}

function isSuppressed(error: unknown): error is SuppressedError {
  return attempt(() => error instanceof SuppressedError) === true;
}
