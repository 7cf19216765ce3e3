import { Bindings } from "./bindings.ts";
import { type Edit, Fixes } from "./fix.ts";
import { type Destination, Flow } from "./flow.ts";
import { isOurs, isPending, type Kind, Kinds } from "./kinds.ts";
import { findOpeners } from "./openers.ts";
import { isMeantToThrow, lastNameOf, type Node } from "./syntax.ts";

/** What is wrong, and where. */
export interface Finding {
  readonly rule: "no-dropped-handle" | "no-dropped-task" | "prefer-using";
  readonly node: Node;
  readonly message: string;
  readonly hint: string;
  readonly fix: Edit | undefined;
}

type Call = Deno.lint.CallExpression;

/** What is taken by a call, and by what it is to be given back. */
const HOLDERS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  ["scope", "scope"],
  ["task", "task"],
  ["promise", "promise"],
  ["bundle task", "promise"],
  ["bundle", "bundle of handles"],
]);

/** How much of a call a message repeats. */
const MAX_TEXT = 60;

/** What the rules find in one file. All of them share it. */
export class FileFindings {
  readonly #source: Deno.lint.SourceCode;
  readonly #bindings = new Bindings();
  readonly #calls: Call[] = [];
  readonly #returns: Deno.lint.ReturnStatement[] = [];
  #importsLibrary = false;
  #found: readonly Finding[] | undefined;

  constructor(source: Deno.lint.SourceCode) {
    this.#source = source;
  }

  /** Collects what the findings are made of. */
  visitor(): Deno.lint.LintVisitor {
    return {
      CallExpression: (call) => {
        this.#calls.push(call);
      },
      ReturnStatement: (statement) => {
        this.#returns.push(statement);
      },
      Identifier: (id) => this.#bindings.add(id),
      ImportDeclaration: ({ source }) => {
        if (isOurs(source.value)) this.#importsLibrary = true;
      },
    };
  }

  /** All that is wrong. To be asked at the end of the file. */
  get(): readonly Finding[] {
    return this.#found ??= [...this.#find()];
  }

  *#find(): Generator<Finding> {
    const kinds = new Kinds(this.#bindings, this.#importsLibrary);
    findOpeners(kinds, { calls: this.#calls, returns: this.#returns });
    const flow = new Flow(this.#bindings);
    const fixes = new Fixes(this.#bindings, kinds, flow);
    const declared = new Set<Node>();
    for (const node of this.#calls) {
      const kind = kinds.opened(node);
      if (kind === undefined) continue;
      const to = flow.destination({ node, kind });
      if (to.end === "taken" || isMeantToThrow(node)) continue;
      if (to.end === "lost") {
        yield this.#dropped(node, to.kind, fixes.forStatement({ node, kind }));
      } else if (!declared.has(to.by) && !flow.isTaken(to.binding, to.kind)) {
        declared.add(to.by); // Both branches of a condition may lead there.
        yield this.#kept(node, to, fixes.forDeclarator(to.by, { node, kind }));
      }
    }
  }

  #dropped(node: Call, kind: Kind, fix: Edit | undefined): Finding {
    return {
      rule: isPending(kind) ? "no-dropped-task" : "no-dropped-handle",
      node,
      message: `${this.#cannot(node)}: its ${HOLDERS.get(kind) ?? "handle"} is dropped`,
      hint: adviceFor(node, kind),
      fix,
    };
  }

  #kept(node: Call, to: Destination & { end: "variable" }, fix: Edit | undefined): Finding {
    const { name } = to.binding;
    return {
      rule: "prefer-using",
      node: to.by,
      message: `${this.#cannot(node)}: "${name}" is neither disposed nor handed on`,
      hint: isPending(to.kind) && to.kind !== "task"
        ? adviceFor(node, to.kind)
        : `Write "using ${name} = …", or hand it to an owner: a scope, a stack, keep(${name})`,
      fix,
    };
  }

  #cannot(call: Call): string {
    const text = this.#source.getText(call);
    const short = text.length <= MAX_TEXT && !text.includes("\n")
      ? text
      : `${this.#source.getText(call.callee).replaceAll(/\s+/g, "")}(…)`;
    return `Cannot give back what ${short} takes`;
  }
}

function adviceFor(call: Call, kind: Kind): string {
  switch (lastNameOf(call.callee)) {
    case "get":
      return 'Ask has() or peek() to take no reference, or write "using handle = …"';
    case "add":
      return "Hold its handle for as long as the value is to stay, in a scope or with keep()";
    case "clone":
      return "Hand the clone to its owner, or use the handle as it is";
    case "move":
      return "Hold what move() returns";
    case "loadAsync":
      return kind === "task"
        ? 'Write "using handle = await …", or "using task = …" to withdraw it at the end of the block'
        : 'Write "using handle = await …", or load it through a scope';
    case "loadAll":
      return 'Write "using handles = await …", or load them through a scope';
    case "scope":
      return 'Write "using scene = …"';
    default:
      return isPending(kind)
        ? 'Write "using handle = await …"'
        : 'Write "using handle = …", or load it through a scope';
  }
}
