import { assertEquals } from "@std/assert";
import { FileFindings } from "../../src/lint/findings.ts";
import { SourceFile } from "../../src/lint/source_file.ts";

/** The message and the hint of each finding. */
function messagesOf(source: string): string[] {
  const lines: string[] = [];
  const rule: Deno.lint.Rule = {
    create({ sourceCode }) {
      const file = new SourceFile(sourceCode);
      const findings = new FileFindings(file);
      return {
        ...file.visitor(),
        "Program:exit": () => {
          for (const { message, hint } of findings.get()) lines.push(`${message}. ${hint}`);
        },
      };
    },
  };
  const code = `import {} from "@holdfast/resources"; async () => { ${source} };`;
  Deno.lint.runPlugin({ name: "test", rules: { messages: rule } }, "code.ts", code);
  return lines;
}

Deno.test("FileFindings says what is dropped, and what to write instead", () => {
  assertEquals(
    messagesOf(`
    mgr.load("a.png", Texture);
    mgr.get("a.png", Texture);
    mgr.add("a", 1);
    hero = mgr.load("a.png", Texture), using = mgr.load("b.png", Texture).clone();
    mgr.loadAsync("a.png", Texture);
    await mgr.loadAsync("a.png", Texture);
    mgr.loadAll({});
    await mgr.loadAll({});
    mgr.scope("level 1");
    using scene = mgr.scope("level 2"); scene.move();
    names.forEach((name) => mgr.load(name, Texture));
    names.map((name) => mgr.load(name, Texture));`),
    [
      'Nothing keeps or disposes the handle of mgr.load("a.png", Texture). Write "using handle = …", or load it through a scope',
      'Nothing keeps or disposes the handle of mgr.get("a.png", Texture). Use has() or peek(), which take no reference, or write "using handle = …"',
      'Nothing keeps or disposes the handle of mgr.add("a", 1). Hold the handle for as long as the value is needed, in a scope or with keep()',
      'Nothing keeps or disposes the handle of mgr.load("b.png", Texture). Write "using handle = …", or load it through a scope',
      'Nothing keeps or disposes the task of mgr.loadAsync("a.png", Texture). Write "using handle = await …", or "using task = …" to withdraw it at the end of the block',
      'Nothing keeps or disposes the handle of mgr.loadAsync("a.png", Texture). Write "using handle = await …", or load it through a scope',
      'Nothing keeps or disposes the promise of mgr.loadAll({}). Write "using handles = await …", or load them through a scope',
      'Nothing keeps or disposes the bundle of mgr.loadAll({}). Write "using handles = await …", or load them through a scope',
      'Nothing keeps or disposes the scope of mgr.scope("level 1"). Write "using scene = …"',
      "Nothing keeps or disposes the scope of scene.move(). Hold what move() returns",
      'Nothing keeps or disposes the handle of mgr.load(name, Texture). Write "using handle = …", or load it through a scope',
      "Nothing keeps or disposes the handles of mgr.load(name, Texture). Load them through a scope, or put each in a DisposableStack",
    ],
  );
});

Deno.test("FileFindings names the variable that nothing takes, once for all calls that lead there", () => {
  assertEquals(
    messagesOf(`
    const tex = a ? mgr.load("a.png", Texture) : mgr.load("b.png", Texture);
    draw(tex.value);
    const copy = tex.clone();
    add(copy.value);
    const level = mgr.loadAll({});
    const { map } = await level;
    const all = names.map((name) => mgr.load(name, Texture));
    const safe = mgr.load("a.png", Texture); draw(safe.value);`),
    [
      '"tex" is never disposed or handed on: it holds the handle of mgr.load("a.png", Texture). Write "using tex = …" if its value is used in this block only. If not, keep the handle for as long as the value, and dispose it then',
      '"copy" is never disposed or handed on: it holds the handle of tex.clone(). Write "using copy = …" if its value is used in this block only. If not, keep the handle for as long as the value, and dispose it then',
      '"level" is never disposed or handed on: it holds the promise of mgr.loadAll({}). Write "using handles = await …", or load them through a scope',
      '"all" is never disposed or handed on: it holds the handles of mgr.load(name, Texture). Load them through a scope, or put each in a DisposableStack',
      '"safe" is never disposed or handed on: it holds the handle of mgr.load("a.png", Texture). Write "using safe = …"',
    ],
  );
});

Deno.test("FileFindings says on which path a variable is forgotten, and where the path ends", () => {
  const hint = 'Write "using tex = …", or dispose it in a finally block';
  const held = 'it holds the handle of mgr.load("a", B)';
  const dispose = "tex[Symbol.dispose]();";
  const ways: Record<string, string> = {
    "if (a) return;": `"tex" is not disposed when the function returns on line 2: ${held}. ${hint}`,
    "if (a) throw b;": `"tex" is not disposed when the function throws on line 2: ${held}. ${hint}`,
    "if (a) continue;": `"tex" is not disposed when its block is left on line 2: ${held}. ${hint}`,
    "draw(tex.value);":
      `"tex" is not disposed when line 2 throws and that is caught: ${held}. ${hint}`,
    "if (a)": `"tex" is not disposed on every path through its block: ${held}. ${hint}`,
    "tex = undefined;":
      '"tex" is assigned on line 2 while it still holds the handle of mgr.load("a", B). Dispose the old one first: tex[Symbol.dispose]()',
  };
  for (const [statement, message] of Object.entries(ways)) {
    const code = `for (;;) try { let tex = mgr.load("a", B);\n${statement} ${dispose} } catch {}`;
    assertEquals(messagesOf(code), [message], statement);
  }
});

Deno.test("FileFindings names the field that nothing disposes, or that may hold an older handle", () => {
  assertEquals(
    messagesOf(`
    class A { #b; c(mgr) { this.#b = mgr.load("a", B); } }
    class D { #e; f(mgr, name) { this.#e = mgr.load(name, B); } g() { this.#e.free(); } }
    let h; return { i(mgr, name) { h = mgr.load(name, B); }, j() { h.free(); } };`),
    [
      'No method disposes "#b": it holds the handle of mgr.load("a", B). Dispose it where the object ends, in its [Symbol.dispose]()',
      '"#e" may still hold another handle when it gets the handle of mgr.load(name, B). Dispose the old one first: this.#e?.[Symbol.dispose]()',
      '"h" may still hold another handle when it gets the handle of mgr.load(name, B). Dispose the old one first: h?.[Symbol.dispose]()',
    ],
  );
});

Deno.test("FileFindings shortens a call that is long or has several lines", () => {
  const long = `mgr\n.load("${"a".repeat(60)}.png", Texture);`;
  assertEquals(messagesOf(long), [
    'Nothing keeps or disposes the handle of mgr.load(…). Write "using handle = …", or load it through a scope',
  ]);
});
