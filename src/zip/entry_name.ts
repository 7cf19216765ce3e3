// cspell:disable
/** The upper half of code page 437, the character set of DOS. */
const UPPER = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
// cspell:enable

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The name of an entry. Without the flag that says UTF-8 it should be code page 437; some programs
 * forget the flag, so what is valid UTF-8 is taken for that. O(bytes).
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
