import type { Binding } from "./bindings.ts";
import type { Kinds } from "./kinds.ts";
import { REPEATING } from "./overwriting.ts";
import type { SourceFile } from "./source_file.ts";
import {
  classAround,
  lastNameOf,
  nameOfFunction,
  type Node,
  outermostFunction,
  parentOf,
  propertyOf,
  wrapped,
} from "./syntax.ts";

type MemberExpression = Deno.lint.MemberExpression;

/** A field that keeps the value of a handle. */
export interface Stale {
  /** The field, as it is written. */
  readonly name: string;
  /** The assignment, or the field with its first value. */
  readonly node: Node;
  /** The handle. */
  readonly handle: Node;
}

/** Methods that call a function when something changes. */
const LISTENING = /^(addEventListener|on|once|subscribe|watch)$/;

/** Finds fields that keep the value of a handle: the next reload gives the handle another value. */
export class StaleValues {
  readonly #file: SourceFile;
  readonly #kinds: Kinds;

  constructor(file: SourceFile, kinds: Kinds) {
    this.#file = file;
    this.#kinds = kinds;
  }

  /** All such fields, except those that are renewed in each frame, or by a class that listens to reloads. */
  *get(): Generator<Stale> {
    for (const id of this.#file.bindings.named("value")) {
      const read = parentOf(id)!;
      if (read.type === "MemberExpression" && read.property === id) yield* this.#keptBy(read);
      else if (read.type === "Property" && read.key === id) yield* this.#unpackedBy(read);
    }
  }

  /** The fields that keep `handle.value`. */
  *#keptBy(read: MemberExpression): Generator<Stale> {
    const { object } = read;
    if (!isNamed(object) || this.#kinds.of(object) !== "handle") return;
    yield* this.#fields(read, object);
  }

  /** The fields that keep what `const { value } = handle` takes out. */
  *#unpackedBy({ value, parent }: Deno.lint.Property): Generator<Stale> {
    const by = parent.type === "ObjectPattern" ? parent.parent : undefined;
    if (by?.type !== "VariableDeclarator" || !isNamed(by.init)) return;
    if (value.type !== "Identifier" || this.#kinds.of(by.init) !== "handle") return;
    yield* this.#assigned(this.#file.bindings.resolve(value), by.init);
  }

  *#fields(value: Node, handle: Node): Generator<Stale> {
    const kept = wholeOf(value);
    const by = parentOf(kept)!;
    if (by.type === "VariableDeclarator" && by.id.type === "Identifier") {
      yield* this.#assigned(this.#file.bindings.resolve(by.id), handle);
    } else {
      const name = this.#fieldIn(by, kept);
      if (name !== undefined && !this.#isRenewed(by)) yield { name, node: by, handle };
    }
  }

  /** The fields to which a variable is assigned unchanged. */
  *#assigned(variable: Binding | undefined, handle: Node): Generator<Stale> {
    for (const use of variable?.references ?? []) {
      const kept = wholeOf(use);
      const by = parentOf(kept)!;
      const name = this.#fieldIn(by, kept);
      if (name !== undefined && !this.#isRenewed(by)) yield { name, node: by, handle };
    }
  }

  /** The name of the field of `this` that `by` puts a value in. */
  #fieldIn(by: Node, value: Node): string | undefined {
    if (by.type === "PropertyDefinition") {
      return by.value === value && !by.static ? this.#file.textOf(by.key) : undefined;
    }
    if (by.type !== "AssignmentExpression" || by.right !== value) return undefined;
    const { left } = by;
    const isField = left.type === "MemberExpression" && left.object.type === "ThisExpression";
    return isField ? propertyOf(left) : undefined;
  }

  /** Whether a field gets a new value in each frame, or its class listens for changes. */
  #isRenewed(by: Node): boolean {
    const body = classAround(by);
    const method = outermostFunction(by, body);
    if (method !== undefined && REPEATING.test(nameOfFunction(method))) return true;
    return body === undefined ||
      this.#file.callsIn(body).some(({ callee }) => LISTENING.test(lastNameOf(callee) ?? ""));
  }
}

/** Whether a handle has a name. One without a name is dropped, which another rule reports. */
function isNamed(handle: Node | null): handle is Deno.lint.Identifier | MemberExpression {
  return handle?.type === "Identifier" || handle?.type === "MemberExpression";
}

/** The outermost expression that can be the value: `hero?.value ?? null` for `hero?.value`. */
function wholeOf(value: Node): Node {
  let at = wrapped(value);
  for (let parent = parentOf(at)!;; parent = parentOf(at)!) {
    const isPassed = parent.type === "LogicalExpression" ||
      parent.type === "ConditionalExpression" && parent.test !== at;
    if (!isPassed) return at;
    at = wrapped(parent);
  }
}
