// cspell:disable
/** The upper half of code page 437, the character set of DOS. */
const UPPER = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
// cspell:enable

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes the name of an entry. Without the UTF-8 flag it should be code page 437, but some programs forget
 * the flag, so bytes that are valid UTF-8 are decoded as UTF-8. O(bytes).
 *
 * @throws {TypeError} It has the flag, and is not UTF-8.
 */
export function entryName(bytes: Uint8Array, isUtf8: boolean): string {
  try {
    return UTF_8.decode(bytes);
  } catch (error) {
    if (isUtf8) throw error;
    return Array.from(bytes, characterOf).join("");
  }
}

function characterOf(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : UPPER[byte - 0x80]!;
}
