/**
 * A plugin for `deno lint` that finds handles which are never disposed, while you type.
 *
 * Switch it on in `deno.json`:
 *
 * ```json
 * { "lint": { "plugins": ["jsr:@holdfast/resources/lint"] } }
 * ```
 *
 * | rule | finds |
 * | --- | --- |
 * | `holdfast/no-dropped-handle` | the result of `load`, `get`, `add`, `clone`, `upgrade`, `scope`, or of an awaited `loadAsync` or `loadAll`, that nothing keeps |
 * | `holdfast/no-dropped-task` | a `loadAsync` or `loadAll` that is neither awaited nor kept |
 * | `holdfast/prefer-using` | a variable with such a result that is neither disposed nor handed on |
 * | `holdfast/no-leaking-path` | a variable that is disposed on some paths, and forgotten by an early `return`, a `throw` or a branch |
 * | `holdfast/no-overwritten-handle` | a variable or a field that is assigned while it still holds a handle |
 * | `holdfast/no-undisposed-field` | a field with such a result that no method disposes |
 *
 * `deno lint --fix` writes `using` where the value cannot be used after the end of the block.
 *
 * @example
 * ```ts
 * import plugin from "@holdfast/resources/lint";
 * import { assertEquals } from "@std/assert";
 *
 * const source = `
 *   import { ResourceManager, Text } from "@holdfast/resources";
 *   function greet(mgr: ResourceManager) {
 *     const intro = mgr.load("intro.txt", Text);
 *     console.log(intro.value);
 *   }`;
 * const [found] = Deno.lint.runPlugin(plugin, "greet.ts", source);
 * assertEquals(found?.id, "holdfast/prefer-using");
 * assertEquals(found?.fix?.[0]?.text, "using");
 * ```
 *
 * @module
 */
import { FileFindings, type Finding } from "./lint/findings.ts";
import { SourceFile } from "./lint/source_file.ts";

/** What was found in each file: the rules share it. */
const files = new WeakMap<Deno.lint.Program, FileFindings>();

function ruleOf(name: Finding["rule"]): Deno.lint.Rule {
  return {
    create(context) {
      const { sourceCode } = context;
      const file = new SourceFile(sourceCode);
      const known = files.get(sourceCode.ast);
      const findings = known ?? new FileFindings(file);
      files.set(sourceCode.ast, findings);
      return {
        ...(known === undefined && file.visitor()),
        "Program:exit": () => {
          for (const finding of findings.get()) if (finding.rule === name) report(context, finding);
        },
      };
    },
  };
}

function report(context: Deno.lint.RuleContext, finding: Finding): void {
  const { node, message, hint, fix } = finding;
  context.report({
    node: node as Deno.lint.Node,
    message,
    hint,
    ...(fix !== undefined && { fix: (fixer) => fixer.replaceTextRange(fix.range, fix.text) }),
  });
}

/**
 * The plugin, for `lint.plugins` of `deno.json`.
 *
 * @example
 * ```ts
 * import plugin from "@holdfast/resources/lint";
 * import { assertEquals } from "@std/assert";
 *
 * const source = `import { ResourceManager } from "@holdfast/resources";
 *   new ResourceManager().scope("title");`;
 * const [found] = Deno.lint.runPlugin(plugin, "title.ts", source);
 * assertEquals(found?.id, "holdfast/no-dropped-handle");
 * ```
 */
const plugin: Deno.lint.Plugin = {
  name: "holdfast",
  rules: {
    "no-dropped-handle": ruleOf("no-dropped-handle"),
    "no-dropped-task": ruleOf("no-dropped-task"),
    "no-leaking-path": ruleOf("no-leaking-path"),
    "no-overwritten-handle": ruleOf("no-overwritten-handle"),
    "no-undisposed-field": ruleOf("no-undisposed-field"),
    "prefer-using": ruleOf("prefer-using"),
  },
};
export default plugin;
