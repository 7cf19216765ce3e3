/** Reads the numbers of a batch, which are encoded in base 64. */
export class StreamReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(base64: string) {
    const text = atob(base64);
    this.#bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): number {
    let number = 0;
    for (let unit = 1;; unit *= 0x80) {
      const byte = this.#bytes[this.#at++]!;
      number += (byte & 0x7f) * unit;
      if (byte < 0x80) return number;
    }
  }
}
