import type { Bindings } from "./bindings.ts";
import type { SourceFile } from "./source_file.ts";
import {
  classAround,
  type FunctionNode,
  isFunction,
  nameOfKey,
  type Node,
  parentOf,
  propertyOf,
  unwrap,
} from "./syntax.ts";

type Identifier = Deno.lint.Identifier;

/** Something whose members the file shows: a class, an object literal, or a type. */
export type Shape =
  | Deno.lint.ClassBody
  | Deno.lint.ObjectExpression
  | Deno.lint.TSInterfaceBody
  | Deno.lint.TSTypeLiteral;
/** A named member of a class, an object or a type. */
export type Member =
  | Deno.lint.MethodDefinition
  | Deno.lint.PropertyDefinition
  | Deno.lint.Property
  | Deno.lint.TSParameterProperty
  | Deno.lint.TSPropertySignature;

/** The longest chain of variables that is followed. Nobody writes longer ones. */
const MAX_DEPTH = 10;

/** Finds the classes, objects, types and functions of a file that its expressions stand for. */
export class Shapes {
  readonly #file: SourceFile;
  readonly #bindings: Bindings;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#bindings = file.bindings;
  }

  /** The class or the object that an expression is, or is an instance of. */
  of(node: Node | null | undefined, depth = 0): Shape | undefined {
    if (node === null || node === undefined || depth > MAX_DEPTH) return undefined;
    const inner = unwrap(node);
    const next = depth + 1;
    switch (inner.type) {
      case "ObjectExpression":
        return inner;
      case "ThisExpression":
        return shapeOfThis(inner);
      case "Identifier":
        return this.#named(inner, next);
      case "NewExpression":
        return inner.callee.type === "Identifier" ? this.#declared(inner.callee) : undefined;
      case "AwaitExpression":
        return this.of(inner.argument, next);
      case "MemberExpression":
      case "TSQualifiedName": {
        const member = this.member(inner, next);
        return member && this.#typed(member, next);
      }
      case "CallExpression":
        return this.#returned(this.functionOf(inner.callee, next), next);
      default:
        return undefined;
    }
  }

  /** What `object.name` is declared as, in an expression or in `typeof object.name`. */
  member(
    node: Deno.lint.MemberExpression | Deno.lint.TSQualifiedName,
    depth = 0,
  ): Member | undefined {
    if (node.type === "TSQualifiedName") {
      const shape = this.of(node.left, depth);
      return shape && this.#memberOf(shape, node.right.name);
    }
    const name = propertyOf(node);
    if (name === undefined) return undefined;
    const shape = node.property.type === "PrivateIdentifier"
      ? classDeclaring(name, node)
      : this.of(node.object, depth);
    return shape && this.#memberOf(shape, name);
  }

  /** The member that a class has itself, or inherits from another class of the file. */
  #memberOf(shape: Shape, name: string, depth = 0): Member | undefined {
    const own = memberOf(shape, name);
    if (own !== undefined || shape.type !== "ClassBody" || depth > MAX_DEPTH) return own;
    const base = this.baseOf(shape);
    return base && this.#memberOf(base, name, depth + 1);
  }

  /** The class of the file that a class extends. */
  baseOf({ parent: { superClass } }: Deno.lint.ClassBody): Deno.lint.ClassBody | undefined {
    const base = superClass?.type === "Identifier" ? this.#declared(superClass) : undefined;
    return base?.type === "ClassBody" ? base : undefined;
  }

  /** The member that `{ name }` takes out of a class, an object or a type of the file. */
  unpacked(id: Identifier, depth = 0): Member | undefined {
    const property = id.parent;
    if (property.type !== "Property" || property.parent.type !== "ObjectPattern") return undefined;
    const { typeAnnotation, parent } = property.parent;
    const value = parent.type === "VariableDeclarator" ? parent.init : null;
    const shape = typeAnnotation ? this.#ofType(typeAnnotation, depth) : this.of(value, depth);
    const name = nameOfKey(property.key, property.computed);
    return shape && name !== undefined ? this.#memberOf(shape, name) : undefined;
  }

  /** The function of this file that is called by `callee`: by its name, or as a method. */
  functionOf(callee: Node, depth = 0): FunctionNode | undefined {
    const inner = unwrap(callee);
    if (isFunction(inner)) return inner;
    if (inner.type === "MemberExpression") return functionIn(this.member(inner, depth));
    const id = inner.type === "Identifier" ? this.#bindings.resolve(inner)?.id : undefined;
    const declared = id?.parent;
    switch (declared?.type) {
      case "FunctionDeclaration": // The parent of a parameter is a function too.
        return declared.id === id ? declared : undefined;
      case "VariableDeclarator": {
        const value = declared.parent.kind === "const" ? declared.init : null;
        return value !== null && isFunction(value) ? value : undefined;
      }
      default:
        return id && functionIn(this.unpacked(id, depth));
    }
  }

  /** The function of this file whose result `ReturnType<typeof name>` is. */
  functionOfType(
    { typeArguments }: Deno.lint.TSTypeReference,
    depth = 0,
  ): FunctionNode | undefined {
    const [type] = typeArguments?.params ?? [];
    return type?.type === "TSTypeQuery" ? this.functionOf(type.exprName, depth) : undefined;
  }

  /** What the member of a type is declared as: `Type["name"]`. */
  memberOfType({ objectType, indexType }: Deno.lint.TSIndexedAccessType): Member | undefined {
    const shape = this.#ofType(objectType);
    const name = indexType.type === "TSLiteralType"
      ? nameOfKey(indexType.literal, true)
      : undefined;
    return shape && name !== undefined ? this.#memberOf(shape, name) : undefined;
  }

  /** What a named class, interface or type of this file declares. */
  #declared(id: Identifier, depth = 0): Shape | undefined {
    const declared = this.#bindings.resolve(id)?.id.parent;
    switch (declared?.type) {
      case "ClassDeclaration":
      case "TSInterfaceDeclaration":
        return declared.body;
      case "TSTypeAliasDeclaration":
        return this.#ofType(declared.typeAnnotation, depth + 1);
      default:
        return undefined;
    }
  }

  #named(id: Identifier, depth: number): Shape | undefined {
    const binding = this.#bindings.resolve(id);
    if (binding === undefined) return undefined;
    const { typeAnnotation, parent } = binding.id;
    if (typeAnnotation !== undefined) return this.#ofType(typeAnnotation, depth);
    if (parent.type === "ClassDeclaration") return parent.body;
    if (parent.type === "VariableDeclarator") return this.of(parent.init, depth);
    if (parent.type === "AssignmentPattern") return this.of(parent.right, depth);
    const member = this.unpacked(binding.id, depth);
    return member && this.#typed(member, depth);
  }

  /** What the file shows of a type. */
  #ofType(type: Node | undefined, depth = 0): Shape | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const next = depth + 1;
    switch (type?.type) {
      case "TSTypeAnnotation":
        return this.#ofType(type.typeAnnotation, next);
      case "TSTypeLiteral":
        return type;
      case "TSTypeQuery":
        return this.of(type.exprName, next);
      case "TSTypeReference": {
        const { typeName, typeArguments } = type;
        if (typeName.type !== "Identifier") return undefined;
        if (typeName.name === "ReturnType") {
          return this.#returned(this.functionOfType(type, next), next);
        }
        return isPassing(typeName.name)
          ? this.#ofType(typeArguments?.params[0], next)
          : this.#declared(typeName, next);
      }
      default:
        return undefined;
    }
  }

  /** What the value of a member is. */
  #typed(member: Member, depth: number): Shape | undefined {
    switch (member.type) {
      case "TSParameterProperty": {
        const { parameter } = member;
        return parameter.type === "Identifier" ? this.#named(parameter, depth) : undefined;
      }
      case "TSPropertySignature":
        return member.typeAnnotation && this.#ofType(member.typeAnnotation, depth);
      case "PropertyDefinition":
        return member.typeAnnotation
          ? this.#ofType(member.typeAnnotation, depth)
          : this.of(member.value, depth);
      default: {
        const { kind, value } = member;
        if (kind === "init") return this.of(value, depth);
        return kind === "get" && isFunction(value) ? this.#returned(value, depth) : undefined;
      }
    }
  }

  /** What a function returns, if it has only one `return`. */
  #returned(node: FunctionNode | undefined, depth: number): Shape | undefined {
    if (node === undefined) return undefined;
    const annotated = this.#ofType(node.returnType, depth);
    if (annotated !== undefined) return annotated;
    if (node.body !== null && node.body.type !== "BlockStatement") return this.of(node.body, depth);
    const [only, ...others] = this.#file.returnsOf(node);
    return others.length === 0 ? this.of(only?.argument, depth) : undefined;
  }
}

/** Whether a generic type of the language has the members of its first argument, maybe later. */
export function isPassing(type: string): boolean {
  return /^(Awaited|NonNullable|Omit|Partial|Pick|Promise|Readonly|Required)$/.test(type);
}

/** The constructor that a class has itself. */
export function constructorOf({ body }: Deno.lint.ClassBody): FunctionNode | undefined {
  for (const each of body) {
    if (each.type !== "MethodDefinition" || each.kind !== "constructor") continue;
    return isFunction(each.value) ? each.value : undefined;
  }
  return undefined;
}

/** The member of a class, an object or a type that has a name. */
function memberOf(shape: Shape, name: string): Member | undefined {
  for (const each of membersOf(shape)) {
    switch (each.type) {
      case "MethodDefinition":
        if (each.kind === "constructor") {
          const parameter = each.value.params.find((param) => nameOfParameter(param) === name);
          if (parameter !== undefined) return parameter as Deno.lint.TSParameterProperty;
          continue;
        }
        if (nameOfKey(each.key, each.computed) === name) return each;
        break;
      case "Property":
      case "PropertyDefinition":
      case "TSPropertySignature":
        if (nameOfKey(each.key, each.computed) === name) return each;
    }
  }
  return undefined;
}

function membersOf(shape: Shape): readonly Node[] {
  switch (shape.type) {
    case "ObjectExpression":
      return shape.properties;
    case "TSTypeLiteral":
      return shape.members;
    default:
      return shape.body;
  }
}

/** The function that a member is. */
function functionIn(member: Member | undefined): FunctionNode | undefined {
  switch (member?.type) {
    case "PropertyDefinition":
      return member.value && isFunction(member.value) ? member.value : undefined;
    case "MethodDefinition":
    case "Property":
      if (member.kind === "get" || member.kind === "set") return undefined;
      return isFunction(member.value) ? member.value : undefined;
    default:
      return undefined;
  }
}

/** The name of `constructor(readonly name)`, which makes a field. */
export function nameOfParameter(node: Node): string | undefined {
  if (node.type !== "TSParameterProperty") return undefined;
  const { parameter } = node;
  const id = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
  return id.type === "Identifier" ? id.name : undefined;
}

/** The innermost class around `node` that has a private member of that name. */
function classDeclaring(name: string, node: Node): Shape | undefined {
  let shape = classAround(node);
  while (shape !== undefined && memberOf(shape, name) === undefined) shape = classAround(shape);
  return shape;
}

/** What `this` is an instance of. */
function shapeOfThis(node: Node): Shape | undefined {
  for (let at = parentOf(node); at !== undefined; at = parentOf(at)) {
    if (at.type === "ClassBody") return at;
    if (at.type !== "FunctionDeclaration" && at.type !== "FunctionExpression") continue;
    const { parent } = at;
    if (parent.type === "Property" && parent.parent.type === "ObjectExpression") {
      return parent.parent;
    }
    if (parent.type !== "MethodDefinition" && parent.type !== "PropertyDefinition") {
      return undefined;
    }
  }
  return undefined;
}
