/** Control characters, those that change the direction of text, and separators of lines. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
/** The same without control characters: lines need line feeds, and colours need escapes. */
const DISGUISES = /[\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Returns text that fits on one line, for logs and tables. Escape sequences, line ends and characters
 * that reverse text are shown as `\u001b`, `\n` or `\u202e`, so a key can't look like another line.
 * O(characters).
 */
export function printable(text: string): string {
  return text.replaceAll(CONTROLS, escape);
}

/** Returns text of several lines, perhaps in colours, in which nothing is reversed. O(characters). */
export function printableLines(text: string): string {
  return text.replaceAll(DISGUISES, escape);
}

/** Returns a string in quotes on one line, and any other value as `String` converts it. */
export function quote(value: unknown): string {
  return typeof value === "string" ? printable(JSON.stringify(value)) : String(value);
}

/** The message of an error: which action failed for which key or name, why, and what to do. */
export function cannot(action: string, key: unknown, problem: string): string {
  return `Cannot ${action} ${quote(key)}: ${problem}`;
}

/** How many items a message lists at most. */
const MAX_LISTED = 8;

/** Joins the first items with commas, and says how many more there are. O(items). */
export function listed(all: readonly string[], most = MAX_LISTED): string {
  const more = all.length - most;
  return more > 0 ? `${all.slice(0, most).join(", ")}, ${more} more` : all.join(", ");
}

/** Returns the escape of a character: that of JSON, such as `\n`, or a long one where JSON has none. */
function escape(character: string): string {
  const json = JSON.stringify(character).slice(1, -1);
  const code = character.charCodeAt(0).toString(16).padStart(4, "0");
  return json === character ? `\\u${code}` : json;
}
