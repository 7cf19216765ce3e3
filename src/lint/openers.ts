import type { Value } from "./flow.ts";
import { awaited, type Kind, type Kinds, promised } from "./kinds.ts";
import { functionAround, type FunctionNode, isWrapper, type Node, parentOf } from "./syntax.ts";

/** What a function returns: where, and what that is. */
interface Returned {
  readonly by: FunctionNode;
  /** The statement, or the function whose body is the value. */
  readonly at: Node;
  readonly kind: Kind;
}

/**
 * Finds the functions of a file that return what they open, and nothing else: whoever calls them has
 * to give it back. Goes on until it finds no more, for such a function may call another.
 */
export function findOpeners(
  kinds: Kinds,
  file: {
    readonly calls: readonly Deno.lint.CallExpression[];
    readonly returns: readonly Deno.lint.ReturnStatement[];
  },
): void {
  const returns = Map.groupBy(file.returns, functionAround);
  let before: number;
  do {
    before = kinds.openers.size;
    const opened = file.calls.flatMap((node) => {
      const kind = kinds.opened(node);
      return (kind && returnedFrom({ node, kind })) ?? [];
    });
    for (const [by, found] of Map.groupBy(opened, (each) => each.by)) {
      const places = new Set(found.map(({ at }) => at));
      const others = returns.get(by)?.some((each) => each.argument !== null && !places.has(each));
      const kind = kindOfCall(by, found[0]!.kind);
      if (!others && kind !== undefined) kinds.openers.set(by, kind);
    }
  } while (kinds.openers.size > before);
}

/** The function that returns a value as it is, if one does. */
function returnedFrom({ node, kind }: Value): Returned | undefined {
  let at = parentOf(node)!;
  let inner = node;
  let result = kind;
  while (isWrapper(at) || at.type === "AwaitExpression") {
    if (at.type === "AwaitExpression") result = awaited(result);
    inner = at;
    at = parentOf(at)!;
  }
  if (at.type === "ArrowFunctionExpression" && at.body === inner) {
    return { by: at, at, kind: result };
  }
  const by = at.type === "ReturnStatement" ? functionAround(at) : undefined;
  return by && { by, at, kind: result };
}

/** What a call of a function gives that returns `kind`. */
function kindOfCall({ async, generator }: FunctionNode, kind: Kind): Kind | undefined {
  if (generator) return undefined;
  return async ? promised(kind) : kind;
}
