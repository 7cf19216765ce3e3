/**
 * Computes the bytes of decoded assets from their files alone, to check the sums of the manager
 * independently.
 */
export class Ledger {
  readonly #root: URL;

  constructor(root: URL) {
    this.#root = root;
  }

  /**
   * The keys of all files in a folder, without its sprite sheet, which is for the example with
   * PixiJS.
   */
  folder(name: string): string[] {
    const files = [...Deno.readDirSync(new URL(name, this.#root))].map((file) => file.name);
    return files.filter((file) => !file.endsWith(".sheet.json")).map((file) => `${name}/${file}`);
  }

  /** The bytes of these files when they are decoded. */
  bytes(keys: Iterable<string>): number {
    return [...new Set(keys)].reduce((sum, key) => sum + this.#bytesOf(key), 0);
  }

  /** The bytes of these files on disk. */
  fileBytes(keys: Iterable<string>): number {
    return [...keys].reduce((sum, key) => sum + this.#read(key).length, 0);
  }

  /**
   * Reads the width and height from a PNG header, or the length of the samples from a WAV header.
   */
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
