import { lastNameOf, unwrap } from "./syntax.ts";

/** Functions that read their arguments and keep none: `drawSprite`, but not `drawLater`. */
const READERS = /^(assert|draw)/;
const KEEPING = /(Async|Deferred|Later|List|Next|Queue)/;

/** Functions of the language that make something new from their arguments. */
const COPYING =
  /^((Boolean|Number|String|structuredClone)|(JSON|Math|console)\.\w+|Array\.from|Object\.(entries|keys|values))$/;

/** Methods of values that only read them. */
const READING: ReadonlySet<string> = new Set(
  ("at charAt charCodeAt codePointAt concat endsWith entries has includes indexOf join keys " +
    "lastIndexOf localeCompare match padEnd padStart repeat replace replaceAll slice split " +
    "startsWith substring toFixed toLowerCase toString toUpperCase trim values").split(" "),
);

/** Whether a function, or a method, of that name only reads its arguments. */
export function isReader(name: string): boolean {
  return READERS.test(name) && !KEEPING.test(name);
}

/** Whether the result of a call is a copy, independent of its arguments. */
export function isCopying({ callee }: Deno.lint.CallExpression): boolean {
  const inner = unwrap(callee);
  const name = lastNameOf(inner) ?? "";
  return COPYING.test(
    inner.type === "MemberExpression" ? `${lastNameOf(inner.object)}.${name}` : name,
  );
}

/** Whether a method of that name only reads the value that it is called on. */
export function isReading(method: string | undefined): boolean {
  return method !== undefined && (READING.has(method) || isReader(method));
}
