import type { EventHub } from "../contract/events.ts";
import type { Loader } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";

/** Loaders by extension. */
export class LoaderRegistry {
  #loaders = new Map<string, Loader<unknown>>();
  /** The characters of the longest extension: no name is searched for more. */
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
      const extension = name.toLowerCase();
      const previous = this.#loaders.get(extension);
      if (previous !== undefined && previous !== loader) {
        replaced.push({ extension, previous: previous.name });
      }
      this.#loaders.set(extension, loader);
      this.#longest = Math.max(this.#longest, extension.length);
    }
    return replaced;
  }

  /** The loader for a key, by its longest extension that has one, and the name without that. O(name). */
  find(key: string): { loader: Loader<unknown>; stem: string } | undefined {
    const file = key.slice(key.lastIndexOf("/") + 1);
    const lower = file.toLowerCase();
    // A leading dot starts a hidden file's name, not its extension.
    const start = Math.max(1, lower.length - this.#longest);
    for (let dot = lower.indexOf(".", start); dot !== -1; dot = lower.indexOf(".", dot + 1)) {
      const loader = this.#loaders.get(lower.slice(dot));
      if (loader !== undefined) return { loader, stem: file.slice(0, dot - lower.length) };
    }
    return undefined;
  }
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
  const replaced = loaders.register(loader).filter(({ previous }) =>
    !replaceable.includes(previous)
  );
  for (const loser of new Set(replaced.map(({ previous }) => previous))) {
    const extensions = replaced.filter(({ previous }) => previous === loser)
      .map(({ extension }) => quote(extension)).join(", ");
    events.warn(`Loader ${quote(loader.name)} replaces ${quote(loser)} for ${extensions}`);
  }
}

function assertLoader(loader: Loader<unknown>): void {
  const refuse = (problem: string) => {
    throw new TypeError(`Cannot register loader "${loader?.name}": ${problem}`);
  };
  if (typeof loader?.load !== "function" && typeof loader?.loadAsync !== "function") {
    refuse("it has neither load nor loadAsync");
  }
  const { extensions } = loader;
  if (!Array.isArray(extensions) || extensions.length === 0) refuse("it names no extension");
  for (const extension of extensions) {
    if (!/^\.[^/\\]*[^/\\.]$/.test(extension)) {
      refuse(`"${extension}" is no extension, use one like ".png" or ".tar.gz"`);
    }
  }
}
