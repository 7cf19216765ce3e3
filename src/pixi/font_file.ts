import type { FontData, Pixi } from "./pixi.ts";

/**
 * Reads a `.fnt` file with the parsers of PixiJS.
 *
 * @throws {TypeError} The file is binary, or not a bitmap font at all.
 */
export function readFont(pixi: Pixi, bytes: Uint8Array): FontData {
  const text = new TextDecoder().decode(bytes);
  if (/<font[\s>]/.test(text)) return pixi.bitmapFontXMLStringParser.parse(text);
  if (!/^info\s/.test(text)) {
    throw new TypeError("it is not a bitmap font as text or XML");
  }
  // That parser takes "0.png" for the number 0, but not "./0.png".
  return pixi.bitmapFontTextParser.parse(text.replaceAll(/\bfile="?/g, "$&./"));
}
