import { isFunction, lastNameOf, type Node, unwrap } from "./syntax.ts";

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
  switch (made?.type) {
    case "ArrayExpression":
      return true;
    case "NewExpression":
      return isClass(made);
    default:
      return made?.type === "ObjectExpression" && made.properties.length === 0;
  }
}

/** Whether `new` makes a collection of this, and holds what it is given. */
export function isClass({ callee }: Deno.lint.NewExpression): boolean {
  return /^(Array|Map|Set)$/.test(lastNameOf(callee) ?? "");
}

/** Whether an object is only data, so that what is read of it is what was put there. */
export function isRecord(node: Node): node is Deno.lint.ObjectExpression {
  return node.type === "ObjectExpression" &&
    node.properties.every((each) =>
      each.type === "Property" && each.kind === "init" && !each.computed && !isFunction(each.value)
    );
}
