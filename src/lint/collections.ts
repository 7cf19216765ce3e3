import { lastNameOf, type Node, unwrap } from "./syntax.ts";

/** What a member of an array, a set or a map gives of its elements. */
export type Giving =
  /** None: `length`, `push`. */
  | "none"
  /** The same, or some of them: `filter`, `values`. */
  | "all"
  /** One of them: `at`, `pop`. */
  | "one"
  /** None but to a function that it calls with each. */
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

/** What a member of a collection gives; `undefined` if that is not known. */
export function givingOf(name: string): Giving | undefined {
  return GIVING.get(name);
}

/** Whether a method puts its last argument into its collection. */
export function isStoring(method: string): boolean {
  return /^(add|push|set|unshift)$/.test(method);
}

/** Whether an expression makes a collection that can be looked into. */
export function isCollection(node: Node | null): boolean {
  const made = node && unwrap(node);
  if (made?.type === "ArrayExpression") return true;
  return made?.type === "NewExpression" &&
    /^(Array|Map|Set)$/.test(lastNameOf(made.callee) ?? "");
}
