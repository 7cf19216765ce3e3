import type { Bindings } from "../../src/lint/bindings.ts";
import { Fields } from "../../src/lint/fields.ts";
import { Flow } from "../../src/lint/flow.ts";
import { Kinds } from "../../src/lint/kinds.ts";
import { Shapes } from "../../src/lint/shapes.ts";
import { SourceFile } from "../../src/lint/source_file.ts";
import type { Node } from "../../src/lint/syntax.ts";

/** The syntax tree of some code, and what the plugin asks about it. */
export interface Tree {
  readonly file: SourceFile;
  readonly bindings: Bindings;
  readonly shapes: Shapes;
  readonly fields: Fields;
  readonly flow: Flow;
  readonly kinds: Kinds;
  /** The first node of `type` whose text is `text`. */
  find<T extends Node["type"]>(type: T, text: string): Extract<Node, { type: T }>;
  /** All nodes of `type`, in their order. */
  all<T extends Node["type"]>(type: T): Extract<Node, { type: T }>[];
  /** All identifiers of a name, in their order. */
  identifiers(name: string): Deno.lint.Identifier[];
}

/** Parses `source`, and calls `look` with its tree, which is valid only during the call. */
export function inTree(source: string, look: (tree: Tree) => void): void {
  let looked = false;
  const rule: Deno.lint.Rule = {
    create({ sourceCode }) {
      const nodes: Node[] = [];
      const file = new SourceFile(sourceCode);
      return {
        ...file.visitor(),
        "*": (node: Node) => {
          nodes.push(node);
        },
        "Program:exit": () => {
          look(treeOf(file, nodes));
          looked = true;
        },
      };
    },
  };
  Deno.lint.runPlugin({ name: "test", rules: { look: rule } }, "code.ts", source);
  if (!looked) throw new Error("Nothing was parsed");
}

function treeOf(file: SourceFile, nodes: readonly Node[]): Tree {
  const shapes = new Shapes(file);
  const fields = new Fields(file, { shapes, kindOf: (node) => kinds.of(node) });
  const flow = new Flow(file, { shapes, fields });
  const kinds: Kinds = new Kinds(file, { shapes, flow });
  return {
    ...{ file, bindings: file.bindings, shapes, fields, flow, kinds },
    find<T extends Node["type"]>(type: T, text: string) {
      const found = nodes.find((node) => node.type === type && file.textOf(node) === text);
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
  };
}
