/**
 * What the asset files weigh once they are decoded, worked out from the files alone, so that the
 * manager's sums can be checked by somebody who did not ask it.
 */
export class Ledger {
  readonly #root: URL;

  constructor(root: URL) {
    this.#root = root;
  }

  /** The keys of all files of a folder. Its sheet is for the example with PixiJS. */
  folder(name: string): string[] {
    const files = [...Deno.readDirSync(new URL(name, this.#root))].map((file) => file.name);
    return files.filter((file) => !file.endsWith(".sheet.json")).map((file) => `${name}/${file}`);
  }

  /** What these files weigh together. */
  bytes(keys: Iterable<string>): number {
    return [...new Set(keys)].reduce((sum, key) => sum + this.#bytesOf(key), 0);
  }

  /** What these files weigh on disk. */
  fileBytes(keys: Iterable<string>): number {
    return [...keys].reduce((sum, key) => sum + this.#read(key).length, 0);
  }

  /** A PNG header has the width and height; a WAV header has the length of the samples. */
  #bytesOf(key: string): number {
    const bytes = this.#read(key);
    const view = new DataView(bytes.buffer);
    if (key.endsWith(".png")) return view.getUint32(16) * view.getUint32(20) * 4;
    if (key.endsWith(".wav")) return view.getUint32(40, true);
    return bytes.length;
  }

  #read(key: string): Uint8Array<ArrayBuffer> {
    return Deno.readFileSync(new URL(key, this.#root));
  }
}
