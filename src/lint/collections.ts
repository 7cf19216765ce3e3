import {
  assignmentTo,
  callOf,
  isFunction,
  lastNameOf,
  type Node,
  parentOf,
  propertyOf,
  unwrap,
  wrapped,
} from "./syntax.ts";

/** Which elements a member of an array, a set or a map returns. */
export type Giving =
  /** None: `length`, `push`. */
  | "none"
  /** All or some of them, as a collection: `filter`, `values`. */
  | "all"
  /** One of them: `at`, `pop`. */
  | "one"
  /** None, but it calls a function with each of them: `forEach`. */
  | "each";

const GIVING: ReadonlyMap<string, Giving> = new Map([
  ...pairs("none", "clear delete fill has includes indexOf join keys length push size unshift"),
  ...pairs(
    "all",
    "add concat entries filter flat reverse set slice sort splice toReversed toSorted values",
  ),
  ...pairs("one", "at find findLast get pop shift"),
  ...pairs("each", "every flatMap forEach map reduce some"),
]);

function pairs(giving: Giving, names: string): [string, Giving][] {
  return names.split(" ").map((name) => [name, giving]);
}

/** Which elements a member of a collection returns; `undefined` if that is not known. */
export function givingOf(name: string): Giving | undefined {
  return GIVING.get(name);
}

/** Whether a method puts its last argument into its collection. */
export function isStoring(method: string): boolean {
  return /^(add|push|set|unshift)$/.test(method);
}

/** Whether a node puts something under a key or an index, which may already have a value. */
export function isPutting(by: Node): boolean {
  if (by.type === "CallExpression") return lastNameOf(by.callee) === "set";
  if (by.type !== "AssignmentExpression" || by.operator !== "=") return false;
  const left = unwrap(by.left);
  return left.type === "MemberExpression" && propertyOf(left) === undefined;
}

/** Whether a use of a collection only puts something in. */
export function isFilling(use: Node): boolean {
  const member = parentOf(wrapped(use))!;
  if (member.type !== "MemberExpression" || member.property === use) return false;
  if (callOf(member) !== undefined) return isStoring(propertyOf(member) ?? "");
  return propertyOf(member) === undefined && assignmentTo(member) !== undefined;
}

/** The node that empties a collection at `use`, a use of it: `a.length = 0`, `a.clear()`, `a = []`. */
export function emptyingOf(use: Node): Node | undefined {
  const assignment = assignmentTo(use);
  if (assignment !== undefined) return isEmpty(assignment.right) ? assignment : undefined;
  const member = parentOf(wrapped(use))!;
  if (member.type !== "MemberExpression" || member.property === use) return undefined;
  const name = propertyOf(member);
  if (name === "clear") return callOf(member);
  const shortening = name === "length" ? assignmentTo(member) : undefined;
  const length = shortening?.right;
  return length?.type === "Literal" && length.value === 0 ? shortening : undefined;
}

/** Whether an expression makes a collection without elements. */
function isEmpty(node: Node): boolean {
  const made = unwrap(node);
  switch (made.type) {
    case "ArrayExpression":
      return made.elements.length === 0;
    case "NewExpression":
      return isNewCollection(made) && made.arguments.length === 0;
    default:
      return made.type === "ObjectExpression" && made.properties.length === 0;
  }
}

/** Whether an expression makes a collection whose elements can be followed. */
export function isCollection(node: Node | null): boolean {
  const made = node && unwrap(node);
  switch (made?.type) {
    case "ArrayExpression":
      return true;
    case "NewExpression":
      return isNewCollection(made);
    default:
      return made?.type === "ObjectExpression" && made.properties.length === 0;
  }
}

/** Whether `new` makes a collection, which holds the elements of its argument. */
export function isNewCollection({ callee }: Deno.lint.NewExpression): boolean {
  return /^(Array|Map|Set)$/.test(lastNameOf(callee) ?? "");
}

/** Whether an object is only data, so that a read returns what was put there. */
export function isRecord(node: Node): node is Deno.lint.ObjectExpression {
  return node.type === "ObjectExpression" &&
    node.properties.every((each) =>
      each.type === "Property" && each.kind === "init" && !each.computed && !isFunction(each.value)
    );
}
