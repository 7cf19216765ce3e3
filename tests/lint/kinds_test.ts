import { assertEquals } from "@std/assert";
import { awaited, isOurs, isPending, Kinds, promised } from "../../src/lint/kinds.ts";
import { inTree } from "./_tree.ts";

/** What `it` is: a variable of `source`. */
function kindOfIt(source: string, importsLibrary = false): string | undefined {
  let kind: string | undefined = "not asked";
  inTree(source, ({ bindings, identifiers }) => {
    kind = new Kinds(bindings, importsLibrary).of(identifiers("it").at(-1));
  });
  return kind;
}

Deno.test("Kinds.of() goes by constructors and their imports", () => {
  const from = (module: string) =>
    `import { ResourceManager as M } from "${module}"; const it = new M();`;
  assertEquals(kindOfIt(from("jsr:@holdfast/resources@1")), "manager");
  assertEquals(kindOfIt(from("./game.ts")), "manager");
  assertEquals(kindOfIt(from("npm:other-engine")), "other");
  assertEquals(kindOfIt("const it = new holdfast.ResourceManager();"), "manager");
  assertEquals(kindOfIt("class A extends A {} const it = new A();"), "other");
});

Deno.test("Kinds.of() goes by annotations", () => {
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

Deno.test("Kinds.of() goes from a manager to all that comes of it", () => {
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

Deno.test("Kinds.of() does not know what nothing tells, and ends in a circle", () => {
  for (
    const source of ["f(it)", "const it = it.clone();", "let it; it = 1;", "function f(it) {}"]
  ) {
    assertEquals(kindOfIt(source), undefined, source);
  }
});

Deno.test("Kinds.opened() takes what is called like a manager for one, if it is used like one", () => {
  const opened = (call: string, importsLibrary: boolean): string | undefined => {
    let kind: string | undefined = "not asked";
    inTree(`${call};`, ({ bindings, find }) => {
      kind = new Kinds(bindings, importsLibrary).opened(find("CallExpression", call));
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
  assertEquals(opened('mgr.load("a.png")', true), undefined);
  assertEquals(opened("mgr.load(1, Texture)", true), undefined);
  assertEquals(opened('mgr.loadAsync(dir + "a.png", Texture, {})', false), "task");
  const open = ['mgr.add("a", value)', "mgr.loadAll({})", "mgr.scope()"];
  assertEquals(open.map((call) => opened(call, false)), [undefined, undefined, undefined]);
  assertEquals(open.map((call) => opened(call, true)), ["handle", "bundle task", "scope"]);
});

Deno.test("awaited() and promised() lead from a promise to what it comes to, and back", () => {
  const kinds = ["handle", "task", "promise", "bundle", "bundle task", "scope"] as const;
  assertEquals(kinds.map(awaited), ["handle", "handle", "handle", "bundle", "bundle", "scope"]);
  const promises = ["promise", "promise", "promise", "bundle task", "bundle task", undefined];
  assertEquals(kinds.map(promised), promises);
  assertEquals(kinds.map(isPending), [false, true, true, false, true, false]);
});

Deno.test("isOurs() knows the library by its name", () => {
  assertEquals(["@holdfast/resources", "npm:three"].map(isOurs), [true, false]);
});
