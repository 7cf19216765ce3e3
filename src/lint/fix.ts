import type { Binding, Bindings } from "./bindings.ts";
import { type Flow, isInClosure, type Value } from "./flow.ts";
import { awaited, isPending, type Kind, type Kinds } from "./kinds.ts";
import { callOf, isWrapper, lastNameOf, type Node, parentOf, propertyOf } from "./syntax.ts";

/** A replacement of text. An empty range inserts. */
export interface Edit {
  readonly range: Deno.lint.Range;
  readonly text: string;
}

/** Methods that keep what they are given. */
const STORING: ReadonlySet<string> = new Set(
  "add append appendChild push set setAttribute splice unshift".split(" "),
);

/** Names for what had none. */
const NAMES: ReadonlyMap<Kind, string> = new Map([["handle", "_handle"], ["bundle", "_handles"]]);

/**
 * Writes `using` where that is safe: where neither what is held nor the value in it is used after
 * the end of the block.
 */
export class Fixes {
  readonly #bindings: Bindings;
  readonly #flow: Flow;
  readonly #kinds: Kinds;
  readonly #used = new Set<string>();

  constructor(bindings: Bindings, kinds: Kinds, flow: Flow) {
    this.#bindings = bindings;
    this.#kinds = kinds;
    this.#flow = flow;
  }

  /** `using _handle = …` for a statement that is a call and nothing else. */
  forStatement({ node, kind }: Value): Edit | undefined {
    const { top, kind: result } = unwrapped({ node, kind });
    const statement = parentOf(top)!;
    const name = NAMES.get(result);
    if (name === undefined || statement.type !== "ExpressionStatement") return undefined;
    if (parentOf(statement)?.type !== "BlockStatement" || isAdded(node)) return undefined;
    const [start] = statement.range;
    return { range: [start, start], text: `using ${this.#free(name)} = ` };
  }

  /** `using` instead of `const` or `let`. */
  forDeclarator(by: Node, { node, kind }: Value): Edit | undefined {
    if (by.type !== "VariableDeclarator" || by.id.type !== "Identifier") return undefined;
    const declaration = by.parent;
    if (declaration.kind !== "const" && declaration.kind !== "let") return undefined;
    if (declaration.declarations.length > 1) return undefined;
    if (parentOf(declaration)?.type !== "BlockStatement") return undefined;
    const { top, kind: result } = unwrapped({ node, kind });
    const binding = this.#bindings.resolve(by.id);
    if (top !== by.init || binding === undefined) return undefined;
    // Of all that is to be awaited, a task alone can be disposed.
    const isLasting = result === "task" && binding.references.some(isAwaited);
    if (isPending(result) && !isLasting) return undefined;
    if (!this.#stays(binding, result)) return undefined;
    const [start] = declaration.range;
    return { range: [start, start + declaration.kind.length], text: "using" };
  }

  #free(name: string): string {
    let free = name;
    for (let n = 2; this.#bindings.has(free) || this.#used.has(free); n++) free = `${name}${n}`;
    this.#used.add(free);
    return free;
  }

  /** Whether a variable, and what it leads to, is used in its block only. */
  #stays(binding: Binding, kind: Kind): boolean {
    return binding.references.every((node) => this.#isLocal({ node, kind }));
  }

  #isLocal({ node, kind }: Value): boolean {
    const parent = parentOf(node)!;
    if (isWrapper(parent)) return this.#isLocal({ node: parent, kind });
    switch (parent.type) {
      case "AssignmentExpression":
        return false;
      case "AwaitExpression":
        return this.#isLocal({ node: parent, kind: awaited(kind) });
      case "MemberExpression":
        return this.#isLocalMember(parent, kind);
      case "VariableDeclarator": {
        const binding = parent.id.type === "Identifier"
          ? this.#bindings.resolve(parent.id)
          : undefined;
        return binding !== undefined && this.#stays(binding, kind);
      }
      case "ExpressionStatement":
        return !isPending(kind); // Loads on, and must not be withdrawn.
      default:
        return this.#flow.destination({ node, kind }).end === "lost";
    }
  }

  #isLocalMember(member: Deno.lint.MemberExpression, kind: Kind): boolean {
    const name = propertyOf(member);
    if (name === undefined) return false;
    if (kind === "bundle") return this.#isLocal({ node: member, kind: "handle" });
    if (kind === "handle") return name !== "value" || this.#isValueLocal(member);
    if (kind !== "scope") return false;
    const call = callOf(member);
    if (call === undefined) return true;
    return this.#isLocal({ node: call, kind: this.#kinds.of(call) ?? "other" });
  }

  /** Whether a value of a resource, or what was read of it, is used in this block only. */
  #isValueLocal(node: Node): boolean {
    const parent = parentOf(node)!;
    if (isWrapper(parent)) return this.#isValueLocal(parent);
    switch (parent.type) {
      case "AwaitExpression":
      case "ConditionalExpression":
      case "LogicalExpression":
        return this.#isValueLocal(parent);
      case "MemberExpression":
        return parent.object !== node || this.#isValueLocal(parent);
      case "CallExpression": // What comes of a value may hold it, or be a promise of work on it.
        return !STORING.has(lastNameOf(parent.callee) ?? "") && this.#isValueLocal(parent);
      case "AssignmentExpression":
        return parent.left === node;
      case "VariableDeclarator":
        return this.#isPatternLocal(parent.id);
      case "ForOfStatement":
        return parent.left.type === "VariableDeclaration" &&
          this.#isPatternLocal(parent.left.declarations[0]!.id);
      default:
        return this.#flow.destination({ node, kind: "other" }).end === "lost" ||
          parent.type === "UpdateExpression" || parent.type === "TaggedTemplateExpression";
    }
  }

  #isPatternLocal(pattern: Node): boolean {
    switch (pattern.type) {
      case "Identifier": {
        const binding = this.#bindings.resolve(pattern);
        return binding !== undefined &&
          binding.references.every((node) =>
            !isInClosure(node, binding) && this.#isValueLocal(node)
          );
      }
      case "ObjectPattern":
        return pattern.properties.every((each) =>
          each.type === "Property" && this.#isPatternLocal(each.value)
        );
      default: // Of an array pattern, Deno does not tell what follows a hole.
        return false;
    }
  }
}

/** The whole expression that comes to the same as a value: `(await task)!` for `task`. */
function unwrapped({ node, kind }: Value): { top: Node; kind: Kind } {
  let top = node;
  for (
    let at = parentOf(top)!;
    isWrapper(at) || at.type === "AwaitExpression";
    at = parentOf(at)!
  ) {
    if (at.type === "AwaitExpression") kind = awaited(kind);
    top = at;
  }
  return { top, kind };
}

/** What is added goes with its last reference: whoever adds it wants it to stay. */
function isAdded(node: Node): boolean {
  return node.type === "CallExpression" && lastNameOf(node.callee) === "add";
}

function isAwaited(node: Node): boolean {
  return parentOf(node)?.type === "AwaitExpression";
}
