import { FileSource, type Source } from "@holdfast/resources";

/**
 * Makes a long game from few files. Each folder stands for any number of places:
 * `forest~17/owl.png` is its own key, and is read from `forest/owl.png`. A key has one type, so the
 * same file is a surface under a second key, such as `forest~17/tiles.png.surface`.
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
