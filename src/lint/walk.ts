import { ABSENT, Condition, DONE, DOUBT, HELD, type State } from "./conditions.ts";
import { firstNotBelow } from "./ranges.ts";
import { isFunction, lastNameOf, type Node } from "./syntax.ts";

/** What an expression does to a variable. */
export interface Event {
  /** Where in the file it happens. */
  readonly at: number;
  readonly node: Node;
  readonly effect: Effect;
}

export type Effect =
  /** Reads it. */
  | "look"
  /** Reads it in a call, which may throw. */
  | "use"
  /** Disposes it or hands it on. */
  | "take"
  /** Puts the handle in. */
  | "open"
  /** Puts the handle in if there is nothing yet. */
  | "fill"
  /** Puts the handle into a collection, beside other elements. */
  | "add"
  /** Puts `undefined` or `null` in, or takes all elements out. */
  | "empty"
  /** Puts something else in. */
  | "replace";

/** How and where a path leaves a handle open. */
export interface Leak {
  readonly how: "assigned" | "left" | "returned" | "thrown" | "caught" | "ended";
  readonly at: Node;
}

/** Where the program leaves a statement before its end. */
interface Exit {
  readonly how: "returned" | "thrown" | "break" | "continue";
  readonly label?: string | undefined;
  readonly state: State;
  readonly at: Node;
}

type Loop =
  | Deno.lint.DoWhileStatement
  | Deno.lint.ForInStatement
  | Deno.lint.ForOfStatement
  | Deno.lint.ForStatement
  | Deno.lint.WhileStatement;

/** An `if`, or an expression with branches. */
interface Branching {
  readonly test: Node;
  readonly consequent: Node;
  readonly alternate: Node | null;
}

/** The deepest nesting that is checked. Nobody writes deeper statements. */
const MAX_DEPTH = 200;

/** Follows all paths through a block, and notes what one variable may hold on them. */
export class Walk {
  readonly #events: readonly Event[];
  readonly #places: readonly number[];
  readonly #isIt: (node: Node) => boolean;
  /** What the variable holds after `open`. */
  readonly #opened: State;
  #exits: Exit[] = [];
  /** The first call that may throw while the handle is open. */
  #thrownAt: Node | undefined;
  #leaks: Leak[] = [];
  #labels: string[] = [];
  #depth = 0;
  #steps: number;
  #isGivenUp = false;

  /** `events` are sorted. `isIt` recognises uses of the variable. `steps` is the budget. */
  constructor(
    events: readonly Event[],
    { isIt, opened, steps }: { isIt: (node: Node) => boolean; opened: State; steps: number },
  ) {
    this.#events = events;
    this.#places = events.map(({ at }) => at);
    this.#isIt = isIt;
    this.#opened = opened;
    this.#steps = steps;
  }

  /** How many steps of the budget are left. */
  get steps(): number {
    return this.#steps;
  }

  /** The first path that leaves the handle open. `isGuarded` says that exceptions are caught outside. */
  leak(block: Node, { state, isGuarded }: { state: State; isGuarded: boolean }): Leak | undefined {
    const body = isFunction(block) ? block.body! : block;
    this.#ended(body, this.#statement(body, state));
    for (const { how, at, state } of this.#exits) {
      const isJump = how === "break" || how === "continue";
      if (state & HELD) this.#leaks.push({ how: isJump ? "left" : how, at });
    }
    if (isGuarded && this.#thrownAt) this.#leaks.push({ how: "caught", at: this.#thrownAt });
    if (this.#isGivenUp) return undefined;
    return this.#leaks.sort((a, b) => a.at.range[0] - b.at.range[0])[0];
  }

  #ended(block: Node, state: State): void {
    if (state & HELD) this.#leaks.push({ how: "ended", at: block });
  }

  /** What the variable may hold after a statement. Deno has `null` for an empty one. */
  #statement(node: Node | null, state: State): State {
    if (state === 0 || node === null) return state;
    if (--this.#steps <= 0 || this.#depth > MAX_DEPTH) {
      this.#isGivenUp = true;
      return 0;
    }
    this.#depth++;
    const after = this.#run(node, state);
    this.#depth--;
    return after;
  }

  #run(node: Node, state: State): State {
    switch (node.type) {
      case "BlockStatement":
        return node.body.reduce((at: State, each) => this.#statement(each, at), state);
      case "ConditionalExpression":
      case "IfStatement":
        return this.#if(node, state);
      case "DoWhileStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "ForStatement":
      case "WhileStatement":
        return this.#loop(node, state);
      case "SwitchStatement":
        return this.#switch(node, state);
      case "TryStatement":
        return this.#try(node, state);
      case "LabeledStatement":
        return this.#labeled(node, state);
      case "ReturnStatement":
        return this.#exit({ how: "returned", at: node, state: this.#value(node.argument, state) });
      case "ExpressionStatement":
        return endsProcess(node) ? 0 : this.#value(node.expression, state);
      case "ThrowStatement":
        return this.#exit({ how: "thrown", at: node, state: this.#expression(node, state) });
      case "BreakStatement":
        return this.#exit({ how: "break", label: node.label?.name, at: node, state });
      case "ContinueStatement":
        return this.#exit({ how: "continue", label: node.label?.name, at: node, state });
      default:
        return this.#expression(node, state);
    }
  }

  #exit(exit: Exit): State {
    this.#exits.push(exit);
    return 0;
  }

  /** What the variable may hold after an expression, or after a statement without branches. */
  #expression(node: Node, state: State): State {
    return this.#eventsIn(node).reduce((at: State, event) => this.#after(event, at), state);
  }

  #eventsIn({ range: [start, end] }: Node): readonly Event[] {
    const events = this.#events.slice(
      firstNotBelow(this.#places, start),
      firstNotBelow(this.#places, end),
    );
    this.#steps -= events.length;
    return events;
  }

  #after({ effect, node }: Event, state: State): State {
    switch (effect) {
      case "look":
        return state;
      case "use":
        if (state & HELD) this.#thrownAt ??= node;
        return state;
      case "take":
        return DONE;
      case "add":
        return this.#opened;
      case "fill":
        return state & ABSENT ? state & ~ABSENT | HELD : state;
      default:
        if (state & HELD) this.#leaks.push({ how: "assigned", at: node });
        return effect === "open" ? this.#opened : effect === "empty" ? ABSENT : DONE;
    }
  }

  /** Whether something inside `node` has one of the effects. */
  #has(node: Node | null | undefined, ...effects: Effect[]): boolean {
    return !!node && this.#eventsIn(node).some(({ effect }) => effects.includes(effect));
  }

  /** What the variable may hold after the expression of a whole statement, which may branch. */
  #value(node: Node | null, state: State): State {
    if (node?.type === "ConditionalExpression") return this.#if(node, state);
    if (node?.type === "LogicalExpression" && node.operator === "&&") {
      return this.#if({ test: node.left, consequent: node.right, alternate: null }, state);
    }
    return node === null ? state : this.#expression(node, state);
  }

  #if({ test, consequent, alternate }: Branching, before: State): State {
    const state = this.#expression(test, before);
    const condition = new Condition(test, this.#isIt);
    const branches: [Node | null, boolean][] = [[consequent, true], [alternate, false]];
    let after = 0;
    for (const [node, outcome] of branches) {
      const entered = doubted(condition.narrow(state, outcome));
      after |= this.#statement(node, entered);
    }
    const releases = this.#has(consequent, "take") || this.#has(alternate, "take");
    return this.#joined(state, after, releases);
  }

  #switch(node: Deno.lint.SwitchStatement, before: State): State {
    const state = this.#expression(node.discriminant, before);
    const entered = doubted(state);
    const releases = this.#has(node, "take");
    const outer = this.#exits.splice(0);
    let after = 0;
    for (const { consequent } of node.cases) {
      after = consequent.reduce((at, each) => this.#statement(each, at), entered | after);
    }
    after |= this.#left("break", isUnlabelled);
    this.#exits.unshift(...outer);
    // If there is no default and a case takes it, the cases are assumed to be complete.
    const isComplete = releases || node.cases.some(({ test }) => test === null);
    return this.#joined(state, isComplete ? after : after | entered, releases);
  }

  /** Joins branches: what was in doubt inside them is certain again, or taken. */
  #joined(before: State, after: State, releases: boolean): State {
    if (!(after & DOUBT)) return after;
    // Assume that the handle is taken whenever it was opened, because the conditions mean the same.
    if (releases) return after & ~DOUBT | DONE;
    return before & DOUBT ? after : after & ~DOUBT | HELD;
  }

  #loop(node: Loop, before: State): State {
    const labels = this.#labels.splice(0);
    const isHere = (label?: string) => label === undefined || labels.includes(label);
    const outer = this.#exits.splice(0);
    const first = firstOf(node);
    let entry = first === null ? before : this.#expression(first, before);
    let [known, last, after] = [entry, 0, 0];
    do {
      known = entry;
      const isTestedFirst = node.type !== "DoWhileStatement";
      if (isTestedFirst) after |= this.#tested(node, { state: entry, outcome: false });
      const start = isTestedFirst ? this.#tested(node, { state: entry, outcome: true }) : entry;
      last = this.#statement(node.body, start) | this.#left("continue", isHere);
      after |= this.#left("break", isUnlabelled);
      if (node.type === "ForStatement" && node.update) last = this.#expression(node.update, last);
      if (!isTestedFirst) {
        after |= this.#tested(node, { state: last, outcome: false });
        last = this.#tested(node, { state: last, outcome: true });
      }
      entry |= last;
    } while (entry !== known);
    this.#exits.unshift(...outer);
    // A list that stays empty needs no path of its own.
    if (after & HELD && this.#has(node.body, "add")) after &= ~ABSENT;
    // If the body takes it, assume that the loop did so, unless each round ends with it open.
    return this.#has(node.body, "take") && last !== HELD && after & HELD
      ? after & ~HELD | DONE
      : after;
  }

  /** The part of `state` that is still possible when the test of a loop is `outcome`. */
  #tested(loop: Loop, { state, outcome }: { state: State; outcome: boolean }): State {
    if (loop.type === "ForInStatement" || loop.type === "ForOfStatement") return state;
    const { test } = loop;
    const isEndless = test === null || test.type === "Literal" && test.value === true;
    if (isEndless) return outcome ? state : 0;
    return new Condition(test, this.#isIt).narrow(this.#expression(test, state), outcome);
  }

  #labeled({ label, body }: Deno.lint.LabeledStatement, state: State): State {
    const outer = this.#exits.splice(0);
    this.#labels.push(label.name);
    const after = this.#statement(body, state);
    this.#labels = [];
    const left = this.#left("break", (name) => name === label.name);
    this.#exits.unshift(...outer);
    return after | left;
  }

  /** Removes the exits that end at this statement, and joins their states. */
  #left(how: Exit["how"], isHere: (label?: string) => boolean): State {
    let state = 0;
    this.#exits = this.#exits.filter((exit) => {
      const ends = exit.how === how && isHere(exit.label);
      if (ends) state |= exit.state;
      return !ends;
    });
    return state;
  }

  #try({ block, handler, finalizer }: Deno.lint.TryStatement, state: State): State {
    const outer = this.#exits.splice(0);
    const thrownAt = this.#thrownAt;
    this.#thrownAt = undefined;
    let after = this.#statement(block, state);
    if (handler !== null) {
      const thrown = this.#left("thrown", isUnlabelled);
      const isUntouched = !this.#has(block, "take", "open", "add", "fill", "empty", "replace");
      const isHeld = this.#thrownAt !== undefined || (thrown | (isUntouched ? state : 0)) & HELD;
      this.#thrownAt = undefined;
      after |= this.#statement(handler.body, isHeld && !this.#has(handler, "take") ? HELD : DONE);
    }
    if (this.#has(finalizer, "take")) {
      this.#exits = this.#exits.map((exit) => ({ ...exit, state: DONE }));
      this.#thrownAt = undefined;
      after &&= DONE;
    } else if (finalizer !== null) {
      after = this.#statement(finalizer, after);
    }
    this.#thrownAt ??= thrownAt;
    this.#exits.unshift(...outer);
    return after;
  }
}

/** What a loop does before its first round. */
function firstOf(loop: Loop): Node | null {
  switch (loop.type) {
    case "ForStatement":
      return loop.init;
    case "ForInStatement":
    case "ForOfStatement":
      return loop.right;
    default:
      return null;
  }
}

function isUnlabelled(label?: string): boolean {
  return label === undefined;
}

/** In a branch, a handle that may be open is in doubt: the condition may decide it. */
function doubted(state: State): State {
  return state & HELD && state & (ABSENT | DONE) ? state & ~HELD | DOUBT : state;
}

/** Whether a statement ends the program: `Deno.exit()`. */
function endsProcess(statement: Node): boolean {
  const call = statement.type === "ExpressionStatement" ? statement.expression : undefined;
  return call?.type === "CallExpression" && lastNameOf(call.callee) === "exit";
}
