import type { Owners } from "./owners.ts";
import { isVariable, type Kept, type Place } from "./places.ts";
import type { Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  contains,
  functionAround,
  type FunctionNode,
  isFunction,
  lastNameOf,
  type Node,
  parentOf,
  propertyOf,
  unwrap,
  wrapped,
} from "./syntax.ts";

type Call = Deno.lint.CallExpression;

/** Functions that run once, or that begin what another function ends. */
const BEGINNING =
  /^(on)?_?(init|set_?up|create|start|enter|open|mount|connect|pre|load|build|make|boot|begin|awake)/i;
/** Functions that run again and again. */
const REPEATING = /^(on)?_?(update|render|draw|tick|frame|step|animate|loop)/i;
/** Members of a handle that only read it. */
const LOOKS = /^(value|key|version)$/;
/** More parts than the name of any resource has. */
const MAX_PARTS = 50;

/** Finds functions that put a new handle into a field without disposing the old one. */
export class Overwriting {
  readonly #file: SourceFile;
  readonly #shapes: Shapes;
  readonly #owners: Owners;

  constructor(file: SourceFile, { shapes, owners }: { shapes: Shapes; owners: Owners }) {
    this.#file = file;
    this.#shapes = shapes;
    this.#owners = owners;
  }

  /**
   * Whether an assignment of what `call` opens may lose what is in a field, or in a variable of an
   * outer function. `isFilled` says that the constructor puts something there.
   */
  forgets({ place, by }: Kept, { call, isFilled }: { call: Call; isFilled: boolean }): boolean {
    if (by.type !== "AssignmentExpression" || by.operator !== "=") return false;
    const method = methodAround(by, place);
    if (method === undefined || isConstructor(method)) return false;
    const name = nameOfFunction(method);
    const isRepeated = isFilled || REPEATING.test(name) || isSetter(method) ||
      !BEGINNING.test(name) && this.#dependsOnParameter(call, method);
    return isRepeated && !this.#isCaredFor(method, place);
  }

  /** Whether a function, or another that it calls, does more with a place than look and assign. */
  #isCaredFor(method: FunctionNode, place: Place): boolean {
    const references = this.#owners.referencesOf(place);
    const seen = new Set([method]);
    const open = [method];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const within = at;
      if (references.some((each) => contains(within, each) && isCaring(each))) return true;
      for (const { callee } of this.#file.callsIn(at)) {
        const called = this.#shapes.functionOf(callee);
        // An inherited method may dispose it.
        if (called === undefined && isOwn(callee)) return true;
        if (called === undefined || seen.has(called)) continue;
        seen.add(called);
        open.push(called);
      }
    }
    return false;
  }

  /** Whether a parameter of a function goes into the arguments of a call. */
  #dependsOnParameter(call: Call, method: FunctionNode): boolean {
    const open: Node[] = [...call.arguments];
    for (let parts = 0; parts < MAX_PARTS && open.length > 0; parts++) {
      const part = unwrap(open.pop()!);
      if (part.type === "Identifier") {
        const binding = this.#file.bindings.resolve(part);
        if (binding === undefined) continue;
        if (isFunction(binding.scope) && contains(method, binding.scope)) return true;
        const { parent } = binding.id;
        if (parent.type === "VariableDeclarator" && parent.init) open.push(parent.init);
      } else open.push(...partsOf(part));
    }
    return false;
  }
}

/** What an expression is put together of, as far as names of resources are. */
function partsOf(node: Node): readonly Node[] {
  switch (node.type) {
    case "TemplateLiteral":
      return node.expressions;
    case "BinaryExpression":
      return [node.left as Node, node.right];
    case "MemberExpression":
      return [node.object];
    case "CallExpression":
      return [node.callee, ...node.arguments];
    default:
      return [];
  }
}

/** Whether a use of a place is more than an assignment to it or a look at what is in it. */
function isCaring(use: Node): boolean {
  const at = wrapped(use);
  const parent = parentOf(at)!;
  if (parent.type === "AssignmentExpression" && parent.left === at) {
    return parent.operator !== "=";
  }
  return parent.type !== "MemberExpression" || parent.object !== at ||
    !LOOKS.test(propertyOf(parent) ?? "");
}

/** Whether a call is one of a method of `this` or `super`. */
function isOwn(callee: Node): boolean {
  const inner = unwrap(callee);
  return inner.type === "Super" ||
    inner.type === "MemberExpression" &&
      (inner.object.type === "ThisExpression" || inner.object.type === "Super");
}

/** The method of the class, or the outermost function below the variable, that `node` is in. */
function methodAround(node: Node, place: Place): FunctionNode | undefined {
  const outer = isVariable(place) ? place.scope : place.body;
  let method: FunctionNode | undefined;
  for (let at = parentOf(node); at !== undefined && at !== outer; at = parentOf(at)) {
    if (isFunction(at)) method = at;
  }
  return method;
}

function isConstructor({ parent }: FunctionNode): boolean {
  return parent.type === "MethodDefinition" && parent.kind === "constructor";
}

/** Whether `by` fills a field when the object is made. */
export function isFirst(by: Node): boolean {
  const method = functionAround(by);
  return by.type === "PropertyDefinition" || method !== undefined && isConstructor(method);
}

function isSetter({ parent }: FunctionNode): boolean {
  return (parent.type === "MethodDefinition" || parent.type === "Property") &&
    parent.kind === "set";
}

/** The name of a function, of a method, or of the variable that a function is in. */
function nameOfFunction(node: FunctionNode): string {
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
