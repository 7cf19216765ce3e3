import { nameOfParameter, type Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  classAround,
  contains,
  lastNameOf,
  nameOfKey,
  type Node,
  parentOf,
  unwrap,
} from "./syntax.ts";

type MemberExpression = Deno.lint.MemberExpression;
type Declaration = Deno.lint.PropertyDefinition | Deno.lint.TSParameterProperty;

/** What methods are called that dispose things; `dispose` for `[Symbol.dispose]` as well. */
const DISPOSING = /^(asyncDispose|close|destroy|dispose|free|release|unload)$/;

/** A field of a class of the file. */
export interface Field {
  /** As it is written: `#name` for a private one. */
  readonly name: string;
  /** The class. */
  readonly body: Deno.lint.ClassBody;
  /** Whether nothing outside of the class can reach it. */
  readonly isPrivate: boolean;
  /** Whether its class is to dispose it: it is private, or the class disposes others like it. */
  readonly isOwned: boolean;
  /** What it begins with. */
  readonly value: Node | null;
}

/** Finds the fields that expressions stand for, and where each field is used. */
export class Fields {
  readonly #file: SourceFile;
  readonly #shapes: Shapes;
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

  /** The field that a member of a class declares. A static one is none: it lasts as long as the class. */
  declaredBy(member: Declaration): Field | undefined {
    if (!this.#known.has(member)) this.#known.set(member, this.#make(member));
    return this.#known.get(member);
  }

  #make(member: Declaration): Field | undefined {
    if (member.type === "TSParameterProperty") {
      const name = nameOfParameter(member);
      // Deno does not tell the accessibility of these.
      const isPrivate = this.#file.textOf(member).startsWith("private ");
      const body = classAround(member)!;
      // What a constructor is given may be of its caller.
      if (name === undefined) return undefined;
      const isOwned = isPrivate && !this.#isReflected(name, body);
      return { name, body, isPrivate, isOwned, value: null };
    }
    const { key, computed, accessibility, parent: body, value } = member;
    const name = nameOfKey(key, computed);
    if (name === undefined || member.static) return undefined;
    const isHard = name.startsWith("#");
    const isPrivate = isHard || accessibility === "private";
    const isOwned = isPrivate || accessibility !== "protected" && this.#disposes(body);
    const isFollowed = isHard || !this.#isReflected(name, body);
    return { name, body, isPrivate, isOwned: isOwned && isFollowed, value };
  }

  /** Whether a field is read by `const { name } = …`, `this[key]` or `Object.values(this)`. */
  #isReflected(name: string, body: Deno.lint.ClassBody): boolean {
    return this.#file.loneThis.some(({ parent }) =>
      contains(body, parent) &&
      (parent.type === "MemberExpression" || parent.type === "CallExpression" &&
          /^(entries|values)$/.test(lastNameOf(parent.callee) ?? ""))
    ) || this.#file.bindings.named(name).some(({ parent }) =>
      parent.type === "Property" && parent.parent.type === "ObjectPattern"
    );
  }

  /** Whether a class disposes its own fields one by one, so that it ought to dispose each of them. */
  #disposes(body: Deno.lint.ClassBody): boolean {
    // What it inherits, and who is given `this`, may dispose them as well.
    if (body.parent.superClass || this.#file.loneThis.some((each) => contains(body, each))) {
      return false;
    }
    return body.body.some((each) =>
      each.type === "MethodDefinition" && DISPOSING.test(lastNameOf(each.key) ?? "") &&
      this.#file.callsIn(each).some(disposesField)
    );
  }

  /** Where a field is read or assigned: in its class, and in the whole file if it is not private. */
  referencesOf({ name, body, isPrivate }: Field): MemberExpression[] {
    return this.#file.bindings.named(name).flatMap((id) => {
      const parent = parentOf(id)!;
      const isMember = parent.type === "MemberExpression" && parent.property === id &&
        !parent.computed;
      return isMember && (!isPrivate || contains(body, id)) ? parent : [];
    });
  }
}

/** Whether a call is `this.field[Symbol.dispose]()` or the like. */
function disposesField({ callee }: Deno.lint.CallExpression): boolean {
  const method = unwrap(callee);
  if (method.type !== "MemberExpression") return false;
  const field = unwrap(method.object);
  return DISPOSING.test(lastNameOf(method.property) ?? "") && field.type === "MemberExpression" &&
    field.object.type === "ThisExpression";
}
