import type { Binding } from "./bindings.ts";
import { Calls } from "./calls.ts";
import { isClass, isRecord } from "./collections.ts";
import type { Fields } from "./fields.ts";
import { awaited, collected, elementOf, type Kind } from "./kind.ts";
import { type End, type Part, Places, TAKEN, type Value } from "./places.ts";
import type { Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  functionAround,
  isFunction,
  isSynchronous,
  isWrapper,
  lastNameOf,
  type Node,
  parentOf,
} from "./syntax.ts";

type Steps = readonly (Value | End)[];

/** Nodes that at most look at a value, and do not keep it. */
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

/** Follows values to those who take them. */
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
        return parent.right === node ? this.#assigned(parent, kind) : lost;
      case "MemberExpression":
        return parent.object === node ? this.#calls.member(parent, kind) : lost;
      case "CallExpression":
        return parent.callee === node ? TAKEN : this.#calls.given(parent, { node, kind });
      case "ArrowFunctionExpression":
        return this.#calls.returned(parent, kind);
      case "ReturnStatement":
        return this.#calls.returned(functionAround(parent), kind);
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
    by: Deno.lint.ForOfStatement | Deno.lint.PropertyDefinition | Deno.lint.VariableDeclarator,
    { node, kind }: Value,
  ): Steps {
    switch (by.type) {
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

  /** What becomes a part of an array or an object. */
  #collected(parent: Node, { node, kind }: Value): Steps {
    if (parent.type === "SpreadElement") {
      const array = parent.parent;
      const isArray = array.type === "ArrayExpression" && elementOf(kind) !== undefined;
      return isArray ? [{ node: array, kind }] : TAKEN;
    }
    if (parent.type === "NewExpression") {
      if (elementOf(kind) === undefined) return this.#calls.constructed(parent, { node, kind });
      return isClass(parent) ? [{ node: parent, kind }] : TAKEN;
    }
    if (parent.type === "Property") {
      const object = parent.parent;
      return isRecord(object) && kind === "handle" ? [{ node: object, kind: "record" }] : TAKEN;
    }
    const array = parent as Deno.lint.ArrayExpression;
    const target = targetOf(array, node);
    if (target === null) return TAKEN;
    if (target !== undefined) {
      return this.#places.bound(target, { kind: awaited(kind), by: target });
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

/**
 * What `const [a, b] = await Promise.all([…])` puts an element in: `undefined` if it is not that,
 * and `null` if that cannot be said.
 */
function targetOf(array: Deno.lint.ArrayExpression, node: Node): Node | null | undefined {
  const call = array.parent;
  if (call.type !== "CallExpression" || lastNameOf(call.callee) !== "all") return undefined;
  const waiting = call.parent;
  const declarator = waiting.type === "AwaitExpression" ? waiting.parent : undefined;
  if (declarator?.type !== "VariableDeclarator" || declarator.id.type !== "ArrayPattern") {
    return undefined;
  }
  if (array.elements.some((each) => each?.type === "SpreadElement")) return null;
  // Deno leaves out everything after a hole, so what is missing may still be bound.
  return declarator.id.elements[array.elements.findIndex((each) => each === node)] ?? null;
}

/** Whether a variable is used in a function that may run after the variable's block has ended. */
export function isInClosure(node: Node, { scope }: Binding): boolean {
  for (let at = parentOf(node); at !== undefined && at !== scope; at = parentOf(at)) {
    if (isFunction(at) && !isSynchronous(at)) return true;
  }
  return false;
}
