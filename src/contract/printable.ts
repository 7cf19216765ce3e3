/** Control characters, those that change the direction of text, and separators of lines. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
/** The same without those that a layout needs: line feeds, and the escapes of colours. */
const DISGUISES = /[\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Text on one line, for logs and tables: a key with escape sequences, line ends or text that runs
 * backwards shows them as `\u001b`, `\n` or `\u202e`, and cannot pass for another line. O(characters).
 */
export function printable(text: string): string {
  return text.replaceAll(CONTROLS, escape);
}

/** Text of several lines, perhaps in colours, in which nothing runs backwards. O(characters). */
export function printableLines(text: string): string {
  return text.replaceAll(DISGUISES, escape);
}

/** A string in quotes, on one line; all else as it is written. */
export function quote(value: unknown): string {
  return typeof value === "string" ? printable(JSON.stringify(value)) : String(value);
}

/** What an error says: which action failed for which key or name, why, and what to do. */
export function cannot(action: string, key: unknown, problem: string): string {
  return `Cannot ${action} ${quote(key)}: ${problem}`;
}

/** How many of several things a message names. */
const MAX_LISTED = 8;

/** The first few of what is said in words, and how many more there are. O(given). */
export function listed(all: readonly string[], most = MAX_LISTED): string {
  const more = all.length - most;
  return more > 0 ? `${all.slice(0, most).join(", ")}, ${more} more` : all.join(", ");
}

/** JSON has short forms for some, and leaves others as they are. */
function escape(character: string): string {
  const json = JSON.stringify(character).slice(1, -1);
  const code = character.charCodeAt(0).toString(16).padStart(4, "0");
  return json === character ? `\\u${code}` : json;
}
