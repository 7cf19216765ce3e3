/** What an expression can be, as far as the plugin cares. */
export type Kind =
  | "manager"
  | "scope"
  /** A `DisposableStack`, or an asynchronous one. */
  | "stack"
  | "handle"
  | "weak"
  | "task"
  | "promise"
  | "bundle"
  | "bundle task"
  /** An array, a set or a map of handles. */
  | "handles"
  /** The same of tasks, or of promises of handles. */
  | "tasks"
  | "promise of handles"
  /** What `Promise.allSettled()` reports for one task, for all tasks, and its promise. */
  | "result"
  | "results"
  | "promise of results"
  /** An object with handles as its properties. */
  | "record"
  /** Something of another package. */
  | "foreign"
  | "other";

/** What an awaited value is. */
const AWAITED: ReadonlyMap<Kind, Kind> = new Map([
  ["promise", "handle"], // Unlike a task, it cannot be disposed.
  ["task", "handle"],
  ["bundle task", "bundle"],
  ["promise of handles", "handles"],
  ["promise of results", "results"],
]);

/** Calls that take a reference or make a scope, which the caller has to dispose. */
const OPENING: ReadonlyMap<string, Kind> = new Map(Object.entries<Kind>({
  "manager.load": "handle",
  "manager.get": "handle",
  "manager.add": "handle",
  "manager.loadAsync": "task",
  "manager.loadAll": "bundle task",
  "manager.scope": "scope",
  "handle.clone": "handle",
  "weak.upgrade": "handle",
  "scope.move": "scope",
  "stack.move": "stack",
}));

/** Calls whose results have an owner already, or hold no reference. */
const OWNED: ReadonlyMap<string, Kind> = new Map(Object.entries<Kind>({
  "scope.load": "handle",
  "scope.loadAsync": "task",
  "scope.loadAll": "bundle task",
  "handle.weak": "weak",
}));

/** The classes and types of the library, and the stacks of the language. */
const TYPES: ReadonlyMap<string, Kind> = new Map(Object.entries<Kind>({
  ResourceManager: "manager",
  ResourceScope: "scope",
  LoadContext: "scope",
  AsyncLoadContext: "scope",
  Handle: "handle",
  WeakHandle: "weak",
  LoadTask: "task",
  LoadedBundle: "bundle",
  DisposableStack: "stack",
  AsyncDisposableStack: "stack",
}));

const DISPOSABLE: ReadonlySet<Kind> = new Set(["bundle", "handle", "scope", "stack", "task"]);

/** What a method of `receiver` opens, if the caller has to dispose it. */
export function openedBy(receiver: Kind, method: string): Kind | undefined {
  return OPENING.get(`${receiver}.${method}`);
}

/** What a method of `receiver` returns, if it has an owner already. */
export function ownedBy(receiver: Kind | undefined, method: string | undefined): Kind | undefined {
  return OWNED.get(`${receiver}.${method}`);
}

/** Whether `using` can dispose something of a kind. */
export function isDisposable(kind: Kind | undefined): boolean {
  return kind !== undefined && DISPOSABLE.has(kind);
}

/** What is called `name` in the library. */
export function typeNamed(name: string): Kind {
  return TYPES.get(name) ?? "other";
}

/** What `kind` is after it was awaited. */
export function awaited(kind: Kind): Kind {
  return AWAITED.get(kind) ?? kind;
}

/** Whether `kind` is to be awaited. */
export function isPending(kind: Kind): boolean {
  return AWAITED.has(kind);
}

/** What a promise of `kind` is, if the plugin follows it. */
export function promised(kind: Kind): Kind | undefined {
  if (AWAITED.has(kind)) return kind === "task" ? "promise" : kind;
  for (const [promise, result] of AWAITED) if (result === kind) return promise;
  return undefined;
}

/** What a collection of `kind` is, if the plugin follows it. One of collections counts as one of all. */
export function collected(kind: Kind): Kind | undefined {
  if (kind === "handle" || kind === "handles") return "handles";
  if (kind === "result") return "results";
  return kind === "task" || kind === "promise" ? "tasks" : undefined;
}

/** What the elements of a collection are; `undefined` for what is not a collection. */
export function elementOf(kind: Kind): Kind | undefined {
  if (kind === "handles") return "handle";
  if (kind === "results") return "result";
  return kind === "tasks" ? "task" : undefined;
}
