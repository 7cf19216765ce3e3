import { Bindings } from "./bindings.ts";
import { isOurs } from "./imports.ts";
import { firstNotBelow, NodesByPlace } from "./ranges.ts";
import { functionAround, type FunctionNode, lastNameOf, type Node, propertyOf } from "./syntax.ts";

type Call = Deno.lint.CallExpression;
type Return = Deno.lint.ReturnStatement;

/** What the plugin collects from a file while Deno walks through it. */
export class SourceFile {
  readonly bindings: Bindings = new Bindings();
  /** All calls, each after those that are inside it. */
  readonly calls: Call[] = [];
  /** Where it makes a `DisposableStack`, or an asynchronous one. */
  readonly newStacks: Deno.lint.NewExpression[] = [];
  /** All getters of its classes. */
  readonly getters: Deno.lint.MethodDefinition[] = [];
  /** Whether the file imports the library. */
  importsLibrary = false;
  readonly #source: Deno.lint.SourceCode;
  /** The statements that catch what is thrown in them. */
  readonly #catching: Deno.lint.TryStatement[] = [];
  readonly #loneThis: Deno.lint.ThisExpression[] = [];
  readonly #returns: Return[] = [];
  readonly #guardedCalls = new Map<FunctionNode | undefined, readonly Call[]>();
  #callsByPlace?: NodesByPlace<Call>;
  #loneThisByPlace?: NodesByPlace<Deno.lint.ThisExpression>;
  #lineEnds?: readonly number[];
  #catchingOf?: ReadonlyMap<FunctionNode | undefined, Deno.lint.TryStatement[]>;
  #returnsOf?: ReadonlyMap<FunctionNode | undefined, Return[]>;

  constructor(source: Deno.lint.SourceCode) {
    this.#source = source;
  }

  /** The functions that Deno has to call for the nodes of the file. */
  visitor(): Deno.lint.LintVisitor {
    return {
      // On the way out, so that a chain of calls is never examined from its far end.
      "CallExpression:exit": (call: Call) => {
        this.calls.push(call);
      },
      NewExpression: (made) => {
        if (isStack(made)) this.newStacks.push(made);
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
        if (!isNamed) this.#loneThis.push(node);
      },
      ImportDeclaration: ({ source }) => {
        if (isOurs(source.value)) this.importsLibrary = true;
      },
    };
  }

  textOf(node: Node): string {
    return this.#source.getText(node as Deno.lint.Node);
  }

  /** The line that `node` begins on: 1 for the first. O(log n). */
  lineOf(node: Node): number {
    const ends = this.#lineEnds ??= [...this.#source.text.matchAll(/\n/g)].map(({ index }) =>
      index
    );
    return firstNotBelow(ends, node.range[0]) + 1;
  }

  /** The `return` statements of a function, without those of functions inside it. */
  returnsOf(node: FunctionNode): readonly Return[] {
    this.#returnsOf ??= Map.groupBy(this.#returns, functionAround);
    return this.#returnsOf.get(node) ?? [];
  }

  /** The calls of a function whose failure it catches, without those of functions inside it. */
  guardedCallsOf(node: FunctionNode | undefined): readonly Call[] {
    const known = this.#guardedCalls.get(node);
    if (known !== undefined) return known;
    this.#catchingOf ??= Map.groupBy(this.#catching, functionAround);
    let end = 0;
    const guarded = (this.#catchingOf.get(node) ?? []).flatMap(({ block }) => {
      if (block.range[1] <= end) return []; // It is inside the last one.
      end = block.range[1];
      return this.callsIn(block).filter((call) => functionAround(call) === node);
    });
    this.#guardedCalls.set(node, guarded);
    return guarded;
  }

  /** The calls inside `node`. O(log n + results). */
  callsIn(node: Node): Call[] {
    this.#callsByPlace ??= new NodesByPlace(this.calls);
    return this.#callsByPlace.within(node);
  }

  /** Each `this` inside `node` whose members cannot be followed by name: `keep(this)`, `this[name]`. */
  loneThisIn(node: Node): Deno.lint.ThisExpression[] {
    this.#loneThisByPlace ??= new NodesByPlace(this.#loneThis);
    return this.#loneThisByPlace.within(node);
  }
}

function isStack({ callee }: Deno.lint.NewExpression): boolean {
  return /^(Async)?DisposableStack$/.test(lastNameOf(callee) ?? "");
}
