/** How many names a message suggests at most. */
const MAX_SUGGESTIONS = 3;

/** Those of `candidates` that differ from `word` by a few letters, the nearest first. O(candidates). */
export function nearest(word: string, candidates: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor(word.length / 3));
  return [...candidates]
    .filter((each) => Math.abs(each.length - word.length) <= limit)
    .map((each) => ({ each, edits: distance(word.toLowerCase(), each.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ each }) => each);
}

/** How many letters have to be put in, taken out or replaced to make `b` of `a`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}
