import { Bindings } from "./bindings.ts";
import { isOurs } from "./imports.ts";
import {
  contains,
  functionAround,
  type FunctionNode,
  isFunction,
  type Node,
  propertyOf,
} from "./syntax.ts";

type Call = Deno.lint.CallExpression;
type Return = Deno.lint.ReturnStatement;

/** What the plugin collects of a file while Deno walks through it. */
export class SourceFile {
  readonly bindings: Bindings = new Bindings();
  /** All calls, each after those that are inside it. */
  readonly calls: Call[] = [];
  /** All getters of its classes. */
  readonly getters: Deno.lint.MethodDefinition[] = [];
  /** Each `this` whose members cannot be followed by name: `keep(this)`, `this[name]`. */
  readonly loneThis: Deno.lint.ThisExpression[] = [];
  /** Whether the file imports the library. */
  importsLibrary = false;
  readonly #source: Deno.lint.SourceCode;
  /** The statements that catch what is thrown in them. */
  readonly #catching: Deno.lint.TryStatement[] = [];
  readonly #returns: Return[] = [];
  #byEnd?: readonly Call[];
  #returnsOf?: ReadonlyMap<FunctionNode | undefined, Return[]>;

  constructor(source: Deno.lint.SourceCode) {
    this.#source = source;
  }

  /** What Deno has to call for the nodes of the file. */
  visitor(): Deno.lint.LintVisitor {
    return {
      // On the way out, so that no chain of calls is ever looked into from its far end.
      "CallExpression:exit": (call: Call) => {
        this.calls.push(call);
      },
      ReturnStatement: (statement) => {
        this.#returns.push(statement);
      },
      TryStatement: (statement) => {
        if (statement.handler !== null) this.#catching.push(statement);
      },
      MethodDefinition: (method) => {
        if (method.kind === "get") this.getters.push(method);
      },
      Identifier: (id) => this.bindings.add(id),
      PrivateIdentifier: (id) => this.bindings.add(id),
      ThisExpression: (node) => {
        const { parent } = node;
        const isNamed = parent.type === "MemberExpression" && propertyOf(parent) !== undefined;
        if (!isNamed) this.loneThis.push(node);
      },
      ImportDeclaration: ({ source }) => {
        if (isOurs(source.value)) this.importsLibrary = true;
      },
    };
  }

  textOf(node: Node): string {
    return this.#source.getText(node as Deno.lint.Node);
  }

  /** The line that `node` begins on: 1 for the first. */
  lineOf(node: Node): number {
    return this.#source.text.slice(0, node.range[0]).split("\n").length;
  }

  /** The `return` statements of a function, without those of functions inside it. */
  returnsOf(node: FunctionNode): readonly Return[] {
    this.#returnsOf ??= Map.groupBy(this.#returns, functionAround);
    return this.#returnsOf.get(node) ?? [];
  }

  /** The calls inside `node` whose failure is caught in the same function. */
  guardedCallsIn(node: Node): Call[] {
    const around = isFunction(node) ? node : functionAround(node);
    const guarded = this.#catching.filter(({ block }) =>
      (contains(node, block) || contains(block, node)) && functionAround(block) === around
    );
    if (guarded.length === 0) return [];
    return this.callsIn(node).filter((call) =>
      functionAround(call) === around && guarded.some(({ block }) => contains(block, call))
    );
  }

  /** The calls inside `node`. O(log n) and as many as there are. */
  callsIn(node: Node): Call[] {
    // Deno visits the body of a function before its parameters.
    const calls = this.#byEnd ??= this.calls.toSorted((a, b) => a.range[1] - b.range[1]);
    let from = 0;
    for (let to = calls.length; from < to;) {
      const middle = (from + to) >> 1;
      if (calls[middle]!.range[1] <= node.range[0]) from = middle + 1;
      else to = middle;
    }
    const found: Call[] = [];
    for (; from < calls.length && calls[from]!.range[1] <= node.range[1]; from++) {
      if (contains(node, calls[from]!)) found.push(calls[from]!);
    }
    return found;
  }
}
