/** Any characters except quotes, backslashes and the control characters that JSON forbids. */
// deno-lint-ignore no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

/** Returns the offset behind a match of `pattern` at `at`, if there is one. */
function skip(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Skips a string piece by piece: one pattern for a whole string could overflow the stack. */
function skipString(text: string, start: number): number | undefined {
  if (text[start] !== '"') return undefined;
  let at: number | undefined = start + 1;
  while (at !== undefined && text[at] !== '"') at = skip(PLAIN, text, at) ?? skip(ESCAPE, text, at);
  return at === undefined ? undefined : at + 1;
}

/**
 * Finds the line and the column, both from 1, of the first token of `text` that JSON does not allow, or of
 * its end if it ends too early. Used where the error of `JSON.parse` does not say them. Columns are UTF-16
 * code units. O(text).
 */
export function locateJsonError(text: string): [line: number, column: number] {
  const before = text.slice(0, errorOffset(text)).split("\n");
  return [before.length, before.at(-1)!.length + 1];
}

/** Walks the tokens with a stack of the brackets that close what is open. `first` follows an open bracket. */
function errorOffset(text: string): number {
  const open: string[] = [];
  let expected: "value" | "first" | "name" | "separator" = "value";
  for (let at = 0;;) {
    at = skip(SPACE, text, at)!;
    const char = text[at];
    const top = open.at(-1);
    if (char === undefined) return at;
    if (char === top && (expected === "separator" || expected === "first")) {
      open.pop();
      expected = "separator";
      at++;
    } else if (expected === "separator") {
      if (char !== "," || top === undefined) return at;
      expected = top === "}" ? "name" : "value";
      at++;
    } else if (expected === "name" || (expected === "first" && top === "}")) {
      const name = skipString(text, at);
      if (name === undefined) return at;
      const colon = skip(SPACE, text, name)!;
      if (text[colon] !== ":") return colon;
      expected = "value";
      at = colon + 1;
    } else if (char === "{" || char === "[") {
      open.push(char === "{" ? "}" : "]");
      expected = "first";
      at++;
    } else {
      const end: number | undefined = skipString(text, at) ?? skip(SCALAR, text, at);
      if (end === undefined) return at;
      expected = "separator";
      at = end;
    }
  }
}
