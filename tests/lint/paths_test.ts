import { assertEquals } from "@std/assert";
import { Owners } from "../../src/lint/owners.ts";
import { Paths } from "../../src/lint/paths.ts";
import { isVariable } from "../../src/lint/places.ts";
import { inTree } from "./_tree.ts";

/** How the result of the first `open()` in the body of a function is forgotten, and where. */
function leakIn(body: string): string | undefined {
  let text: string | undefined = "not asked";
  const code = body.replaceAll("dispose(a)", "a[Symbol.dispose]()");
  const second = `function open2() { return mgr.load('a', T); }`;
  inTree(`${second} async function* f() { ${code} }`, (tree) => {
    const { flow, fields, file, kinds, find } = tree;
    const call = find("CallExpression", "open()");
    const kept = flow.ends({ node: call, kind: "handle" }).find(({ end }) => end === "kept");
    if (kept?.end !== "kept" || !isVariable(kept.place)) throw new Error(`No variable: ${body}`);
    const paths = new Paths(file, { flow, kinds, owners: new Owners(flow, fields) });
    const leak = paths.leak({ call, kept, from: call, isShared: false }, kept.place);
    const isWhole = leak?.how === "ended" || leak === undefined;
    text = isWhole ? leak?.how : `${leak.how}: ${file.textOf(leak.at)}`;
  });
  return text;
}

/** Asserts how `a`, which is opened first, is forgotten in each of several bodies. */
function assertLeaks(leaks: Readonly<Record<string, string | undefined>>): void {
  for (const [body, leak] of Object.entries(leaks)) assertEquals(leakIn(body), leak, body);
}

Deno.test("Paths.leak() finds where a function is left too early", () => {
  assertLeaks({
    "const a = open(); if (b) return 1; dispose(a);": "returned: return 1;",
    "const a = open(); if (b) throw 1; dispose(a);": "thrown: throw 1;",
    "const a = open(); if (b) return a; dispose(a);": undefined,
    "const a = open(); if (b) { dispose(a); return; } dispose(a);": undefined,
    "const a = open(); if (b) Deno.exit(1); dispose(a);": undefined,
    "if (b) return; const a = open(); dispose(a);": undefined,
    "for (const b of c) { const a = open(); if (b) continue; dispose(a); }": "left: continue;",
    "for (const b of c) { const a = open(); if (b) break; dispose(a); }": "left: break;",
    "const a = open(); for (const b of c) if (b) break; dispose(a);": undefined,
    "const a = open(); d: for (const b of c) { for (;;) continue d; } dispose(a);": undefined,
    "d: for (const b of c) { const a = open(); for (;;) continue d; dispose(a); }":
      "left: continue d;",
    "const a = open(); d: { if (b) break d; dispose(a); }": "ended",
    "const a = open(); d: { if (b) break d; } dispose(a);": undefined,
    "const a = open(); return b ? a : c;": "returned: return b ? a : c;",
    "const a = open(); return b && a;": "returned: return b && a;",
    "const a = open(); return b ? a : (dispose(a), c);": undefined,
  });
});

Deno.test("Paths.leak() uses what a condition says about the variable", () => {
  assertLeaks({
    "const a = open(); if (!a) return; dispose(a);": undefined,
    "const a = open(); if (a === undefined) return; dispose(a);": undefined,
    "const a = open(); if (a) dispose(a);": undefined,
    "const a = open(); a && dispose(a);": undefined,
    "const a = open(); b && dispose(a);": "ended",
    "const a = open(); b ? dispose(a) : dispose(a);": undefined,
    "const a = open(); if (a.disposed) return; dispose(a);": undefined,
    "const a = open(); if (!a || b) return; dispose(a);": "returned: return;",
    "const a = b ? open() : c; if (b) dispose(a);": undefined,
    "const a = b ?? open(); if (!b) dispose(a);": undefined,
    "let a; if (b) a = open(); if (b) dispose(a);": undefined,
    "let a; if (b) a = open(); if (c) return; dispose(a);": undefined,
    "let a; if (b) { a = open(); if (c) return; } dispose(a);": "returned: return;",
    "const a = open(); if (b) dispose(a); if (!b) dispose(a);": undefined,
    "const a = open(); if (b) dispose(a); else return 1;": "returned: return 1;",
  });
});

Deno.test("Paths.leak() follows loops", () => {
  assertLeaks({
    "let a = open(); while (b) { dispose(a); a = open(); } dispose(a);": undefined,
    "let a; while (b) a = open(); dispose(a);": "assigned: a = open()",
    "let a; do { a = open(); dispose(a); } while (b);": undefined,
    "let a; do { a = open(); } while (!a); dispose(a);": undefined,
    "let a; for (;;) { a = open(); if (a) break; } dispose(a);": undefined,
    "for (let a = open(); b; b++) { c(a.value); if (d) return a; }": "ended",
    "const a = open(); while (true) { if (b) { dispose(a); return; } }": undefined,
    "const a = open(); for (const b of c) dispose(a);": undefined,
    "const a = open(); for (const b in c) { if (b) { dispose(a); return; } }": "ended",
    "let a; for (const b of c) { if (b) a = open(); else { dispose(a); a = null; } }": undefined,
    "let a; for (const b of c) { dispose(a); a = open(); }": "ended",
    "let a; for (const b of c) a ??= open(); dispose(a);": undefined,
    "const a = open(); for (const b of c); if (b); else; while (b); dispose(a);": undefined,
  });
});

Deno.test("Paths.leak() follows switches", () => {
  assertLeaks({
    "const a = open(); switch (b) { case 1: dispose(a); break; default: c(); }": "ended",
    "const a = open(); switch (b) { case 1: dispose(a); break; default: dispose(a); }": undefined,
    "const a = open(); switch (b) { case 1: case 2: dispose(a); }": undefined,
    "const a = open(); switch (b) { case 1: c(); } dispose(a);": undefined,
    "const a = open(); switch (b) { case 1: return; } dispose(a);": "returned: return;",
    "switch (b) { case 1: const a = open(); break; case 2: dispose(a); }": "ended",
    "let a; switch (b) { case 1: a = open(); } switch (b) { case 1: dispose(a); }": undefined,
  });
});

Deno.test("Paths.leak() follows try, catch and finally", () => {
  assertLeaks({
    "const a = open(); try { if (b) return; } finally { dispose(a); }": undefined,
    "const a = open(); try { if (b) return; } finally { c(); } dispose(a);": "returned: return;",
    "const a = open(); try { b(a.value); } catch { return; } dispose(a);": "returned: return;",
    "const a = open(); try { b(); } catch { return; } dispose(a);": "returned: return;",
    "const a = open(); try { b(a.value); } catch { c(); } dispose(a);": undefined,
    "const a = open(); try { b(a.value); } catch { dispose(a); throw c; } return a;": undefined,
    "const a = open(); try { b(a.value); dispose(a); } catch { c(); }": "ended",
    "try { const a = open(); b(a.value); dispose(a); } catch {}": "caught: a",
    "try { const a = open(); new B(a.value); dispose(a); } catch {}": "caught: a",
    "try { const a = open(); console.log(a.value); dispose(a); } catch {}": undefined,
    "try { const a = open(); b(); dispose(a); } catch {}": undefined,
    "try { const a = open(); b(a.value); dispose(a); } finally {}": undefined,
    "try { const a = open(); if (a.value) throw b; dispose(a); } catch {}": "thrown: throw b;",
    "let a; try { a = open(); } catch { return; } dispose(a);": undefined,
    "let a; try { a = open(); b(a.value); } catch { return; } dispose(a);": "returned: return;",
    "const a = open(); try { dispose(a); } catch { throw b; }": undefined,
    "try { const a = open(); const b = open2(); dispose(a); } catch {}": "caught: open2()",
    "const a = open(); try { return [a, open2()]; } catch { c(); }": "ended",
    "const a = open(); try { return new B(a, open2()); } catch { dispose(a); }": undefined,
    "const a = open(); try { return d(a) || open2(); } catch { c(); }": undefined,
    "const a = open(); try { d(() => open2()); return a; } catch { c(); }": undefined,
    "const a = open(); const b = open2(); dispose(a);": undefined,
  });
});

Deno.test("Paths.leak() finds a variable that is assigned while it holds a handle", () => {
  assertLeaks({
    "let a = open(); a = b; dispose(a);": "assigned: a = b",
    "let a = open(); a = null; dispose(a);": "assigned: a = null",
    "let a = open(); dispose(a); a = b;": undefined,
    "let a = open(); const old = a; a = b; old.free(); dispose(a);": undefined,
    "let a = open(); a = c(a); dispose(a);": undefined,
    "let a = open(); [a, b] = [b, a]; dispose(a);": undefined,
    "let a = open(); a ??= b; dispose(a);": undefined,
    "let a = b; a ||= open(); dispose(a);": undefined,
  });
});

Deno.test("Paths.leak() assumes that a closure takes the handle when it is made", () => {
  assertLeaks({
    "const a = open(); if (b) return () => dispose(a); c();": "ended",
    "const a = open(); if (b) return; on(() => dispose(a));": "returned: return;",
    "const a = open(); const off = () => dispose(a); if (b) return; off();": undefined,
    "const a = open(); if (b) return off(); c(); function off() { dispose(a); }": undefined,
    "let a; const off = () => dispose(a); a = open(); if (b) return; off();": undefined,
    "let a = open(); on(() => { dispose(a); a = null; }); if (b) return; a.value;": undefined,
  });
});

Deno.test("Paths.leak() follows lists that are filled, emptied and measured", () => {
  const all = "for (const b of a) b[Symbol.dispose]();";
  assertLeaks({
    [`const a = []; a.push(open()); if (b) return 1; ${all}`]: "returned: return 1;",
    [`const a = []; for (const c of d) a.push(open()); if (b) return 1; ${all}`]:
      "returned: return 1;",
    [`const a = []; a.push(open()); if (a.length > 0) { ${all} }`]: undefined,
    [`const a = []; a.push(open()); if (!a.length) return; ${all}`]: undefined,
    [`const a = []; a.push(open()); a.length = 0; ${all}`]: "assigned: a.length = 0",
    [`const a = []; a.push(open()); ${all} a.length = 0;`]: undefined,
    [`const a = new Set(); a.add(open()); a.clear(); ${all}`]: "assigned: a.clear()",
    [`const a = []; a[b] = open(); if (c) return 1; ${all}`]: "returned: return 1;",
  });
});

Deno.test("Paths.leak() gives up on statements that are nested too deeply", () => {
  assertLeaks({
    [`const a = open(); ${"{".repeat(300)} if (b) return; ${"}".repeat(300)} dispose(a);`]:
      undefined,
  });
});
