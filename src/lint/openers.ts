import type { Binding } from "./bindings.ts";
import { isCollection, isRecord } from "./collections.ts";
import type { Flow } from "./flow.ts";
import { awaited, collected, type Kind, promised } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import type { Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  callOf,
  functionAround,
  type FunctionNode,
  isFunction,
  isNothing,
  lastNameOf,
  type Node,
  parentOf,
  propertyOf,
  unwrap,
} from "./syntax.ts";

type Call = Deno.lint.CallExpression;
/** What a function returns: `nothing` if no value, `undefined` if a value that it did not open. */
type Given = Kind | "nothing" | undefined;

/** The deepest nesting of a returned value that is followed. Nobody writes deeper ones. */
const MAX_DEPTH = 50;

/**
 * Finds the functions of a file that return only values which they opened. Their callers have to
 * dispose these values.
 */
export class Openers {
  readonly #file: SourceFile;
  readonly #kinds: Kinds;
  readonly #flow: Flow;
  readonly #shapes: Shapes;
  /** Each function is examined once, and opens `nothing` meanwhile. */
  readonly #known = new Map<FunctionNode, Given>();
  readonly #variables = new Map<Binding, Given>();
  #depth = 0;

  constructor(
    file: SourceFile,
    { kinds, flow, shapes }: { kinds: Kinds; flow: Flow; shapes: Shapes },
  ) {
    this.#file = file;
    this.#kinds = kinds;
    this.#flow = flow;
    this.#shapes = shapes;
  }

  /** What a call of a function opens, if it does. */
  kindOf(node: FunctionNode): Kind | undefined {
    if (!this.#known.has(node)) {
      this.#known.set(node, "nothing");
      this.#known.set(node, this.#returned(node));
    }
    const kind = this.#known.get(node);
    return kind === "nothing" ? undefined : kind;
  }

  #returned(node: FunctionNode): Kind | undefined {
    const { body, async, generator } = node;
    if (generator || body === null) return undefined;
    const values = body.type === "BlockStatement"
      ? this.#file.returnsOf(node).flatMap(({ argument }) => argument ?? [])
      : [body];
    const kind = this.#either(values);
    if (kind === undefined || kind === "nothing") return undefined;
    return async ? promised(kind) : kind;
  }

  /** What several values are, if each of them was opened or is nothing. */
  #either(values: readonly Node[]): Given {
    let either: Given = "nothing";
    for (const value of values) {
      const given = this.#given(value);
      if (given === undefined) return undefined;
      if (either === "nothing") either = given;
    }
    return either;
  }

  #given(value: Node): Given {
    if (this.#depth >= MAX_DEPTH) return undefined;
    this.#depth++;
    const given = this.#examine(unwrap(value));
    this.#depth--;
    return given;
  }

  #examine(value: Node): Given {
    if (isNothing(value) || value.type === "Literal") return "nothing";
    switch (value.type) {
      case "AwaitExpression": {
        const given = this.#given(value.argument);
        return given && given !== "nothing" ? awaited(given) : given;
      }
      case "ConditionalExpression":
        return this.#either([value.consequent, value.alternate]);
      case "LogicalExpression":
        return value.operator === "&&"
          ? this.#given(value.right)
          : this.#either([value.left, value.right]);
      case "CallExpression":
        return this.#called(value);
      case "NewExpression":
        return this.#kinds.opened(value);
      case "Identifier": {
        const binding = this.#file.bindings.resolve(value);
        const isLocal = binding && functionAround(binding.id) === functionAround(value);
        return isLocal ? this.#kept(binding) : undefined;
      }
      case "ArrayExpression": {
        const each = this.#either(value.elements.map((element) => element as Node));
        return each && each !== "nothing" ? collected(each) : each;
      }
      case "ObjectExpression":
        return isRecord(value) ? this.#record(value) : undefined;
      default:
        return undefined;
    }
  }

  /** An object whose properties are opened, or plain. */
  #record({ properties }: Deno.lint.ObjectExpression): Given {
    const each = this.#either(properties.map((property) => (property as Deno.lint.Property).value));
    return each === "handle" ? "record" : undefined;
  }

  #called(call: Call): Given {
    const opened = this.#kinds.opened(call);
    if (opened !== undefined) return opened;
    const own = this.#shapes.functionOf(call.callee);
    if (own !== undefined) return this.#known.get(own);
    const [callback] = call.arguments;
    if (lastNameOf(call.callee) !== "map" || !callback || !isFunction(callback)) return undefined;
    const each = this.kindOf(callback);
    return each && collected(each);
  }

  /** What a variable holds, if that was opened and will belong to the caller only. */
  #kept(binding: Binding): Given {
    if (!this.#variables.has(binding)) {
      this.#variables.set(binding, undefined);
      this.#variables.set(binding, this.#leaving(binding));
    }
    return this.#variables.get(binding);
  }

  #leaving({ id, references }: Binding): Given {
    const { parent } = id;
    if (parent.type !== "VariableDeclarator") return undefined;
    const values = references.flatMap((each) => {
      const user = parentOf(each)!;
      if (user.type === "AssignmentExpression" && user.left === each) return user.right;
      const call = user.type === "MemberExpression" && propertyOf(user) === "push" && callOf(user);
      return call ? call.arguments : [];
    });
    if (parent.init) values.push(parent.init);
    const each = this.#either(values);
    const kind = each && each !== "nothing" && isCollection(parent.init) ? collected(each) : each;
    if (kind === undefined || kind === "nothing") return kind;
    const around = functionAround(id);
    const leaves = references.every((node) =>
      functionAround(node) === around &&
      this.#flow.ends({ node, kind }).every((to) =>
        to.end === "lost" || to.end === "taken" && to.by === around
      )
    );
    return leaves ? kind : undefined;
  }
}
