import type { Font, FontCache, Pixi } from "./pixi.ts";

/** The fonts that all managers have loaded, by the cache of PixiJS. Of one family, texts find the last. */
const installed = new WeakMap<FontCache, readonly Font[]>();

/**
 * Lets texts find `font` by its `fontFamily`. If it is no longer loaded, they find the one that was loaded
 * before it, if there is one.
 */
export function installFont(pixi: Pixi, font: Font, isLoaded: boolean): void {
  const { Cache, BitmapFontManager } = pixi;
  const others = (installed.get(Cache) ?? []).filter((each) => each !== font);
  const fonts = isLoaded ? [...others, font] : others;
  installed.set(Cache, fonts);
  const found = fonts.findLast(({ fontFamily }) => fontFamily === font.fontFamily);
  const key = `${font.fontFamily}-bitmap`; // The key that PixiJS looks up.
  if (Cache.has(key)) Cache.remove(key);
  if (found) Cache.set(key, found);
  BitmapFontManager.measureCache?.clear(); // It keeps layouts by the name of the font.
}
