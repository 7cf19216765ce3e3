import type { Bindings } from "./bindings.ts";
import { givingOf, isNewCollection } from "./collections.ts";
import type { Member, Shapes } from "./shapes.ts";
import { isFunction, lastNameOf, type Node, parentOf, takerOf, unwrap } from "./syntax.ts";

type Identifier = Deno.lint.Identifier;

/** Types of collections. The last type argument is the type of the elements. */
const COLLECTION = /^(Iterable|Record|(Readonly)?(Array|Map|Set))$/;
/** The longest chain of variables and calls that is followed. Nobody writes longer ones. */
const MAX_DEPTH = 20;

/** Finds the types of elements by annotations of collections, and by type arguments of `new`. */
export class Elements {
  readonly #bindings: Bindings;
  readonly #shapes: Shapes;

  constructor(bindings: Bindings, shapes: Shapes) {
    this.#bindings = bindings;
    this.#shapes = shapes;
  }

  /** The type of the elements of a collection; of a map, that of its values. */
  typeIn(collection: Node | null | undefined, depth = 0): Node | undefined {
    if (!collection || depth > MAX_DEPTH) return undefined;
    const inner = unwrap(collection);
    const next = depth + 1;
    switch (inner.type) {
      case "Identifier": {
        const id = this.#bindings.resolve(inner)?.id;
        if (id?.typeAnnotation) return elementType(id.typeAnnotation);
        const parent = id && parentOf(id);
        return parent?.type === "VariableDeclarator" ? this.typeIn(parent.init, next) : undefined;
      }
      case "NewExpression":
        return isNewCollection(inner) ? inner.typeArguments?.params.at(-1) : undefined;
      case "MemberExpression":
        return this.#declared(this.#shapes.member(inner), next);
      case "ArrayExpression": {
        const [only, ...others] = inner.elements;
        const isCopy = only?.type === "SpreadElement" && others.length === 0;
        return isCopy ? this.typeIn(only.argument, next) : undefined;
      }
      case "CallExpression": {
        const { callee } = inner;
        const isSame = callee.type === "MemberExpression" &&
          givingOf(lastNameOf(callee) ?? "") === "all";
        return isSame ? this.typeIn(callee.object, next) : undefined;
      }
      default:
        return undefined;
    }
  }

  #declared(member: Member | undefined, depth: number): Node | undefined {
    switch (member?.type) {
      case "PropertyDefinition":
        return member.typeAnnotation
          ? elementType(member.typeAnnotation)
          : this.typeIn(member.value, depth);
      case "TSPropertySignature":
        return elementType(member.typeAnnotation);
      case "TSParameterProperty":
        return this.typeIn(member.parameter, depth);
      default:
        return undefined;
    }
  }

  /** The type of a variable that is each element in turn, in a loop or in a callback. */
  typeOfEach(id: Identifier): Node | undefined {
    const { parent } = id;
    if (isFunction(parent)) {
      const taker = takerOf(parent);
      const call = parentOf(parent);
      if (call?.type !== "CallExpression" || call.callee.type !== "MemberExpression") {
        return undefined;
      }
      const isEach = givingOf(taker) !== undefined && givingOf(taker) !== "none";
      const index = taker.startsWith("reduce") ? 1 : 0;
      return isEach && parent.params[index] === id ? this.typeIn(call.callee.object) : undefined;
    }
    const isPair = parent.type === "ArrayPattern" && parent.elements[1] === id;
    const declarator = isPair ? parent.parent : parent;
    if (declarator.type !== "VariableDeclarator") return undefined;
    const loop = declarator.parent.parent;
    return loop.type === "ForOfStatement" && loop.left === declarator.parent
      ? this.typeIn(loop.right)
      : undefined;
  }
}

function elementType(type: Node | undefined): Node | undefined {
  switch (type?.type) {
    case "TSTypeAnnotation":
    case "TSTypeOperator": // `readonly Handle<string>[]`
      return elementType(type.typeAnnotation);
    case "TSArrayType":
      return type.elementType;
    case "TSTypeReference": {
      const isKnown = type.typeName.type === "Identifier" && COLLECTION.test(type.typeName.name);
      return isKnown ? type.typeArguments?.params.at(-1) : undefined;
    }
    case "TSUnionType":
      return type.types.map(elementType).find((each) => each !== undefined);
    default:
      return undefined;
  }
}
