import { givingOf, isStoring } from "./collections.ts";
import { awaited, collected, elementOf, isPending, type Kind, promised } from "./kind.ts";
import { type End, type Places, TAKEN, type Value } from "./places.ts";
import { constructorOf, type Shapes } from "./shapes.ts";
import {
  callOf,
  type FunctionNode,
  isDiscarding,
  isNothing,
  lastNameOf,
  type Node,
  parentOf,
  propertyOf,
  takerOf,
  unwrap,
} from "./syntax.ts";

type Call = Deno.lint.CallExpression;
type Steps = readonly (Value | End)[];

/** Members that neither dispose the object nor hand it on. */
const LOOKS: ReadonlyMap<Kind, ReadonlySet<string>> = new Map<Kind, ReadonlySet<string>>([
  ["handle", new Set(["value", "key", "version", "disposed", "weak", "clone", "toJSON"])],
  ["result", new Set(["reason", "status"])],
  ["stack", new Set(["adopt", "defer", "disposed", "use"])],
  ["scope", new Set("adopt defer disposed escaped label load loadAll loadAsync use".split(" "))],
]);

/** Values that are certainly not handles. */
const PLAIN = /^(Literal|TemplateLiteral|BinaryExpression|UnaryExpression)$/;

/** Functions that read their arguments and keep none. */
const LOOKING = /^(assert\w*|Boolean|String|log|info|warn|error|debug|dir|table|inspect)$/;

/** Follows a value that is an argument, the result of a callback, or the object of a member. */
export class Calls {
  readonly #places: Places;
  readonly #shapes: Shapes;

  constructor(places: Places, shapes: Shapes) {
    this.#places = places;
    this.#shapes = shapes;
  }

  /** Where an argument of a call goes. */
  given(call: Call, { node, kind }: Value): Steps {
    const callee = unwrap(call.callee);
    const name = lastNameOf(callee) ?? "";
    // A value that is asserted to be `undefined` cannot be lost.
    if (LOOKING.test(name) && !call.arguments.some(isNothing)) return [{ end: "lost", kind }];
    const index = call.arguments.findIndex((each) => each === node);
    if (callee.type === "MemberExpression") {
      if (isStoring(name)) return this.#places.stored(callee.object, { kind, by: call });
      const method = `${lastNameOf(callee.object)}.${name}`;
      if (method === "Object.keys") return [{ end: "lost", kind }];
      const converted = index === 0 ? convertedBy(method, kind) : undefined;
      if (converted !== undefined) return [{ node: call, kind: converted }];
    }
    const own = this.#shapes.functionOf(callee);
    return own !== undefined && isPlain(call.arguments)
      ? this.#passed(own, { index, kind })
      : TAKEN;
  }

  /** Where an argument of `new` goes. */
  constructed(made: Deno.lint.NewExpression, { node, kind }: Value): Steps {
    const shape = this.#shapes.of(made);
    const own = shape?.type === "ClassBody" ? constructorOf(shape) : undefined;
    const index = made.arguments.findIndex((each) => each === node);
    const isSeen = own !== undefined && index >= 0 && isPlain(made.arguments);
    return isSeen ? this.#passed(own, { index, kind }) : TAKEN;
  }

  /** Where the argument of a function of this file goes. */
  #passed(node: FunctionNode, { index, kind }: { index: number; kind: Kind }): Steps {
    const { params, body, generator } = node;
    if (body === null || generator) return TAKEN;
    const rest = params.at(-1)?.type === "RestElement";
    const param = params[index];
    if (param === undefined) return rest ? TAKEN : [{ end: "lost", kind }];
    return this.#places.bound(param, { kind, by: param });
  }

  /** Where a function's result goes: to its caller, if the file shows the call. */
  returned(node: FunctionNode | undefined, kind: Kind): Steps {
    const call = node && parentOf(node);
    const result = node?.async ? promised(kind) : kind;
    const taken: Steps = [{ end: "taken", by: node! }];
    if (call?.type !== "CallExpression" || node!.generator || result === undefined) return taken;
    if (call.callee === node) return [{ node: call, kind: result }];
    if (isDiscarding(node!)) return [{ end: "lost", kind }];
    const passed = resultOf(takerOf(node!), result);
    return passed === undefined ? taken : [{ node: call, kind: passed }];
  }

  /** Where a value goes when one of its members is read or called. */
  member(member: Deno.lint.MemberExpression, kind: Kind): Steps {
    const name = propertyOf(member);
    const call = callOf(member);
    if (kind === "bundle" || kind === "record") {
      if (name === undefined) return TAKEN;
      const declared = this.#shapes.member(member);
      const isPlain = declared?.type === "Property" && PLAIN.test(declared.value.type);
      return isPlain ? [{ end: "lost", kind }] : [{ node: member, kind: "handle" }];
    }
    if (elementOf(kind) !== undefined) return this.#element(member, kind);
    if (name === undefined) return TAKEN;
    if (kind === "result" && name === "value") return [{ node: member, kind: "handle" }];
    if (isPending(kind)) return call === undefined ? TAKEN : this.#settled(call, { name, kind });
    const isMoving = name === "move" && (kind === "scope" || kind === "stack");
    if (isMoving && call !== undefined) return [{ node: call, kind }];
    return LOOKS.get(kind)?.has(name) ? [{ end: "lost", kind }] : TAKEN;
  }

  /** Where the elements of a collection go. */
  #element(member: Deno.lint.MemberExpression, kind: Kind): Steps {
    const each = elementOf(kind)!;
    const name = member.computed ? undefined : propertyOf(member);
    if (name === undefined) return [{ node: member, kind: each }];
    const giving = givingOf(name);
    const lost: Steps = [{ end: "lost", kind }];
    const call = callOf(member);
    if (call === undefined) return giving === "none" ? lost : TAKEN;
    const [callback] = call.arguments;
    const own = callback && this.#shapes.functionOf(callback);
    const index = name === "reduce" ? 1 : 0;
    const passed = own === undefined ? TAKEN : this.#passed(own, { index, kind: each });
    switch (giving) {
      case undefined:
        return TAKEN;
      case "none":
        return lost;
      case "each":
        return passed;
      default: {
        const result: Value = { node: call, kind: giving === "one" ? each : kind };
        return own === undefined ? [result] : [result, ...passed];
      }
    }
  }

  /** Where a promise's value goes: to the callback of `then`, or through `catch` and `finally`. */
  #settled(call: Call, { name, kind }: { name: string; kind: Kind }): Steps {
    const onwards: Steps = [{ node: call, kind: kind === "task" ? "promise" : kind }];
    if (name === "catch" || name === "finally") return onwards;
    if (name !== "then") return TAKEN;
    const [callback] = call.arguments;
    if (callback === undefined || isNothing(callback)) return onwards;
    const own = this.#shapes.functionOf(callback);
    return own === undefined ? TAKEN : this.#passed(own, { index: 0, kind: awaited(kind) });
  }
}

/** Whether no argument is spread. */
function isPlain(args: readonly Node[]): boolean {
  return args.every(({ type }) => type !== "SpreadElement");
}

/** What a function of the language makes from its first argument. */
function convertedBy(name: string, kind: Kind): Kind | undefined {
  const isCollection = elementOf(kind) !== undefined;
  switch (name) {
    case "Promise.all":
      return isCollection ? "promise of handles" : undefined;
    case "Promise.allSettled":
      return isCollection ? "promise of results" : undefined;
    case "Promise.any":
    case "Promise.race":
      return isCollection ? "promise" : undefined;
    case "Array.from":
    case "Object.fromEntries":
      return isCollection ? kind : undefined;
    case "Object.entries":
    case "Object.values":
      if (isCollection) return kind;
      return kind === "record" || kind === "bundle" ? "handles" : undefined;
    default:
      return undefined;
  }
}

/** What a call returns if its callback returns `kind`; `undefined` if that is not known. */
function resultOf(method: string, kind: Kind): Kind | undefined {
  switch (method) {
    case "flatMap":
      return elementOf(kind) === undefined ? collected(kind) : kind;
    case "from":
    case "map":
      return collected(kind);
    case "fromAsync":
      return awaited(kind) === "handle" ? "promise of handles" : undefined;
    case "catch":
    case "then":
      return promised(kind);
    case "useMemo":
      return kind;
    default:
      return undefined;
  }
}
