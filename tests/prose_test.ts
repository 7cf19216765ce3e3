/**
 * The documentation and the messages are plain English. Each row of the table is a kind of sentence
 * that readers stumbled over in version 0.1, and what to write instead.
 */
import { assertEquals } from "@std/assert";
import { filesBelow } from "./_files_below.ts";

const root = new URL("../", import.meta.url);

interface Rule {
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly instead: string;
  /** A sentence that it finds. */
  readonly example: string;
}

const RULES: readonly Rule[] = [
  {
    pattern: /(?<!\b[Tt]here )\b(?:is|are|was|were) (?:no|none)\b(?! longer| more| match)/,
    instead: '"is not a …", "there is no …"',
    example: "A clone is no copy.",
  },
  {
    pattern: /\bthat (?:is|are) none\b/,
    instead: 'say what is missing: "without a value"',
    example: "A value that is none.",
  },
  {
    pattern: /\b(?:or|and|all) else[.,;:]/,
    instead: '"otherwise", or "everything else" with a verb',
    example: "It is the caller's or else.",
  },
  { pattern: /\bdear(?:er)?\b/, instead: '"expensive", "slow"', example: "A load that is dear." },
  {
    pattern: /\b[Ww]hoever\b/,
    instead: "name it: the caller, the handle, the owner",
    example: "Whoever counts down tells the cache.",
  },
  {
    pattern: /(?:^|[.:;!] )Who [^?.]*\b(?:gets?|has|have|loads|wants|asks)\b[^?]*?\./,
    instead: '"A caller that …"',
    example: "Who disposed the last handle gets the error.",
  },
  {
    pattern: /\b(?:all|those|they|everyone|the next) who\b/,
    instead: '"every caller that …", "the next load"',
    example: "It goes to all who wait.",
  },
  {
    pattern: /\bwhat (?:is|was) there\b/i,
    instead: "name it: the resident resources, the file",
    example: "What is there stays.",
  },
  {
    pattern: /\b(?:tells?|told) (?:of|about)\b/,
    instead: '"reports"',
    example: "A warning tells of it.",
  },
  {
    pattern: /\b(?:is|are|be) told\b/,
    instead: '"receives", or say who reports it',
    example: "The callback is told the size.",
  },
  {
    pattern: /\bg(?:i|a)v(?:e|en|es|ing) (?:(?:it|them|its \w+|a \w+|the \w+|\w+ \w+) )?back\b/,
    instead: '"release", "dispose"',
    example: "Its reference is given back.",
  },
  { pattern: /\bheed(?:s|ed)?\b/, instead: '"obey", "pass on"', example: "It heeds no signal." },
  { pattern: /\banew\b/, instead: '"again"', example: "It is loaded anew." },
  { pattern: /\bought to\b/, instead: '"should"', example: "It ought to say so." },
  {
    pattern: /\bwhatever (?:is|was|has)\b/i,
    instead: '"everything that"',
    example: "Whatever is left goes.",
  },
  {
    pattern: /(?<!how )\bmuch that\b/,
    instead: '"many things that"',
    example: "They do much that helps.",
  },
  { pattern: /\bnobody['’]s\b/, instead: '"without an owner"', example: "The handle is nobody's." },
  { pattern: /\bbe rid of\b/, instead: '"free", "remove"', example: "To be rid of it, unload." },
  { pattern: /\bto and fro\b/, instead: '"back and forth"', example: "It walks to and fro." },
  {
    pattern: /\b(?:will do|will not do)\b/,
    instead: '"works", "is enough"',
    example: "Any object will do.",
  },
  {
    pattern: /\bfor want of\b/,
    instead: '"because … is missing"',
    example: "It fails for want of a file.",
  },
  {
    pattern: /, for (?:it|they|that|this) (?:\w+ )?(?:is|are|was|has|have|does|can|may)\b/,
    instead: '", because"',
    example: "It fails, for it has no file.",
  },
  {
    pattern: /\bhas gone\b|\b(?:is|are) gone\b/,
    instead: '"was unloaded", "was freed", "is missing"',
    example: "The texture is gone.",
  },
  {
    pattern: /\bnobody (?:took|has taken)\b|\btaken by no\b/,
    instead: '"was not adopted by …"',
    example: "It was taken by no scope.",
  },
  {
    pattern: /\bno \w+ is [$"]/,
    instead: '"… is not a priority"',
    example: 'No priority is "x": no priority is "x".',
  },
  {
    pattern: /\bis the case\b/,
    instead: "say the fact itself",
    example: "It says what is the case.",
  },
];

/** The rules that a text breaks, as a line each. */
function broken(where: string, text: string): string[] {
  return RULES.flatMap(({ pattern, instead }) => {
    const found = text.match(pattern);
    return found === null ? [] : [`${where}: "${found[0].trim()}", write ${instead}`];
  });
}

/** The paragraphs of a page in one line each, without code, links and quotations. */
function paragraphs(page: string): string[] {
  const prose = page.replaceAll(/^```.*?^```$/gms, "").replaceAll(/<!--.*?-->/gs, "");
  return prose.split(/\n\s*\n|\n(?=\s*(?:[-|#]|\d+\.))/).map((text) =>
    text.replaceAll(/\s+/g, " ").replaceAll(/(`{1,2})(?!`).*?\1/g, "code")
      .replaceAll(/\]\([^)]*\)/g, "]").replaceAll(/"[^"]*"/g, "quote").trim()
  );
}

/** The strings and templates of a source file that are sentences: they have three words or more. */
function sentences(source: string): string[] {
  const code = source.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)]
    .map(([literal]) => literal.slice(1, -1))
    .filter((text) => /\w+ \w+ \w+/.test(text) && !text.includes("<"));
}

/** The comments of a source file, and of the examples in them, in one line each. */
function comments(source: string): string[] {
  const found = source.matchAll(/\/\*[^]*?\*\/|(?:^ *\/\/ .*\n)+|(?<=\S )\/\/ .*$/gm);
  return [...found].flatMap(([comment]) => {
    const text = comment.replaceAll(/^ *(?:\/\*\*?|\*\/|\*|\/\/) ?|\*\/$/gm, "");
    return [...paragraphs(text), ...comments(examples(text))].filter((each) => each !== "");
  });
}

/** The code of a page's or a comment's examples. */
function examples(page: string): string {
  return (page.match(/^```.*?^```$/gms) ?? []).join("\n");
}

/** What a test begins with: `Deno.test("…`, `gpuTest("…`, `t.step("…`, or `name: "…` of its options. */
const TITLE =
  /(?:(?:Deno\.|(?<![.\w]))\w*[Tt]est\w*(?:\.\w+)?\(|\.step\(|\bname:)\s*"((?:[^"\\]|\\.)*)"/g;

/** The titles of the tests of a file. */
function titles(source: string): string[] {
  return [...source.matchAll(TITLE)]
    .map(([, title]) => title!.replaceAll(/`[^`]*`|\\"[^"]*\\"/g, "code"));
}

/** The paths of the files below `directory` that end in `end`. */
function filesOf(directory: string, end: string): string[] {
  return filesBelow(new URL(directory, root)).filter((path) => path.endsWith(end))
    .map((path) => directory + path);
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

function pages(): string[] {
  const top = [...Deno.readDirSync(root)].map(({ name }) => name).filter((name) =>
    name.endsWith(".md")
  );
  return [...top.sort(), ...filesOf("docs/", ".md")];
}

/** All code that people read. */
function code(): string[] {
  return [
    "mod.ts",
    ...["src/", "tests/", "bench/", "examples/"].flatMap((each) => filesOf(each, ".ts")),
  ]
    .filter((file) => file !== "tests/prose_test.ts" && !file.endsWith("bundled_page.ts"));
}

Deno.test("the documentation has no sentence of a kind that is hard to read", () => {
  const problems = pages().flatMap((page) =>
    paragraphs(read(page)).flatMap((text) => broken(page, text))
  );
  assertEquals(problems, []);
});

Deno.test("no message of the library is a sentence of a kind that is hard to read", () => {
  const files = filesOf("src/", ".ts").filter((file) => !file.endsWith("bundled_page.ts"));
  const problems = files.flatMap((file) =>
    sentences(read(file)).flatMap((text) => broken(file, text))
  );
  assertEquals(problems, []);
});

Deno.test("no comment is a sentence of a kind that is hard to read", () => {
  const problems = code().flatMap((file) =>
    comments(read(file)).flatMap((text) => broken(file, text))
  );
  assertEquals(problems, []);
});

Deno.test("no comment in an example of the documentation is hard to read", () => {
  const problems = pages().flatMap((page) =>
    comments(examples(read(page))).flatMap((text) => broken(page, text))
  );
  assertEquals(problems, []);
});

Deno.test("no title of a test is of a kind that is hard to read", () => {
  const problems = filesOf("tests/", "_test.ts").flatMap((file) =>
    titles(read(file)).flatMap((text) => broken(file, text))
  );
  assertEquals(problems, []);
});

Deno.test("each rule finds its example, and the words to write instead pass", () => {
  for (const { example, pattern } of RULES) {
    assertEquals(broken("here", example).length > 0 && pattern.test(example), true, example);
  }
  const good = "There is no copy. It is no longer used. The error reports that it was not adopted.";
  assertEquals(broken("here", good), []);
  assertEquals(paragraphs("a `is no` b\n\n```ts\nis no;\n```\n\n- c\n  d"), ["a code b", "- c d"]);
  assertEquals(comments("f(); // a\n/** b\n * `c` */\n// d\n// e\n"), ["a", "b code", "d e"]);
  assertEquals(comments("/**\n * a\n * ```ts\n * f(); // b\n * ```\n */\n"), ["a", "b"]);
  assertEquals(titles('Deno.test("a `b`", f); gpuTest("c"); /d/.test("e")'), ["a code", "c"]);
  assertEquals(sentences('f("a b c", `d ${e} f g h`, "x");\n// "q r s"'), [
    "a b c",
    "d ${e} f g h",
  ]);
});
