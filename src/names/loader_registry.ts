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
  /** The extensions without variants and parts. */
  #endings = new Set<string>();
  /** The characters of the longest of them: no name is searched for more. */
  #longest = 0;

  /** The extensions that have a loader. */
  get extensions(): string[] {
    return [...this.#loaders.keys()];
  }

  /** Registers a loader. Returns, for each extension that it takes over, whose it was. */
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
      this.#endings.add(ending);
      this.#longest = Math.max(this.#longest, ending.length);
    }
    return replaced;
  }

  /** The loader for a key, by its longest extension that has one; one for its variant goes first. O(key). */
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
    if (loader) assertVariant(key, variant, loader);
    return loader;
  }

  /** The name of a file without its longest extension; `undefined` if no loader has that. O(path). */
  stemOf(path: string): string | undefined {
    return this.#search(
      path,
      (ending) => this.#endings.has(ending) ? fileOf(path).slice(0, -ending.length) : undefined,
    );
  }

  /** What `find` has for the longest extension of a path, in lower case. A leading dot only hides a file. */
  #search<T>(path: string, find: (ending: string) => T | undefined): T | undefined {
    const file = fileOf(path).toLowerCase();
    const start = Math.max(1, file.length - this.#longest);
    for (let dot = file.indexOf(".", start); dot !== -1; dot = file.indexOf(".", dot + 1)) {
      const found = find(file.slice(dot));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Throws {@linkcode LoaderNotFoundError} unless `loader` makes `variant`. */
function assertVariant(
  key: string,
  variant: string,
  { name, variants = [] }: Loader<unknown>,
): void {
  if (variant === "" || variants === true || variants.includes(variant)) return;
  const similar = nearest(variant, variants);
  const known = `it has ${variants.map(quote).join(", ")}`;
  const problem = variants.length === 0
    ? `has no variants: ${RESERVED}`
    : `has no variant ${quote(variant)}, ${similar ? `did you mean ${similar}: ` : ""}${known}`;
  throw new LoaderNotFoundError(key, [], name, problem);
}

/** Registers a loader, and warns whose extensions it takes over, but for those that are `replaceable`. */
export function registerLoader(
  loader: Loader<unknown>,
  { loaders, events, replaceable = [] }: {
    readonly loaders: LoaderRegistry;
    readonly events: EventHub;
    readonly replaceable?: readonly string[];
  },
): void {
  const replaced = Map.groupBy(loaders.register(loader), ({ previous }) => previous);
  for (const [loser, all] of replaced) {
    if (replaceable.includes(loser)) continue;
    const extensions = all.map(({ extension }) => quote(extension)).join(", ");
    events.warn(`Loader ${quote(loader.name)} replaces ${quote(loser)} for ${extensions}`);
  }
}

function assertLoader(loader: Loader<unknown>): void {
  const problem = problemOf(loader);
  if (problem === undefined) return;
  throw new TypeError(`Cannot register loader "${loader?.name}": ${problem}`);
}

/** What is wrong with a loader, if anything is. */
function problemOf(loader: Loader<unknown>): string | undefined {
  const has = (...methods: (keyof Loader<unknown>)[]) =>
    methods.some((method) => typeof loader?.[method] === "function");
  const makes = has("make", "makeAsync");
  if (!makes && !has("load", "loadAsync")) return "it has neither load nor loadAsync";
  if (makes && has("load", "loadAsync")) return "it has both load and make, use two loaders";
  const { extensions, variants } = loader;
  if (!Array.isArray(extensions) || extensions.length === 0) return "it names no extension";
  for (const extension of extensions) {
    if (!EXTENSION.test(extension)) {
      return `"${extension}" is no extension, use one like ".png" or ".tar.gz"`;
    }
  }
  if (variants === undefined || variants === true) return undefined;
  if (!Array.isArray(variants)) return "its variants are not an array of names, nor true for any";
  const [wrong] = variants.filter((each) => typeof each !== "string" || !VARIANT.test(each))
    .map((each) => quote(String(each)));
  return wrong && `${wrong} can't name a variant, use a word without "#"`;
}
