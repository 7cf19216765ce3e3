/// <reference lib="dom" />

/** The colours for canvases: custom properties of the style sheet, each `#rrggbb`. */
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

/** Reads the current colours, which are light or dark, from the style sheet. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colours = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(colours) as Theme;
}
