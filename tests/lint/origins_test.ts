import { assertEquals } from "@std/assert";
import plugin from "../../src/lint.ts";

/** How many problems the plugin finds in a file that does not import the library. */
function found(source: string): number {
  return Deno.lint.runPlugin(plugin, "title.ts", source).length;
}

const IMPORTS = `import { Assets, entity, Entity, game, Game, getGame, mgr } from "./assets.ts";
  import type { Mgr } from "@/assets.ts"; import * as all from "../assets.ts";`;

/** Ways to get a manager of another file of the project. */
const WAYS: readonly string[] = [
  "function f() { LOAD }",
  "function f(mgr: Mgr) { LOAD }",
  "function f(mgr: typeof game.mgr) { LOAD }",
  "function f(mgr: ReturnType<typeof getGame>) { LOAD }",
  "function f(mgr: Assets) { LOAD }",
  "function f({ mgr }: Game) { LOAD }",
  "const f = (mgr?: Mgr) => { LOAD };",
  "type M = Mgr; function f(mgr: M) { LOAD }",
  "function f() { const { mgr } = game; LOAD }",
  "function f() { const { mgr } = getGame(); LOAD }",
  "async function f() { const { mgr } = await getGame(); LOAD }",
  "function f() { const mgr = new Assets(); LOAD }",
  "function f() { const mgr = game.mgr; LOAD }",
];

Deno.test("without an import of the library, the plugin knows a manager of the project by its name and by the name of a file", () => {
  for (const way of WAYS) {
    for (
      const call of ['mgr.load("a.png")', "mgr.load(`${b}.png`)", 'mgr.load("a.png", Texture)']
    ) {
      const source = `${IMPORTS} ${way.replace("LOAD", `const t = ${call}; draw(t.value);`)}`;
      assertEquals(found(source), 1, source);
    }
  }
  const objects = [
    ..."game.mgr all.mgr all.game.mgr entity.game.mgr getGame().mgr".split(" "),
    "(game.mgr as Mgr)",
  ];
  for (const object of objects) {
    const source = `${IMPORTS} function f() { ${object}.load("a.png"); }`;
    assertEquals(found(source), 1, source);
  }
  const classes = [
    "constructor(readonly mgr: Mgr) { this.mgr.load('a.png'); }",
    "#mgr: Mgr; b() { this.#mgr.load('a.png'); }",
    "constructor(readonly game: Game) { this.game.mgr.load('a.png'); }",
    "mgr = game.mgr; b() { this.mgr.load('a.png'); }",
    "get mgr(): Mgr { return c; } b() { this.mgr.load('a.png'); }",
  ];
  for (const body of classes) assertEquals(found(`${IMPORTS} class A { ${body} }`), 1, body);
  assertEquals(found(`${IMPORTS} class A extends Entity { b() { this.mgr.load("a.png"); } }`), 1);
});

Deno.test("the plugin knows a manager by the name of its type, if that is imported from the project", () => {
  const uses = [
    "function f(assets: Mgr) { assets.load('a.png'); }",
    "function f(m: typeof mgr) { m.load('a.png'); }",
    "type M = typeof mgr; function f(m: M) { m.load('a.png'); }",
    "class A { constructor(readonly assets: Mgr) { this.assets.load('a.png'); } }",
  ];
  for (const use of uses) assertEquals(found(`${IMPORTS} ${use}`), 1, use);
  assertEquals(found("function f(assets: Mgr) { assets.load('a.png'); }"), 0);
});

Deno.test("without an import of the library, the plugin accepts other forms of calls on such a manager", () => {
  const calls: Record<string, number> = {
    'mgr.get("a.png");': 1,
    'mgr.loadAsync("a.png");': 1,
    'mgr.loadAsync("a.png", { signal });': 1,
    'async () => { await mgr.loadAsync("a.png"); };': 1,
    'mgr.loadAll(["a.png", "b.json"]);': 1,
    'mgr.loadAll({ a: "a.png" });': 1,
    "mgr.load(name);": 0,
    'mgr.load("forest");': 0,
    'mgr.load("a.png", done);': 0,
    'async () => { await mgr.load("a.png"); };': 0,
    'mgr.load("a.png").then(show);': 0,
    'mgr.get("a");': 0,
    'mgr.get("a.png", fallback);': 0,
    "mgr.loadAll();": 0,
    "mgr.loadAll([]);": 0,
    "mgr.loadAll([...names]);": 0,
    'mgr.loadAll(["forest"]);': 0,
    'mgr.add("a.png", value);': 0,
    'mgr.scope("a");': 0,
  };
  for (const [call, count] of Object.entries(calls)) {
    assertEquals(found(`${IMPORTS} ${call}`), count, call);
  }
});

Deno.test("the plugin leaves the loaders of other libraries alone", () => {
  const sources = [
    'import * as THREE from "three"; const loader = new THREE.TextureLoader(); loader.load("a.png");',
    'import { manager } from "three"; manager.load("a.png");',
    'import { loader } from "./loader.ts"; loader.load("a.png");',
    'import Phaser from "phaser"; class A extends Phaser.Scene { b() { this.load.image("a.png"); } }',
    'import { Scene } from "./scene.ts"; class A extends Scene { b() { this.load.image("a.png"); } }',
    'import { Assets } from "pixi.js"; Assets.load("a.png");',
    'import { Assets } from "./assets.ts"; Assets.load("a.png"); void "resources";',
    'import { assets } from "./assets.ts"; assets.load("a.png"); void "manager";',
    'import { resources } from "cc"; resources.load("a.png");',
    'import { resources } from "./resources.ts"; resources.images.load("a.png");',
    'import { resources } from "./resources.ts"; await resources.load("a.png");',
    'import { resources } from "./resources.ts"; resources.load("a.png", (a) => show(a));',
    'import { SceneManager } from "./b.ts"; function f(manager: SceneManager) { manager.load("a.png"); }',
    'import { LoadingManager } from "three"; function f(mgr: LoadingManager) { mgr.load("a.png"); }',
    'import { game } from "./game.ts"; import { AssetManager } from "babylonjs";' +
    ' function f(mgr: AssetManager) { mgr.load("a.png"); }',
    'function f(mgr) { mgr.load("a.png"); }',
  ];
  for (const source of sources) assertEquals(found(source), 0, source);
});

Deno.test("in a file that imports the library, a type of another file says nothing against the name", () => {
  const library = 'import { Text } from "@holdfast/resources"; import type { A } from "./a.ts";';
  const uses = [
    ...[
      "function f(mgr: A) { mgr.load(name); }",
      "function f(mgr: typeof mgr) { mgr.load(name); }",
    ],
    "class B { constructor(readonly mgr: A) { this.mgr.scope(name); } }",
    "function f(manager: A) { manager.load(name, Text); }",
  ];
  for (const use of uses) assertEquals(found(`${library} ${use}`), 1, use);
  assertEquals(found(`${library} function f(mgr: Map<string, A>) { mgr.get("a.png"); }`), 0);
});

Deno.test("Origins ends where variables and types lead back to themselves", () => {
  const source =
    `const mgr = mgr.a; type A = A; function f(it: A) { const mgr = it; mgr.load("a.png"); }
    class B extends B { c() { this.mgr.load("a.png"); } } const { manager } = manager;
    manager.load("a.png");`;
  assertEquals(found(source), 0);
});
