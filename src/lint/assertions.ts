import {
  functionAround,
  isNothing,
  lastNameOf,
  type Node,
  parentOf,
  takerOf,
  wrapped,
} from "./syntax.ts";

/** Those whose callback is meant to throw. */
const THROWING = /^(assert)?_?(throws|rejects)$|^expect$/i;

/** Functions that throw unless their argument is what their name says. */
const ASSERTING = /^(assert|expect|ok)/;
const ASSERTING_ABSENT = /^assert\w*(False|Falsy|Null|Undefined|NotExists)$/;

/** Statements that a test has where it must not come. */
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
  return next !== undefined && isFailing(next);
}

function isFailing(statement: Node): boolean {
  if (statement.type === "ThrowStatement") return true;
  const call = statement.type === "ExpressionStatement" ? statement.expression : undefined;
  return call?.type === "CallExpression" && FAILING.test(nameOf(call));
}

/**
 * Whether what `node` gives is claimed not to be there: `assert(mgr.get(…) === undefined)`. Then
 * there is nothing to dispose.
 */
export function isClaimedAbsent(node: Node): boolean {
  let at = wrapped(node);
  /** What makes the expression true: that something is there, or that nothing is. */
  let claim: "something" | "nothing" = "something";
  let isCompared = false;
  for (;;) {
    const parent = parentOf(at)!;
    switch (parent.type) {
      case "AwaitExpression":
      case "ChainExpression":
      case "LogicalExpression":
        break;
      case "UnaryExpression":
        if (parent.operator !== "!") return false;
        isCompared = true;
        claim = claim === "something" ? "nothing" : "something";
        break;
      case "BinaryExpression":
        if (isCompared || !isNothing(parent.left === at ? parent.right : parent.left as Node)) {
          return false;
        }
        isCompared = true;
        claim = parent.operator.startsWith("!") ? "something" : "nothing";
        break;
      case "ArrayExpression":
        return !isCompared && isEqualToNothing(parent, at);
      case "CallExpression":
        return claim === (ASSERTING_ABSENT.test(nameOf(parent)) ? "something" : "nothing");
      case "IfStatement":
        return parent.test === at && claim === "something" && throws(parent.consequent);
      case "ConditionalExpression":
      case "DoWhileStatement":
      case "ForStatement":
      case "WhileStatement":
        return false;
      default:
        return isCompared && claim === "nothing";
    }
    at = parent;
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

function throws(statement: Node): boolean {
  const first = statement.type === "BlockStatement" ? statement.body[0] : statement;
  return first?.type === "ThrowStatement";
}
