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

Deno.test("Kinds.of() finds kinds by constructors and their imports", () => {
  const from = (module: string) =>
    `import { ResourceManager as M } from "${module}"; const it = new M();`;
  assertEquals(kindOfIt(from("jsr:@holdfast/resources@1")), "manager");
  assertEquals(kindOfIt(from("./game.ts")), "manager");
  assertEquals(kindOfIt(from("npm:other-engine")), "foreign");
  assertEquals(kindOfIt("const it = new holdfast.ResourceManager();"), "manager");
  assertEquals(kindOfIt("class A extends A {} const it = new A();"), "other");
});

Deno.test("Kinds.of() finds kinds by annotations", () => {
  const kinds = Object.entries({
    "ResourceManager": "manager",
    "holdfast.ResourceScope": "scope",
    "AsyncLoadContext": "scope",
    "undefined | Handle<Texture>": "handle",
    "WeakHandle<Texture> | null": "weak",
    "LoadTask<Texture>": "task",
    "Promise<Handle<Texture>>": "promise",
    "Promise<LoadTask<Texture>>": "promise",
    "Promise<LoadedBundle<B>>": "bundle task",
    "Promise<number>": "other",
    "this": "other",
    "(a: ResourceManager) => void": "other",
  });
  for (const [type, kind] of kinds) assertEquals(kindOfIt(`let it: ${type};`), kind, type);
});

Deno.test("Kinds.of() follows a manager to everything that it returns", () => {
  const prelude = "declare const mgr: ResourceManager;";
  const kinds = Object.entries({
    "mgr.load(a, B)": "handle",
    "mgr.load(a, B).weak()": "weak",
    "mgr.load(a, B).weak().upgrade()!": "handle",
    "mgr.loadAsync(a, B)": "task",
    "(await mgr.loadAsync(a, B)) satisfies C": "other",
    "await mgr.loadAsync(a, B)": "handle",
    "await mgr.loadAll({}) as LoadedBundle<B>": "bundle",
    "(await mgr.loadAll({})).hero": "handle",
    "mgr.scope().load(a, B)": "handle",
    "mgr.scope().move()": "scope",
    "a ? mgr.get(a, B) : c": "handle",
    "a ?? mgr.get(a, B)": "handle",
    "(a = mgr.load(a, B))": "handle",
    "stack.use(mgr.load(a, B))": "handle",
    "keep(mgr.load(a, B))": "handle",
  });
  for (const [value, kind] of kinds) {
    assertEquals(kindOfIt(`${prelude} const it = ${value};`), kind, value);
  }
  assertEquals(kindOfIt(`${prelude} const { it } = await mgr.loadAll({});`), "handle");
});

Deno.test("Kinds.of() returns undefined when the file does not show the kind, and ends in a circle", () => {
  for (
    const source of ["f(it)", "const it = it.clone();", "let it; it = 1;", "function f(it) {}"]
  ) {
    assertEquals(kindOfIt(source), undefined, source);
  }
});

Deno.test("Kinds.opened() accepts a manager by its name alone, if it is used like one", () => {
  const opened = (call: string, importsLibrary: boolean): string | undefined => {
    let kind: string | undefined = "not asked";
    const prefix = importsLibrary ? 'import {} from "@holdfast/resources"; ' : "";
    inTree(`${prefix}${call};`, ({ kinds, find }) => {
      kind = kinds.opened(find("CallExpression", call));
    });
    return kind;
  };
  for (const name of ["mgr", "manager", "resources", "game.assetManager", "this._resMgr"]) {
    assertEquals(opened(`${name}.load("a.png", Texture)`, false), "handle", name);
  }
  assertEquals(opened('images.load("a.png", Texture)', true), undefined);
  assertEquals(opened('mgr.load("a.json", json(schema))', false), "handle");
  assertEquals(opened("mgr.load(`${a}.png`, textures.Texture)", false), "handle");
  assertEquals(opened('mgr.load("a.png", options)', true), undefined);
  assertEquals(opened("mgr.load(1, Texture)", true), undefined);
  assertEquals(opened('mgr.loadAsync(dir + "a.png", Texture, {})', false), "task");
  const open = ['mgr.add("a", value)', "mgr.loadAll({})", "mgr.scope()"];
  assertEquals(open.map((call) => opened(call, false)), [undefined, undefined, undefined]);
  assertEquals(open.map((call) => opened(call, true)), ["handle", "bundle task", "scope"]);
  const untyped = [
    ...['mgr.load("a.png")', "mgr.load(name)", 'mgr.get("a.png")', "mgr.get(`${a}.png?b#c/d`)"],
    ...['mgr.loadAsync("a.png")', 'mgr.loadAsync("a.png", { signal })', 'mgr.loadAll(["a.png"])'],
    'mgr.loadAll(mgr.find("*.png"))',
  ];
  assertEquals(untyped.map((call) => opened(call, false)), untyped.map(() => undefined));
  assertEquals(untyped.map((call) => opened(call, true)), [
    ...Array(4).fill("handle"),
    ...["task", "task", "bundle task", "bundle task"],
  ]);
  const others = [
    ...["mgr.load()", 'mgr.load("a.png", () => {})', "mgr.load(1)", 'storage.load("a.png")'],
    ...['mgr.get("a")', "mgr.get(name)", 'mgr.get("a.png", fallback)', "mgr.get()"],
    ...["mgr.loadAsync()", 'mgr.loadAsync("a.png", onProgress)', "mgr.loadAll(scene)"],
    ...['mgr.loadAsync("a.png", {}, {})', "mgr.loadAll()"],
  ];
  assertEquals(others.map((call) => opened(call, true)), others.map(() => undefined));
});

Deno.test("Kinds.of() never takes a value of another package for a manager", () => {
  const sources = [
    'import { resources as it } from "cc"; it;',
    'import it from "npm:engine@1"; it;',
    'import * as it from "jsr:@other/engine"; it;',
    'import * as cc from "cc"; const it = cc.resources;',
    'import * as cc from "cc"; const { manager: it } = cc;',
    'import * as cc from "cc"; const it = cc.loader.getManager();',
    'import * as cc from "cc"; const it = new cc.ResourceManager();',
    'import type * as cc from "cc"; let it: cc.ResourceManager;',
    'import { createManager } from "https://example.com/engine.js"; const it = createManager();',
    'import { Manager } from "engine"; const it = new Manager();',
    'import { Scene } from "engine"; class A extends Scene { b() { const it = this.resources; } }',
  ];
  for (const source of sources) assertEquals(kindOfIt(source), "foreign", source);
});

Deno.test("Kinds.of() knows the project's own modules only by the names in them", () => {
  const sources = [
    'import { resources as it } from "./game.ts"; it;',
    'import it from "@/game.ts"; it;',
    'import { useContext } from "react"; const it = useContext(Manager);',
    'import { Scene } from "engine"; class A extends Scene { b() { this.c = 1; const it = this.c; } }',
  ];
  for (const source of sources) assertEquals(kindOfIt(source), undefined, source);
});

Deno.test("Kinds.of() sees the members of classes and objects of the file", () => {
  const kinds = Object.entries({
    "class A { b = new ResourceManager(); } function f(a: A) { const it = a.b; }": "manager",
    "class A { constructor(readonly b: ResourceScope) {} } const it = new A().b;": "scope",
    "class A { get b(): ResourceManager { return c; } } const it = new A().b;": "manager",
    "const a = { b: new ResourceManager() }; const it = a.b;": "manager",
    "interface A { b: ResourceManager } function f(a: A) { const it = a.b; }": "manager",
    "type A = { b: { c: ResourceScope } }; function f(a: A) { const it = a.b.c; }": "scope",
    "function f(a: { b: Other }) { const it = a.b; }": "other",
    "interface A { it: ResourceManager } function f({ it }: A) { it; }": "manager",
    "function f({ b: it }: { b: ResourceManager }) { it; }": "manager",
    "const { a: it } = { a: new ResourceManager() };": "manager",
    "class A { b = new ResourceManager(); } const { b: it } = new A();": "manager",
    "class A extends ResourceManager { b() { const it = this; } }": "manager",
    "class A extends ResourceManager { load() { const it = super.load(a, B); } }": "handle",
  });
  for (const [source, kind] of kinds) assertEquals(kindOfIt(source), kind, source);
});

Deno.test("Kinds.of() learns nothing from any, in a file that imports the library", () => {
  assertEquals(kindOfIt("let it: any;"), "other");
  assertEquals(kindOfIt('import {} from "@holdfast/resources"; let it: any;'), undefined);
});

Deno.test("Kinds.of() knows the parameter of a task's callback", () => {
  const source = "declare const mgr: ResourceManager; mgr.loadAsync(a, B).then((it) => it);";
  assertEquals(kindOfIt(source), "handle");
  assertEquals(kindOfIt("a.then((it) => it);"), undefined);
});
