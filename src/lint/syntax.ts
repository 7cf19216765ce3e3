/** A node of the syntax tree, with two kinds that Deno's own type leaves out. */
export type Node = Deno.lint.Node | Deno.lint.AccessorProperty | Deno.lint.TSParameterProperty;
/** A function that is a value or a declaration. */
export type FunctionNode =
  | Deno.lint.ArrowFunctionExpression
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression;

/** What may open a handle: a call, a read of a getter, which is a call as well, or a new stack. */
export type Opening =
  | Deno.lint.CallExpression
  | Deno.lint.MemberExpression
  | Deno.lint.NewExpression;

/** Nodes that wrap a value and do not change it: casts, `!`, and the end of a `?.` chain. */
const WRAPPERS: ReadonlySet<string> = new Set([
  "ChainExpression",
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
]);

/** Functions that call their callback before they return, and do not keep it. */
const SYNCHRONOUS: ReadonlySet<string> = new Set([
  ..."every filter find findIndex findLast findLastIndex flatMap forEach map reduce".split(" "),
  ..."reduceRight some sort toSorted".split(" "),
]);

/** Functions that ignore what their callback returns. */
const DISCARDING: ReadonlySet<string> = new Set([
  ..."addEventListener forEach on once queueMicrotask requestAnimationFrame".split(" "),
  ..."setImmediate setInterval setTimeout".split(" "),
]);

/** The node around `node`; `undefined` for a program. */
export function parentOf(node: Node): Node | undefined {
  return node.type === "Program" ? undefined : (node as { parent?: Node }).parent;
}

/** Whether `node` is a cast or the like around a value. */
export function isWrapper(node: Node): boolean {
  return WRAPPERS.has(node.type);
}

/** Whether `node` is a function that has a body. */
export function isFunction(node: Node): node is FunctionNode {
  return node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression" ||
    node.type === "FunctionDeclaration";
}

/** The function that `node` is in. */
export function functionAround(node: Node): FunctionNode | undefined {
  let at = parentOf(node);
  while (at !== undefined && !isFunction(at)) at = parentOf(at);
  return at;
}

/** The outermost function inside `outer` that `node` is in. */
export function outermostFunction(node: Node, outer: Node | undefined): FunctionNode | undefined {
  let outermost: FunctionNode | undefined;
  for (let at = parentOf(node); at !== undefined && at !== outer; at = parentOf(at)) {
    if (isFunction(at)) outermost = at;
  }
  return outermost;
}

/** The name of a function, of a method, or of the variable that a function is in. */
export function nameOfFunction(node: FunctionNode): string {
  const { parent } = node;
  switch (parent.type) {
    case "MethodDefinition":
    case "Property":
    case "PropertyDefinition":
      return parent.key.type === "PrivateIdentifier"
        ? parent.key.name
        : lastNameOf(parent.key) ?? "";
    case "VariableDeclarator":
      return lastNameOf(parent.id) ?? "";
    default:
      return node.type === "FunctionDeclaration" ? node.id?.name ?? "" : "";
  }
}

/** The class that `node` is in. */
export function classAround(node: Node): Deno.lint.ClassBody | undefined {
  let at = parentOf(node);
  while (at !== undefined && at.type !== "ClassBody") at = parentOf(at);
  return at;
}

/** The outermost expression with the same value as `node`: with the casts and the like around it. */
export function wrapped(node: Node): Node {
  let at = node;
  for (let parent = parentOf(at)!; isWrapper(parent); parent = parentOf(at)!) at = parent;
  return at;
}

/** Whether `outer` is `node` or has it inside. */
export function contains(outer: Node, node: Node): boolean {
  return outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];
}

/** Whether an expression is `undefined` or `null`. */
export function isNothing(node: Node): boolean {
  return node.type === "Identifier" && node.name === "undefined" ||
    node.type === "Literal" && node.value === null && node.raw === "null";
}

/** The name of `a.name`, `a.#name` (with its `#`) and `a["name"]`. */
export function propertyOf({ property, computed }: Deno.lint.MemberExpression): string | undefined {
  return nameOfKey(property, computed);
}

/** The name that a property or a member of a class has: `#name` for a private one. */
export function nameOfKey(key: Node, computed: boolean): string | undefined {
  switch (key.type) {
    case "PrivateIdentifier":
      return `#${key.name}`;
    case "Identifier":
      return computed ? undefined : key.name;
    case "Literal":
      return typeof key.value === "string" ? key.value : undefined;
    default:
      return undefined;
  }
}

/** The value inside casts and the like. */
export function unwrap(node: Node): Node {
  let at = node;
  while (isWrapper(at)) at = (at as { expression: Node }).expression;
  return at;
}

/** The last name of `name`, `a.name`, `a.b!.name` and, without its `#`, of `a.#name`. */
export function lastNameOf(node: Node): string | undefined {
  const inner = unwrap(node);
  if (inner.type === "MemberExpression") return propertyOf(inner)?.replace("#", "");
  return inner.type === "Identifier" ? inner.name : undefined;
}

/** The assignment whose left side `node` is, or is a part of: `[a, this.b] = …`. */
export function assignmentTo(node: Node): Deno.lint.AssignmentExpression | undefined {
  let at = wrapped(node);
  for (let parent = parentOf(at); parent !== undefined; parent = parentOf(at)) {
    if (parent.type === "AssignmentExpression") return parent.left === at ? parent : undefined;
    if (!isPartOf(parent, at)) return undefined;
    at = parent;
  }
  return undefined;
}

/** Whether a pattern puts something into `node`, a child of it: `b` in `[b]`, in `{ a: b }`. */
export function isPartOf(pattern: Node, node: Node): boolean {
  switch (pattern.type) {
    case "ArrayPattern":
    case "ObjectPattern":
    case "RestElement":
      return true;
    case "Property":
      return pattern.value === node;
    default:
      return pattern.type === "AssignmentPattern" && pattern.left === node;
  }
}

/** The call of a method, `a.name()` or `a?.name()` for `a.name`. */
export function callOf(member: Deno.lint.MemberExpression): Deno.lint.CallExpression | undefined {
  const callee = wrapped(member);
  const parent = parentOf(callee)!;
  return parent.type === "CallExpression" && parent.callee === callee ? parent : undefined;
}

/** The function that opens something, as it is called: `mgr.load` of `mgr.load("a")`. */
export function openerOf(opening: Opening): Node {
  return opening.type === "MemberExpression" ? opening : opening.callee;
}

/** The arguments of a call that opens something. A getter has none. */
export function argumentsOf(opening: Opening): readonly Node[] {
  return opening.type === "MemberExpression" ? [] : opening.arguments;
}

/** The name of the function that `node`, a callback, is passed to. */
export function takerOf(node: Node): string {
  const parent = parentOf(node);
  if (parent?.type !== "CallExpression" || parent.callee === node) return "";
  return lastNameOf(parent.callee) ?? "";
}

/** Whether a function has run to its end when the statement around it ends. */
export function isSynchronous(node: FunctionNode): boolean {
  if (node.async || node.generator) return false;
  const parent = parentOf(node);
  if (parent?.type === "CallExpression" && parent.callee === node) return true;
  return SYNCHRONOUS.has(takerOf(node));
}

/** Whether the result of a function is ignored. */
export function isDiscarding(node: FunctionNode): boolean {
  return DISCARDING.has(takerOf(node));
}
