import type { Bindings } from "./bindings.ts";
import type { Fields } from "./fields.ts";
import { flat, type Flow } from "./flow.ts";
import { isDisposable, type Kind } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import type { Owners } from "./owners.ts";
import type { Place } from "./places.ts";
import type { SourceFile } from "./source_file.ts";
import {
  callOf,
  lastNameOf,
  type Node,
  type Opening,
  parentOf,
  propertyOf,
  unwrap,
} from "./syntax.ts";

type Call = Deno.lint.CallExpression;

interface Parts {
  readonly fields: Fields;
  readonly flow: Flow;
  readonly kinds: Kinds;
  readonly owners: Owners;
}

/** Finds the stacks that hold handles or the like: others hold only things that are not followed. */
export class Stacks {
  readonly #file: SourceFile;
  readonly #bindings: Bindings;
  readonly #parts: Parts;
  #isAnyFilled?: boolean;

  constructor(file: SourceFile, parts: Parts) {
    this.#file = file;
    this.#bindings = file.bindings;
    this.#parts = parts;
  }

  /** Whether a new stack, or one that is moved, holds a handle or the like that nothing else takes. */
  isNeeded(opening: Opening): boolean {
    const places = this.#placesOf(opening);
    if (places.length === 0) {
      return this.#isAnyFilled ??= this.#file.calls.some((call) => this.#isFilling(call));
    }
    return places.some((place) =>
      this.#parts.owners.referencesOf(place).some((use) => {
        const member = parentOf(use)!;
        const call = member.type === "MemberExpression" ? callOf(member) : undefined;
        return call !== undefined && this.#isFilling(call);
      })
    );
  }

  /** Where a stack is kept that is made or moved. */
  #placesOf(opening: Opening): Place[] {
    if (opening.type === "NewExpression") {
      const ends = flat(this.#parts.flow.ends({ node: opening, kind: "stack" }));
      return ends.flatMap((end) => end.end === "kept" ? end.place : []);
    }
    const callee = opening.type === "CallExpression" ? unwrap(opening.callee) : opening;
    if (callee.type !== "MemberExpression" || propertyOf(callee) !== "move") return [];
    const stack = unwrap(callee.object);
    const place = stack.type === "Identifier"
      ? this.#bindings.resolve(stack)
      : stack.type === "MemberExpression"
      ? this.#parts.fields.of(stack)
      : undefined;
    return place === undefined ? [] : [place];
  }

  /** Whether a call puts something into a stack that nothing else disposes. */
  #isFilling(call: Call): boolean {
    const { flow, kinds, owners } = this.#parts;
    const { callee, arguments: [what] } = call;
    if (callee.type !== "MemberExpression" || !/^(adopt|use)$/.test(lastNameOf(callee) ?? "")) {
      return false;
    }
    if (kinds.of(callee.object) !== "stack") return false;
    const kind: Kind | undefined = kinds.of(what);
    if (kind === undefined || !isDisposable(kind)) return false;
    const uses: Node[] = [call];
    const id = what && unwrap(what);
    const variable = id?.type === "Identifier" ? this.#bindings.resolve(id) : undefined;
    uses.push(...variable?.references.filter((each) => each !== id) ?? []);
    const isTaken = (node: Node) =>
      flat(flow.ends({ node, kind })).some((end) => owners.isOwned(end));
    return !uses.some(isTaken);
  }
}
