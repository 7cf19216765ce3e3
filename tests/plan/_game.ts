/** A small game: levels that list the texts that they need. */
import {
  type Loader,
  MemorySource,
  ResourceManager,
  type ResourceManagerOptions,
  Text,
} from "../../mod.ts";

/** A level holds texts. */
export class Level {
  constructor(readonly texts: readonly string[]) {}
}

/** Reads a `.level` file: the names of texts, with spaces between. */
export const levelLoader: Loader<Level> = {
  name: "level",
  extensions: [".level"],
  load: (bytes, context) => new Level(namesIn(bytes).map((name) => context.load(name, Text).value)),
  async loadAsync(bytes, context) {
    const texts = namesIn(bytes).map((name) => context.loadAsync(name, Text));
    return new Level((await Promise.all(texts)).map(({ value }) => value));
  },
};

function namesIn(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split(" ");
}

export const FILES: Readonly<Record<string, string>> = {
  "cave.level": "bat.txt bear.txt", // 16 bytes.
  "bat.txt": "bat",
  "bear.txt": "a bear",
  "hero.txt": "@",
  "logo.txt": "HOLDFAST",
  "spark.txt": "*",
  "theme.txt": "la la",
};

/** A manager of these files, or of the source in `options`. */
export function newGame(options: ResourceManagerOptions = {}): ResourceManager {
  return new ResourceManager({
    source: new MemorySource(FILES),
    loaders: [levelLoader],
    ...options,
  });
}
