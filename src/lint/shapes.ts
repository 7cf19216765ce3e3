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

/** What has members that its file shows: a class, or an object that is written out. */
export type Shape = Deno.lint.ClassBody | Deno.lint.ObjectExpression;
/** What a class or an object calls by a name. */
export type Member =
  | Deno.lint.MethodDefinition
  | Deno.lint.PropertyDefinition
  | Deno.lint.Property
  | Deno.lint.TSParameterProperty;

/** Far more than anybody goes from one variable to the next. */
const MAX_DEPTH = 10;

/** Finds the classes, objects and functions of a file that its expressions stand for. */
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
        return inner.callee.type === "Identifier" ? this.#classNamed(inner.callee) : undefined;
      case "AwaitExpression":
        return this.of(inner.argument, next);
      case "MemberExpression": {
        const member = this.member(inner, next);
        return member && this.#typed(member, next);
      }
      case "CallExpression":
        return this.#returned(this.functionOf(inner.callee, next), next);
      default:
        return undefined;
    }
  }

  /** What `object.name` is declared as. */
  member(node: Deno.lint.MemberExpression, depth = 0): Member | undefined {
    const name = propertyOf(node);
    if (name === undefined) return undefined;
    const shape = node.property.type === "PrivateIdentifier"
      ? classDeclaring(name, node)
      : this.of(node.object, depth);
    return shape && memberOf(shape, name);
  }

  /** The function of this file that is called by `callee`: by its name, or as a method. */
  functionOf(callee: Node, depth = 0): FunctionNode | undefined {
    const inner = unwrap(callee);
    if (isFunction(inner)) return inner;
    if (inner.type === "MemberExpression") {
      const member = this.member(inner, depth);
      if (member === undefined || member.type === "TSParameterProperty") return undefined;
      const isAccessor = member.type !== "PropertyDefinition" &&
        (member.kind === "get" || member.kind === "set");
      return !isAccessor && member.value && isFunction(member.value) ? member.value : undefined;
    }
    if (inner.type !== "Identifier") return undefined;
    const id = this.#bindings.resolve(inner)?.id;
    const declared = id?.parent;
    // The parent of a parameter is a function too.
    if (declared?.type === "FunctionDeclaration" && declared.id === id) return declared;
    const value = declared?.type === "VariableDeclarator" && declared.parent.kind === "const"
      ? declared.init
      : null;
    return value !== null && isFunction(value) ? value : undefined;
  }

  /** The class of this file that a name stands for. */
  #classNamed(id: Deno.lint.Identifier): Shape | undefined {
    const declared = this.#bindings.resolve(id)?.id.parent;
    return declared?.type === "ClassDeclaration" ? declared.body : undefined;
  }

  #named(id: Deno.lint.Identifier, depth: number): Shape | undefined {
    const binding = this.#bindings.resolve(id);
    if (binding === undefined) return undefined;
    const { typeAnnotation, parent } = binding.id;
    if (typeAnnotation !== undefined) return this.#annotated(typeAnnotation);
    if (parent.type === "ClassDeclaration") return parent.body;
    if (parent.type === "VariableDeclarator") return this.of(parent.init, depth);
    return parent.type === "AssignmentPattern" ? this.of(parent.right, depth) : undefined;
  }

  #annotated({ typeAnnotation }: Deno.lint.TSTypeAnnotation): Shape | undefined {
    const isNamed = typeAnnotation.type === "TSTypeReference" &&
      typeAnnotation.typeName.type === "Identifier";
    return isNamed ? this.#classNamed(typeAnnotation.typeName as Deno.lint.Identifier) : undefined;
  }

  /** What the value of a member is. */
  #typed(member: Member, depth: number): Shape | undefined {
    if (member.type === "TSParameterProperty") {
      const { parameter } = member;
      return parameter.type === "Identifier" ? this.#named(parameter, depth) : undefined;
    }
    if (member.type === "PropertyDefinition" && member.typeAnnotation !== undefined) {
      return this.#annotated(member.typeAnnotation);
    }
    if (member.type === "PropertyDefinition" || member.kind === "init") {
      return this.of(member.value, depth);
    }
    const { value } = member;
    return member.kind === "get" && isFunction(value) ? this.#returned(value, depth) : undefined;
  }

  /** What a function returns, if it returns one thing only. */
  #returned(node: FunctionNode | undefined, depth: number): Shape | undefined {
    if (node === undefined) return undefined;
    if (node.returnType !== undefined) {
      const annotated = this.#annotated(node.returnType);
      if (annotated !== undefined) return annotated;
    }
    if (node.body !== null && node.body.type !== "BlockStatement") return this.of(node.body, depth);
    const [only, ...others] = this.#file.returnsOf(node);
    return others.length === 0 ? this.of(only?.argument, depth) : undefined;
  }
}

/** The constructor that a class has itself. */
export function constructorOf({ body }: Deno.lint.ClassBody): FunctionNode | undefined {
  for (const each of body) {
    if (each.type !== "MethodDefinition" || each.kind !== "constructor") continue;
    return isFunction(each.value) ? each.value : undefined;
  }
  return undefined;
}

/** The member of a class or an object that has a name. */
export function memberOf(shape: Shape, name: string): Member | undefined {
  const members = shape.type === "ClassBody" ? shape.body : shape.properties;
  for (const each of members) {
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
        if (nameOfKey(each.key, each.computed) === name) return each;
    }
  }
  return undefined;
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
