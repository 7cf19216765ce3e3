import { emptyingOf, isFilling, isPutting } from "./collections.ts";
import { isDisposing } from "./fields.ts";
import type { Kind } from "./kind.ts";
import type { Owners } from "./owners.ts";
import { isVariable, type Kept, type Place } from "./places.ts";
import type { Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  argumentsOf,
  assignmentTo,
  contains,
  functionAround,
  type FunctionNode,
  isFunction,
  isNothing,
  nameOfFunction,
  type Node,
  type Opening,
  outermostFunction,
  parentOf,
  propertyOf,
  unwrap,
} from "./syntax.ts";

/** Functions that run once, or that begin what another function ends. */
const BEGINNING =
  /^(on)?_?(init|set_?up|create|start|enter|open|mount|connect|pre|load|build|make|boot|begin|awake)/i;
/** Functions that run again and again. */
export const REPEATING = /^(on)?_?(update|render|draw|tick|frame|step|animate|loop)/i;
/** Functions that replace what their object holds. */
const CHANGING =
  /^(on)?_?(set|change|switch|swap|replace|reload|update|go|turn|equip|select|next)/i;
/** More parts than the name of any resource has. */
const MAX_PARTS = 50;

/** Finds functions that put a new handle into a field without disposing the old one. */
export class Overwriting {
  readonly #file: SourceFile;
  readonly #shapes: Shapes;
  readonly #owners: Owners;
  /** What empties each collection. */
  readonly #emptied = new Map<Place, Node | undefined>();

  constructor(file: SourceFile, { shapes, owners }: { shapes: Shapes; owners: Owners }) {
    this.#file = file;
    this.#shapes = shapes;
    this.#owners = owners;
  }

  /**
   * Whether an assignment of what `call` opens may lose the handle that is in a field, or in a
   * variable of an outer function. `isFilled` says that the constructor puts a handle there.
   */
  forgets(kept: Kept, { call, isFilled }: { call: Opening; isFilled: boolean }): boolean {
    const { place, by } = kept;
    const method = methodAround(by, place);
    if (method === undefined || isConstructor(method)) return false;
    const name = nameOfFunction(method);
    // A value under a new key overwrites nothing: only the name of the function can tell.
    if (isPutting(by)) {
      return isReplacing(method) &&
        !this.#reaches(method, this.#othersOf(kept, (node) => !isFilling(node)));
    }
    if (by.type !== "AssignmentExpression" || by.operator !== "=") return false;
    const isCertain = REPEATING.test(name) || isSetter(method) || CHANGING.test(name);
    if (!isCertain && this.#alternates(kept, method)) return false;
    const isRepeated = isFilled || REPEATING.test(name) || isSetter(method) ||
      !BEGINNING.test(name) &&
        (this.#vary(argumentsOf(call), method) || this.#isChosen(kept, method));
    return isRepeated && !this.#reaches(method, this.#caringFor(kept));
  }

  /** The node that empties a collection, in a function that does nothing else with it. */
  emptying({ place, kind }: Kept): Node | undefined {
    if (!this.#emptied.has(place)) this.#emptied.set(place, this.#emptyingOf(place, kind));
    return this.#emptied.get(place);
  }

  #emptyingOf(place: Place, kind: Kind): Node | undefined {
    const uses = this.#owners.referencesOf(place);
    const caring = uses.filter((node) => this.#owners.isCaring({ node, kind }));
    for (const use of uses) {
      const emptying = emptyingOf(use);
      const method = emptying && methodAround(use, place);
      if (method === undefined || isConstructor(method)) continue;
      const isCared = [method, ...this.#callersOf(method, place)].some((each) =>
        this.#reaches(each, caring)
      );
      if (!isCared) return emptying;
    }
    return undefined;
  }

  /** The functions that call a function, in the class of a field or where a variable is seen. */
  #callersOf(called: FunctionNode, place: Place): FunctionNode[] {
    const name = nameOfFunction(called);
    const within = isVariable(place) ? place.scope : place.body;
    return [name, `#${name}`].flatMap((each) => this.#file.bindings.namedIn(each, within))
      .flatMap((id) => {
        const { parent } = id;
        const callee = parent.type === "MemberExpression" ? parent : id as Deno.lint.Identifier;
        const isCalled = parent.type === "MemberExpression" || parent.type === "CallExpression";
        const isIt = isCalled && this.#shapes.functionOf(callee) === called;
        return isIt ? functionAround(id as Deno.lint.Identifier) ?? [] : [];
      });
  }

  /** Whether another method empties the place, so that the two may be called in turn: show, hide. */
  #alternates({ place }: Kept, method: FunctionNode): boolean {
    return this.#owners.referencesOf(place).some((each) => {
      const assignment = assignmentTo(each);
      if (assignment === undefined || !isNothing(unwrap(assignment.right))) return false;
      const other = methodAround(each, place);
      return other !== undefined && other !== method && !isDisposing(nameOfFunction(other));
    });
  }

  /** Whether a parameter chooses what a function puts in a place: by `switch`, or by `if`. */
  #isChosen({ place, by }: Kept, method: FunctionNode): boolean {
    const isOther = (node: Node) => node !== by && contains(method, node) && areApart(by, node);
    const hasOthers = this.#owners.referencesOf(place).some((each) => {
      const other = assignmentTo(each);
      return other !== undefined && !isNothing(unwrap(other.right)) && isOther(other);
    });
    if (!hasOthers) return false;
    for (let at = parentOf(by); at !== undefined && at !== method; at = parentOf(at)) {
      const test = at.type === "IfStatement"
        ? at.test
        : at.type === "SwitchStatement"
        ? at.discriminant
        : undefined;
      if (test !== undefined && this.#vary([test], method)) return true;
    }
    return false;
  }

  /** Uses of a place that do more with its value than read or assign it. */
  #caringFor(kept: Kept): Node[] {
    const { kind } = kept;
    return this.#othersOf(kept, (node) => this.#owners.isCaring({ node, kind }));
  }

  /** Some uses of a place, without those that never run together with what fills it. */
  #othersOf({ place, by }: Kept, isMeant: (use: Node) => boolean): Node[] {
    return this.#owners.referencesOf(place).filter((use) => !areApart(by, use) && isMeant(use));
  }

  /** Whether a function, or another that it calls, contains one of several nodes. */
  #reaches(method: FunctionNode, nodes: readonly Node[]): boolean {
    const seen = new Set([method]);
    const open = [method];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const within = at;
      if (nodes.some((each) => contains(within, each))) return true;
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

  /** Where a function counts up a field of `this`, or assigns it before it is read. */
  #changesOf(field: Deno.lint.MemberExpression, method: FunctionNode): Node[] {
    const name = propertyOf(field);
    if (name === undefined) return [];
    return this.#file.bindings.namedIn(name, method).flatMap(({ parent: member }) => {
      if (member.type !== "MemberExpression" || member.object.type !== "ThisExpression") return [];
      const change = member.parent.type === "UpdateExpression"
        ? member.parent
        : assignmentTo(member);
      const isSeen = change && (isCounting(change) || change.range[0] < field.range[0]);
      return isSeen ? [change] : [];
    });
  }

  /**
   * Whether one of several expressions changes each time that a function runs: it contains a
   * parameter, or a field that the function counts up.
   */
  #vary(nodes: readonly Node[], method: FunctionNode): boolean {
    const open = [...nodes];
    for (let parts = 0; parts < MAX_PARTS && open.length > 0; parts++) {
      const part = unwrap(open.pop()!);
      if (part.type === "Identifier") {
        const binding = this.#file.bindings.resolve(part);
        if (binding === undefined) continue;
        if (isFunction(binding.scope) && contains(method, binding.scope)) return true;
        const { parent } = binding.id;
        if (parent.type === "VariableDeclarator" && parent.init) open.push(parent.init);
      } else if (part.type === "MemberExpression" && part.object.type === "ThisExpression") {
        const changes = this.#changesOf(part, method);
        if (changes.some((each) => isCounting(each) || contains(each, part))) return true;
        open.push(...changes.map((change) => (change as Deno.lint.AssignmentExpression).right));
      } else open.push(...partsOf(part));
    }
    return false;
  }
}

/** Whether a field gets a value that comes after the last one: `n++`, `n += 1`. */
function isCounting(change: Node): boolean {
  return change.type === "UpdateExpression" ||
    change.type === "AssignmentExpression" && change.operator !== "=";
}

/** The parts of an expression, for the kinds that occur in names of resources and in conditions. */
function partsOf(node: Node): readonly Node[] {
  switch (node.type) {
    case "TemplateLiteral":
      return node.expressions;
    case "BinaryExpression":
    case "LogicalExpression":
      return [node.left as Node, node.right];
    case "ConditionalExpression":
      return [node.test, node.consequent, node.alternate];
    case "MemberExpression":
      return node.computed ? [node.object, node.property] : [node.object];
    case "UnaryExpression":
      return [node.argument];
    case "CallExpression":
      return [node.callee, ...node.arguments];
    default:
      return [];
  }
}

/** Whether only one of two nodes is run: they are in two branches of an `if`, or in two cases. */
function areApart(a: Node, b: Node): boolean {
  for (let at = a, parent = parentOf(at); parent !== undefined; parent = parentOf(at)) {
    if (contains(parent, b)) {
      if (parent.type === "SwitchStatement") return at.type === "SwitchCase";
      if (parent.type !== "IfStatement" || at === parent.test) return false;
      return !contains(parent.test, b);
    }
    at = parent;
  }
  return false;
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
  return outermostFunction(node, isVariable(place) ? place.scope : place.body);
}

function isConstructor({ parent }: FunctionNode): boolean {
  return parent.type === "MethodDefinition" && parent.kind === "constructor";
}

/** Whether `by` fills a field when the object is made. */
export function isFirst(by: Node): boolean {
  const method = functionAround(by);
  return by.type === "PropertyDefinition" || method !== undefined && isConstructor(method);
}

/** Whether a function, by its name, replaces what its object holds. */
function isReplacing(method: FunctionNode): boolean {
  const name = nameOfFunction(method);
  return isSetter(method) || REPEATING.test(name) ||
    CHANGING.test(name) && !BEGINNING.test(name);
}

function isSetter({ parent }: FunctionNode): boolean {
  return (parent.type === "MethodDefinition" || parent.type === "Property") &&
    parent.kind === "set";
}
