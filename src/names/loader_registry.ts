import { LoaderNotFoundError, RESERVED } from "../contract/errors.ts";
import type { EventHub } from "../contract/events.ts";
import type { Loader } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";
import { fileOf, type KeyParts, partsOf, pathOf } from "./key.ts";
import { nearest } from "./nearest.ts";

/** An extension, then perhaps `?` and a variant, then perhaps `#` for parts. */
const EXTENSION = /^\.(?:[^/\\?#]*[^/\\.?#])(?:\?[^#]+)?#?$/;

/** What may follow the `?` of a name. */
const VARIANT = /^[^#\0]+$/;

/** Loaders by extension. */
export class LoaderRegistry {
  #loaders = new Map<string, Loader<unknown>>();
  /** The extensions without variants and parts, by their last character, the longest first. */
  #endings = new Map<string, string[]>();
  /** The length of the longest of them: only so much of a name is searched. */
  #longest = 0;

  /** The extensions that have a loader. */
  get extensions(): string[] {
    return [...this.#loaders.keys()];
  }

  /** Registers a loader. Returns the extensions that it takes over, and the loaders that had them. */
  register(loader: Loader<unknown>): { extension: string; previous: string }[] {
    assertLoader(loader);
    const replaced: { extension: string; previous: string }[] = [];
    for (const name of loader.extensions) {
      const ending = pathOf(name).toLowerCase();
      const extension = ending + name.slice(ending.length);
      const previous = this.#loaders.get(extension);
      if (previous && previous !== loader) {
        replaced.push({ extension, previous: previous.name });
      }
      this.#loaders.set(extension, loader);
      this.#addEnding(ending);
    }
    return replaced;
  }

  #addEnding(ending: string): void {
    const last = ending.at(-1)!;
    const known = this.#endings.get(last) ?? [];
    const all = new Set([...known, ending]);
    this.#endings.set(last, [...all].sort((a, b) => b.length - a.length));
    this.#longest = Math.max(this.#longest, ending.length);
  }

  /**
   * Returns the loader for the longest extension of a key that has one. A loader for its variant goes
   * first. Throws {@linkcode LoaderNotFoundError} if the loader does not make its variant. O(key).
   */
  find(key: string): Loader<unknown> | undefined {
    const path = pathOf(key);
    if (path === key) return this.#search(path, (ending) => this.#loaders.get(ending));
    const suffix = partsOf(key);
    return this.#search(path, (ending) => this.#findSuffixed(key, ending, suffix));
  }

  /** The loader for an extension with a variant, a part or both. */
  #findSuffixed(
    key: string,
    ending: string,
    { variant, part }: KeyParts,
  ): Loader<unknown> | undefined {
    const parts = part === "" ? "" : "#";
    const named = variant === "" ? undefined : this.#loaders.get(`${ending}?${variant}${parts}`);
    if (named) return named;
    const loader = this.#loaders.get(ending + parts);
    if (!loader || makesVariant(loader, variant)) return loader;
    throw this.#unknownVariant(key, ending, loader);
  }

  /**
   * Returns the error for a variant that the loader does not make. It suggests similar variants, also
   * those of other loaders of the extension. O(extensions).
   */
  #unknownVariant(
    key: string,
    ending: string,
    { name, variants }: Loader<unknown>,
  ): LoaderNotFoundError {
    const { variant, part } = partsOf(key);
    const known = variants as readonly string[] ?? [];
    const others = this.extensions
      .filter((each) => each.startsWith(`${ending}?`) && each.endsWith("#") === (part !== ""))
      .map((each) => partsOf(each).variant);
    const similar = nearest(variant, new Set([...known, ...others]));
    const meant = similar && `did you mean ${similar}`;
    const named = known.length === 0 ? "" : `it has ${known.map(quote).join(", ")}`;
    const hint = [meant, named].filter(Boolean).join(": ");
    const problem = hint === ""
      ? `has no variants: ${RESERVED}`
      : `has no variant ${quote(variant)}, ${hint}`;
    return new LoaderNotFoundError(key, [], name, problem);
  }

  /** Returns the name of a file without its longest extension that has a loader. O(path). */
  stemOf(path: string): string | undefined {
    return this.#search(path, (ending) => fileOf(path).slice(0, -ending.length));
  }

  /** Returns the first result of `find` for the lower-case extensions of a path, the longest first. */
  #search<T>(path: string, find: (ending: string) => T | undefined): T | undefined {
    const end = path.slice(-this.#longest - 1).toLowerCase();
    for (const ending of this.#endings.get(end.charAt(end.length - 1)) ?? []) {
      if (!end.endsWith(ending) || isHidden(end, ending)) continue;
      const found = find(ending);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Whether the extension is the whole name of a file: then its dot only hides the file. */
function isHidden(path: string, ending: string): boolean {
  return path.length === ending.length || path.charAt(path.length - ending.length - 1) === "/";
}

function makesVariant({ variants = [] }: Loader<unknown>, variant: string): boolean {
  return variant === "" || variants === true || variants.includes(variant);
}

/** Registers a loader. Warns if it takes over extensions, unless their loaders are `replaceable`. */
export function registerLoader(
  loader: Loader<unknown>,
  { loaders, events, replaceable = [] }: {
    readonly loaders: LoaderRegistry;
    readonly events: EventHub;
    readonly replaceable?: readonly string[];
  },
): void {
  const replaced = Map.groupBy(loaders.register(loader), ({ previous }) => previous);
  for (const [previous, all] of replaced) {
    if (replaceable.includes(previous)) continue;
    const extensions = all.map(({ extension }) => quote(extension)).join(", ");
    events.warn(`Loader ${quote(loader.name)} replaces ${quote(previous)} for ${extensions}`);
  }
}

function assertLoader(loader: Loader<unknown>): void {
  const problem = problemOf(loader);
  if (problem === undefined) return;
  throw new TypeError(`Cannot register loader ${quote(loader?.name)}: ${problem}`);
}

/** Says what is wrong with a loader; `undefined` if nothing is. */
function problemOf(loader: Loader<unknown>): string | undefined {
  const has = (...methods: (keyof Loader<unknown>)[]) =>
    methods.some((method) => typeof loader?.[method] === "function");
  const makes = has("make", "makeAsync");
  if (!makes && !has("load", "loadAsync")) return "it has neither load nor loadAsync, nor make";
  if (makes && has("load", "loadAsync")) return "it has both load and make, use two loaders";
  const { extensions, variants } = loader;
  if (!Array.isArray(extensions) || extensions.length === 0) return "it names no extension";
  for (const extension of extensions) {
    if (!EXTENSION.test(extension)) {
      return `${quote(extension)} is not an extension, use one like ".png" or ".tar.gz"`;
    }
  }
  if (variants === undefined || variants === true) return undefined;
  if (!Array.isArray(variants)) return "its variants are not an array of names, nor true for any";
  const [wrong] = variants.filter((each) => typeof each !== "string" || !VARIANT.test(each))
    .map((each) => quote(String(each)));
  return wrong && `${wrong} can't name a variant, use a word without "#"`;
}
