import { type Binding, type Bindings, isOfModule } from "./bindings.ts";
import { isCollection } from "./collections.ts";
import type { Field, Fields } from "./fields.ts";
import { collected, elementOf, type Kind } from "./kind.ts";
import {
  type FunctionNode,
  nameOfKey,
  type Node,
  type Opening,
  parentOf,
  propertyOf,
  unwrap,
} from "./syntax.ts";

/** An expression, and what it is. */
export interface Value {
  readonly node: Node;
  readonly kind: Kind;
}

/** Where a value can be kept. */
export type Place = Binding | Field;

/** Where a value ends up. */
export type End =
  /** With an owner that is not checked further. `by` is the function that returns it, if one does. */
  | { readonly end: "taken"; readonly by?: FunctionNode }
  /** Nowhere: nothing keeps it. */
  | { readonly end: "lost"; readonly kind: Kind }
  | Kept
  /** In several places, each of which has a part of it: `{ a, b }`. */
  | { readonly end: "parts"; readonly parts: readonly Part[] };

/** A value in a variable or a field. */
export interface Kept {
  readonly end: "kept";
  readonly kind: Kind;
  readonly place: Place;
  /** What puts it there: a declarator, an assignment, a parameter, an element of a pattern, a call. */
  readonly by: Node;
}

/** What is kept somewhere: the call that opened it, and the expression that it came from. */
export interface Found {
  readonly call: Opening;
  readonly kept: Kept;
  readonly from: Node;
  /** Whether the value goes elsewhere as well. */
  readonly isShared: boolean;
}

/** A part of a value. */
export interface Part {
  /** The name that it is taken out by, if it has one. */
  readonly name: string | undefined;
  readonly ends: readonly End[];
}

/** What is put somewhere, and by which node. */
export interface Putting {
  readonly kind: Kind | undefined;
  readonly by: Node;
}

/** The end of everything that is not checked further. */
export const TAKEN: readonly End[] = [{ end: "taken" }];

/** Finds where a value is kept that is declared, assigned or stored. */
export class Places {
  readonly #bindings: Bindings;
  readonly #fields: Fields;

  constructor(bindings: Bindings, fields: Fields) {
    this.#bindings = bindings;
    this.#fields = fields;
  }

  /** Where the first value of a field is kept. */
  defined(definition: Deno.lint.PropertyDefinition, kind: Kind): readonly End[] {
    return kept(this.#fields.declaredBy(definition), { kind, by: definition });
  }

  /** Where a value is kept that is assigned to a variable, a field, or an element of a collection. */
  assigned(target: Node, { kind, by }: Putting): readonly End[] {
    const inner = unwrap(target);
    if (inner.type === "Identifier") return kept(this.#bindings.resolve(inner), { kind, by });
    if (inner.type !== "MemberExpression") return TAKEN;
    if (propertyOf(inner) !== undefined) return kept(this.#fields.of(inner), { kind, by });
    return this.stored(inner.object, { kind, by });
  }

  /** Where a value is kept that becomes an element of a collection. */
  stored(collection: Node, { kind, by }: Putting): readonly End[] {
    const inner = unwrap(collection);
    if (inner.type !== "Identifier" && inner.type !== "MemberExpression") return TAKEN;
    const place = inner.type === "Identifier"
      ? this.#bindings.resolve(inner)
      : this.#fields.of(inner);
    const isSeen = place !== undefined && isCollection(firstValueOf(place));
    return kept(isSeen ? place : undefined, { kind: kind && collected(kind), by });
  }

  /** Where an element of a pattern puts a value, in a declaration or in an assignment. */
  put(target: Node, { kind, by }: { kind: Kind; by: Node }): readonly End[] {
    return target.type === "MemberExpression"
      ? this.assigned(target, { kind, by })
      : this.bound(target, { kind, by });
  }

  /** Where a declaration or a parameter puts a value. */
  bound(pattern: Node, { kind, by }: { kind: Kind; by: Node }): readonly End[] {
    switch (pattern.type) {
      case "Identifier":
        return kept(this.#bindings.resolve(pattern), { kind, by });
      case "AssignmentPattern":
        return this.bound(pattern.left, { kind, by });
      case "TSParameterProperty":
        return kept(this.#fields.declaredBy(pattern), { kind, by });
      case "ObjectPattern":
        return this.#unpacked(pattern, kind);
      case "ArrayPattern": {
        const each = elementOf(kind);
        // Deno leaves out everything after a hole, so what is missing may still be bound.
        const isKnown = each !== undefined && pattern.elements.length > 0 &&
          pattern.elements.every((element) => element?.type === "Identifier");
        return isKnown ? [this.#parts(pattern.elements as Node[], each)] : TAKEN;
      }
      default:
        return TAKEN;
    }
  }

  #unpacked({ properties }: Deno.lint.ObjectPattern, kind: Kind): readonly End[] {
    const isKnown = properties.every((each) => each.type === "Property" && !each.computed);
    if (!isKnown) return TAKEN;
    if (kind === "handle") return [{ end: "lost", kind }];
    if (kind !== "bundle" && kind !== "record") return TAKEN;
    return [this.#parts(properties.map((each) => (each as Deno.lint.Property).value), "handle")];
  }

  #parts(patterns: readonly Node[], kind: Kind): End {
    const parts = patterns.map((pattern) => {
      const parent = parentOf(pattern)!;
      const name = parent.type === "Property" ? nameOfKey(parent.key, false) : undefined;
      return { name, ends: this.bound(pattern, { kind, by: pattern }) };
    });
    return { end: "parts", parts };
  }
}

/**
 * A value has an owner in a variable of a module, and in a place that the file does not show. But a
 * value that is assigned to a variable of a module may be lost when the variable is assigned again.
 */
function kept(place: Place | undefined, { kind, by }: Putting): readonly End[] {
  const isLasting = place !== undefined && isVariable(place) && isOfModule(place) &&
    by.type !== "AssignmentExpression";
  if (place === undefined || kind === undefined || isLasting) return TAKEN;
  return [{ end: "kept", kind, place, by }];
}

/** Whether a place is a variable, and not a field. */
export function isVariable(place: Place): place is Binding {
  return "scope" in place;
}

function firstValueOf(place: Place): Node | null {
  if (!isVariable(place)) return place.value;
  const { parent } = place.id;
  return parent.type === "VariableDeclarator" ? parent.init : null;
}
