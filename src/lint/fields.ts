import { nameOfParameter, type Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  assignmentTo,
  classAround,
  isFunction,
  lastNameOf,
  nameOfKey,
  type Node,
  parentOf,
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

/**
 * Finds the fields that expressions stand for, and where each field is used.
 *
 * A class has to dispose its private fields. It also has to dispose other fields that only the class
 * fills, if it disposes some of them, or has no method to dispose anything.
 */
export class Fields {
  readonly #file: SourceFile;
  readonly #shapes: Shapes;
  /** By name: where an object other than `this` has such a field, and whether a pattern takes it out. */
  readonly #others = new Map<string, readonly MemberExpression[]>();
  readonly #unpacked = new Map<string, boolean>();
  readonly #known = new Map<Declaration, Field | undefined>();

  constructor(file: SourceFile, shapes: Shapes) {
    this.#file = file;
    this.#shapes = shapes;
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
      const isOwned = isPrivate && !this.#isReflected(name, body);
      return { name, body, isPrivate, isOwned, value: null };
    }
    const { key, computed, accessibility, parent: body, value } = member;
    const name = nameOfKey(key, computed);
    if (name === undefined || member.static) return undefined;
    const isHard = name.startsWith("#");
    const isPrivate = isHard || accessibility === "private";
    const isOpen = accessibility === "protected" && isExported(body);
    const isOwned = isPrivate || !isOpen && this.#isLeftToClass({ name, body, value });
    const isFollowed = isHard || !this.#isReflected(name, body);
    return { name, body, isPrivate, isOwned: isOwned && isFollowed, value };
  }

  /** Whether only its class can be expected to dispose a field that is not private. */
  #isLeftToClass({ name, body, value }: Pick<Field, "name" | "body" | "value">): boolean {
    const family = this.#familyOf(body);
    // A class of another file that it extends, or a function that receives `this`, may dispose it.
    const isShared = !family || family.some((each) => this.#file.loneThisIn(each).length > 0);
    if (isShared) return false;
    if (family.some((each) => this.#disposes(each))) return true;
    const isPromised = family.some((each) => hasDisposal(each) || implementsOther(each));
    return !isPromised && this.#isFilledBy(family, { name, value });
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
  #isFilledBy(family: readonly ClassBody[], { name, value }: Pick<Field, "name" | "value">) {
    if (this.#outside(name).some((each) => assignmentTo(each) !== undefined)) return false;
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
  #isReflected(name: string, body: ClassBody): boolean {
    return this.#file.loneThisIn(body).some((
      { parent },
    ) => (parent.type === "MemberExpression" || parent.type === "CallExpression" &&
        /^(entries|values)$/.test(lastNameOf(parent.callee) ?? ""))
    ) || this.#isUnpacked(name);
  }

  #isUnpacked(name: string): boolean {
    const known = this.#unpacked.get(name) ??
      this.#file.bindings.named(name).some(({ parent }) =>
        parent.type === "Property" && parent.parent.type === "ObjectPattern"
      );
    this.#unpacked.set(name, known);
    return known;
  }

  /** Whether a class disposes its own fields one by one, so that it should dispose each of them. */
  #disposes(body: ClassBody): boolean {
    return body.body.some((each) =>
      isDisposal(each) && this.#file.callsIn(each).some(disposesField)
    );
  }

  /**
   * Where a field is read or assigned: in its class and, if it is not private, in the whole file,
   * except on `this` of unrelated classes.
   */
  referencesOf({ name, body, isPrivate }: Field): MemberExpression[] {
    if (isPrivate) return this.#membersIn(body, name);
    const family = this.#familyOf(body) ?? [body];
    const own = family.flatMap((each) => this.#membersIn(each, name));
    return [...new Set([...own, ...this.#outside(name)])];
  }
}

/** The member whose name an identifier is. */
function memberNamed(id: Node): MemberExpression | [] {
  const parent = parentOf(id)!;
  const isMember = parent.type === "MemberExpression" && parent.property === id;
  return isMember && !parent.computed ? parent : [];
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
