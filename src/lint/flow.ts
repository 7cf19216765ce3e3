import { type Binding, type Bindings, isOfModule } from "./bindings.ts";
import { awaited, type Kind } from "./kinds.ts";
import {
  callOf,
  isDiscarding,
  isFunction,
  isSynchronous,
  isWrapper,
  lastNameOf,
  type Node,
  parentOf,
  propertyOf,
  unwrap,
} from "./syntax.ts";

/** An expression, and what it is. */
export interface Value {
  readonly node: Node;
  readonly kind: Kind;
}

/** Where a value ends up: with an owner, with nobody, or in a variable. */
export type Destination =
  | { readonly end: "taken" }
  | { readonly end: "lost"; readonly kind: Kind }
  | {
    readonly end: "variable";
    readonly kind: Kind;
    readonly binding: Binding;
    /** What puts it there: a declarator, an assignment, or an element of a pattern. */
    readonly by: Node;
  };

const TAKEN: Destination = { end: "taken" };

/** Places where a value is looked at, if at all, and then gone. */
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

/** The members that take nothing from those who hold the object. */
const LOOKS: ReadonlyMap<Kind, ReadonlySet<string>> = new Map<Kind, ReadonlySet<string>>([
  ["handle", new Set(["value", "key", "version", "disposed", "weak", "clone"])],
  ["scope", new Set("adopt defer disposed escaped label load loadAll loadAsync use".split(" "))],
]);

/** Functions that look at their arguments and keep none. */
const LOOKING = /^(assert\w*|Boolean|String|log|info|warn|error|debug|dir|table|inspect)$/;

/** Whether a call only looks at what it is given, and something is there to be lost. */
function isLooking({ callee, arguments: args }: Deno.lint.CallExpression): boolean {
  const isAssertedAbsent = args.some((each) =>
    each.type === "Identifier" && each.name === "undefined"
  );
  return LOOKING.test(lastNameOf(callee) ?? "") && !isAssertedAbsent;
}

/** Follows values to those who take them. */
export class Flow {
  readonly #bindings: Bindings;
  /** Variables that are being looked into: one that is assigned to itself is not taken by that. */
  readonly #open = new Set<Binding>();

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /** Where a value ends up. */
  destination(value: Value): Destination {
    let at: Value | Destination = value;
    do at = this.#step(at); while (!("end" in at));
    return at;
  }

  /** Whether somebody takes what is in a variable, `kind` being what it is. */
  isTaken(binding: Binding, kind: Kind): boolean {
    if (this.#open.has(binding)) return false;
    this.#open.add(binding);
    const taken = binding.references.some((node) =>
      isInClosure(node, binding) || this.#isTakenFrom({ node, kind })
    );
    this.#open.delete(binding);
    return taken;
  }

  #isTakenFrom(value: Value): boolean {
    const to = this.destination(value);
    return to.end === "taken" || (to.end === "variable" && this.isTaken(to.binding, to.kind));
  }

  /** Where a value goes from one expression to the next. */
  #step({ node, kind }: Value): Value | Destination {
    const parent = parentOf(node)!;
    if (isWrapper(parent)) return { node: parent, kind };
    const lost: Destination = { end: "lost", kind };
    switch (parent.type) {
      case "AwaitExpression":
        return { node: parent, kind: awaited(kind) };
      case "ConditionalExpression":
        return parent.test === node ? lost : { node: parent, kind };
      case "LogicalExpression":
        return parent.left === node && parent.operator === "&&" ? lost : { node: parent, kind };
      case "SequenceExpression":
        return parent.expressions.at(-1) === node ? { node: parent, kind } : lost;
      case "AssignmentExpression":
        return parent.right === node ? this.#assigned(parent, kind) : lost;
      case "VariableDeclarator":
        return this.#declared(parent, kind);
      case "MemberExpression":
        return parent.object === node ? member(parent, kind) : lost;
      case "CallExpression":
        return parent.callee !== node && isLooking(parent) ? lost : TAKEN;
      case "ArrayExpression":
        return this.#element(parent, { node, kind });
      case "ArrowFunctionExpression":
        return isDiscarding(parent) ? lost : TAKEN;
      default:
        return LOSING.has(parent.type) ? lost : TAKEN;
    }
  }

  #assigned(assignment: Deno.lint.AssignmentExpression, kind: Kind): Destination {
    const stored = this.#stored(assignment.left, kind, assignment);
    if (stored.end !== "variable" || assignment.parent.type === "ExpressionStatement") {
      return stored;
    }
    const passedOn = this.destination({ node: assignment, kind });
    return passedOn.end === "taken" ? TAKEN : stored;
  }

  #declared(declarator: Deno.lint.VariableDeclarator, kind: Kind): Destination {
    const { id, parent } = declarator;
    if (parent.kind === "using" || parent.kind === "await using") return TAKEN;
    if (id.type === "Identifier") return this.#stored(id, kind, declarator);
    const takesMembers = id.type === "ObjectPattern" && kind === "handle" &&
      id.properties.every((each) => each.type === "Property" && !each.computed);
    return takesMembers ? { end: "lost", kind } : TAKEN;
  }

  /** What is put in a variable of the module lives as long as that. */
  #stored(target: Node, kind: Kind, by: Node): Destination {
    const binding = target.type === "Identifier" ? this.#bindings.resolve(target) : undefined;
    if (binding === undefined || isOfModule(binding)) return TAKEN;
    return { end: "variable", kind, binding, by };
  }

  /** `const [a, b] = await Promise.all([…])` puts each element in a variable of its own. */
  #element(array: Deno.lint.ArrayExpression, { node, kind }: Value): Destination {
    const index = array.elements.findIndex((each) => each === node);
    const isPlain = array.elements.every((each) => each?.type !== "SpreadElement");
    const call = array.parent;
    if (!isPlain || call.type !== "CallExpression" || !isPromiseAll(call)) return TAKEN;
    const waiting = call.parent;
    if (waiting.type !== "AwaitExpression") return TAKEN;
    const declarator = waiting.parent;
    if (declarator.type === "ExpressionStatement") return { end: "lost", kind: awaited(kind) };
    if (declarator.type !== "VariableDeclarator" || declarator.id.type !== "ArrayPattern") {
      return TAKEN;
    }
    // Deno leaves out all that follows a hole: what is not there may well be somewhere.
    const target = declarator.id.elements[index];
    return target ? this.#stored(target, awaited(kind), target) : TAKEN;
  }
}

/** What becomes of a value of which a member is read. */
function member(parent: Deno.lint.MemberExpression, kind: Kind): Value | Destination {
  const name = propertyOf(parent);
  if (kind === "bundle") return name === undefined ? TAKEN : { node: parent, kind: "handle" };
  const call = kind === "scope" && name === "move" ? callOf(parent) : undefined;
  if (call !== undefined) return { node: call, kind };
  return name !== undefined && LOOKS.get(kind)?.has(name) ? { end: "lost", kind } : TAKEN;
}

function isPromiseAll(call: Deno.lint.CallExpression): boolean {
  const callee = unwrap(call.callee);
  return callee.type === "MemberExpression" && propertyOf(callee) === "all" &&
    lastNameOf(callee.object) === "Promise";
}

/** Whether a variable is used in a function that may run when the variable's block has ended. */
export function isInClosure(node: Node, { scope }: Binding): boolean {
  for (let at = parentOf(node); at !== undefined && at !== scope; at = parentOf(at)) {
    if (isFunction(at) && !isSynchronous(at)) return true;
  }
  return false;
}
