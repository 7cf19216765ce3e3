import type { Kind } from "./kind.ts";
import { nameOfParameter, type Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  assignmentTo,
  callOf,
  classAround,
  isFunction,
  lastNameOf,
  nameOfKey,
  type Node,
  parentOf,
  propertyOf,
  unwrap,
} from "./syntax.ts";

type ClassBody = Deno.lint.ClassBody;
type MemberExpression = Deno.lint.MemberExpression;
type Declaration = Deno.lint.PropertyDefinition | Deno.lint.TSParameterProperty;

/** Names of methods that dispose things. `[Symbol.dispose]` counts as `dispose`. */
const DISPOSING = /^(asyncDispose|close|destroy|dispose|free|release|unload)$/;

/** Whether a method of that name disposes what its object holds. */
export function isDisposing(name: string): boolean {
  return DISPOSING.test(name);
}

/** A field, without the question who has to dispose it. */
type Unowned = Omit<Field, "isOwned">;

/** A field of a class of the file. */
export interface Field {
  /** As it is written: `#name` for a private one. */
  readonly name: string;
  /** The class. */
  readonly body: ClassBody;
  /** Whether nothing outside of the class can reach it. */
  readonly isPrivate: boolean;
  /** Whether its class has to dispose it, because nothing else does: see {@linkcode Fields}. */
  readonly isOwned: boolean;
  /** Its first value. */
  readonly value: Node | null;
}

interface Parts {
  readonly shapes: Shapes;
  /** What an expression is. Not asked before the first question about a field. */
  readonly kindOf: (node: Node) => Kind | undefined;
}

/**
 * Finds the fields that expressions stand for, and where each field is used.
 *
 * A class has to dispose its private fields. It also has to dispose other fields that only the class
 * fills, if it disposes some of them, or has no method to dispose anything.
 */
export class Fields {
  readonly #file: SourceFile;
  readonly #shapes: Shapes;
  readonly #kindOf: Parts["kindOf"];
  /** By name: where an object other than `this` has such a member, and where a pattern takes it out. */
  readonly #others = new Map<string, readonly MemberExpression[]>();
  readonly #unpacked = new Map<string, readonly Deno.lint.ObjectPattern[]>();
  readonly #known = new Map<Declaration, Field | undefined>();

  constructor(file: SourceFile, { shapes, kindOf }: Parts) {
    this.#file = file;
    this.#shapes = shapes;
    this.#kindOf = kindOf;
  }

  /** The field that `object.name` is, if a class of the file declares it. */
  of(node: MemberExpression): Field | undefined {
    const member = this.#shapes.member(node);
    const isField = member?.type === "PropertyDefinition" || member?.type === "TSParameterProperty";
    return isField ? this.declaredBy(member) : undefined;
  }

  /** The field that a member of a class declares. Not a static one, which lasts as long as the class. */
  declaredBy(member: Declaration): Field | undefined {
    if (!this.#known.has(member)) this.#known.set(member, this.#make(member));
    return this.#known.get(member);
  }

  #make(member: Declaration): Field | undefined {
    if (member.type === "TSParameterProperty") {
      const name = nameOfParameter(member);
      // Deno does not provide the accessibility of these.
      const isPrivate = this.#file.textOf(member).startsWith("private ");
      const body = classAround(member)!;
      // An argument of a constructor may belong to the caller.
      if (name === undefined) return undefined;
      return this.#field({ name, body, isPrivate, value: null }, () => isPrivate);
    }
    const { key, computed, accessibility, parent: body, value } = member;
    const name = nameOfKey(key, computed);
    if (name === undefined || member.static) return undefined;
    const isPrivate = name.startsWith("#") || accessibility === "private";
    const isOpen = accessibility === "protected" && isExported(body);
    return this.#field(
      { name, body, isPrivate, value },
      (field) => isPrivate || !isOpen && this.#isLeftToClass(field),
    );
  }

  /** A field whose owner is looked for when it is first asked for. */
  #field(field: Unowned, isLeft: (field: Unowned) => boolean): Field {
    const isFollowed = () => field.name.startsWith("#") || !this.#isReflected(field);
    let isOwned: boolean | undefined;
    return {
      ...field,
      get isOwned() {
        return isOwned ??= isLeft(field) && isFollowed();
      },
    };
  }

  /** Whether only its class can be expected to dispose a field that is not private. */
  #isLeftToClass(field: Unowned): boolean {
    const family = this.#familyOf(field.body);
    // A class of another file that it extends, or a function that receives `this`, may dispose it.
    const isShared = !family || family.some((each) => this.#file.loneThisIn(each).length > 0);
    if (isShared) return false;
    if (family.some((each) => this.#disposes(each))) return true;
    const isPromised = family.some((each) => hasDisposal(each) || implementsOther(each));
    return !isPromised && this.#isFilledBy(family, field);
  }

  /** A class, those that it extends and those that extend it; `undefined` if one is of another file. */
  #familyOf(body: ClassBody): readonly ClassBody[] | undefined {
    const family = new Set([body]);
    for (const each of family) { // Grows while it is iterated.
      const base = this.#shapes.baseOf(each);
      if (base !== undefined) family.add(base);
      else if (each.parent.superClass) return undefined;
      const { id } = each.parent;
      const uses = id ? this.#file.bindings.resolve(id)?.references : undefined;
      for (const { parent } of uses ?? []) {
        if (/^Class/.test(parent.type) && "body" in parent) family.add(parent.body as ClassBody);
      }
    }
    return [...family];
  }

  /** Whether only the classes of a family fill a field, with values that they open themselves. */
  #isFilledBy(family: readonly ClassBody[], { name, value }: Unowned) {
    const isFilled = this.#outside(name).some((each) =>
      assignmentTo(each) !== undefined && this.#kindOf(each.object) !== "foreign" &&
      this.#mayHave(each.object, { name, family })
    );
    if (isFilled) return false;
    const fills = family.flatMap((each) => this.#membersIn(each, name))
      .flatMap((each) => assignmentTo(each) ?? []);
    return (value !== null || fills.length > 0) && !fills.some(({ right }) => this.#isGiven(right));
  }

  /** Where a class contains `object.name`. */
  #membersIn(body: ClassBody, name: string): MemberExpression[] {
    return this.#file.bindings.namedIn(name, body).flatMap(memberNamed);
  }

  /** Where the file contains `object.name`, except `this.name`. */
  #outside(name: string): readonly MemberExpression[] {
    const known = this.#others.get(name) ?? this.#file.bindings.named(name).flatMap(memberNamed)
      .filter(({ object }) => object.type !== "ThisExpression");
    this.#others.set(name, known);
    return known;
  }

  /** Whether a value is a parameter, which may belong to the caller. */
  #isGiven(value: Node): boolean {
    const inner = unwrap(value);
    const binding = inner.type === "Identifier" ? this.#file.bindings.resolve(inner) : undefined;
    return binding !== undefined && isFunction(parentOf(binding.id)!);
  }

  /** Whether a field is read by `const { name } = …`, `this[key]` or `Object.values(this)`. */
  #isReflected(field: Unowned): boolean {
    return this.#file.loneThisIn(field.body).some(({ parent }) =>
      parent.type === "MemberExpression" || parent.type === "CallExpression" &&
        /^(entries|values)$/.test(lastNameOf(parent.callee) ?? "")
    ) || this.#patternsWith(field.name).some((pattern) => this.#isUnpacked(pattern, field));
  }

  /** The patterns that take a member of that name out of something. */
  #patternsWith(name: string): readonly Deno.lint.ObjectPattern[] {
    const known = this.#unpacked.get(name) ??
      this.#file.bindings.named(name).flatMap(({ parent }) =>
        parent.type === "Property" && parent.parent.type === "ObjectPattern" ? parent.parent : []
      );
    this.#unpacked.set(name, known);
    return known;
  }

  /** Whether a pattern may take a field out of its object. */
  #isUnpacked(pattern: Deno.lint.ObjectPattern, { name, body, isPrivate }: Unowned): boolean {
    const { parent, typeAnnotation } = pattern;
    if (typeAnnotation !== undefined) {
      // No type but that of the class has its private fields.
      return !isPrivate || this.#file.textOf(typeAnnotation).includes(body.parent.id?.name ?? "");
    }
    const from = parent.type === "VariableDeclarator" ? parent.init : null;
    return from === null || this.#mayHave(from, { name, family: this.#familyOf(body) ?? [body] });
  }

  /** Whether an object may have a field of some classes, by what the file shows of the object. */
  #mayHave(object: Node, { name, family }: { name: string; family: readonly ClassBody[] }) {
    const inner = unwrap(object);
    if (inner.type === "ThisExpression") return true;
    const shape = this.#shapes.of(inner);
    if (shape?.type === "ClassBody") return family.includes(shape);
    const isIt = inner.type === "MemberExpression" && inner.object.type === "ThisExpression" &&
      propertyOf(inner) === name; // `this.value.value` reads what is in the field.
    const kind = this.#kindOf(inner);
    return shape?.type !== "ObjectExpression" && !isIt &&
      (kind === undefined || kind === "foreign" || kind === "other");
  }

  /** Whether a class disposes its own fields one by one, so that it should dispose each of them. */
  #disposes(body: ClassBody): boolean {
    return body.body.some((each) =>
      isDisposal(each) && this.#file.callsIn(each).some(disposesField)
    );
  }

  /**
   * Where a field is read or assigned: in its class and, if it is not private, in the whole file,
   * except on `this` of unrelated classes, and on objects that are certainly something else.
   */
  referencesOf({ name, body, isPrivate }: Field): MemberExpression[] {
    const family = this.#familyOf(body) ?? [body];
    const own = (isPrivate ? [body] : family).flatMap((each) => this.#membersIn(each, name));
    const others = isPrivate ? [] : this.#outside(name);
    return [...new Set([...own, ...others])].filter(({ object }) =>
      this.#mayHave(object, { name, family })
    );
  }
}

/** The member whose name an identifier is, if it may be a field: what is followed cannot be called. */
function memberNamed(id: Node): MemberExpression | [] {
  const parent = parentOf(id)!;
  const isMember = parent.type === "MemberExpression" && parent.property === id;
  return isMember && !parent.computed && callOf(parent) === undefined ? parent : [];
}

/** Whether a member of a class is a method that disposes things, by its name. */
function isDisposal(member: Node): boolean {
  return member.type === "MethodDefinition" && isDisposing(lastNameOf(member.key) ?? "");
}

function hasDisposal({ body }: ClassBody): boolean {
  return body.some(isDisposal);
}

/** Whether a class implements an interface, whose users may dispose its fields. */
function implementsOther({ parent }: ClassBody): boolean {
  return parent.implements.some(({ expression }) =>
    !/^(Async)?Disposable$/.test(lastNameOf(expression) ?? "")
  );
}

function isExported({ parent }: ClassBody): boolean {
  return parent.parent.type.startsWith("Export");
}

/** Whether a call is `this.field[Symbol.dispose]()` or the like. */
function disposesField({ callee }: Deno.lint.CallExpression): boolean {
  const method = unwrap(callee);
  if (method.type !== "MemberExpression") return false;
  const field = unwrap(method.object);
  return DISPOSING.test(lastNameOf(method.property) ?? "") && field.type === "MemberExpression" &&
    field.object.type === "ThisExpression";
}
