/** Options of {@linkcode globToRegExp}. */
export interface GlobOptions {
  /** Whether `?(…)`, `@(…)`, `*(…)`, `+(…)` and `!(…)` are groups. */
  extended?: boolean;
  /** Whether `**` stands for any number of directories. */
  globstar?: boolean;
  /** Whether letters are of any case. */
  caseInsensitive?: boolean;
}

/** What the names of character classes stand for, inside of brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: "\\dA-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "\\d",
  graph: "\\x21-\\x7E",
  lower: "a-z",
  print: "\\x20-\\x7E",
  punct: "!\"#$%&'()*+,\\-./:;<=>?@[\\\\\\]^_‘{|}~",
  space: "\\s",
  upper: "A-Z",
  word: "\\w",
  xdigit: "\\dA-Fa-f",
};

/** One thing of a pattern: an escape, brackets, the start of a group, stars, or any other character. */
const TOKEN =
  /\\(?<escaped>.)|\[(?<not>!)?(?<set>(?:\[:\w+:\]|\\.|[^\]\\])*)\]|(?<group>[?@*+!])\(|(?<stars>\*+)|(?<other>.)/gsu;

/** Stand-in for `@std/path/posix/glob-to-regexp`. */
export function globToRegExp(glob: string, options: GlobOptions = {}): RegExp {
  if (glob === "") return /(?!)/;
  const segments = splitIntoSegments(glob.replace(/(?<=.)\/+$/, ""));
  let source = "";
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === "**" && options.globstar !== false) source += "(?:[^/]*(?:/|$)+)*";
    else source += (translate(segment, options) ?? literal(segment)) + (isLast ? "/*" : "/+");
  }
  return new RegExp(`^${source}$`, options.caseInsensitive ? "i" : "");
}

/** Splits at slashes, but for those inside of braces and groups. */
function splitIntoSegments(glob: string): string[] {
  const segments = [""];
  let depth = 0;
  for (const char of glob) {
    if ("{(".includes(char)) depth++;
    if ("})".includes(char)) depth = Math.max(0, depth - 1);
    if (char !== "/" || depth > 0) segments.push(segments.pop()! + char);
    else if (segments.at(-1) !== "" || segments.length === 1) segments.push("");
  }
  return segments;
}

/** One segment as a regular expression; `undefined` if a group of it has no end. */
function translate(segment: string, { extended = true }: GlobOptions): string | undefined {
  const open: string[] = [];
  const tokens = [...segment.matchAll(TOKEN)].map(({ groups }) => groups!);
  const sources = tokens.map(({ escaped, not, set, group, stars, other }) => {
    if (escaped !== undefined) return literal(escaped);
    if (set !== undefined) return `[${not ? "^" : ""}${setOf(set)}]`;
    if (stars !== undefined) return "[^/]*";
    if (group === undefined) return ofChar(other!, open);
    if (!extended) return simple(group) + "\\(";
    open.push(group);
    return group === "!" ? "(?!" : "(?:";
  });
  const isWhole = open.length === 0 && tokens.every(({ other }) => other !== "[" && other !== "\\");
  return isWhole ? sources.join("") : undefined;
}

/** A character that may end what is open, or go on with it. */
function ofChar(char: string, open: string[]): string {
  if (char === "{") {
    open.push(char);
    return "(?:";
  }
  const inBraces = open.at(-1) === "{";
  if (char === (inBraces ? "," : "|") && open.length > 0) return "|";
  if (char !== (inBraces ? "}" : ")") || open.length === 0) return simple(char);
  return ends(open.pop()!);
}

function ends(group: string): string {
  return { "!": ")[^/]*", "@": ")", "{": ")" }[group] ?? `)${group}`;
}

function simple(char: string): string {
  return char === "?" ? "." : char === "*" ? "[^/]*" : literal(char);
}

function setOf(set: string): string {
  return set.replaceAll(
    /\[:(\w+):\]|\^|\[/g,
    (all, name) => name === undefined ? `\\${all}` : CLASSES[name] ?? "",
  );
}

function literal(text: string): string {
  return text.replaceAll(/[!$()*+.=?[\\^{|\]}]/g, "\\$&");
}
