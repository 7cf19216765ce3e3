import type { Kind } from "./kind.ts";
import { lastNameOf, type Node, propertyOf, unwrap } from "./syntax.ts";

/**
 * The names of a project's managers, and of functions that open handles, for files that do not show
 * what a name stands for.
 *
 * @example
 * ```ts
 * import { type LintSettings, pluginWith } from "@holdfast/resources/lint";
 * import { assertEquals } from "@std/assert";
 *
 * const settings: LintSettings = { openers: { "assets.texture": "handle" } };
 * const source = `import { assets } from "./assets.ts"; assets.texture("hero");`;
 * assertEquals(Deno.lint.runPlugin(pluginWith(settings), "title.ts", source).length, 1);
 * ```
 */
export interface LintSettings {
  /**
   * Names of variables, fields and classes that are managers, such as `assets` or `AssetManager`.
   *
   * @default {[]}
   */
  readonly managers?: readonly string[];
  /**
   * Functions and methods of other files whose caller has to dispose the result. A key is a name, such
   * as `openTexture`, or has the name of the object before it, such as `assets.texture`. The value says
   * what the result is.
   *
   * @default {undefined} None.
   */
  readonly openers?: Readonly<Record<string, "handle" | "task" | "bundle" | "scope">>;
}

/** Usual names of managers, for files that do not say what a name stands for. */
const MANAGER_NAME = /^_*((asset|resource|res)s?_?)?(mgr|manager)$|^_*resources$/i;

/** One of these is in the text of every file that has a manager or a handle. */
const LIKELY_NAMES = /holdfast|mgr|manager|resources/i;
const TYPES = /\b(ResourceScope|(Async)?LoadContext|(Weak)?Handle|LoadTask|LoadedBundle)\b/;

/** Knows names, for files that do not say what a name stands for. */
export class Names {
  readonly #managers: ReadonlySet<string | undefined>;
  readonly #openers: ReadonlyMap<string, Kind>;

  /** The names in the settings, without the objects before them. */
  readonly #own: readonly string[];

  constructor({ managers = [], openers = {} }: LintSettings = {}) {
    this.#managers = new Set(managers);
    this.#openers = new Map(Object.entries<Kind>(openers));
    this.#own = [...managers, ...Object.keys(openers)].map((name) => name.split(".").at(-1)!);
  }

  /** Whether a file may use the library. Most files do not, and are not examined further. */
  isIn(text: string): boolean {
    return LIKELY_NAMES.test(text) || TYPES.test(text) ||
      this.#own.some((name) => text.includes(name));
  }

  /** Whether the settings say that this is the name of a manager. */
  isManager(name: string | undefined): boolean {
    return this.#managers.has(name);
  }

  /** What a call of `callee` opens by the settings. */
  openedBy(callee: Node): Kind | undefined {
    if (this.#openers.size === 0) return undefined;
    const name = lastNameOf(callee) ?? "";
    const object = callee.type === "MemberExpression" ? lastNameOf(callee.object) : undefined;
    return this.#openers.get(`${object}.${name}`) ?? this.#openers.get(name);
  }
}

/** Whether something of that name, of which nothing else is known, may be a manager. */
export function isNameOfManager(name: string): boolean {
  return MANAGER_NAME.test(name);
}

/** Whether a type is that of another manager, by its name: `SceneManager`. */
export function isOfOtherManager(type: string): boolean {
  return /(manager|mgr)$/i.test(type) && !isNameOfManager(type);
}

/**
 * Whether a call has the form of one on a manager. The names alone are not enough, because many other
 * objects have methods of these names. More forms are accepted in a file that imports the `library`,
 * and some where the object comes from another module of the `project`.
 */
export function hasFormOfLoad(
  { callee, arguments: args, parent }: Deno.lint.CallExpression,
  origin: "library" | "project" | "none",
): boolean {
  const [first, second] = args;
  const isWide = origin === "library";
  const isTyped = second !== undefined && isType(second);
  // What is awaited is a promise, so its manager is another one.
  const isFile = isWide ||
    origin === "project" && first !== undefined && isFileName(first) &&
      parent.type !== "AwaitExpression" && parent.type !== "MemberExpression";
  switch (propertyOf(unwrap(callee) as Deno.lint.MemberExpression)) {
    case "load":
      return args.length === (isTyped ? 2 : 1) && isName(first!) && (isTyped || isFile);
    case "get": // A map has it too.
      if (isTyped) return args.length === 2 && isName(first!);
      return isFile && args.length === 1 && isFileName(first!);
    case "loadAsync":
      if (first === undefined || !isName(first)) return false;
      return isTyped
        ? args.length <= 3
        : (isWide || origin === "project" && isFileName(first)) && args.length <= 2 &&
          isOptions(second);
    case "add":
      return isWide && args.length >= 2 && isName(first!);
    case "loadAll":
      return first !== undefined &&
        (isWide ? isBundle(first) : origin === "project" && isFiles(first));
    case "scope":
      return isWide && (first === undefined || isName(first));
    default:
      return false;
  }
}

/** Whether an argument may be a name of a resource. */
function isName(node: Node): boolean {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string";
    case "BinaryExpression":
      return node.operator === "+";
    case "CallExpression":
    case "Identifier":
    case "MemberExpression":
    case "TemplateLiteral":
      return true;
    default:
      return false;
  }
}

/** Whether an argument may be a type to load as: by its capital, or made by `json()`. */
function isType(node: Node): boolean {
  if (node.type === "CallExpression") return lastNameOf(node.callee) === "json";
  return /^[A-Z]/.test(lastNameOf(node) ?? "");
}

/** Whether an argument is the name of a file, as it is written: no key of a map ends in `.png`. */
function isFileName(node: Node): boolean {
  const text = node.type === "TemplateLiteral"
    ? node.quasis.at(-1)?.raw
    : node.type === "Literal" && node.value;
  return typeof text === "string" && /\.\w+([?#].*)?$/.test(text);
}

/** Whether an argument is an object literal, or is left out. */
function isOptions(node: Node | undefined): boolean {
  return node === undefined || node.type === "ObjectExpression";
}

/** Whether an argument is an object or array literal, or the names that `find()` returns. */
function isBundle(node: Node): boolean {
  if (node.type === "CallExpression") return lastNameOf(node.callee) === "find";
  return node.type === "ObjectExpression" || node.type === "ArrayExpression";
}

/** Whether an argument is an object or array literal with names of files. */
function isFiles(node: Node): boolean {
  const names = node.type === "ArrayExpression"
    ? node.elements
    : node.type === "ObjectExpression"
    ? node.properties.map((each) => each.type === "Property" ? each.value : null)
    : [];
  return names.length > 0 && names.every((each) => each !== null && isFileName(each));
}
