import { isDisposable, isPending, type Kind } from "./kind.ts";
import { type Found, isVariable, type Kept } from "./places.ts";
import type { SourceFile } from "./source_file.ts";
import type { Stale } from "./stale.ts";
import { lastNameOf, type Node, openerOf, type Opening } from "./syntax.ts";
import type { Leak } from "./walk.ts";

/** The text of a problem. */
export interface Message {
  readonly message: string;
  readonly hint: string;
}

/** How a path ends that leaves a handle open. */
const WAYS = {
  left: "when its block is left on line",
  returned: "when the function returns on line",
  thrown: "when the function throws on line",
  caught: "when line throws and that is caught",
  ended: "on every path through its block",
};

/** What each kind is called. */
const THINGS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  ["scope", "scope"],
  ["stack", "stack"],
  ["task", "task"],
  ["promise", "promise"],
  ["bundle task", "promise"],
  ["bundle", "bundle"],
  ["record", "handles"],
  ["handles", "handles"],
  ["promise of handles", "handles"],
  ["promise of results", "handles"],
  ["result", "handle"],
  ["results", "handles"],
  ["tasks", "tasks"],
]);

const UNLESS_KEPT = "if its value is used in this block only. " +
  "If not, keep the handle for as long as the value, and dispose it then";

/** The longest call that a message repeats, in characters. */
const MAX_TEXT = 60;

/** Writes messages: what is wrong, and what to write instead. */
export class Messages {
  readonly #file: SourceFile;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** For a result that nothing keeps. */
  dropped(call: Opening, kind: Kind): Message {
    return {
      message: `Nothing keeps or disposes ${this.#what(call, kind)}`,
      hint: adviceFor(call, kind),
    };
  }

  /** For a variable that nothing disposes. `isSafe` says that `using` can be written. */
  undisposed({ call, kept }: Found, isSafe: boolean): Message {
    const { kind, by, place: { name } } = kept;
    const write = `Write "${usingOf(call)} ${name} = …"`;
    const isWritable = by.type === "VariableDeclarator" && isDisposable(kind);
    return {
      message: `"${name}" is never disposed or handed on: it holds ${this.#what(call, kind)}`,
      hint: !isWritable ? adviceFor(call, kind) : isSafe ? write : `${write} ${UNLESS_KEPT}`,
    };
  }

  /** For a field that nothing disposes. */
  undisposedField(call: Opening, { kind, place: { name } }: Kept): Message {
    return {
      message: `No method disposes "${name}": it holds ${this.#what(call, kind)}`,
      hint: `Dispose it where the object ends, in its [Symbol.dispose]()`,
    };
  }

  /** For a field that gets a new handle while it may hold one. */
  overwritten({ call, kept }: Found): Message {
    const { name } = kept.place;
    return {
      message: `"${name}" may still hold another handle when it gets ${
        this.#what(call, kept.kind)
      }`,
      hint: `Dispose the old one first: ${
        isVariable(kept.place) ? name : `this.${name}`
      }?.[Symbol.dispose]()`,
    };
  }

  /** For a collection that is emptied while handles are in it. */
  emptied({ call, kept }: Found, emptying: Node): Message {
    const line = this.#file.lineOf(emptying);
    return {
      message: `"${kept.place.name}" is emptied on line ${line} while it may still hold ${
        this.#what(call, kept.kind)
      }`,
      hint: "Dispose each of them first",
    };
  }

  /** For a field that keeps the value of a handle. */
  stale({ name, handle }: Stale): Message {
    const text = this.#file.textOf(handle);
    return {
      message: `"${name}" keeps the value of ${text}: the next reload replaces and unloads it`,
      hint: `Keep the handle, and read ${text}.value where you use it`,
    };
  }

  /** For a variable that is disposed or handed on, but not on every path. */
  leaking({ call, kept }: Found, { how, at }: Leak): Message {
    const { name } = kept.place;
    const what = this.#what(call, kept.kind);
    const line = `line ${this.#file.lineOf(at)}`;
    if (how === "assigned") {
      return {
        message: `"${name}" is assigned on ${line} while it still holds ${what}`,
        hint: `Dispose the old one first: ${name}[Symbol.dispose]()`,
      };
    }
    return {
      message: `"${name}" is not disposed ${WAYS[how].replace("line", line)}: it holds ${what}`,
      hint: `Write "${usingOf(call)} ${name} = …", or dispose it in a finally block`,
    };
  }

  #what(call: Opening, kind: Kind): string {
    return `the ${THINGS.get(kind) ?? "handle"} of ${this.#textOf(call)}`;
  }

  #textOf(call: Opening): string {
    const text = this.#file.textOf(call);
    return text.length <= MAX_TEXT && !text.includes("\n")
      ? text
      : `${this.#file.textOf(openerOf(call)).replaceAll(/\s+/g, "")}(…)`;
  }
}

/** The word that disposes what a variable holds. */
function usingOf(call: Opening): string {
  return lastNameOf(openerOf(call)) === "AsyncDisposableStack" ? "await using" : "using";
}

function adviceFor(call: Opening, kind: Kind): string {
  if (/^(handles|record|results|tasks)$/.test(kind)) {
    return "Load them through a scope, or put each in a DisposableStack";
  }
  switch (lastNameOf(openerOf(call))) {
    case "get":
      return 'Use has() or peek(), which take no reference, or write "using handle = …"';
    case "add":
      return "Hold the handle for as long as the value is needed, in a scope or with keep()";
    case "clone":
      return "Hand the clone to its owner, or use the handle itself";
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
    case "AsyncDisposableStack":
    case "DisposableStack":
      return `Write "${usingOf(call)} stack = …"`;
    default:
      return isPending(kind)
        ? 'Write "using handle = await …"'
        : 'Write "using handle = …", or load it through a scope';
  }
}
