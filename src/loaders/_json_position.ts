/** Where the first token is that JSON does not allow: `JSON.parse` does not always say. */
export interface JsonPosition {
  /** The line, from 1. */
  line: number;
  /** The column in UTF-16 code units, from 1. */
  column: number;
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\p{Cc}]*)*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

function skip(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The position of the first syntax error of `text`, or of its end if it ends too early. */
export function locateJsonError(text: string): JsonPosition {
  const before = text.slice(0, errorOffset(text)).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Walks the tokens with a stack of open brackets. What comes next: a value, a name, or a separator. */
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
      const name = skip(STRING, text, at);
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
      const end: number | undefined = skip(STRING, text, at) ?? skip(SCALAR, text, at);
      if (end === undefined) return at;
      expected = "separator";
      at = end;
    }
  }
}
