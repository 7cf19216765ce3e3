import { assertEquals } from "@std/assert";
import { isClaimedAbsent, isMeantToThrow } from "../../src/lint/assertions.ts";
import { inTree } from "./_tree.ts";

Deno.test("isMeantToThrow() checks only the nearest function", () => {
  inTree(
    "assertThrows(() => { a(); b(() => { c(); }); }); assert.throws(() => d()); e();",
    (tree) => {
      const answers = ["a()", "c()", "d()", "e()"].map((text) =>
        isMeantToThrow(tree.find("CallExpression", text))
      );
      assertEquals(answers, [true, false, true, false]);
    },
  );
});

Deno.test("isMeantToThrow() is true before a statement that must not be reached, in a try with a catch", () => {
  const ways: Record<string, boolean> = {
    "try { a(); fail('b'); } catch {}": true,
    "try { await a(); throw new Error(); } catch {}": true,
    "try { const b = await a(); unreachable(); } catch {}": true,
    "try { a(); b(); } catch {}": false,
    "try { a(); } catch {}": false,
    "try { a(); throw b; } finally {}": false,
    "try { b(); } catch { a(); throw c; }": false,
    "try { a();; fail(); } catch {}": false,
    "a(); fail();": false,
  };
  for (const [source, answer] of Object.entries(ways)) {
    inTree(`async () => { ${source} }`, ({ find }) => {
      assertEquals(isMeantToThrow(find("CallExpression", "a()")), answer, source);
    });
  }
});

Deno.test("isClaimedAbsent() is true for values that are asserted, compared or expected to be absent", () => {
  const ways: Record<string, boolean> = {
    "assert(a() === undefined);": true,
    "assert(null == a());": true,
    "assert(!a());": true,
    "assert(!(a() !== undefined), 'b');": true,
    "assert(a() === undefined && b);": true,
    "assertFalse(a());": true,
    "assertEquals([b, a()], [1, undefined]);": true,
    "assertEquals(a()?.b, undefined);": true,
    "assert(a()?.b === undefined);": true,
    "if (a() !== null) throw b;": true,
    "if (a()) { throw b; }": true,
    "const isGone = a() === undefined;": true,
    "b(await a() === null);": true,
    "() => !a();": true,
    "assert(a());": false,
    "assert(a() !== undefined);": false,
    "assert(!!a());": false,
    "assertFalse(a() === undefined);": false,
    "assertEquals([a(), b], [b, undefined]);": false,
    "b([a()], [undefined]);": false,
    "assert(a() === b);": false,
    "assert(a().b === undefined);": false,
    "b(a()?.c, undefined);": false,
    "assert(-a());": false,
    "if (a() === undefined) b();": false,
    "if (!a()) throw b;": false,
    "while (!a()) b();": false,
    "const is = a() !== undefined;": false,
    "if (a());": false,
    "a();": false,
  };
  for (const [source, answer] of Object.entries(ways)) {
    inTree(`async () => { ${source} }`, ({ find }) => {
      assertEquals(isClaimedAbsent(find("CallExpression", "a()")), answer, source);
    });
  }
});
