import type { Binding, Bindings } from "./bindings.ts";
import { type Flow, isInClosure } from "./flow.ts";
import { awaited, isPending, type Kind } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import { isCopying, isReader, isReading } from "./readers.ts";
import type { Shapes } from "./shapes.ts";
import { callOf, isWrapper, lastNameOf, type Node, parentOf, propertyOf } from "./syntax.ts";

/** A use of a handle, or of its value, that would end with the block. */
interface Use {
  readonly node: Node;
  readonly kind: Kind | "value";
}

/** A variable with a handle or its value. */
interface Held {
  readonly variable: Binding;
  readonly kind: Kind | "value";
}

/** Further uses; `undefined` if one may outlive the block. */
type Next = readonly (Use | Held)[] | undefined;

const ENDS: Next = [];

/** Properties of values that are plain data. */
const PLAIN = /^(byteLength|duration|height|length|name|width)$/;

/** Finds out whether a handle and its value are used in their block only. */
export class Uses {
  readonly #bindings: Bindings;
  readonly #flow: Flow;
  readonly #kinds: Kinds;
  readonly #shapes: Shapes;

  constructor(
    bindings: Bindings,
    { flow, kinds, shapes }: { flow: Flow; kinds: Kinds; shapes: Shapes },
  ) {
    this.#bindings = bindings;
    this.#flow = flow;
    this.#kinds = kinds;
    this.#shapes = shapes;
  }

  /** Whether a variable, its value and everything read from them are used in the block only. */
  areLocal(variable: Binding, kind: Kind): boolean {
    const seen = new Set<Binding>();
    const open: (Use | Held)[] = [{ variable, kind }];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if ("node" in at) {
        const next = at.kind === "value" ? this.#ofValue(at.node) : this.#of(at.node, at.kind);
        if (next === undefined) return false;
        open.push(...next);
      } else if (!seen.has(at.variable)) {
        seen.add(at.variable);
        for (const node of at.variable.references) {
          if (isInClosure(node, at.variable)) return false;
          open.push({ node, kind: at.kind });
        }
      }
    }
    return true;
  }

  /** The uses that a use of a handle, a task, a bundle or a scope leads to. */
  #of(node: Node, kind: Kind): Next {
    const parent = parentOf(node)!;
    if (isWrapper(parent)) return [{ node: parent, kind }];
    switch (parent.type) {
      case "AssignmentExpression":
        return undefined;
      case "AwaitExpression":
        return [{ node: parent, kind: awaited(kind) }];
      case "MemberExpression":
        return this.#ofMember(parent, kind);
      case "VariableDeclarator":
        return parent.id.type === "Identifier" ? this.#bound(parent.id, kind) : undefined;
      case "ExpressionStatement": // Nothing reads it: it is a preload.
        return isPending(kind) || kind === "handle" || kind === "bundle" ? undefined : ENDS;
      default: {
        const ends = this.#flow.ends({ node, kind });
        return ends.every(({ end }) => end === "lost") ? ENDS : undefined;
      }
    }
  }

  #ofMember(member: Deno.lint.MemberExpression, kind: Kind): Next {
    const name = propertyOf(member);
    if (name === undefined) return undefined;
    if (kind === "bundle") return [{ node: member, kind: "handle" }];
    if (kind === "handle") return name === "value" ? [{ node: member, kind: "value" }] : ENDS;
    if (kind !== "scope") return undefined;
    const call = callOf(member);
    return call === undefined ? ENDS : [{ node: call, kind: this.#kinds.of(call) ?? "other" }];
  }

  /** The uses that a use of a value, or of something that was read from it, leads to. */
  #ofValue(node: Node): Next {
    const parent = parentOf(node)!;
    const onwards: Next = [{ node: parent, kind: "value" }];
    if (isWrapper(parent)) return onwards;
    switch (parent.type) {
      case "AwaitExpression":
        return onwards;
      case "ConditionalExpression":
      case "LogicalExpression":
        return onwards;
      case "MemberExpression":
        return parent.object === node ? this.#ofValueMember(parent) : ENDS;
      case "CallExpression":
        return parent.callee === node ? undefined : this.#givenTo(parent, node);
      case "VariableDeclarator":
        return this.#bound(parent.id, "value");
      case "ForOfStatement":
        return parent.left.type === "VariableDeclaration"
          ? this.#bound(parent.left.declarations[0]!.id, "value")
          : undefined;
      case "SpreadElement":
        return ENDS;
      case "TemplateLiteral":
        return parent.parent.type === "TaggedTemplateExpression" ? undefined : ENDS;
      default:
        return this.#of(node, "other");
    }
  }

  #ofValueMember(member: Deno.lint.MemberExpression): Next {
    const call = callOf(member);
    if (call !== undefined) {
      return isReading(propertyOf(member)) ? [{ node: call, kind: "value" }] : undefined;
    }
    const parent = parentOf(member)!;
    if (parent.type === "AssignmentExpression" && parent.left === member) return undefined;
    if (parent.type === "UpdateExpression") return undefined;
    return PLAIN.test(propertyOf(member) ?? "") ? ENDS : [{ node: member, kind: "value" }];
  }

  /** The uses that a value leads to as an argument of a call. */
  #givenTo(call: Deno.lint.CallExpression, node: Node): Next {
    if (isCopying(call)) return ENDS;
    const result: Use = { node: call, kind: "value" };
    const own = this.#shapes.functionOf(call.callee);
    if (own === undefined || own.body === null) {
      return isReader(lastNameOf(call.callee) ?? "") ? [result] : undefined;
    }
    const param = own.params[call.arguments.findIndex((each) => each === node)];
    if (param === undefined || own.async || own.generator) return undefined;
    const bound = this.#bound(param, "value");
    return bound && [result, ...bound];
  }

  #bound(pattern: Node, kind: Kind | "value"): Next {
    switch (pattern.type) {
      case "Identifier": {
        const variable = this.#bindings.resolve(pattern);
        return variable && [{ variable, kind }];
      }
      case "ObjectPattern": {
        const bound: (Use | Held)[] = [];
        for (const each of pattern.properties) {
          const next = each.type === "Property" ? this.#bound(each.value, kind) : undefined;
          if (next === undefined) return undefined;
          bound.push(...next);
        }
        return bound;
      }
      default: // Deno leaves out everything after a hole in an array pattern.
        return undefined;
    }
  }
}
