import type { FontData, Pixi } from "./pixi.ts";

/**
 * What a `.fnt` file says, by the parsers of PixiJS.
 *
 * @throws {TypeError} It is binary, or not a bitmap font at all.
 */
export function readFont(pixi: Pixi, bytes: Uint8Array): FontData {
  const text = new TextDecoder().decode(bytes);
  if (/<font[\s>]/.test(text)) return pixi.bitmapFontXMLStringParser.parse(text);
  if (!/^info\s/.test(text)) {
    throw new TypeError(
      "it is not a bitmap font as text or XML: export it as one of these, not as binary",
    );
  }
  const data = pixi.bitmapFontTextParser.parse(text);
  // That parser takes "0.png" for the number 0.
  const files = [...text.matchAll(/^page\b.*?\bfile=("?)(.*?)\1(?:\s|$)/gm)];
  data.pages.forEach((page, index) => page.file = files[index]?.[2] ?? String(page.file));
  return data;
}
