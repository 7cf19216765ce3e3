import {
  functionAround,
  isNothing,
  lastNameOf,
  type Node,
  parentOf,
  takerOf,
  wrapped,
} from "./syntax.ts";

/** Functions whose callback is meant to throw. */
const THROWING = /^(assert)?_?(throws|rejects)$|^expect$/i;

/** Functions that throw unless their argument is what their name says. */
const ASSERTING = /^(assert|expect|ok)/;
const ASSERTING_ABSENT = /^assert\w*(False|Falsy|Null|Undefined|NotExists)$/;

/** Functions that a test calls at a place that it must not reach. */
const FAILING = /^(assert|fail|unreachable)$/;

/** Whether `node` is expected to throw: in a callback of `assertThrows()`, or before a `fail()`. */
export function isMeantToThrow(node: Node): boolean {
  const callback = functionAround(node);
  if (callback !== undefined && THROWING.test(takerOf(callback))) return true;
  let statement = node;
  let block = parentOf(node);
  while (block !== undefined && block.type !== "BlockStatement") {
    statement = block;
    block = parentOf(block);
  }
  const attempt = block && parentOf(block);
  if (block === undefined || attempt?.type !== "TryStatement") return false;
  if (attempt.block !== block || attempt.handler === null) return false;
  const next = block.body[block.body.findIndex((each) => each === statement) + 1];
  return !!next && isFailing(next);
}

function isFailing(statement: Node): boolean {
  if (statement.type === "ThrowStatement") return true;
  const call = statement.type === "ExpressionStatement" ? statement.expression : undefined;
  return call?.type === "CallExpression" && FAILING.test(nameOf(call));
}

/** An expression that says whether a value exists. */
interface Claim {
  readonly at: Node;
  /** Whether the expression is true when there is a value, or when there is none. */
  readonly what: "something" | "nothing";
  /** Whether the expression is a comparison, and no longer the value itself. */
  readonly isCompared: boolean;
}

/**
 * Whether the code claims that `node` has no value: `assert(mgr.get(…) === undefined)`. Then there
 * is nothing to dispose.
 */
export function isClaimedAbsent(node: Node): boolean {
  let claim: Claim = { at: wrapped(node), what: "something", isCompared: false };
  for (let next = claimAround(claim); next !== undefined; next = claimAround(claim)) claim = next;
  return saysNothing(claim);
}

/** The claim that the expression around a claim makes, if it makes one. */
function claimAround({ at, what, isCompared }: Claim): Claim | undefined {
  const parent = parentOf(at)!;
  switch (parent.type) {
    case "AwaitExpression":
    case "ChainExpression":
    case "LogicalExpression":
      return { at: parent, what, isCompared };
    case "MemberExpression": // value?.member is as absent as the value.
      return parent.optional ? { at: parent, what, isCompared } : undefined;
    case "UnaryExpression": {
      const negated = what === "something" ? "nothing" : "something";
      return parent.operator === "!" ? { at: parent, what: negated, isCompared: true } : undefined;
    }
    case "BinaryExpression": {
      const other = parent.left === at ? parent.right : parent.left as Node;
      if (isCompared || !isNothing(other)) return undefined;
      const isUnequal = parent.operator.startsWith("!");
      return { at: parent, what: isUnequal ? "something" : "nothing", isCompared: true };
    }
    default:
      return undefined;
  }
}

/** Whether the code around a claim says that there is no value. */
function saysNothing({ at, what, isCompared }: Claim): boolean {
  const parent = parentOf(at)!;
  switch (parent.type) {
    case "ArrayExpression":
      return !isCompared && isEqualToNothing(parent, at);
    case "CallExpression":
      if (!isCompared && ASSERTING.test(nameOf(parent)) && parent.arguments.some(isNothing)) {
        return true;
      }
      return what === (ASSERTING_ABSENT.test(nameOf(parent)) ? "something" : "nothing");
    case "IfStatement":
      return parent.test === at && what === "something" && throws(parent.consequent);
    case "ConditionalExpression":
    case "DoWhileStatement":
    case "ForStatement":
    case "WhileStatement":
      return false;
    default:
      return what === "nothing";
  }
}

/** `assertEquals([1, value], [1, undefined])`. */
function isEqualToNothing(array: Deno.lint.ArrayExpression, value: Node): boolean {
  const call = array.parent;
  if (call.type !== "CallExpression" || !ASSERTING.test(nameOf(call))) {
    return false;
  }
  const index = array.elements.findIndex((each) => each === value);
  return call.arguments.some((each) =>
    each.type === "ArrayExpression" && each !== array && each.elements[index] &&
    isNothing(each.elements[index])
  );
}

function nameOf({ callee }: Deno.lint.CallExpression): string {
  return lastNameOf(callee) ?? "";
}

/** Whether a statement throws at once. Deno has `null` for an empty one. */
function throws(statement: Node | null): boolean {
  const first = statement?.type === "BlockStatement" ? statement.body[0] : statement;
  return first?.type === "ThrowStatement";
}
