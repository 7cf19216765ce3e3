import type { Font, FontCache, Pixi } from "./pixi.ts";

/** The fonts that are loaded, by all managers of a PixiJS. Of one family, texts find the last. */
const installed = new WeakMap<FontCache, readonly Font[]>();

/** Lets texts find `font` by its `fontFamily`. */
export function installFont(pixi: Pixi, font: Font): void {
  install(pixi, font, [...installed.get(pixi.Cache) ?? [], font]);
}

/** Lets texts find it no more, but the one that was installed before, if that still is. */
export function uninstallFont(pixi: Pixi, font: Font): void {
  install(pixi, font, installed.get(pixi.Cache)!.filter((each) => each !== font));
}

function install({ Cache, BitmapFontManager }: Pixi, { fontFamily }: Font, fonts: Font[]): void {
  installed.set(Cache, fonts);
  const font = fonts.findLast((each) => each.fontFamily === fontFamily);
  const key = `${fontFamily}-bitmap`; // As PixiJS asks for it.
  if (Cache.has(key)) Cache.remove(key);
  if (font) Cache.set(key, font);
  BitmapFontManager.measureCache?.clear(); // It knows layouts by the name of the font.
}
