import { lastNameOf, type Node, unwrap } from "./syntax.ts";

/** Functions that read what they are given and keep none of it: `drawSprite`, but not `drawLater`. */
const READERS = /^(assert\w*|draw\w*|Boolean|Number|String|structuredClone)$/;
const KEEPING = /(Async|Deferred|Later|List|Next|Queue)/;

/** Functions of objects of the language that do so. */
const OBJECTS = /^(console|JSON|Math)$/;
const COPYING = /^(Array\.from|Object\.(entries|keys|values))$/;

/** Methods of values that only read them. */
const READING: ReadonlySet<string> = new Set(
  ("at charAt charCodeAt codePointAt concat endsWith entries has includes indexOf join keys " +
    "lastIndexOf localeCompare match padEnd padStart repeat replace replaceAll slice split " +
    "startsWith substring toFixed toLowerCase toString toUpperCase trim values").split(" "),
);

function isReadingName(name: string): boolean {
  return READERS.test(name) && !KEEPING.test(name);
}

/** Whether a call only reads its arguments. */
export function isReader({ callee }: Deno.lint.CallExpression): boolean {
  const inner: Node = unwrap(callee);
  const name = lastNameOf(inner) ?? "";
  if (isReadingName(name)) return true;
  const object = inner.type === "MemberExpression" ? lastNameOf(inner.object) ?? "" : "";
  return OBJECTS.test(object) || COPYING.test(`${object}.${name}`);
}

/** Whether a method only reads the value that it is called of. */
export function isReading(method: string | undefined): boolean {
  return method !== undefined && (READING.has(method) || isReadingName(method));
}
