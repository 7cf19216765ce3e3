/** What the plugin costs for code that is nested deeply: counted in reads of the syntax tree. */
import { assert, assertEquals, assertLess } from "@std/assert";
import plugin from "../../src/lint.ts";
import { FileFindings } from "../../src/lint/findings.ts";
import { SourceFile } from "../../src/lint/source_file.ts";

/** How often the findings of some code read a property of a node, and how many findings there are. */
function readsFor(code: string): { reads: number; found: number } {
  let reads = 0;
  let found = 0;
  const watched = watcher(() => reads++);
  const rule: Deno.lint.Rule = {
    create({ sourceCode }) {
      const { text } = sourceCode;
      const getText = ({ range }: Deno.lint.Node) => text.slice(...range);
      const file = new SourceFile({ text, getText } as Deno.lint.SourceCode);
      const findings = new FileFindings(file);
      const visitor = Object.entries(file.visitor()) as [string, (node: object) => void][];
      return {
        ...Object.fromEntries(
          visitor.map(([name, visit]) => [name, (node: object) => visit(watched(node) as object)]),
        ),
        "Program:exit": () => {
          found = findings.get().length;
        },
      };
    },
  };
  Deno.lint.runPlugin({ name: "test", rules: { count: rule } }, "code.ts", code);
  return { reads, found };
}

/** Wraps nodes so that each read of a property is reported. A node always gets the same wrapper. */
function watcher(onRead: () => void): (value: unknown) => unknown {
  const known = new WeakMap<object, object>();
  const watched = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(watched);
    const proxy = known.get(value) ?? new Proxy(value, {
      get(node, name) {
        onRead();
        return watched(Reflect.get(node, name, node));
      },
    });
    known.set(value, proxy);
    return proxy;
  };
  return watched;
}

function repeat(n: number, part: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => part(i)).join("");
}

function nest(n: number, [before, after]: readonly [string, string], inner: string): string {
  return before.repeat(n) + inner + after.repeat(n);
}

const LOAD = 'mgr.load("a", T)';
const DISPOSE = "a[Symbol.dispose]();";

/** The body of a function, nested or repeated `n` times. */
const SHAPES: Readonly<Record<string, (n: number) => string>> = {
  "a chain of calls": (n) => `z.object()${repeat(n, (i) => `.option(${i})`)};`,
  "a chain of clones": (n) => `${LOAD}${".clone()".repeat(n)};`,
  "a chain of moves": (n) => `mgr.scope()${".move()".repeat(n)};`,
  "a chain of then()": (n) => `mgr.loadAsync("a", T)${".then((h) => h)".repeat(n)};`,
  "a chain of filters": (n) =>
    `const a = n.map((b) => mgr.load(b, T)); c(a${".filter((b) => b.value)".repeat(n)}.length);`,
  "a chain of members": (n) => `z${".a".repeat(n)}.load("a", T);`,
  "calls in calls": (n) => nest(n, ["f(", ")"], LOAD) + ";",
  "keep() in keep()": (n) => nest(n, ["keep(", ")"], LOAD) + ".clone();",
  "then() in then()": (n) => nest(n, ['mgr.loadAsync("a", T).then((h) => ', ")"], "h") + ";",
  "templates in templates": (n) => nest(n, ["`${", "}`"], LOAD) + ";",
  "awaits of awaits": (n) => nest(n, ["(await ", ")"], LOAD) + ";",
  "ternaries": (n) => `const a = ${repeat(n, (i) => `c${i} ? ${LOAD} : `)}b; a.value;`,
  "ternaries in both branches": (n) => `const a = ${nest(n, ["c ? (", `) : ${LOAD}`], "b")}; a;`,
  "fallbacks": (n) => `const a = ${repeat(n, (i) => `c${i} ?? `)}${LOAD}; a.value;`,
  "arrays in arrays": (n) => `const a = ${nest(n, ["[", "]"], LOAD)}; a.length;`,
  "objects in objects": (n) => `const a = ${nest(n, ["{ b: ", "}"], LOAD)}; a.b;`,
  "a sum": (n) => `const a = ${LOAD}; c(a.value${" + a.value".repeat(n)});`,
  "functions in functions": (n) => `const a = z; ${nest(n, ["f(() => { a; ", "});"], LOAD)}`,
  "blocks in blocks": (n) => `const a = ${LOAD}; ${nest(n, ["{ a.value; ", "}"], DISPOSE)}`,
  "conditions": (n) => `const a = ${LOAD}; if (a${" && a.value".repeat(n)}) { ${DISPOSE} }`,
  "ifs in ifs": (n) =>
    `const a = ${LOAD}; ${nest(n, ["if (a.b) {", "} else { c(a.value); }"], DISPOSE)}`,
  "else if": (n) => `const a = ${LOAD}; ${repeat(n, () => "if (b) a.value; else ")} ${DISPOSE}`,
  "loops in loops": (n) =>
    `let a; ${nest(n, ["for (const b of c) {", `${DISPOSE} a = ${LOAD}; }`], `a = ${LOAD};`)}`,
  "switches in switches": (n) =>
    `const a = ${LOAD}; ${nest(n, ["switch (b) { case 1: a.c; default: ", "}"], DISPOSE)}`,
  "try in try": (n) =>
    `const a = ${LOAD}; ${nest(n, ["try {", "} catch { b(a.value); } finally { c(); }"], DISPOSE)}`,
  "finally in finally": (n) =>
    `const a = ${LOAD}; ${nest(n, ["try { if (b) return; } finally {", "}"], "c();")} ${DISPOSE}`,
  "names for names": (n) =>
    `const a0 = ${LOAD}; ${repeat(n, (i) => `const a${i + 1} = c ? a${i} : a${i};`)} a${n}.b();`,
  "names for values": (n) =>
    `const a0 = ${LOAD}, v0 = a0.value; ${
      repeat(n, (i) => `const v${i + 1} = c ? v${i} : v${i};`)
    } draw(v${n});`,
  "variables in a circle": (n) =>
    `const a = ${LOAD}; ${
      repeat(n, (i) => `var v${i} = v${i} || v${(i + 1) % n} || a.value;`)
    } draw(v0);`,
  "functions that call functions": (n) =>
    `${repeat(n, (i) => `function f${i + 1}() { return c ? f${i}() : f${i}(); }`)}
    function f0() { return ${LOAD}; } f${n}();`,
  "functions that pass on": (n) =>
    `${repeat(n, (i) => `function f${i + 1}(h) { f${i}(h); f${i}(h); }`)}
    function f0(h) { h.value; } f${n}(${LOAD});`,
  "methods that call methods": (n) =>
    `class A { #a; set(n) { this.m0(); this.#a = mgr.load(n, T); } m${n}() {}
    ${repeat(n, (i) => `m${i}() { this.m${i + 1}(); this.m${i + 1}(); }`)}
    d() { this.#a.free(); } }`,
  "classes in a row": (n) =>
    `${repeat(n, (i) => `class A${i} { next = new A${i + 1}(); }`)}
    class A${n} { mgr = new ResourceManager(); } new A0()${".next".repeat(n)}.mgr.load("a", T);`,
  "classes with fields of one name": (n) =>
    repeat(n, (i) => `class A${i} { a; b() { this.a = ${LOAD}; } c() { this.a.value; } }`),
  "loads in a try": (n) => `try { ${repeat(n, (i) => `const a${i} = ${LOAD};`)} } catch {}`,
  "copies of copies": (n) =>
    `const all = new Set<Handle<T>>(); for (const a of ${
      nest(n, ["[...", "]"], "all")
    }) a.clone();`,
  "pushes to a list": (n) => `const a = []; ${repeat(n, () => `a.push(${LOAD});`)} a.length = 0;`,
  "pushes to a field": (n) =>
    `class A { #a = []; b() { ${repeat(n, () => `this.#a.push(${LOAD});`)} this.#a.pop().b(); }
    c() { this.#a.length = 0; } }`,
  "methods that set and methods that clear": (n) =>
    `class A { #a = new Map(); ${
      repeat(n, (i) => `set${i}(n) { this.#a.set(n, ${LOAD}); } c${i}() { this.#a.clear(); }`)
    } d() { this.#a.get(n).b(); } }`,
  "stacks in stacks": (n) =>
    `const s0 = new DisposableStack(); s0.use(${LOAD}); ${
      repeat(n, (i) => `const s${i + 1} = new DisposableStack(); s${i + 1}.use(s${i});`)
    }`,
  "uses of a stack": (n) =>
    `const s = new DisposableStack(); ${repeat(n, () => `s.use(${LOAD}); s.move();`)}`,
  "classes that extend each other": (n) =>
    `class A0 extends ResourceManager {} ${
      repeat(n, (i) => `class A${i + 1} extends A${i} {}`)
    } new A${n}().load("a", T);`,
};

function codeOf(body: string): string {
  return `import { ResourceManager } from "@holdfast/resources";
async function* play(mgr: ResourceManager, n) { ${body} }`;
}

/** More than any of the shapes needs. A shape that doubles with each level would need 10¹². */
const MAX_READS = 1_500_000;

for (const [name, shape] of Object.entries(SHAPES)) {
  Deno.test(`40 levels of ${name} do not cost the lint plugin twice as much each`, () => {
    const [few, many] = [20, 40].map((n) => readsFor(codeOf(shape(n))));
    assertLess(many!.reads, few!.reads * 5);
    assertLess(many!.reads, MAX_READS);
  });
}

for (const name of ["a chain of calls", "pushes to a field", "uses of a stack"]) {
  Deno.test(`the lint plugin takes twice as long for twice as much of ${name}`, () => {
    const [few, many] = [200, 400].map((n) => readsFor(codeOf(SHAPES[name]!(n))).reads);
    assertLess(many!, few! * 2.3);
  });
}

/** A class and a function as they are repeated in a long file, with the same names in each. */
const PART = `class A { #a; #b; c; constructor(m) { this.c = ${LOAD}; } get d() { return ${LOAD}; }
  async set(n) {
    try { const a = ${LOAD}; const b = ${LOAD}; this.#a = a; this.#b = b; } catch { z(this.d.value); }
  }
  update() { const a = ${LOAD}; if (z) return; ${DISPOSE} this.v = this.c.value; }
  [Symbol.dispose]() { this.#a.free(); this[z]; } }
  class B { #a = []; #b = new Map<T, WeakHandle<T>>(); #c = new DisposableStack();
  b() { this.#a.push(${LOAD}); this.#a.pop().free(); } c() { this.#a.length = 0; }
  d(n) { this.#b.get(n).upgrade(); for (const b of this.#a) z(() => b.free()); this.#c.use(${LOAD}); } }
  async function g(a) { const s = new DisposableStack(); s.use(${LOAD}); if (z) return; s.dispose();
    const b = await mgr.loadAll({ c: "c", d: "d" }); b.c.free(); }
  function f(n) { const a = n.map((b) => ${LOAD}); for (const b of a) z(b.value); }`;

Deno.test("the lint plugin takes twice as long for a file with twice as many classes and functions", () => {
  const [few, many] = [100, 200].map((n) => readsFor(codeOf(repeat(n, () => `{ ${PART} }`))));
  assertLess(many!.reads, few!.reads * 2.3);
  assertEquals(many!.found, few!.found * 2);
});

Deno.test("the lint plugin survives code that is nested deeper than anybody writes it", () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    const code = codeOf(shape(150));
    const found = Deno.lint.runPlugin(plugin, "code.ts", code);
    assert(found.length < 400, name);
  }
  const long = codeOf(
    `z${".a()".repeat(600)}; const a = ${LOAD}; draw(a.value${".b".repeat(600)});`,
  );
  assertEquals(Deno.lint.runPlugin(plugin, "code.ts", long).length, 1);
});

Deno.test("the lint plugin survives variables, functions and classes that stand for themselves", () => {
  const sources = [
    "var t = t || t.value; t.load('a', T);",
    `const h = ${LOAD}; var t = t || h.value; draw(t);`,
    "let a = b, b = a; b = a; a.clone();",
    `let a = ${LOAD}, b = a; a = b; b = a; draw(b.value);`,
    "const f = () => f(); f().load('a', T);",
    "function f() { return g(); } function g() { return f(); } f(); g().clone();",
    "function f(h) { g(h); } function g(h) { f(h); } f(" + LOAD + ");",
    "class A extends A { b = this.b; c = new A().c; } new A().b.load('a', T);",
    "class A { get b() { return this.b; } } new A().b.b.clone();",
    "const o = { a: o.a, b: () => o.b() }; o.a.load('a', T); o.b();",
    "for (const a of a) a.clone(); const { b = b } = b; const [c] = c;",
    "function f(a = f(a)) { return a; } f();",
  ];
  for (const source of sources) {
    assert(Deno.lint.runPlugin(plugin, "code.ts", codeOf(source)).length < 3, source);
  }
});
