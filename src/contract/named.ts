/** Types from names: the type of a manager knows its loaders, and so what each name loads. */
import type { Loader } from "./loader.ts";
import type { Bundle, ValueOf } from "./task.ts";

/**
 * Loaders that are not listed one by one in a type. Only names that a built-in loader reads then have
 * known types.
 *
 * @example
 * ```ts
 * import { type Loaders, ResourceManager, textLoader } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const loaders: Loaders = new Set([textLoader]);
 * using mgr = new ResourceManager({ loaders });
 * assertEquals(mgr.size, 0);
 * ```
 */
export type Loaders = readonly Loader<unknown>[] | Iterable<Loader<unknown>>;

/**
 * Any value that JSON can express.
 *
 * @example
 * ```ts
 * import { Json, type JsonValue, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const level: JsonValue = { width: 40, rows: ["#.#", "###"], boss: null };
 * using mgr = new ResourceManager({ source: new MemorySource({ "1.json": JSON.stringify(level) }) });
 * using loaded = mgr.load("1.json", Json);
 * assertEquals(loaded.value, level);
 * ```
 */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [name: string]: JsonValue };

/** The loaders that every manager has. */
type BuiltIn = readonly [
  Loader<string, ".txt" | ".md" | ".csv" | ".xml" | ".glsl" | ".vert" | ".frag" | ".wgsl">,
  Loader<JsonValue, ".json">,
  Loader<Uint8Array<ArrayBuffer>, ".bin" | ".dat">,
];

/**
 * The type of the resource `N` in a manager with the loaders `L`: what the loader of its longest
 * extension makes. `unknown` if the types of the loaders do not determine it.
 *
 * @typeParam L The loaders, as a tuple.
 * @typeParam N The name, as a literal or a template.
 *
 * @example
 * ```ts
 * import { type Loader, ResourceManager, type ValueNamed } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * type Known = [Loader<number, ".level">];
 * const first: ValueNamed<Known, "caves/1.level"> = 1;
 * const intro: ValueNamed<Known, "intro.txt"> = "Hello"; // by a built-in loader
 * assertEquals([first, intro], [1, "Hello"]);
 * ```
 */
export type ValueNamed<L, N extends string> = string extends N ? unknown
  : N extends `${infer Whole}#${string}` ? ValueOfPath<Known<L>, Whole, "#">
  : ValueOfPath<Known<L>, N, "">;

/**
 * `N` if a manager with the names `K` can load it, otherwise `K`. The manager can load `N` if it is one
 * of the names, with any variant and part, or a template literal type that one of them matches.
 *
 * @typeParam K The names of a manifest; `string` if there is none.
 * @typeParam N A name.
 *
 * @example
 * ```ts
 * import type { CheckedName } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * type Names = "hero.png" | "tile/1.png";
 * const hero: CheckedName<Names, "hero.png?data"> = "hero.png?data";
 * const villain: CheckedName<Names, "villain.png"> = "hero.png"; // the names that exist
 * assertEquals([hero, villain], ["hero.png?data", "hero.png"]);
 * ```
 */
export type CheckedName<K extends string, N extends string> = string extends K ? N
  : N extends unknown ? PathOf<N> extends K ? N : Extract<K, PathOf<N>> extends never ? K : N
  : never;

/**
 * A name without its variant and part. To check a name against a union of all names with any suffix
 * would take the compiler 0.2 s for each name.
 *
 * @internal
 */
type PathOf<N extends string> = N extends `${infer Whole}#${string}` ? PathOf<Whole>
  : N extends `${infer Path}?${string}` ? Path
  : N;

/**
 * The bundle `B` with its names checked, as {@linkcode CheckedName} does.
 *
 * @typeParam B The bundle.
 * @typeParam K The names of a manifest; `string` if there is none.
 *
 * @example
 * ```ts
 * import type { CheckedBundle } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const level: CheckedBundle<{ hero: "hero.png" }, "hero.png" | "hat.png"> = { hero: "hero.png" };
 * assertEquals(level.hero, "hero.png");
 * ```
 */
export type CheckedBundle<B, K extends string> = string extends K ? B
  : { readonly [P in keyof B]: B[P] extends string ? CheckedName<K, B[P]> : B[P] };

/**
 * The types of a {@linkcode Bundle}'s values, by their names in it. In a list, each name is its own
 * property.
 *
 * @typeParam B The bundle.
 * @typeParam L The loaders, as a tuple.
 *
 * @example
 * ```ts
 * import { Json, type JsonValue, type ValuesOf } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * type Level = { intro: "intro.txt"; map: readonly ["1.level", typeof Json] };
 * const values: ValuesOf<Level, []> = { intro: "Hello", map: [1, 2] };
 * const map: JsonValue = values.map;
 * assertEquals(map, [1, 2]);
 * ```
 */
export type ValuesOf<B extends Bundle, L = Loaders> = B extends readonly string[]
  ? number extends B["length"] ? { readonly [N in B[number]]?: ValueNamed<L, N> }
  : { readonly [N in B[number]]: ValueNamed<L, N> }
  : { readonly [P in keyof B]: ValueOfItem<B[P], L> };

/**
 * The type of one resource of a bundle, or of each resource of a list in it.
 *
 * @internal
 */
type ValueOfItem<Item, L> = Item extends string ? ValueNamed<L, Item>
  : Item extends readonly [string | readonly string[], infer Type] ? ValueOf<Type>
  : never;

/**
 * The loaders `L` after the built-in ones. If `L` is not a tuple, it counts as one loader, of a union.
 *
 * @internal
 */
type Known<L> = L extends readonly [] ? BuiltIn
  : L extends readonly [unknown, ...unknown[]] ? readonly [...BuiltIn, ...L]
  : Loaders extends L ? BuiltIn
  : L extends Iterable<infer One> ? readonly [...BuiltIn, One]
  : BuiltIn;

/**
 * The type of a path, and of the variant that may follow it. `Part` is `"#"` for a part of the file.
 *
 * @internal
 */
type ValueOfPath<L, Whole extends string, Part extends string> = Whole extends
  `${infer Path}?${infer Variant}` ? Longest<L, FileOf<Lowercase<Path>>, `?${Variant}`, Part>
  : Longest<L, FileOf<Lowercase<Whole>>, "", Part>;

/** The name of a file, without the leading dot of a hidden file. */
type FileOf<Path extends string> = Path extends `${string}/${infer Rest}` ? FileOf<Rest>
  : Path extends `.${infer Rest}` ? Rest
  : Path;

/**
 * The value of the longest extension of `File` that has a loader; a loader of the variant goes
 * first. If `L` is a union of tuples, because the loaders depend on a condition, it is the union of
 * their values.
 */
type Longest<L, File extends string, Variant extends string, Part extends string> = L extends
  unknown ? File extends `${string}.${infer Rest}` ? FirstOf<
      [Search<L, `.${Rest}${Variant}${Part}`>, Search<L, `.${Rest}${Part}`>],
      Longest<L, Rest, Variant, Part>
    >
  : unknown
  : never;

type FirstOf<Found extends readonly [unknown, unknown], Other> = [Found[0]] extends [None]
  ? [Found[1]] extends [None] ? Other : Found[1]
  : Found[0];

/** Stands for a missing loader. `never` can't, because a value may be `never`. */
interface None {
  readonly none: never;
}

/** The value of the last loader in `L` that reads an extension. */
type Search<L, Extension extends string> = L extends readonly [...infer Others, infer Last]
  ? Extension extends ExtensionOf<Last> ? ValueBy<Reading<Last, Extension>>
  : Search<Others, Extension>
  : None;

/** The loaders of a union that read an extension. */
type Reading<One, Extension> = One extends unknown
  ? Extension extends ExtensionOf<One> ? One : never
  : never;

type ExtensionOf<One> = One extends { readonly extensions: readonly (infer E extends string)[] }
  ? string extends E ? never : LowercaseExtension<E>
  : never;

/** An extension matches in any case; a variant does not. */
type LowercaseExtension<E extends string> = E extends `${infer Path}?${infer Variant}`
  ? `${Lowercase<Path>}?${Variant}`
  : Lowercase<E>;

type ValueBy<One> = ReturnedBy<One[keyof One & ("load" | "loadAsync" | "make" | "makeAsync")]>;

type ReturnedBy<Method> = Method extends (...args: never[]) => infer Result
  ? Exclude<Awaited<Result>, undefined>
  : never;
