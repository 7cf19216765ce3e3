import type { Bindings } from "./bindings.ts";
import { isForeign, isOurs, moduleOf } from "./imports.ts";
import { awaited, type Kind, promised, typeNamed } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import { isOfOtherManager, type Names } from "./names.ts";
import { isPassing, type Shapes } from "./shapes.ts";
import type { SourceFile } from "./source_file.ts";
import { lastNameOf, type Node, parentOf } from "./syntax.ts";

type Identifier = Deno.lint.Identifier;

interface Parts {
  readonly kinds: Kinds;
  readonly shapes: Shapes;
  readonly names: Names;
}

/** Finds the kinds of the values of a type. */
export class Types {
  readonly #file: SourceFile;
  readonly #bindings: Bindings;
  readonly #parts: Parts;
  /** Each type is examined once, and is `undefined` meanwhile. */
  readonly #known = new Map<Node, Kind | undefined>();

  constructor(file: SourceFile, parts: Parts) {
    this.#file = file;
    this.#bindings = file.bindings;
    this.#parts = parts;
  }

  /** What a value of a type is; `undefined` if there is no type, or the file does not explain it. */
  kindOf(type: Node | null | undefined): Kind | undefined {
    if (!type) return undefined;
    if (!this.#known.has(type)) {
      this.#known.set(type, undefined);
      this.#known.set(type, this.#examine(type));
    }
    return this.#known.get(type);
  }

  #examine(type: Node): Kind | undefined {
    switch (type.type) {
      case "TSTypeAnnotation":
        return this.kindOf(type.typeAnnotation);
      case "TSUnionType":
        return this.kindOf(type.types.find((each) => !isNoType(each)));
      case "TSIntersectionType":
        return either(type.types.map((each) => this.kindOf(each)));
      case "TSTypeReference":
        return this.#reference(type);
      case "TSTypeQuery":
        return this.#parts.kinds.of(type.exprName);
      case "TSImportType":
        return this.#imported(type);
      case "TSIndexedAccessType":
        return this.#parts.kinds.ofMember(this.#parts.shapes.memberOfType(type));
      case "TSAnyKeyword":
        return this.#file.importsLibrary ? undefined : "other";
      default:
        return "other";
    }
  }

  #reference(type: Deno.lint.TSTypeReference): Kind | undefined {
    const { typeName, typeArguments } = type;
    if (typeName.type === "TSQualifiedName") {
      return this.qualified(typeName.left, typeName.right.name);
    }
    if (typeName.type !== "Identifier") return "other";
    const [of] = typeArguments?.params ?? [];
    const { name } = typeName;
    if (name === "ReturnType") {
      const made = this.#parts.shapes.functionOfType(type);
      return made && this.#parts.kinds.returnedBy(made);
    }
    if (name === "InstanceType" && of?.type === "TSTypeQuery") return this.instance(of.exprName);
    if (!isPassing(name)) return this.#named(typeName);
    const kind = this.kindOf(of);
    if (name === "Awaited") return kind && awaited(kind);
    // A manager is nothing to be disposed when it arrives, so its promise may count as one.
    return name !== "Promise" || kind === "manager" ? kind : promised(kind ?? "other") ?? "other";
  }

  /** What `import("module").Name` is. */
  #imported({ argument, qualifier }: Deno.lint.TSImportType): Kind | undefined {
    const module = argument.type === "TSLiteralType" && argument.literal.type === "Literal"
      ? String(argument.literal.value)
      : "";
    const last = qualifier?.type === "TSQualifiedName" ? qualifier.right : qualifier;
    return kindOfImport(module, last?.type === "Identifier" ? last.name : "");
  }

  /** What `new Class()` makes. */
  instance(callee: Node): Kind | undefined {
    if (callee.type === "Identifier") return this.#named(callee);
    if (callee.type !== "MemberExpression") return "other";
    return this.qualified(callee.object, lastNameOf(callee) ?? "");
  }

  /** What `module.name` is, if `module` is the namespace of a module. */
  qualified(module: Node, name: string): Kind | undefined {
    if (this.#parts.kinds.of(module) === "foreign") return "foreign";
    const binding = module.type === "Identifier" ? this.#bindings.resolve(module) : undefined;
    const specifier = binding && moduleOf(binding.id.parent);
    return specifier === undefined ? typeNamed(name) : kindOfImport(specifier, name);
  }

  /** What a class or a type is, by the name that it has in the library. */
  #named(id: Identifier): Kind | undefined {
    if (this.#parts.names.isManager(id.name)) return "manager";
    const binding = this.#bindings.resolve(id);
    if (binding === undefined) {
      const constraint = constraintOf(id);
      return constraint === undefined ? typeNamed(id.name) : this.kindOf(constraint);
    }
    if (!this.#known.has(binding.id)) {
      this.#known.set(binding.id, "other");
      const kind = this.#declared(binding.id);
      this.#known.set(binding.id, kind ?? (isOfOtherManager(id.name) ? "other" : undefined));
    }
    return this.#known.get(binding.id);
  }

  #declared({ parent, name }: Identifier): Kind | undefined {
    const module = moduleOf(parent);
    if (module !== undefined) {
      return kindOfImport(module, parent.type === "ImportSpecifier" ? importedName(parent) : name);
    }
    switch (parent.type) {
      case "TSTypeAliasDeclaration":
        return this.kindOf(parent.typeAnnotation);
      case "TSInterfaceDeclaration":
        return either(parent.extends.map(({ expression }) => this.#base(expression)));
      case "ClassDeclaration":
        return parent.superClass ? this.#base(parent.superClass) : "other";
      default:
        return "other";
    }
  }

  /** What a class or an interface is that extends another one. */
  #base(extended: Node): Kind | undefined {
    const kind = extended.type === "Identifier" ? this.#named(extended) : "other";
    return kind === "foreign" ? "other" : kind;
  }
}

/** What a name of a module is; `undefined` if only a module of the project can tell. */
function kindOfImport(module: string, name: string): Kind | undefined {
  if (isForeign(module)) return "foreign";
  const kind = typeNamed(name);
  return kind === "other" && !isOurs(module) && !isOfOtherManager(name) ? undefined : kind;
}

/** What something is that is of several kinds at once. */
function either(kinds: readonly (Kind | undefined)[]): Kind | undefined {
  return kinds.find((kind) => kind !== undefined && kind !== "other") ??
    (kinds.includes(undefined) ? undefined : "other");
}

/** The type that a type parameter extends; `undefined` if there is none. */
function constraintOf({ name, parent }: Identifier): Node | undefined {
  for (let at: Node | undefined = parent; at !== undefined; at = parentOf(at)) {
    const { typeParameters } = at as Partial<Deno.lint.FunctionDeclaration>;
    const parameter = typeParameters?.params.find((each) => each.name.name === name);
    if (parameter !== undefined) return parameter.constraint ?? undefined;
  }
  return undefined;
}

function importedName({ imported }: Deno.lint.ImportSpecifier): string {
  return imported.type === "Identifier" ? imported.name : imported.value;
}

function isNoType({ type }: Node): boolean {
  return type === "TSUndefinedKeyword" || type === "TSNullKeyword";
}
