import type { FontData, Pixi } from "./pixi.ts";

/**
 * What a `.fnt` file says, by the parsers of PixiJS.
 *
 * @throws {TypeError} It is binary, or not a bitmap font.
 */
export function readFont(pixi: Pixi, bytes: Uint8Array): FontData {
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith("BMF")) throw new TypeError("it is a binary font, export it as text or XML");
  if (/<font[\s>]/.test(text)) return pixi.bitmapFontXMLStringParser.parse(text);
  if (!/^info\s/.test(text)) {
    throw new TypeError("it is not a bitmap font of AngelCode's format, as text or XML");
  }
  const data = pixi.bitmapFontTextParser.parse(text);
  // That parser takes "0.png" for the number 0.
  const files = [...text.matchAll(/^page\b.*?\bfile=("?)(.*?)\1(?:\s|$)/gm)];
  data.pages.forEach((page, index) => page.file = files[index]?.[2] ?? String(page.file));
  return data;
}
