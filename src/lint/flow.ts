import type { Binding } from "./bindings.ts";
import { Calls } from "./calls.ts";
import { isNewCollection, isRecord } from "./collections.ts";
import type { Fields } from "./fields.ts";
import { awaited, collected, elementOf, type Kind } from "./kind.ts";
import { type End, type Part, Places, TAKEN, type Value } from "./places.ts";
import type { Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  assignmentTo,
  functionAround,
  type FunctionNode,
  isFunction,
  isSynchronous,
  isWrapper,
  lastNameOf,
  type Node,
  parentOf,
} from "./syntax.ts";

type Steps = readonly (Value | End)[];

/** Nodes that at most read a value, and do not keep it. */
const LOSING: ReadonlySet<string> = new Set([
  "BinaryExpression",
  "DoWhileStatement",
  "ExpressionStatement",
  "ForInStatement",
  "ForStatement",
  "IfStatement",
  "SwitchStatement",
  "TSTypeQuery",
  "TemplateLiteral",
  "UnaryExpression",
  "WhileStatement",
]);

/** Follows values to where they end up. */
export class Flow {
  readonly #places: Places;
  readonly #calls: Calls;

  constructor({ bindings }: SourceFile, { shapes, fields }: { shapes: Shapes; fields: Fields }) {
    this.#places = new Places(bindings, fields);
    this.#calls = new Calls(this.#places, shapes);
  }

  /** Where a value ends up: in several places, if it goes several ways. */
  ends(value: Value): End[] {
    const ends: End[] = [];
    const open: Value[] = [value];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const next of this.#step(at)) {
        if ("end" in next) ends.push(next);
        else open.push(next);
      }
    }
    return ends;
  }

  /** Where a value goes from one expression to the next. */
  #step({ node, kind }: Value): Steps {
    const parent = parentOf(node)!;
    const lost: Steps = [{ end: "lost", kind }];
    if (assignmentTo(node) !== undefined) return lost;
    const onwards: Steps = [{ node: parent, kind }];
    if (isWrapper(parent)) return onwards;
    switch (parent.type) {
      case "AwaitExpression":
        return [{ node: parent, kind: awaited(kind) }];
      case "ConditionalExpression":
        return parent.test === node ? lost : onwards;
      case "LogicalExpression":
        return parent.left === node && parent.operator === "&&" ? lost : onwards;
      case "SequenceExpression":
        return parent.expressions.at(-1) === node ? onwards : lost;
      case "AssignmentExpression":
        return this.#assigned(parent, kind);
      case "MemberExpression":
        return parent.object === node ? this.#calls.member(parent, kind) : lost;
      case "CallExpression":
        return parent.callee === node ? TAKEN : this.#calls.given(parent, { node, kind });
      case "ArrowFunctionExpression":
        return this.#calls.returned(parent, kind);
      case "ReturnStatement":
        return this.#calls.returned(functionAround(parent), kind);
      case "AssignmentPattern":
      case "ForOfStatement":
      case "PropertyDefinition":
      case "VariableDeclarator":
        return this.#declared(parent, { node, kind });
      case "ArrayExpression":
      case "NewExpression":
      case "Property":
      case "SpreadElement":
        return this.#collected(parent, { node, kind });
      default:
        return LOSING.has(parent.type) ? lost : TAKEN;
    }
  }

  #assigned(assignment: Deno.lint.AssignmentExpression, kind: Kind): Steps {
    const stored = this.#places.assigned(assignment.left, { kind, by: assignment });
    const isStatement = assignment.parent.type === "ExpressionStatement";
    return isStatement || stored === TAKEN ? stored : [...stored, { node: assignment, kind }];
  }

  #declared(
    by:
      | Deno.lint.AssignmentPattern
      | Deno.lint.ForOfStatement
      | Deno.lint.PropertyDefinition
      | Deno.lint.VariableDeclarator,
    { node, kind }: Value,
  ): Steps {
    switch (by.type) {
      case "AssignmentPattern": // A default value.
        return by.right === node ? this.#places.bound(by.left, { kind, by }) : TAKEN;
      case "PropertyDefinition":
        return by.value === node ? this.#places.defined(by, kind) : TAKEN;
      case "ForOfStatement":
        return by.right === node ? this.#iterated(by, kind) : TAKEN;
      case "VariableDeclarator": {
        const declaration = by.parent.kind;
        const isUsing = declaration === "using" || declaration === "await using";
        return isUsing ? TAKEN : this.#places.bound(by.id, { kind, by });
      }
    }
  }

  /** `for (const each of handles)`, or `[key, each]` of a map. */
  #iterated({ left, await: isAwaited }: Deno.lint.ForOfStatement, collection: Kind): Steps {
    const each = elementOf(collection);
    if (each === undefined || left.type !== "VariableDeclaration" || left.kind.endsWith("using")) {
      return TAKEN;
    }
    const { id } = left.declarations[0]!;
    const pattern = id.type === "ArrayPattern" ? id.elements[1] : id;
    const kind = isAwaited ? awaited(each) : each;
    return pattern ? this.#places.bound(pattern, { kind, by: pattern }) : TAKEN;
  }

  /** Where a value goes that becomes a part of an array or an object. */
  #collected(parent: Node, { node, kind }: Value): Steps {
    if (parent.type === "SpreadElement") {
      const array = parent.parent;
      const isArray = array.type === "ArrayExpression" && elementOf(kind) !== undefined;
      return isArray ? [{ node: array, kind }] : TAKEN;
    }
    if (parent.type === "NewExpression") {
      if (elementOf(kind) === undefined) return this.#calls.constructed(parent, { node, kind });
      return isNewCollection(parent) ? [{ node: parent, kind }] : TAKEN;
    }
    if (parent.type === "Property") {
      const object = parent.parent;
      return isRecord(object) && kind === "handle" ? [{ node: object, kind: "record" }] : TAKEN;
    }
    const array = parent as Deno.lint.ArrayExpression;
    const pattern = patternFor(array);
    if (pattern !== undefined) {
      const target = targetIn(pattern, { array, node });
      return target ? this.#places.put(target, { kind: awaited(kind), by: target }) : TAKEN;
    }
    const all = collected(kind);
    return all === undefined ? TAKEN : [{ node: array, kind: all }];
  }
}

/** All ends; the ends of parts replace the parts. */
export function flat(ends: readonly End[]): Exclude<End, { end: "parts" }>[] {
  return ends.flatMap((end) =>
    end.end === "parts" ? end.parts.flatMap((part: Part) => flat(part.ends)) : end
  );
}

/** The pattern that takes an array apart: of `[a, b] = […]`, or of `[a, b] = await Promise.all(…)`. */
function patternFor(array: Deno.lint.ArrayExpression): Deno.lint.ArrayPattern | undefined {
  const call = parentOf(array)!;
  const isAll = call.type === "CallExpression" && lastNameOf(call.callee) === "all";
  const value = isAll ? parentOf(call)! : array;
  if (isAll && value.type !== "AwaitExpression") return undefined;
  const by = parentOf(value)!;
  const pattern = by.type === "VariableDeclarator"
    ? by.id
    : by.type === "AssignmentExpression" && by.operator === "="
    ? by.left
    : undefined;
  return pattern?.type === "ArrayPattern" ? pattern : undefined;
}

/** Where a pattern puts an element of an array; `undefined` if that is not known. */
function targetIn(
  { elements }: Deno.lint.ArrayPattern,
  { array, node }: { array: Deno.lint.ArrayExpression; node: Node },
): Node | null | undefined {
  if (array.elements.some((each) => each?.type === "SpreadElement")) return undefined;
  // Deno leaves out everything after a hole, so what is missing may still be bound.
  return elements[array.elements.findIndex((each) => each === node)];
}

/** Whether a variable is used in a function that may run after the variable's block has ended. */
export function isInClosure(node: Node, variable: Binding): boolean {
  return closureAround(node, variable) !== undefined;
}

/** The outermost such function. */
export function closureAround(node: Node, { scope }: Binding): FunctionNode | undefined {
  let outermost: FunctionNode | undefined;
  for (let at = parentOf(node); at !== undefined && at !== scope; at = parentOf(at)) {
    if (isFunction(at) && !isSynchronous(at)) outermost = at;
  }
  return outermost;
}

/**
 * Whether a variable is used in a function that its own function returns, alone or in an object. If
 * that function does not dispose what it uses, nobody can.
 */
export function isInReturned(node: Node, variable: Binding): boolean {
  let at: Node | undefined = closureAround(node, variable);
  for (
    let parent = at && parentOf(at);
    at !== undefined && parent !== undefined;
    parent = parentOf(at)
  ) {
    if (parent.type === "ReturnStatement") return true;
    if (parent.type === "ArrowFunctionExpression") return parent.body === at;
    const isPart = isWrapper(parent) || parent.type === "Property" ||
      parent.type === "ObjectExpression" || parent.type === "ArrayExpression";
    if (!isPart) return false;
    at = parent;
  }
  return false;
}
