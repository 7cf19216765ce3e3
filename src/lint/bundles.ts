import { type Flow, isInClosure } from "./flow.ts";
import type { Owners } from "./owners.ts";
import { type End, isVariable } from "./places.ts";
import {
  argumentsOf,
  lastNameOf,
  nameOfKey,
  type Node,
  openerOf,
  type Opening,
  parentOf,
  propertyOf,
} from "./syntax.ts";

/** Finds bundles whose handles are taken one by one, and not all of them. */
export class Bundles {
  readonly #flow: Flow;
  readonly #owners: Owners;

  constructor(flow: Flow, owners: Owners) {
    this.#flow = flow;
    this.#owners = owners;
  }

  /** Whether nothing takes one of the handles of a bundle, but others are taken by their names. */
  leavesOut(call: Opening, ends: readonly End[]): boolean {
    const [bundle] = argumentsOf(call);
    if (lastNameOf(openerOf(call)) !== "loadAll" || bundle === undefined) return false;
    const [only, ...others] = ends;
    const names = others.length === 0 ? this.#namesTaken(only) : undefined;
    return names !== undefined && labelsOf(bundle).some((label) => !names.has(label));
  }

  /** The names by which handles are taken out of a bundle; `undefined` if all may be taken. */
  #namesTaken(end: End | undefined): ReadonlySet<string | undefined> | undefined {
    if (end?.end === "parts") return new Set(end.parts.map(({ name }) => name));
    if (end?.end !== "kept" || end.kind !== "bundle" || !isVariable(end.place)) return undefined;
    const { place, kind } = end;
    const names = new Set<string>();
    for (const node of place.references) {
      const ends = this.#flow.ends({ node, kind });
      const isUsed = isInClosure(node, place) || ends.some((each) => this.#owners.isOwned(each));
      if (!isUsed) continue;
      const member = parentOf(node)!;
      const name = member.type === "MemberExpression" ? propertyOf(member) : undefined;
      if (name === undefined) return undefined;
      names.add(name);
    }
    return names;
  }
}

/** The names of the resources in a bundle; `undefined` for each one that is computed. */
function labelsOf(bundle: Node): (string | undefined)[] {
  switch (bundle.type) {
    case "ObjectExpression":
      return bundle.properties.flatMap((each) =>
        each.type === "Property" ? [nameOfKey(each.key, each.computed)] : []
      );
    case "ArrayExpression":
      return bundle.elements.flatMap((each) =>
        each?.type === "Literal" ? [nameOfKey(each, true)] : []
      );
    default:
      return [];
  }
}
