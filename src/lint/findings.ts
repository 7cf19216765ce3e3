import { isClaimedAbsent, isMeantToThrow } from "./assertions.ts";
import { isOfModule } from "./bindings.ts";
import { Bundles } from "./bundles.ts";
import { Fields } from "./fields.ts";
import { type Edit, Fixes } from "./fix.ts";
import { flat, Flow, isInClosure } from "./flow.ts";
import { elementOf, isPending, type Kind } from "./kind.ts";
import { Kinds } from "./kinds.ts";
import { type Message, Messages } from "./messages.ts";
import type { Names } from "./names.ts";
import { Owners } from "./owners.ts";
import { isFirst, Overwriting } from "./overwriting.ts";
import { Paths } from "./paths.ts";
import { type End, type Found, isVariable, type Place } from "./places.ts";
import { Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import { Stacks } from "./stacks.ts";
import { StaleValues } from "./stale.ts";
import { contains, isFunction, type Node, type Opening, parentOf } from "./syntax.ts";
import { Uses } from "./uses.ts";

type Untaken = Exclude<End, { end: "taken" | "parts" }>;

/** The end of a handle that nothing takes out of its bundle. */
const LEFT_OUT: Untaken = { end: "lost", kind: "handle" };

/** The names of all rules. */
export const RULES = [
  "no-dropped-handle",
  "no-dropped-task",
  "no-leaking-path",
  "no-overwritten-handle",
  "no-stale-value",
  "no-undisposed-field",
  "prefer-using",
] as const;

/** A problem, and where it is. */
export interface Finding extends Message {
  readonly rule: typeof RULES[number];
  readonly node: Node;
  readonly fix?: Edit | undefined;
}

/** Finds the problems of one file. All rules share one instance. */
export class FileFindings {
  readonly #file: SourceFile;
  readonly #kinds: Kinds;
  readonly #flow: Flow;
  readonly #owners: Owners;
  readonly #fixes: Fixes;
  readonly #paths: Paths;
  readonly #overwriting: Overwriting;
  readonly #stacks: Stacks;
  readonly #bundles: Bundles;
  readonly #messages: Messages;
  /** Values that have an owner on some path, and may have none on another. */
  readonly #taken: Found[] = [];
  /** The fields that a constructor fills. */
  readonly #filled = new Set<Place>();
  #found: readonly Finding[] | undefined;

  constructor(file: SourceFile, names?: Names) {
    this.#file = file;
    const shapes = new Shapes(file);
    const fields = new Fields(file, { shapes, kindOf: (node) => kinds.of(node) });
    const flow = new Flow(file, { shapes, fields });
    const kinds: Kinds = new Kinds(file, { shapes, flow, names });
    const owners = new Owners(flow, fields);
    this.#flow = flow;
    this.#owners = owners;
    this.#kinds = kinds;
    this.#fixes = new Fixes(file.bindings, new Uses(file.bindings, { flow, kinds, shapes }));
    this.#paths = new Paths(file, { flow, kinds, owners });
    this.#overwriting = new Overwriting(file, { shapes, owners });
    this.#bundles = new Bundles(flow, owners);
    this.#stacks = new Stacks(file, { fields, flow, kinds, owners });
    this.#messages = new Messages(file);
  }

  /** All problems, in the order of the file. Call it when the whole file was visited. */
  get(): readonly Finding[] {
    return this.#found ??= [...this.#forgotten(), ...this.#leaking(), ...this.#stale()]
      .sort((a, b) => a.node.range[0] - b.node.range[0]);
  }

  /** Finds values that are never disposed or handed on. */
  *#forgotten(): Generator<Finding> {
    const declared = new Set<Node>();
    for (const call of this.#openings()) {
      const kind = this.#kinds.opened(call);
      if (kind === undefined || isMeantToThrow(call) || isClaimedAbsent(call)) continue;
      if (kind === "stack" && !this.#stacks.isNeeded(call)) continue;
      const ends = this.#flow.ends({ node: call, kind });
      const leftOut = () => this.#bundles.leavesOut(call, ends) ? LEFT_OUT : undefined;
      const end = this.#untaken(ends) ?? leftOut();
      if (end === undefined) {
        this.#remember(ends, { call, from: call, isShared: ends.length > 1 });
      } else if (end.end === "lost") {
        yield this.#dropped(call, end.kind);
      } else if (!declared.has(end.by)) {
        declared.add(end.by); // Both branches of a condition may lead there.
        yield this.#undisposed({ call, kept: end, from: call, isShared: false }, kind);
      }
    }
  }

  /** The nodes that may open something. */
  #openings(): Opening[] {
    return [...this.#file.calls, ...this.#file.newStacks, ...this.#kinds.gettersRead()];
  }

  /** One of the ends, if the value is not taken at any of them. */
  #untaken(ends: readonly End[]): Untaken | undefined {
    if (ends.some((end) => this.#owners.isOwned(end))) return undefined;
    const untaken = ends.flatMap((end) => {
      if (end.end === "parts") return end.parts.flatMap((part) => this.#untaken(part.ends) ?? []);
      return end.end === "taken" ? [] : end;
    });
    const isField = (end: Untaken) => end.end === "kept" && !isVariable(end.place);
    return untaken.find(isField) ?? untaken.find(({ end }) => end === "kept") ?? untaken[0];
  }

  #dropped(call: Opening, kind: Kind): Finding {
    const isTask = isPending(kind) || kind === "tasks";
    return {
      rule: isTask ? "no-dropped-task" : "no-dropped-handle",
      node: call,
      ...this.#messages.dropped(call, kind),
    };
  }

  #undisposed(found: Found, kind: Kind): Finding {
    const { call, kept } = found;
    const field = [...this.#owners.placesOf(kept)].find((place) => !isVariable(place));
    if (field !== undefined) {
      const message = this.#messages.undisposedField(call, { ...kept, place: field });
      return { rule: "no-undisposed-field", node: call, ...message };
    }
    // The caller cannot write `using` before a parameter.
    if (isFunction(parentOf(kept.by)!)) return this.#dropped(call, kept.kind);
    const fix = this.#fixes.forDeclarator(kept.by, { node: call, kind });
    const message = this.#messages.undisposed(found, fix !== undefined);
    return { rule: "prefer-using", node: placeOf(found), fix, ...message };
  }

  /** Finds values that are disposed or handed on, but not on every path. */
  *#leaking(): Generator<Finding> {
    const seen = new Set<Node>();
    const reported = new Set<Node>();
    for (const found of this.#taken) { // Grows while it is iterated.
      const { call, kept } = found;
      if (seen.has(kept.by) || reported.has(call)) continue;
      seen.add(kept.by);
      const finding = this.#leak(found);
      if (finding !== undefined) {
        reported.add(call);
        yield finding;
      }
      if (!isVariable(kept.place)) continue;
      const uses = this.#owners.keepingUsesOf(kept.place, kept.kind);
      for (const { from, ends } of uses) {
        this.#remember(ends, { call, from, isShared: found.isShared || uses.length > 1 });
      }
    }
  }

  /** Remembers the variables and fields whose paths are to be checked. */
  #remember(ends: readonly End[], from: Omit<Found, "kept">): void {
    for (const kept of flat(ends)) {
      if (kept.end !== "kept" || !this.#owners.isTaken(kept)) continue;
      // A value that also goes elsewhere is not lost with the variable.
      if (ends.length > 1 && isVariable(kept.place)) continue;
      this.#taken.push({ ...from, kept });
      if (isFirst(kept.by)) this.#filled.add(kept.place);
    }
  }

  #leak(found: Found): Finding | undefined {
    const { call, kept } = found;
    const { place, by } = kept;
    if (!isVariable(place) || isOfModule(place) || isInClosure(by, place)) {
      const isFilled = this.#filled.has(place);
      const isForgotten = this.#overwriting.forgets(kept, { call, isFilled });
      const isEmptied = !found.isShared && elementOf(kept.kind) !== undefined;
      const emptying = !isForgotten && isEmptied ? this.#overwriting.emptying(kept) : undefined;
      if (!isForgotten && emptying === undefined) return undefined;
      const message = emptying === undefined
        ? this.#messages.overwritten(found)
        : this.#messages.emptied(found, emptying);
      return { rule: "no-overwritten-handle", node: call, ...message };
    }
    const leak = this.#paths.leak(found, place);
    if (leak === undefined) return undefined;
    return {
      rule: leak.how === "assigned" ? "no-overwritten-handle" : "no-leaking-path",
      node: placeOf(found),
      ...this.#messages.leaking(found, leak),
    };
  }

  /** Finds fields that keep a value which a reload replaces. */
  *#stale(): Generator<Finding> {
    for (const stale of new StaleValues(this.#file, this.#kinds).get()) {
      yield { rule: "no-stale-value", node: stale.node, ...this.#messages.stale(stale) };
    }
  }
}

/** Where to report: at the declaration or the assignment around the call, or at the call itself. */
function placeOf({ call, kept: { by } }: Found): Node {
  const isAround = by.type === "VariableDeclarator" || by.type === "AssignmentExpression";
  return isAround && contains(by, call) ? by : call;
}
