import { assertEquals } from "@std/assert";
import { inTree } from "./_tree.ts";

Deno.test("SourceFile.calls has each call after those inside it", () => {
  inTree("a(b()).c(d(() => e()));", ({ file }) => {
    assertEquals(file.calls.map((call) => file.textOf(call)), [
      "b()",
      "a(b())",
      "e()",
      "d(() => e())",
      "a(b()).c(d(() => e()))",
    ]);
  });
});

Deno.test("SourceFile.callsIn() finds the calls inside a node, also in the default of a parameter", () => {
  inTree("a(); function f(b = c()) { d(e()); } g();", ({ file, all }) => {
    const [node] = all("FunctionDeclaration");
    assertEquals(file.callsIn(node!).map((call) => file.textOf(call)), ["c()", "d(e())", "e()"]);
    assertEquals(file.callsIn(all("Literal")[0] ?? all("Identifier")[0]!), []);
  });
});

Deno.test("SourceFile.guardedCallsOf() finds the calls of a function whose failure it catches", () => {
  const body = `a(); try { b(); try { c(); } catch { d(); } f(() => g()); } catch { h(); }
    try { i(); } finally {}`;
  inTree(`function f() { ${body} }`, ({ file, all }) => {
    const calls = file.guardedCallsOf(all("FunctionDeclaration")[0]!);
    const names = calls.map(({ callee }) => file.textOf(callee));
    assertEquals(names, ["b", "c", "d", "f"]);
  });
});

Deno.test("SourceFile.returnsOf() leaves out the returns of functions inside", () => {
  inTree("function f() { if (a) return 1; return () => { return 2; }; }", ({ file, all }) => {
    assertEquals(file.returnsOf(all("FunctionDeclaration")[0]!).length, 2);
    assertEquals(file.returnsOf(all("ArrowFunctionExpression")[0]!).length, 1);
  });
});

Deno.test("SourceFile.lineOf() counts from 1", () => {
  inTree("a;\n\n  b;", ({ file, find }) => {
    const lines = ["a", "b"].map((name) => file.lineOf(find("Identifier", name)));
    assertEquals(lines, [1, 3]);
  });
});
