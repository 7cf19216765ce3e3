import { type Binding, isOfModule } from "./bindings.ts";
import type { Fields } from "./fields.ts";
import { flat, type Flow, isInClosure, isInReturned } from "./flow.ts";
import type { Kind } from "./kind.ts";
import { type End, isVariable, type Kept, type Place, type Value } from "./places.ts";
import { type Node, parentOf, wrapped } from "./syntax.ts";

/** A place, and the kind of value in it. */
type Held = Pick<Kept, "place" | "kind">;

/** A use of a variable, and where its value goes from there. */
interface Use {
  readonly from: Node;
  readonly ends: readonly End[];
}

/** Finds out whether the value in a variable or a field is disposed or handed on. */
export class Owners {
  readonly #flow: Flow;
  readonly #fields: Fields;
  readonly #taken = new Map<Place, Map<Kind, boolean>>();
  readonly #uses = new Map<Binding, Map<Kind, readonly Use[]>>();

  constructor(flow: Flow, fields: Fields) {
    this.#flow = flow;
    this.#fields = fields;
  }

  /** Whether the value in a place is taken, from there or from a place to which it goes next. */
  isTaken(held: Held): boolean {
    if (this.#known(held) === undefined) this.#search(held, (each) => this.#known(each));
    return this.#known(held)!;
  }

  /** Whether a value has an owner where it ends up; of several parts, each of them. */
  isOwned(end: End): boolean {
    switch (end.end) {
      case "kept":
        return this.isTaken(end);
      case "parts":
        return end.parts.every((part) => part.ends.some((each) => this.isOwned(each)));
      default:
        return end.end === "taken";
    }
  }

  /** A place whose value is not taken, and all places to which the value goes. */
  placesOf(held: Held): ReadonlySet<Place> {
    return this.#search(held, () => undefined);
  }

  #search(held: Held, known: (held: Held) => boolean | undefined): ReadonlySet<Place> {
    /** From where each place was reached first. */
    const from = new Map<Place, Held | undefined>([[held.place, undefined]]);
    const open = [held];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const isTaken = known(at);
      const next = isTaken === undefined ? this.#next(at) : isTaken ? undefined : [];
      if (next === undefined) {
        for (let each: Held | undefined = at; each; each = from.get(each.place)) {
          this.#remember(each, true);
        }
        return new Set(from.keys());
      }
      for (const each of next) {
        if (from.has(each.place)) continue;
        from.set(each.place, at);
        open.push(each);
      }
    }
    this.#remember(held, false);
    return new Set(from.keys());
  }

  #known({ place, kind }: Held): boolean | undefined {
    return this.#taken.get(place)?.get(kind);
  }

  #remember({ place, kind }: Held, isTaken: boolean): void {
    const kinds = this.#taken.get(place) ?? new Map<Kind, boolean>();
    this.#taken.set(place, kinds.set(kind, isTaken));
  }

  /** The places to which the uses of a place move its value; `undefined` if a use takes it. */
  #next({ place, kind }: Held): Held[] | undefined {
    if (isVariable(place) ? isOfModule(place) : !place.isOwned) return undefined;
    const next: Held[] = [];
    for (const node of this.referencesOf(place)) {
      if (isVariable(place) && isInClosure(node, place) && !isInReturned(node, place)) {
        return undefined;
      }
      for (const end of flat(this.#flow.ends({ node, kind }))) {
        if (end.end === "taken") return undefined;
        if (end.end === "kept") next.push(end);
      }
    }
    return next;
  }

  /** Whether a use of a place tests the value in it, disposes it, or hands it on. */
  isCaring({ node, kind }: Value): boolean {
    if (isTested(node)) return true;
    return flat(this.#flow.ends({ node, kind })).some(({ end }) => end !== "lost");
  }

  /** The uses of a variable that keep its value or hand it on, and where it goes from there. */
  keepingUsesOf(variable: Binding, kind: Kind): readonly Use[] {
    const known = this.#uses.get(variable)?.get(kind);
    if (known !== undefined) return known;
    const uses = variable.references
      .map((from) => ({ from, ends: this.#flow.ends({ node: from, kind }) }))
      .filter(({ ends }) => flat(ends).some(({ end }) => end !== "lost"));
    const kinds = this.#uses.get(variable) ?? new Map<Kind, readonly Use[]>();
    this.#uses.set(variable, kinds.set(kind, uses));
    return uses;
  }

  /** Where a variable or a field is used or assigned. */
  referencesOf(place: Place): readonly Node[] {
    return isVariable(place) ? place.references : this.#fields.referencesOf(place);
  }
}

/** Whether a condition tests whether there is a value: `if (this.#a)`, `a === undefined`. */
function isTested(node: Node): boolean {
  const parent = parentOf(wrapped(node))!;
  switch (parent.type) {
    case "BinaryExpression":
    case "ConditionalExpression":
    case "IfStatement":
    case "LogicalExpression":
      return true;
    default:
      return parent.type === "UnaryExpression" && parent.operator === "!";
  }
}
