import { assertEquals } from "@std/assert";
import { inTree } from "./_tree.ts";

/** What `it` is: a variable of `source`. */
function kindOfIt(source: string): string | undefined {
  let kind: string | undefined = "not asked";
  inTree(source, ({ kinds, identifiers }) => {
    kind = kinds.of(identifiers("it").at(-1));
  });
  return kind;
}

const MANAGER = "const mgr = new ResourceManager(a); const game = { mgr, b: { mgr } };" +
  "function make() { return new ResourceManager(a); } const makeIt = () => new ResourceManager();" +
  "async function open() { const m = new ResourceManager(); return m; }" +
  "type Mgr = typeof mgr; type Game = typeof game; interface Assets extends Mgr {}" +
  "interface Held { mgr: Mgr }";

Deno.test("Types.kindOf() finds managers by typeof, by aliases, and by what functions return", () => {
  const types = [
    ...["typeof mgr", "typeof game.mgr", "typeof game.b.mgr", "Mgr", "Assets", "Mgr | null"],
    ...["ReturnType<typeof make>", "ReturnType<typeof makeIt>", "Awaited<ReturnType<typeof open>>"],
    ...["ResourceManager<typeof loaders>", "Readonly<Mgr>", 'Pick<Mgr, "load">', 'Game["mgr"]'],
    ...['Held["mgr"]', "Mgr & { a: b }", "{ a: b } & Mgr", "Promise<Mgr>"],
    ...["InstanceType<typeof ResourceManager>", 'import("@holdfast/resources").ResourceManager'],
  ];
  for (const type of types) {
    assertEquals(kindOfIt(`${MANAGER} function f(it: ${type}) {}`), "manager", type);
    const field = `${MANAGER} class A { b: ${type}; c() { const it = this.b; } }`;
    assertEquals(kindOfIt(field), "manager", type);
  }
  assertEquals(kindOfIt("function f<M extends ResourceManager<L>>(it: M) {}"), "manager");
  assertEquals(kindOfIt("class A { b<M extends ResourceManager<L>>(it: M) {} }"), "manager");
  assertEquals(kindOfIt("type A<B> = B; function f<M>(it: M) {}"), "other");
});

Deno.test("Kinds.of() finds managers in what a typeof or an alias has, and in what functions return", () => {
  for (const value of ["make()", "makeIt()", "await open()"]) {
    assertEquals(kindOfIt(`${MANAGER} const it = ${value};`), "manager", value);
  }
  for (const type of ["Game", "typeof game", "Held", "Readonly<Game>"]) {
    assertEquals(
      kindOfIt(`${MANAGER} function f(g: ${type}) { const it = g.mgr; }`),
      "manager",
      type,
    );
    assertEquals(kindOfIt(`${MANAGER} function f({ mgr: it }: ${type}) {}`), "manager", type);
  }
});

Deno.test("Types.kindOf() is undefined for a type that only another module of the project explains", () => {
  const unknown = [
    'import type { Mgr } from "./assets.ts"; let it: Mgr;',
    'import { type Mgr as M } from "@/assets.ts"; let it: M | undefined;',
    'import type Mgr from "./assets.ts"; let it: Mgr;',
    'import type * as game from "./assets.ts"; let it: game.Mgr;',
    'import { mgr } from "./assets.ts"; let it: typeof mgr;',
    'import { make } from "./assets.ts"; let it: ReturnType<typeof make>;',
    'let it: import("./assets.ts").Mgr;',
    'import { Assets } from "./assets.ts"; class A extends Assets {} let it: A;',
    'import { Assets } from "./assets.ts"; const it = new Assets();',
    "function f(it: typeof it) {}",
  ];
  for (const source of unknown) assertEquals(kindOfIt(source), undefined, source);
});

Deno.test("Types.kindOf() knows the types of other packages and of the language, and other managers", () => {
  const others = [
    "let it: Map<string, number>;",
    "type A = A; let it: A;",
    "type A = Map<string, number>; let it: A;",
    "interface A { load(name: string): number } let it: A;",
    "interface A extends A {} let it: A;",
    "let it: Readonly<Map<string, number>>;",
    "const mgr = new Cache(); let it: typeof mgr;",
    'import { Loader } from "@holdfast/resources"; let it: Loader<number>;',
    'import { SceneManager } from "./scenes.ts"; let it: SceneManager;',
    'import { SoundMgr } from "./sounds.ts"; const it = new SoundMgr();',
    'import { Base } from "./base.ts"; class SceneManager extends Base {} let it: SceneManager;',
    'let it: import("./scenes.ts").SceneManager;',
  ];
  for (const source of others) assertEquals(kindOfIt(source), "other", source);
  const foreign = [
    'import { AssetManager } from "engine"; type A = AssetManager; let it: A;',
    'let it: import("npm:engine").Manager;',
    'import { resources } from "cc"; let it: typeof resources;',
    'import { AssetManager } from "engine"; interface A { b: AssetManager } let it: A["b"];',
  ];
  for (const source of foreign) assertEquals(kindOfIt(source), "foreign", source);
});
