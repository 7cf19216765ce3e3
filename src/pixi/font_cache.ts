import type { Font, FontCache, Pixi } from "./pixi.ts";

/** The fonts that are loaded, by all managers of a PixiJS. Of one family, texts find the last. */
const installed = new WeakMap<FontCache, readonly Font[]>();

/** Lets texts find `font` by its `fontFamily`, or no more; then they find the one before, if there is one. */
export function installFont(pixi: Pixi, font: Font, isLoaded: boolean): void {
  const { Cache, BitmapFontManager } = pixi;
  const others = (installed.get(Cache) ?? []).filter((each) => each !== font);
  const fonts = isLoaded ? [...others, font] : others;
  installed.set(Cache, fonts);
  const found = fonts.findLast(({ fontFamily }) => fontFamily === font.fontFamily);
  const key = `${font.fontFamily}-bitmap`; // As PixiJS asks for it.
  if (Cache.has(key)) Cache.remove(key);
  if (found) Cache.set(key, found);
  BitmapFontManager.measureCache?.clear(); // It knows layouts by the name of the font.
}
