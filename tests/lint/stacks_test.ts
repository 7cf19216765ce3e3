import { assertEquals } from "@std/assert";
import { Owners } from "../../src/lint/owners.ts";
import { Stacks } from "../../src/lint/stacks.ts";
import { inTree } from "./_tree.ts";

/** Whether the stack that the body of a function makes holds a handle that nothing else takes. */
function isNeeded(body: string): boolean | undefined {
  let answer: boolean | undefined;
  inTree(`function f(mgr: ResourceManager) { ${body} }`, (tree) => {
    const { fields, file, flow, kinds } = tree;
    const stacks = new Stacks(file, { fields, flow, kinds, owners: new Owners(flow, fields) });
    answer = stacks.isNeeded(tree.find("NewExpression", "new DisposableStack()"));
  });
  return answer;
}

Deno.test("Stacks.isNeeded() checks what is put into a stack", () => {
  const make = "const stack = new DisposableStack();";
  const bodies = {
    [`${make} stack.use(mgr.load(1));`]: true,
    [`${make} stack.adopt(mgr.scope(), end);`]: true,
    [`${make} const a = mgr.load(1); stack.use(a); a.value;`]: true,
    [`${make} const a = stack.use(mgr.load(1)); return a.value;`]: true,
    [`${make} const a = stack.use(mgr.load(1)); return a;`]: false,
    [`${make} const a = mgr.load(1); stack.use(a); return a;`]: false,
    [`${make} stack.use(open());`]: false,
    [`${make} stack.defer(end); other.use(mgr.load(1));`]: false,
    "new DisposableStack();": false,
  };
  for (const [body, answer] of Object.entries(bodies)) assertEquals(isNeeded(body), answer, body);
});
