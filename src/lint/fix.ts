import type { Bindings } from "./bindings.ts";
import { awaited, isPending, type Kind } from "./kind.ts";
import type { Value } from "./places.ts";
import { isWrapper, lastNameOf, type Node, parentOf } from "./syntax.ts";
import type { Uses } from "./uses.ts";

/** A replacement of text. */
export interface Edit {
  readonly range: Deno.lint.Range;
  readonly text: string;
}

/** Writes `using` where neither a handle nor its value can be used after the end of the block. */
export class Fixes {
  readonly #bindings: Bindings;
  readonly #uses: Uses;

  constructor(bindings: Bindings, uses: Uses) {
    this.#bindings = bindings;
    this.#uses = uses;
  }

  /** `using` instead of `const` or `let`. */
  forDeclarator(by: Node, { node, kind }: Value): Edit | undefined {
    if (by.type !== "VariableDeclarator" || by.id.type !== "Identifier") return undefined;
    const declaration = by.parent;
    if (declaration.kind !== "const" && declaration.kind !== "let") return undefined;
    if (declaration.declarations.length > 1) return undefined;
    if (parentOf(declaration)?.type !== "BlockStatement" || isAdded(node)) return undefined;
    const { top, kind: result } = unwrapped({ node, kind });
    const variable = this.#bindings.resolve(by.id);
    if (top !== by.init || variable === undefined) return undefined;
    // Nothing reads it: it is a preload.
    if (variable.references.length === 0) return undefined;
    // Of the kinds that are awaited, only a task can be disposed.
    const isLasting = result === "task" && variable.references.some(isAwaited);
    if (isPending(result) && !isLasting) return undefined;
    if (!this.#uses.areLocal(variable, result)) return undefined;
    const [start] = declaration.range;
    return { range: [start, start + declaration.kind.length], text: "using" };
  }
}

/** The outermost expression around a value that has the same value: `(await task)!` for `task`. */
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

/** Whether `add` opened a handle. With `using`, the value that it keeps would be unloaded. */
function isAdded(node: Node): boolean {
  return node.type === "CallExpression" && lastNameOf(node.callee) === "add";
}

function isAwaited(node: Node): boolean {
  return parentOf(node)?.type === "AwaitExpression";
}
