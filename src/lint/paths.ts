import type { Binding } from "./bindings.ts";
import { ABSENT, DONE, HELD } from "./conditions.ts";
import { flat, type Flow, isInClosure } from "./flow.ts";
import type { Owners } from "./owners.ts";
import type { Found, Value } from "./places.ts";
import {
  isFunction,
  isNothing,
  lastNameOf,
  type Node,
  parentOf,
  takerOf,
  unwrap,
  wrapped,
} from "./syntax.ts";
import { type Effect, type Event, type Leak, Walk } from "./walk.ts";

/** More steps than even a long file needs. After that, paths are no longer checked. */
const MAX_STEPS = 50_000;

/** Finds paths through a block that leave a variable open which other paths dispose. */
export class Paths {
  readonly #flow: Flow;
  readonly #owners: Owners;
  #steps = MAX_STEPS;

  constructor(flow: Flow, owners: Owners) {
    this.#flow = flow;
    this.#owners = owners;
  }

  /** The first path that leaves a variable open. Ask only if something disposes it on some path. */
  leak(found: Found, variable: Binding): Leak | undefined {
    const { by, kind } = found.kept;
    const { references, scope, id } = variable;
    if (references.some((each) => isInClosure(each, variable))) return undefined;
    const events = references.map((node) => this.#event({ node, kind }, by));
    const declarator = declaratorOf(by);
    if (declarator !== undefined) events.push({ at: endOf(declarator), node: by, effect: "open" });
    events.sort((a, b) => a.at - b.at);
    const uses = new Set<Node>(references);
    const walk = new Walk(events, {
      isIt: (node) => uses.has(node),
      opened: isSure(found) ? HELD : HELD | ABSENT,
      steps: this.#steps,
    });
    const isVariable = parentOf(id)!.type === "VariableDeclarator";
    const isParameter = isFunction(scope) && takerOf(scope) === "then";
    const state = isVariable ? ABSENT : isParameter ? HELD : DONE;
    const leak = walk.leak(scope, { state, isGuarded: isGuarded(scope) });
    this.#steps = walk.steps;
    return leak;
  }

  #event({ node, kind }: Value, by: Node): Event {
    const target = wrapped(node);
    const parent = parentOf(target)!;
    if (parent.type === "AssignmentExpression" && parent.left === target) {
      return { at: endOf(parent), node: parent, effect: effectOf(parent, by) };
    }
    const isTaken = flat(this.#flow.ends({ node, kind })).some((end) =>
      end.end === "taken" || end.end === "kept" && this.#owners.isTaken(end)
    );
    return { at: node.range[0], node, effect: isTaken ? "take" : mayThrow(node) ? "use" : "look" };
  }
}

/** Whether the assigned value is always a handle: not with `get()`, or in one branch only. */
function isSure({ call, from, kept: { by } }: Found): boolean {
  if (from === call && /^(get|upgrade)$/.test(lastNameOf(call.callee) ?? "")) return false;
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

function effectOf(assignment: Deno.lint.AssignmentExpression, by: Node): Effect {
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
