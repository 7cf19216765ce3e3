import { assertEquals } from "@std/assert";
import { FileFindings } from "../../src/lint/findings.ts";

/** The message and the hint of each thing that is wrong. */
function told(source: string): string[] {
  const lines: string[] = [];
  const rule: Deno.lint.Rule = {
    create({ sourceCode }) {
      const file = new FileFindings(sourceCode);
      return {
        ...file.visitor(),
        "Program:exit": () => {
          for (const { message, hint } of file.get()) lines.push(`${message}. ${hint}`);
        },
      };
    },
  };
  const code = `import {} from "@holdfast/resources"; async () => { ${source} };`;
  Deno.lint.runPlugin({ name: "test", rules: { told: rule } }, "code.ts", code);
  return lines;
}

Deno.test("FileFindings says what is dropped, and what to write instead", () => {
  assertEquals(
    told(`
    mgr.load("a.png", Texture);
    mgr.get("a.png", Texture);
    mgr.add("a", 1);
    hero = mgr.load("a.png", Texture), using = mgr.load("b.png", Texture).clone();
    mgr.loadAsync("a.png", Texture);
    await mgr.loadAsync("a.png", Texture);
    mgr.loadAll({});
    await mgr.loadAll({});
    mgr.scope("level 1");
    using scene = mgr.scope("level 2"); scene.move();`),
    [
      'Cannot give back what mgr.load("a.png", Texture) takes: its handle is dropped. Write "using handle = …", or load it through a scope',
      'Cannot give back what mgr.get("a.png", Texture) takes: its handle is dropped. Ask has() or peek() to take no reference, or write "using handle = …"',
      'Cannot give back what mgr.add("a", 1) takes: its handle is dropped. Hold its handle for as long as the value is to stay, in a scope or with keep()',
      'Cannot give back what mgr.load("b.png", Texture) takes: its handle is dropped. Write "using handle = …", or load it through a scope',
      'Cannot give back what mgr.loadAsync("a.png", Texture) takes: its task is dropped. Write "using handle = await …", or "using task = …" to withdraw it at the end of the block',
      'Cannot give back what mgr.loadAsync("a.png", Texture) takes: its handle is dropped. Write "using handle = await …", or load it through a scope',
      'Cannot give back what mgr.loadAll({}) takes: its promise is dropped. Write "using handles = await …", or load them through a scope',
      'Cannot give back what mgr.loadAll({}) takes: its bundle of handles is dropped. Write "using handles = await …", or load them through a scope',
      'Cannot give back what mgr.scope("level 1") takes: its scope is dropped. Write "using scene = …"',
      "Cannot give back what scene.move() takes: its scope is dropped. Hold what move() returns",
    ],
  );
});

Deno.test("FileFindings says which variable nobody takes, once for all that leads there", () => {
  assertEquals(
    told(`
    const tex = a ? mgr.load("a.png", Texture) : mgr.load("b.png", Texture);
    const copy = tex.clone();
    const level = mgr.loadAll({});`),
    [
      'Cannot give back what mgr.load("a.png", Texture) takes: "tex" is neither disposed nor handed on. Write "using tex = …", or hand it to an owner: a scope, a stack, keep(tex)',
      'Cannot give back what tex.clone() takes: "copy" is neither disposed nor handed on. Write "using copy = …", or hand it to an owner: a scope, a stack, keep(copy)',
      'Cannot give back what mgr.loadAll({}) takes: "level" is neither disposed nor handed on. Write "using handles = await …", or load them through a scope',
    ],
  );
});

Deno.test("FileFindings shortens a call that is long or of several lines", () => {
  const long = `mgr\n.load("${"a".repeat(60)}.png", Texture);`;
  assertEquals(told(long), [
    'Cannot give back what mgr.load(…) takes: its handle is dropped. Write "using handle = …", or load it through a scope',
  ]);
});
