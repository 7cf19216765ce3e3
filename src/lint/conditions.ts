import { isNothing, type Node, propertyOf, unwrap } from "./syntax.ts";

/**
 * What a variable may hold at some point of a program, as a sum of the bits below. 0 means that the
 * program does not reach that point.
 */
export type State = number;
/** A handle that was not disposed or taken yet. */
export const HELD = 1;
/** No value. */
export const ABSENT = 2;
/** A handle that was disposed or taken, or something else. */
export const DONE = 4;
/** A handle, unless the condition that led here is the one by which it was opened or disposed. */
export const DOUBT = 8;

/** The deepest nesting of a condition that is followed. Nobody writes deeper ones. */
const MAX_DEPTH = 30;

/** What a comparison of a length says about a collection: whether something is in it. */
const FILLED: ReadonlyMap<string, boolean> = new Map([
  ["=== 0", false],
  ["== 0", false],
  ["<= 0", false],
  ["< 1", false],
  ["!== 0", true],
  ["!= 0", true],
  ["> 0", true],
  [">= 1", true],
]);

/** What a condition says about a variable. `isIt` recognises uses of the variable. */
export class Condition {
  readonly #test: Node;
  readonly #isIt: (node: Node) => boolean;
  readonly #depth: number;

  constructor(test: Node, isIt: (node: Node) => boolean, depth = 0) {
    this.#test = unwrap(test);
    this.#isIt = isIt;
    this.#depth = depth;
  }

  /** The part of `state` that is still possible when the condition is `outcome`. */
  narrow(state: State, outcome: boolean): State {
    const test = this.#test;
    if (this.#depth > MAX_DEPTH) return state;
    if (this.#isIt(test) || this.#isSize(test)) return whenThere(state, outcome);
    switch (test.type) {
      case "AssignmentExpression":
        return this.#isIt(unwrap(test.left)) ? whenThere(state, outcome) : state;
      case "UnaryExpression":
        return test.operator === "!" ? this.#part(test.argument).narrow(state, !outcome) : state;
      case "LogicalExpression":
        return test.operator === "??" ? state : this.#joined(test, state, outcome);
      case "BinaryExpression":
        return this.#compared(test, state, outcome);
      case "MemberExpression": {
        const isDisposed = propertyOf(test) === "disposed" && this.#isIt(unwrap(test.object));
        return isDisposed && outcome ? state & ~(HELD | DOUBT) | DONE : state;
      }
      default:
        return state;
    }
  }

  /** Whether a test is the size of the collection. */
  #isSize(test: Node): boolean {
    return test.type === "MemberExpression" && /^(length|size)$/.test(propertyOf(test) ?? "") &&
      this.#isIt(unwrap(test.object));
  }

  #part(test: Node): Condition {
    return new Condition(test, this.#isIt, this.#depth + 1);
  }

  /** `a && b` is true if both are true. It is false if `a` is false, or if `a` is true and `b` false. */
  #joined(
    { left, right, operator }: Deno.lint.LogicalExpression,
    state: State,
    outcome: boolean,
  ): State {
    const decides = operator === "||";
    const first = this.#part(left);
    const second = this.#part(right).narrow(first.narrow(state, !decides), outcome);
    return outcome === decides ? first.narrow(state, decides) | second : second;
  }

  #compared(
    { left, right, operator }: Deno.lint.BinaryExpression,
    state: State,
    outcome: boolean,
  ): State {
    const isThere = this.#isSize(unwrap(left)) && right.type === "Literal"
      ? FILLED.get(`${operator} ${right.value}`)
      : undefined;
    if (isThere !== undefined) return whenThere(state, outcome === isThere);
    const isEqual = operator.startsWith("==");
    if (!isEqual && !operator.startsWith("!=")) return state;
    const isAboutIt = this.#isIt(unwrap(left)) && isNothing(right) ||
      this.#isIt(unwrap(right)) && isNothing(left);
    return isAboutIt ? whenThere(state, outcome !== isEqual) : state;
  }
}

function whenThere(state: State, isThere: boolean): State {
  return state & (isThere ? ~ABSENT : ~(HELD | DOUBT));
}
