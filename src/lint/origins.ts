import type { Bindings } from "./bindings.ts";
import { isForeign, moduleOf } from "./imports.ts";
import { isPassing, type Member, type Shapes } from "./shapes.ts";
import { classAround, type Node, unwrap } from "./syntax.ts";

/** The longest chain of variables and types that is followed. Nobody writes longer ones. */
const MAX_DEPTH = 20;

/** Finds out what comes from other modules of the project, which a file does not show. */
export class Origins {
  readonly #bindings: Bindings;
  readonly #shapes: Shapes;

  constructor(bindings: Bindings, shapes: Shapes) {
    this.#bindings = bindings;
    this.#shapes = shapes;
  }

  /** Whether an expression, its type, or what it is a member of, is imported from the project. */
  isOfProject(node: Node | null | undefined, depth = 0): boolean {
    if (!node || depth > MAX_DEPTH) return false;
    const inner = unwrap(node);
    const next = depth + 1;
    if (this.typeOf(inner) !== undefined) return true;
    switch (inner.type) {
      case "Identifier": {
        const id = this.#bindings.resolve(inner)?.id;
        const module = id && moduleOf(id.parent);
        if (module !== undefined) return !isForeign(module);
        const pattern = id?.parent.type === "Property" ? id.parent.parent : undefined;
        if (pattern?.type === "ObjectPattern" && this.#typeIn(pattern.typeAnnotation)) return true;
        const by = pattern?.parent ?? id?.parent;
        return by?.type === "VariableDeclarator" && this.isOfProject(by.init, next);
      }
      case "MemberExpression": {
        const member = this.#shapes.member(inner);
        if (member === undefined) return this.isOfProject(inner.object, next);
        return member.type === "PropertyDefinition" && this.isOfProject(member.value, next);
      }
      case "ThisExpression":
        return this.isOfProject(classAround(inner)?.parent.superClass, next);
      case "CallExpression":
      case "NewExpression":
        return this.isOfProject(inner.callee, next);
      case "AwaitExpression":
        return this.isOfProject(inner.argument, next);
      default:
        return false;
    }
  }

  /** The name of the type of an expression, if it is imported from the project. */
  typeOf(node: Node): string | undefined {
    const inner = unwrap(node);
    if (inner.type === "MemberExpression") {
      return this.#typeIn(annotationOf(this.#shapes.member(inner)));
    }
    if (inner.type !== "Identifier") return undefined;
    return this.#typeIn(this.#bindings.resolve(inner)?.id.typeAnnotation);
  }

  /** The name that is imported in a type: `Mgr` in `Mgr | undefined`, `mgr` in `typeof mgr`. */
  #typeIn(type: Node | null | undefined, depth = 0): string | undefined {
    const next = depth + 1;
    if (depth > MAX_DEPTH) return undefined;
    switch (type?.type) {
      case "TSTypeAnnotation":
        return this.#typeIn(type.typeAnnotation, next);
      case "TSUnionType":
        return this.#typeIn(type.types.find((each) => each.type === "TSTypeReference"), next);
      case "TSTypeReference": {
        const { typeName, typeArguments } = type;
        const isOther = typeName.type === "Identifier" &&
          (isPassing(typeName.name) || /^(Instance|Return)Type$/.test(typeName.name));
        return this.#typeIn(isOther ? typeArguments?.params[0] : typeName, next);
      }
      case "TSQualifiedName":
        return this.#typeIn(type.left, next) && type.right.name;
      case "TSTypeQuery":
        return this.#typeIn(type.exprName, next);
      case "Identifier": {
        const parent = this.#bindings.resolve(type)?.id.parent;
        if (parent?.type === "TSTypeAliasDeclaration") {
          return this.#typeIn(parent.typeAnnotation, next);
        }
        const module = parent && moduleOf(parent);
        return module === undefined || isForeign(module) ? undefined : type.name;
      }
      default:
        return undefined;
    }
  }
}

/** The type that a member is declared with. */
function annotationOf(member: Member | undefined): Node | undefined {
  switch (member?.type) {
    case "PropertyDefinition":
    case "TSPropertySignature":
      return member.typeAnnotation;
    case "TSParameterProperty":
      return member.parameter.type === "Identifier" ? member.parameter.typeAnnotation : undefined;
    case "MethodDefinition":
      return member.kind === "get" ? member.value.returnType : undefined;
    default:
      return undefined;
  }
}
