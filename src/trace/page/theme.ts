/// <reference lib="dom" />

/** The colours that canvases draw with: those of the style sheet, `#rrggbb`. */
const NAMES = [
  "ground",
  "panel",
  "line",
  "edge",
  "text",
  "muted",
  "live",
  "flicker",
  "idle",
  "loading",
  "leak",
  "evict",
  "reload",
  "selected",
  "group",
] as const;

/** Colours by name. */
export type Theme = Readonly<Record<(typeof NAMES)[number], string>>;

/** What the style sheet says now, for light or for dark. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colours = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(colours) as Theme;
}
