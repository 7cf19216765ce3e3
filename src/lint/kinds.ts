import type { Binding, Bindings } from "./bindings.ts";
import {
  classAround,
  type FunctionNode,
  isFunction,
  isWrapper,
  lastNameOf,
  type Node,
  propertyOf,
  unwrap,
} from "./syntax.ts";

/** What an expression is, as far as its file says. */
export type Kind =
  | "manager"
  | "scope"
  | "handle"
  | "weak"
  | "task"
  | "promise"
  | "bundle"
  | "bundle task"
  | "other";

type Call = Deno.lint.CallExpression;
type Identifier = Deno.lint.Identifier;

/** The calls that take a reference, or make a scope, which somebody has to give back. */
const OPENING: ReadonlyMap<string, Kind> = new Map(Object.entries<Kind>({
  "manager.load": "handle",
  "manager.get": "handle",
  "manager.add": "handle",
  "manager.loadAsync": "task",
  "manager.loadAll": "bundle task",
  "manager.scope": "scope",
  "handle.clone": "handle",
  "weak.upgrade": "handle",
  "scope.move": "scope",
}));

/** The calls whose results have an owner already, or hold nothing. */
const OWNED: ReadonlyMap<string, Kind> = new Map(Object.entries<Kind>({
  "scope.load": "handle",
  "scope.loadAsync": "task",
  "scope.loadAll": "bundle task",
  "handle.weak": "weak",
}));

/** What an awaited value is. */
const AWAITED: ReadonlyMap<Kind, Kind> = new Map([
  ["promise", "handle"], // Unlike a task, it can't be disposed.
  ["task", "handle"],
  ["bundle task", "bundle"],
]);

/** The classes and types of the library. */
const TYPES: ReadonlyMap<string, Kind> = new Map(Object.entries<Kind>({
  ResourceManager: "manager",
  ResourceScope: "scope",
  LoadContext: "scope",
  AsyncLoadContext: "scope",
  Handle: "handle",
  WeakHandle: "weak",
  LoadTask: "task",
  LoadedBundle: "bundle",
}));

/** What people call a manager, where its file does not say what it is. */
const MANAGER_NAME = /^_*((asset|resource|res)s?_?)?(mgr|manager)$|^_*resources$/i;

/** Far more than anybody nests; less than a circle of declarations. */
const MAX_DEPTH = 20;

/** What `kind` is when it has been awaited. */
export function awaited(kind: Kind): Kind {
  return AWAITED.get(kind) ?? kind;
}

/** Whether `kind` is to be awaited. */
export function isPending(kind: Kind): boolean {
  return AWAITED.has(kind);
}

/** What a promise of `kind` is, if that is of interest. */
export function promised(kind: Kind): Kind | undefined {
  if (AWAITED.has(kind)) return kind === "task" ? "promise" : kind;
  for (const [promise, result] of AWAITED) if (result === kind) return promise;
  return undefined;
}

/** Says what expressions are: by constructors, annotations and names, for a linter sees no types. */
export class Kinds {
  readonly #bindings: Bindings;
  readonly #importsLibrary: boolean;
  /** Functions that return what they open, and what a call of them gives. */
  readonly openers: Map<FunctionNode, Kind> = new Map();
  #depth = 0;

  /** In a file that imports the library, what is called like a manager is one more readily. */
  constructor(bindings: Bindings, importsLibrary: boolean) {
    this.#bindings = bindings;
    this.#importsLibrary = importsLibrary;
  }

  /** What a call opens that somebody has to give back, if it does. */
  opened(call: Call): Kind | undefined {
    const callee = unwrap(call.callee);
    const own = this.openers.size > 0 ? this.#functionOf(callee) : undefined;
    if (own !== undefined && this.openers.has(own)) return this.openers.get(own);
    if (callee.type !== "MemberExpression") return undefined;
    const method = propertyOf(callee) ?? "";
    const receiver = this.of(callee.object);
    if (receiver !== undefined) return OPENING.get(`${receiver}.${method}`);
    const isNamed = MANAGER_NAME.test(lastNameOf(callee.object) ?? "");
    if (!isNamed || !this.#looksRight(method, call.arguments)) return undefined;
    return OPENING.get(`manager.${method}`);
  }

  /** The function of this file that is called by `callee`: by its name, or as a method of `this`. */
  #functionOf(callee: Node): FunctionNode | undefined {
    if (callee.type === "Identifier") {
      const declared = this.#bindings.resolve(callee)?.id.parent;
      if (declared?.type === "FunctionDeclaration") return declared;
      const value = declared?.type === "VariableDeclarator" ? declared.init : null;
      return value !== null && isFunction(value) ? value : undefined;
    }
    if (callee.type !== "MemberExpression" || callee.object.type !== "ThisExpression") {
      return undefined;
    }
    const name = propertyOf(callee);
    for (const each of classAround(callee)?.body ?? []) {
      if (each.type !== "MethodDefinition" && each.type !== "PropertyDefinition") continue;
      const { value } = each;
      if ((each.key as { name?: string }).name !== name || !value) continue;
      return isFunction(value) ? value : undefined;
    }
    return undefined;
  }

  /** What an expression is; `undefined` if nothing says so. */
  of(node: Node | null | undefined): Kind | undefined {
    if (node === null || node === undefined || this.#depth >= MAX_DEPTH) return undefined;
    this.#depth++;
    try {
      return this.#of(node);
    } finally {
      this.#depth--;
    }
  }

  #of(node: Node): Kind | undefined {
    switch (node.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSTypeAssertion":
        return this.#annotated(node.typeAnnotation) ?? this.of(node.expression);
      case "AwaitExpression": {
        const kind = this.of(node.argument);
        return kind && awaited(kind);
      }
      case "ConditionalExpression":
        return this.of(node.consequent) ?? this.of(node.alternate);
      case "LogicalExpression":
        return this.of(node.left) ?? this.of(node.right);
      case "AssignmentExpression":
        return this.of(node.right);
      case "NewExpression":
        return this.#instance(node.callee);
      case "CallExpression":
        return this.#called(node);
      case "MemberExpression":
        return this.#member(node);
      case "Identifier":
        return this.#named(node);
      default:
        return isWrapper(node) ? this.of(unwrap(node)) : undefined;
    }
  }

  #called(call: Call): Kind | undefined {
    const opened = this.opened(call);
    if (opened !== undefined) return opened;
    const callee = unwrap(call.callee);
    if (callee.type === "Identifier") {
      if (callee.name === "keep") return this.of(call.arguments[0]);
      const declared = this.#bindings.resolve(callee)?.id.parent;
      const isFunction = declared?.type === "FunctionDeclaration";
      return isFunction ? this.#annotated(declared.returnType) : undefined;
    }
    if (callee.type !== "MemberExpression") return undefined;
    const method = propertyOf(callee);
    if (method === "use") return this.of(call.arguments[0]);
    return OWNED.get(`${this.of(callee.object)}.${method}`);
  }

  #member(member: Deno.lint.MemberExpression): Kind | undefined {
    const { object } = member;
    if (object.type === "ThisExpression") return this.#field(member);
    return this.of(object) === "bundle" ? "handle" : undefined;
  }

  /** What `this.name` is, by the class around it. */
  #field(member: Deno.lint.MemberExpression): Kind | undefined {
    const name = propertyOf(member);
    for (const each of classAround(member)?.body ?? []) {
      if (each.type === "PropertyDefinition" && (each.key as { name?: string }).name === name) {
        return this.#annotated(each.typeAnnotation) ?? this.of(each.value);
      }
      if (each.type !== "MethodDefinition") continue;
      if (each.kind === "get" && (each.key as { name?: string }).name === name) {
        return this.#annotated(each.value.returnType);
      }
      if (each.kind !== "constructor") continue;
      for (const parameter of each.value.params) {
        if (parameter.type !== "TSParameterProperty") continue;
        const { parameter: id } = parameter;
        if (id.type === "Identifier" && id.name === name) return this.#annotated(id.typeAnnotation);
      }
    }
    return undefined;
  }

  #named(id: Identifier): Kind | undefined {
    const binding = this.#bindings.resolve(id);
    if (binding === undefined) return undefined;
    return this.#annotated(binding.id.typeAnnotation) ?? this.#initialised(binding);
  }

  #initialised({ id }: Binding): Kind | undefined {
    const parent = id.parent;
    if (parent.type === "VariableDeclarator") return this.of(parent.init);
    if (parent.type === "AssignmentPattern") return this.of(parent.right);
    const declarator = parent.type === "Property" ? parent.parent.parent : undefined;
    if (declarator?.type !== "VariableDeclarator") return undefined;
    return this.of(declarator.init) === "bundle" ? "handle" : undefined;
  }

  /** What `new Class()` makes. */
  #instance(callee: Node): Kind {
    if (callee.type === "Identifier") return this.#typed(callee);
    return TYPES.get(lastNameOf(callee) ?? "") ?? "other";
  }

  #annotated(annotation: Node | undefined): Kind | undefined {
    switch (annotation?.type) {
      case undefined:
        return undefined;
      case "TSTypeAnnotation":
        return this.#annotated(annotation.typeAnnotation);
      case "TSUnionType":
        return this.#annotated(annotation.types.find((type) => !isNothing(type)));
      case "TSTypeReference":
        return this.#reference(annotation);
      default:
        return "other";
    }
  }

  #reference({ typeName, typeArguments }: Deno.lint.TSTypeReference): Kind {
    if (typeName.type === "TSQualifiedName") return TYPES.get(typeName.right.name) ?? "other";
    if (typeName.type !== "Identifier") return "other";
    if (typeName.name !== "Promise") return this.#typed(typeName);
    const kind = this.#annotated(typeArguments?.params[0]);
    return promised(kind ?? "other") ?? "other";
  }

  /** What a class or a type is, by the name that it has in the library. */
  #typed(id: Identifier, depth = 0): Kind {
    const binding = this.#bindings.resolve(id);
    if (binding === undefined) return TYPES.get(id.name) ?? "other";
    const { parent } = binding.id;
    if (parent.type === "ImportSpecifier") return imported(parent);
    if (parent.type !== "ClassDeclaration" || parent.superClass?.type !== "Identifier") {
      return "other";
    }
    return depth < MAX_DEPTH ? this.#typed(parent.superClass, depth + 1) : "other";
  }

  /** Whether a call on what is merely called like a manager has the form of one on a manager. */
  #looksRight(method: string, args: readonly Node[]): boolean {
    const [first, second] = args;
    switch (method) {
      case "load":
      case "get":
        return args.length === 2 && isName(first!) && isType(second!);
      case "loadAsync":
        return (args.length === 2 || args.length === 3) && isName(first!) && isType(second!);
      case "add":
        return this.#importsLibrary && args.length >= 2 && isName(first!);
      case "loadAll":
        return this.#importsLibrary && first?.type === "ObjectExpression";
      case "scope":
        return this.#importsLibrary && (first === undefined || isName(first));
      default:
        return false;
    }
  }
}

function imported({ parent, imported }: Deno.lint.ImportSpecifier): Kind {
  const from = (parent as Deno.lint.ImportDeclaration).source.value;
  if (!isOurs(from) && !/^(\.|\/|@\/|~|#|\$|file:)/.test(from)) return "other";
  return TYPES.get(imported.type === "Identifier" ? imported.name : imported.value) ?? "other";
}

/** Whether a module specifier is that of the library. */
export function isOurs(specifier: string): boolean {
  return specifier.includes("holdfast");
}

function isNothing({ type }: Node): boolean {
  return type === "TSUndefinedKeyword" || type === "TSNullKeyword";
}

/** Whether an argument may be a name of a resource. */
function isName(node: Node): boolean {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string";
    case "BinaryExpression":
      return node.operator === "+";
    case "CallExpression":
    case "Identifier":
    case "MemberExpression":
    case "TemplateLiteral":
      return true;
    default:
      return false;
  }
}

/** Whether an argument may be a type to load as: by its capital, or made by `json()`. */
function isType(node: Node): boolean {
  if (node.type === "CallExpression") return lastNameOf(node.callee) === "json";
  return /^[A-Z]/.test(lastNameOf(node) ?? "");
}
