import { quote } from "../contract/printable.ts";

/** How many words a message suggests at most. */
const MAX_SUGGESTIONS = 3;

/** Longer words are not compared: that costs O(length²), and nobody reads the message. */
const MAX_LENGTH = 256;

/**
 * Returns the candidates that differ from `word` by a few letters, the nearest first, as a message
 * suggests them: `"walk" or "wall"`. Returns `""` if there are none. O(candidates).
 */
export function nearest(word: string, candidates: Iterable<string>): string {
  if (word.length > MAX_LENGTH) return "";
  const limit = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  return [...candidates]
    .filter((each) => Math.abs(each.length - word.length) <= limit)
    .map((each) => ({ each, edits: distance(word.toLowerCase(), each.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ each }) => quote(each)).join(" or ");
}

/** How many letters to insert, remove, replace, or swap with the next one, to turn `a` into `b`. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = rows[i] = [i];
    const above = rows[i - 1]!;
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, above[j]! + 1, row[j - 1]! + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows.at(-1)![b.length]!;
}
