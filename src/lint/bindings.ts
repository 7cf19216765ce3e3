import { NodesByPlace } from "./ranges.ts";
import { functionAround, isFunction, isPartOf, type Node, parentOf } from "./syntax.ts";

type Identifier = Deno.lint.Identifier;
type Private = Deno.lint.PrivateIdentifier;

/** A name in the scope where it is declared. */
export interface Binding {
  readonly name: string;
  /** Where it is declared first. */
  readonly id: Identifier;
  /** The block, function or program that it belongs to. */
  readonly scope: Node;
  /** Where it is used or assigned. */
  readonly references: Identifier[];
}

const BLOCKS: ReadonlySet<string> = new Set([
  "BlockStatement",
  "ForInStatement",
  "ForOfStatement",
  "ForStatement",
  "Program",
  "SwitchStatement",
  "TSModuleBlock",
]);

const DECLARATIONS: ReadonlySet<string> = new Set([
  "ClassDeclaration",
  "FunctionDeclaration",
  "TSEnumDeclaration",
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
]);

/** Finds what names stand for. A name is resolved when it is first asked for. */
export class Bindings {
  /** By name. That of a private member begins with `#`. */
  readonly #identifiers = new Map<string, (Identifier | Private)[]>();
  readonly #places = new Map<string, NodesByPlace<Identifier | Private>>();
  readonly #resolved = new Map<string, Map<Identifier, Binding>>();

  /** Adds an identifier of the file. All of them have to be added before the first question. */
  add(id: Identifier | Private): void {
    const name = id.type === "Identifier" ? id.name : `#${id.name}`;
    const known = this.#identifiers.get(name);
    if (known === undefined) this.#identifiers.set(name, [id]);
    else known.push(id);
  }

  /** All identifiers of a name, in any meaning: variables, members and properties. */
  named(name: string): readonly (Identifier | Private)[] {
    return this.#identifiers.get(name) ?? [];
  }

  /** The identifiers of a name inside `node`. O(log n + results). */
  namedIn(name: string, node: Node): readonly (Identifier | Private)[] {
    const known = this.#places.get(name) ?? new NodesByPlace(this.named(name));
    this.#places.set(name, known);
    return known.within(node);
  }

  /** What an identifier stands for, if this file declares it. */
  resolve(id: Identifier): Binding | undefined {
    let resolved = this.#resolved.get(id.name);
    if (resolved === undefined) this.#resolved.set(id.name, resolved = this.#resolveAll(id.name));
    return resolved.get(id);
  }

  #resolveAll(name: string): Map<Identifier, Binding> {
    const scopes = new Map<Node, Binding>();
    const resolved = new Map<Identifier, Binding>();
    const references: Identifier[] = [];
    for (const id of this.named(name)) {
      if (id.type !== "Identifier" || isLabel(id)) continue;
      const scope = scopeDeclaring(id);
      if (scope === undefined) {
        references.push(id);
        continue;
      }
      const binding = scopes.get(scope) ?? { name, id, scope, references: [] };
      scopes.set(scope, binding);
      resolved.set(id, binding);
    }
    for (const id of references) {
      const binding = nearest(id, scopes);
      binding?.references.push(id);
      if (binding !== undefined) resolved.set(id, binding);
    }
    return resolved;
  }
}

function nearest(id: Identifier, scopes: ReadonlyMap<Node, Binding>): Binding | undefined {
  for (let at = parentOf(id); at !== undefined; at = parentOf(at)) {
    const binding = scopes.get(at);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

/** Whether an identifier names a property, a member or a label, which belong to no scope. */
function isLabel(id: Identifier): boolean {
  const parent = parentOf(id)!;
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === id && !parent.computed;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
    case "AccessorProperty":
      return parent.key === id && !parent.computed;
    case "ImportSpecifier":
    case "ExportSpecifier":
      return parent.local !== id;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return true;
    default:
      return false;
  }
}

/** The scope in which an identifier is declared; `undefined` if the identifier is a use. */
function scopeDeclaring(id: Identifier): Node | undefined {
  const pattern = outermostPattern(id);
  const parent = parentOf(pattern)!;
  if (parent.type === "VariableDeclarator" && parent.id === pattern) {
    if (parent.parent.kind !== "var") return blockAround(parent);
    return functionAround(parent) ?? programAround(parent);
  }
  if (parent.type === "CatchClause") return parent.param === pattern ? parent : undefined;
  if (isFunction(parent) && parent.params.some((each) => each === pattern)) return parent;
  if (DECLARATIONS.has(parent.type)) {
    return (parent as { id?: Node }).id === id ? blockAround(parent) : undefined;
  }
  const isImport = parent.type === "ImportSpecifier" || parent.type === "ImportDefaultSpecifier" ||
    parent.type === "ImportNamespaceSpecifier";
  return isImport ? blockAround(parent) : undefined;
}

/** The whole pattern that an identifier is a part of: `{ a: [b] }` for `b`. */
function outermostPattern(id: Identifier): Node {
  let node: Node = id;
  for (;;) {
    const parent: Node = parentOf(node)!;
    if (!isPartOf(parent, node) && parent.type !== "TSParameterProperty") return node;
    node = parent;
  }
}

function blockAround(node: Node): Node {
  let at = parentOf(node)!;
  while (!BLOCKS.has(at.type) && !isFunction(at)) at = parentOf(at)!;
  return at;
}

function programAround(node: Node): Node {
  let at = node;
  while (at.type !== "Program") at = parentOf(at)!;
  return at;
}

/** Whether a binding lives as long as its module. */
export function isOfModule({ scope }: Binding): boolean {
  return scope.type === "Program" || scope.type === "TSModuleBlock";
}
