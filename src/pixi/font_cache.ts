import type { Font, FontCache, Pixi } from "./pixi.ts";

/** The fonts of a name that are loaded, by all managers; texts find the last one. */
const installed = new WeakMap<FontCache, Map<string, Font[]>>();

/** Lets texts find `font` by `name`. */
export function installFont(pixi: Pixi, name: string, font: Font): void {
  show(pixi, name, [...fontsOf(pixi, name), font]);
}

/** Lets texts find it no more, but the one that was installed before, if that still is. */
export function uninstallFont(pixi: Pixi, name: string, font: Font): void {
  show(pixi, name, fontsOf(pixi, name).filter((each) => each !== font));
}

function fontsOf({ Cache }: Pixi, name: string): readonly Font[] {
  return installed.get(Cache)?.get(name) ?? [];
}

function show({ Cache, BitmapFontManager }: Pixi, name: string, fonts: Font[]): void {
  const byName = installed.get(Cache) ?? new Map<string, Font[]>();
  installed.set(Cache, byName.set(name, fonts));
  if (fonts.length === 0) byName.delete(name);
  const key = `${name}-bitmap`; // As PixiJS asks for it.
  if (Cache.has(key)) Cache.remove(key);
  if (fonts.length > 0) Cache.set(key, fonts.at(-1));
  BitmapFontManager.measureCache?.clear(); // It knows layouts by the name of the font.
}
