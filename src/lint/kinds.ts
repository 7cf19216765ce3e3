import type { Binding, Bindings } from "./bindings.ts";
import { givingOf } from "./collections.ts";
import { Elements } from "./elements.ts";
import { isForeign, moduleOf } from "./imports.ts";
import { awaited, type Kind, openedBy, ownedBy } from "./kind.ts";
import { Openers } from "./openers.ts";
import type { Flow } from "./flow.ts";
import { hasFormOfLoad, isNameOfManager, Names } from "./names.ts";
import { Origins } from "./origins.ts";
import type { Member, Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import {
  assignmentTo,
  classAround,
  type FunctionNode,
  isFunction,
  isWrapper,
  lastNameOf,
  nameOfKey,
  type Node,
  type Opening,
  parentOf,
  propertyOf,
  takerOf,
  unwrap,
} from "./syntax.ts";
import { Types } from "./types.ts";

type Call = Deno.lint.CallExpression;
type MemberExpression = Deno.lint.MemberExpression;
type Identifier = Deno.lint.Identifier;

/** Functions of other packages that return what the game gave them, such as hooks. */
const HANDING_OUT = /^(use|inject)([A-Z]|$)/;

/** The deepest nesting, and the longest chain of declarations, that is followed. */
const MAX_DEPTH = 100;

interface Parts {
  readonly shapes: Shapes;
  readonly flow: Flow;
  readonly names?: Names;
}

/** Finds the kinds of expressions by constructors, annotations and names: a linter sees no types. */
export class Kinds {
  readonly #file: SourceFile;
  readonly #bindings: Bindings;
  readonly #shapes: Shapes;
  readonly #elements: Elements;
  readonly #openers: Openers;
  readonly #origins: Origins;
  readonly #types: Types;
  readonly #names: Names;
  /** Each expression is examined once, and is `undefined` meanwhile. */
  readonly #known = new Map<Node, Kind | undefined>();
  readonly #opened = new Map<Opening, Kind | undefined>();
  #depth = 0;

  constructor(file: SourceFile, { shapes, flow, names = new Names() }: Parts) {
    this.#file = file;
    this.#bindings = file.bindings;
    this.#shapes = shapes;
    this.#elements = new Elements(file.bindings, shapes);
    this.#names = names;
    this.#openers = new Openers(file, { kinds: this, flow, shapes });
    this.#origins = new Origins(file.bindings, shapes);
    this.#types = new Types(file, { kinds: this, shapes, names });
  }

  /** What a call, or a read of a getter, opens and its caller has to dispose. */
  opened(opening: Opening): Kind | undefined {
    if (!this.#opened.has(opening)) {
      this.#opened.set(opening, undefined);
      this.#opened.set(opening, this.#opens(opening));
    }
    return this.#opened.get(opening);
  }

  #opens(opening: Opening): Kind | undefined {
    switch (opening.type) {
      case "CallExpression":
        return this.#open(opening);
      case "MemberExpression":
        return this.#read(opening);
      case "NewExpression":
        return this.of(opening) === "stack" ? "stack" : undefined;
    }
  }

  /** Where getters are read that open something each time. */
  gettersRead(): MemberExpression[] {
    const names = this.#file.getters.flatMap((getter) =>
      this.#getter(getter) === undefined ? [] : nameOfKey(getter.key, getter.computed) ?? []
    );
    return [...new Set(names)].flatMap((name) => this.#bindings.named(name)).flatMap((id) => {
      const read = parentOf(id)!;
      if (read.type !== "MemberExpression" || read.property !== id || assignmentTo(read)) return [];
      return this.opened(read) === undefined ? [] : read;
    });
  }

  #read(member: MemberExpression): Kind | undefined {
    const getter = this.#shapes.member(member);
    return getter?.type === "MethodDefinition" && getter.kind === "get"
      ? this.#getter(getter)
      : undefined;
  }

  /** What a getter opens each time that it is read. */
  #getter({ value }: Deno.lint.MethodDefinition): Kind | undefined {
    return isFunction(value) ? this.#openers.kindOf(value) : undefined;
  }

  #open(call: Call): Kind | undefined {
    const callee = unwrap(call.callee);
    const own = this.#shapes.functionOf(callee);
    if (own !== undefined) return this.#openers.kindOf(own);
    const named = this.#names.openedBy(callee);
    if (named !== undefined || callee.type !== "MemberExpression") return named;
    const method = propertyOf(callee) ?? "";
    const receiver = this.of(callee.object);
    if (receiver !== undefined) return openedBy(receiver, method);
    return this.#isLikely(call, callee.object) ? openedBy("manager", method) : undefined;
  }

  /** Whether a call is probably one of a manager, by the name of its object or of the object's type. */
  #isLikely(call: Call, object: Node): boolean {
    if (!isNameOfManager(lastNameOf(object) ?? "")) {
      const type = this.#origins.typeOf(object);
      if (type === undefined || !isNameOfManager(type)) return false;
    }
    if (this.#file.importsLibrary) return hasFormOfLoad(call, "library");
    return hasFormOfLoad(call, this.#origins.isOfProject(object) ? "project" : "none");
  }

  /** What an expression is; `undefined` if the file does not show it. */
  of(node: Node | null | undefined): Kind | undefined {
    if (node === null || node === undefined) return undefined;
    if (this.#known.has(node)) return this.#known.get(node);
    if (this.#depth >= MAX_DEPTH) return undefined;
    this.#known.set(node, undefined);
    this.#depth++;
    const kind = this.#of(node);
    this.#depth--;
    this.#known.set(node, kind);
    return kind;
  }

  #of(node: Node): Kind | undefined {
    if (this.#names.isManager(lastNameOf(node))) return "manager";
    switch (node.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSTypeAssertion":
        return this.#types.kindOf(node.typeAnnotation) ?? this.of(node.expression);
      case "AwaitExpression": {
        const kind = this.of(node.argument);
        return kind && awaited(kind);
      }
      case "ConditionalExpression":
        return this.of(node.consequent) ?? this.of(node.alternate);
      case "LogicalExpression":
        return this.of(node.left) ?? this.of(node.right);
      case "AssignmentExpression":
        return this.of(node.right);
      case "NewExpression":
        return this.#types.instance(node.callee);
      case "CallExpression":
        return this.#called(node);
      case "MemberExpression":
        return this.#member(node);
      case "TSQualifiedName": // In `typeof game.mgr`.
        return this.ofMember(this.#shapes.member(node));
      case "Super":
      case "ThisExpression":
        return this.#inherited(node);
      case "Identifier":
        return this.#named(node);
      default:
        return isWrapper(node) ? this.of(unwrap(node)) : undefined;
    }
  }

  #called(call: Call): Kind | undefined {
    const opened = this.opened(call);
    if (opened !== undefined) return opened;
    const callee = unwrap(call.callee);
    const own = this.#shapes.functionOf(callee);
    if (own !== undefined) return this.returnedBy(own);
    const name = lastNameOf(callee) ?? "";
    if (name === "keep" || name === "use") return this.of(call.arguments[0]);
    const giver = this.of(callee.type === "MemberExpression" ? callee.object : callee);
    if (giver === "foreign") return HANDING_OUT.test(name) ? undefined : giver;
    const owned = ownedBy(giver, name);
    if (owned !== undefined || callee.type !== "MemberExpression") return owned;
    return givingOf(name) === "one" ? this.#elementOf(callee.object) : undefined;
  }

  /** What a function returns: by its annotation, or a manager. */
  returnedBy(own: FunctionNode): Kind | undefined {
    const { body, returnType } = own;
    if (returnType !== undefined || body === null) return this.#types.kindOf(returnType);
    const values = body.type === "BlockStatement"
      ? this.#file.returnsOf(own).map(({ argument }) => argument)
      : [body];
    return values.some((value) => this.of(value) === "manager") ? "manager" : undefined;
  }

  #member(member: MemberExpression): Kind | undefined {
    const object = this.of(member.object);
    if (object === "bundle") return "handle";
    const declared = this.#shapes.member(member);
    if (declared !== undefined) return this.ofMember(declared);
    if (object !== "foreign") {
      return propertyOf(member) === undefined ? this.#elementOf(member.object) : undefined;
    }
    return this.#isAssigned(member) ? undefined : object;
  }

  /** What an element of a collection is, by the type of the collection. */
  #elementOf(collection: Node): Kind | undefined {
    return this.#types.kindOf(this.#elements.typeIn(collection));
  }

  /** Whether some method contains `this.name = …`, which makes a field in JavaScript. */
  #isAssigned({ object, property }: MemberExpression): boolean {
    if (object.type !== "ThisExpression" || property.type !== "Identifier") return false;
    return this.#bindings.named(property.name).some(({ parent }) =>
      parent.type === "MemberExpression" && parent.object.type === "ThisExpression" &&
      parent.parent.type === "AssignmentExpression" && parent.parent.left === parent
    );
  }

  /** What the value of a member of a class or an object is. */
  ofMember(member: Member | undefined): Kind | undefined {
    switch (member?.type) {
      case undefined:
        return undefined;
      case "PropertyDefinition":
        return this.#types.kindOf(member.typeAnnotation) ?? this.of(member.value);
      case "TSPropertySignature":
        return this.#types.kindOf(member.typeAnnotation);
      case "TSParameterProperty": {
        const { parameter } = member;
        return parameter.type === "Identifier" ? this.#named(parameter) : undefined;
      }
      case "MethodDefinition":
        if (member.kind !== "get") return undefined;
        return this.#types.kindOf(member.value.returnType) ?? this.#getter(member);
      case "Property":
        return isFunction(member.value) ? undefined : this.of(member.value);
    }
  }

  /** What `this` is, by the class that its own class extends. */
  #inherited(node: Node): Kind | undefined {
    const superClass = classAround(node)?.parent.superClass;
    if (!superClass) return undefined;
    const kind = this.#types.instance(superClass);
    return kind === "other" ? undefined : kind;
  }

  #named(id: Identifier): Kind | undefined {
    const binding = this.#bindings.resolve(id);
    if (binding === undefined) return undefined;
    return this.#types.kindOf(binding.id.typeAnnotation) ?? this.#initialised(binding) ??
      this.#types.kindOf(this.#elements.typeOfEach(binding.id));
  }

  #initialised({ id }: Binding): Kind | undefined {
    const { parent } = id;
    const module = moduleOf(parent);
    if (module !== undefined) return isForeign(module) ? "foreign" : undefined;
    if (parent.type === "VariableDeclarator") return this.of(parent.init);
    if (parent.type === "AssignmentPattern") return this.of(parent.right);
    if (isFunction(parent)) return this.#given(parent, id);
    const member = this.#shapes.unpacked(id);
    if (member !== undefined) return this.ofMember(member);
    const declarator = parent.type === "Property" ? parent.parent.parent : undefined;
    if (declarator?.type !== "VariableDeclarator") return undefined;
    const kind = this.of(declarator.init);
    return kind === "bundle" ? "handle" : kind === "foreign" ? kind : undefined;
  }

  /** What the parameter of a callback is: for `then`, the result of the promise. */
  #given(callback: FunctionNode, id: Identifier): Kind | undefined {
    if (callback.params[0] !== id || takerOf(callback) !== "then") return undefined;
    const { callee } = callback.parent as Call;
    const kind = callee.type === "MemberExpression" ? this.of(callee.object) : undefined;
    return kind && awaited(kind);
  }
}
