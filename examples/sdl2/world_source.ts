import { FileSource, type Source } from "@holdfast/resources";

/**
 * A long way through few files. Of each folder there are any number of places: `forest~17/owl.png`
 * is a key of its own, and is read from `forest/owl.png`. And since a key has one type, the same
 * file is a surface under a second key, `forest~17/tiles.png.surface`.
 */
export class WorldSource implements Source {
  readonly #files: FileSource;

  constructor(assets: URL) {
    this.#files = new FileSource(assets);
  }

  read(key: string): Uint8Array<ArrayBuffer> {
    return this.#files.read(key.replace(/~\d+/, "").replace(/\.surface$/, ""));
  }
}
