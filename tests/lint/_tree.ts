import { Bindings } from "../../src/lint/bindings.ts";
import type { Node } from "../../src/lint/syntax.ts";

/** The syntax tree of some code. */
export interface Tree {
  readonly bindings: Bindings;
  /** The first node of `type` whose text is `text`. */
  find<T extends Node["type"]>(type: T, text: string): Extract<Node, { type: T }>;
  /** All nodes of `type`, in their order. */
  all<T extends Node["type"]>(type: T): Extract<Node, { type: T }>[];
  /** All identifiers of a name, in their order. */
  identifiers(name: string): Deno.lint.Identifier[];
}

/** Parses `source`, and calls `look` with its tree: only then may that be looked at. */
export function inTree(source: string, look: (tree: Tree) => void): void {
  let looked = false;
  const rule: Deno.lint.Rule = {
    create({ sourceCode }) {
      const nodes: Node[] = [];
      const bindings = new Bindings();
      return {
        "*": (node: Node) => {
          nodes.push(node);
          if (node.type === "Identifier") bindings.add(node);
        },
        "Program:exit": () => {
          const textOf = (node: Node) => sourceCode.getText(node as Deno.lint.Node);
          look({
            bindings,
            find<T extends Node["type"]>(type: T, text: string) {
              const found = nodes.find((node) => node.type === type && textOf(node) === text);
              if (found === undefined) throw new Error(`No ${type} is ${text}`);
              return found as Extract<Node, { type: T }>;
            },
            all<T extends Node["type"]>(type: T) {
              return nodes.filter((node) => node.type === type) as Extract<Node, { type: T }>[];
            },
            identifiers: (name) =>
              nodes.filter((node) =>
                node.type === "Identifier" && node.name === name
              ) as Deno.lint.Identifier[],
          });
          looked = true;
        },
      };
    },
  };
  Deno.lint.runPlugin({ name: "test", rules: { look: rule } }, "code.ts", source);
  if (!looked) throw new Error("Nothing was parsed");
}
