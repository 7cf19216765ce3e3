import type { Binding } from "./bindings.ts";
import { ABSENT, DONE, HELD } from "./conditions.ts";
import { emptyingOf, isPutting } from "./collections.ts";
import { closureAround, flat, type Flow, isInClosure } from "./flow.ts";
import { elementOf, type Kind } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import type { Owners } from "./owners.ts";
import type { Found, Value } from "./places.ts";
import type { SourceFile } from "./source_file.ts";
import {
  assignmentTo,
  contains,
  functionAround,
  isFunction,
  isNothing,
  isWrapper,
  lastNameOf,
  type Node,
  openerOf,
  parentOf,
  takerOf,
  unwrap,
  wrapped,
} from "./syntax.ts";
import { type Effect, type Event, type Leak, Walk } from "./walk.ts";

/** The most steps for a block. One that needs more is not checked, but even long ones need fewer. */
const MAX_STEPS = 20_000;
/** How many steps more a whole file may take, for each of its calls. */
const MAX_STEPS_PER_CALL = 200;

/** What puts a handle into a variable. */
const FILLING: ReadonlySet<Effect> = new Set(["open", "fill", "add", "replace"]);

/** Finds paths through a block that leave a variable open, when other paths dispose it. */
export class Paths {
  readonly #file: SourceFile;
  readonly #flow: Flow;
  readonly #kinds: Kinds;
  readonly #owners: Owners;
  /** The events of each collection, without those that put its elements in. */
  readonly #collections = new Map<Binding, readonly Event[] | undefined>();
  /** How many steps were made. */
  #steps = 0;

  constructor(
    file: SourceFile,
    { flow, kinds, owners }: { flow: Flow; kinds: Kinds; owners: Owners },
  ) {
    this.#file = file;
    this.#flow = flow;
    this.#kinds = kinds;
    this.#owners = owners;
  }

  /** The first path that leaves a variable open. Only for variables that some path disposes. */
  leak(found: Found, variable: Binding): Leak | undefined {
    const { references, scope, id } = variable;
    const events = this.#eventsOf(found, variable);
    if (events === undefined) return undefined;
    const uses = new Set<Node>(references);
    const left = MAX_STEPS + MAX_STEPS_PER_CALL * this.#file.calls.length - this.#steps;
    const steps = Math.min(MAX_STEPS, left);
    const walk = new Walk(events, {
      isIt: (node) => uses.has(node),
      opened: isSure(found) ? HELD : HELD | ABSENT,
      steps,
    });
    const isVariable = parentOf(id)!.type === "VariableDeclarator";
    const isParameter = isFunction(scope) && takerOf(scope) === "then";
    const state = isVariable ? ABSENT : isParameter ? HELD : DONE;
    const leak = walk.leak(scope, { state, isGuarded: isGuarded(scope) });
    this.#steps += steps - walk.steps;
    return leak;
  }

  /** What happens to a variable, in the order of the file; `undefined` if that cannot be said. */
  #eventsOf(found: Found, variable: Binding): Event[] | undefined {
    const { by, kind } = found.kept;
    const uses = isElement(by)
      ? this.#usesOfCollection(variable, kind)
      : this.#usesOf(variable, { kind, by });
    if (uses === undefined) return undefined;
    const events = [...uses, ...this.#failing(found, variable.scope)];
    const declarator = declaratorOf(by);
    if (declarator !== undefined) events.push({ at: endOf(declarator), node: by, effect: "open" });
    else if (isElement(by)) events.push({ at: endOf(by), node: by, effect: "add" });
    events.sort((a, b) => a.at - b.at);
    // A closure that is made before the handle is opened may take it at any time.
    const opened = events.findLastIndex(({ effect }) => FILLING.has(effect));
    const isEarly = events.slice(0, Math.max(opened, 0)).some(({ node }) => isFunction(node));
    return isEarly ? undefined : events;
  }

  /** The events are the same for each element that is put in, so they are found only once. */
  #usesOfCollection(variable: Binding, kind: Kind): readonly Event[] | undefined {
    if (!this.#collections.has(variable)) {
      this.#collections.set(variable, this.#usesOf(variable, { kind }));
    }
    return this.#collections.get(variable);
  }

  #usesOf(variable: Binding, { kind, by }: { kind: Kind; by?: Node }): Event[] | undefined {
    const events: Event[] = [];
    for (const node of variable.references) {
      const event = isInClosure(node, variable)
        ? takenLater(node, variable)
        : this.#event({ node, kind }, by);
      if (event === undefined) return undefined;
      events.push(event);
    }
    return events;
  }

  /** The other loads of a block whose failure is caught. */
  #failing({ call }: Found, scope: Node): Event[] {
    return this.#file.guardedCallsOf(isFunction(scope) ? scope : functionAround(scope))
      .filter((each) =>
        contains(scope, each) && !contains(call, each) && this.#kinds.opened(each) !== undefined
      )
      .map((node) => ({ at: node.range[0], node, effect: "use" }));
  }

  #event({ node, kind }: Value, by: Node | undefined): Event {
    const emptying = elementOf(kind) === undefined ? undefined : emptyingOf(node);
    if (emptying !== undefined) return { at: endOf(emptying), node: emptying, effect: "empty" };
    const assignment = assignmentTo(node);
    if (assignment !== undefined) {
      const isPart = wrapped(node) !== assignment.left;
      const effect = isPart ? (by === node ? "open" : "replace") : effectOf(assignment, by);
      return { at: endOf(assignment), node: assignment, effect };
    }
    const isTaken = flat(this.#flow.ends({ node, kind })).some((end) => this.#owners.isOwned(end));
    if (isTaken) return { at: takenAt(node), node, effect: "take" };
    return { at: node.range[0], node, effect: mayThrow(node) ? "use" : "look" };
  }
}

/**
 * The event of a function that runs later: it takes the variable from the point where the function
 * is made. `undefined` if it assigns the variable, or may be called before that point.
 */
function takenLater(node: Node, variable: Binding): Event | undefined {
  const closure = closureAround(node, variable);
  const isFollowed = closure !== undefined && closure.type !== "FunctionDeclaration" &&
    assignmentTo(node) === undefined;
  return isFollowed ? { at: takenAt(closure), node: closure, effect: "take" } : undefined;
}

/** Whether something becomes an element of a collection: `a.push(b)`, `a[i] = b`. */
function isElement(by: Node): boolean {
  return by.type === "CallExpression" ||
    by.type === "AssignmentExpression" && isPutting(by);
}

/** Whether the assigned value is always a handle: not with `get()`, or in one branch only. */
function isSure({ call, from, kept: { by } }: Found): boolean {
  if (from === call && /^(get|upgrade)$/.test(lastNameOf(openerOf(call)) ?? "")) return false;
  for (let at: Node | undefined = from; at !== undefined && at !== by; at = parentOf(at)) {
    if (isFunction(at)) return true;
    if (at.type === "ConditionalExpression" || at.type === "LogicalExpression") return false;
  }
  return true;
}

/** Where an assignment takes effect: at its end, after everything that it reads. */
function endOf({ range }: Node): number {
  return range[1] - 0.5;
}

/** Where a value is taken: at the end of the call or the object around it, if it is a part of one. */
function takenAt(node: Node): number {
  let at = node;
  for (let parent = parentOf(at)!; isPart(at, parent); parent = parentOf(at)!) {
    at = parent;
    if (at.type === "CallExpression" || at.type === "NewExpression") break;
  }
  return at === node ? node.range[0] : at.range[1] - 1; // Before what it is assigned to.
}

function isPart(node: Node, parent: Node): boolean {
  switch (parent.type) {
    case "ArrayExpression":
    case "NewExpression":
    case "ObjectExpression":
    case "Property":
    case "SpreadElement":
      return true;
    default:
      return parent.type === "CallExpression" && parent.callee !== node || isWrapper(parent);
  }
}

function effectOf(assignment: Deno.lint.AssignmentExpression, by: Node | undefined): Effect {
  const fills = assignment.operator === "??=" || assignment.operator === "||=";
  if (assignment === by) return fills ? "fill" : "open";
  if (fills) return "look";
  return isNothing(unwrap(assignment.right)) ? "empty" : "replace";
}

/** The declarator that `by` is, or whose pattern it is in. */
function declaratorOf(by: Node): Deno.lint.VariableDeclarator | undefined {
  let at: Node | undefined = by;
  while (at !== undefined && at.type !== "VariableDeclarator") {
    if (at.type === "AssignmentExpression" || isFunction(at)) return undefined;
    at = parentOf(at);
  }
  return at;
}

/** Whether a variable is used in a call that may throw: any call but those of `console`. */
function mayThrow(node: Node): boolean {
  for (let at = node, parent = parentOf(at)!; !isFunction(parent); parent = parentOf(at)!) {
    if (parent.type === "NewExpression") return true;
    if (parent.type === "CallExpression") {
      const callee = unwrap(parent.callee);
      const isPrinting = callee.type === "MemberExpression" &&
        lastNameOf(callee.object) === "console";
      if (!isPrinting) return true;
    }
    if (parent.type.endsWith("Statement") || parent.type === "Program") return false;
    at = parent;
  }
  return false;
}

/** Whether an exception in a block is caught in the same function. */
function isGuarded(block: Node): boolean {
  for (let at = block; !isFunction(at); at = parentOf(at)!) {
    const parent = parentOf(at);
    if (parent === undefined) return false;
    if (parent.type === "TryStatement" && parent.block === at && parent.handler !== null) {
      return true;
    }
  }
  return false;
}
