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
 * | `holdfast/no-dropped-handle` | the result of `load`, `get`, `add`, `clone`, `upgrade`, `scope`, `move`, or of an awaited `loadAsync` or `loadAll`, that nothing keeps |
 * | `holdfast/no-dropped-task` | a `loadAsync` or `loadAll` that is neither awaited nor kept |
 * | `holdfast/prefer-using` | a variable with such a result that is neither disposed nor handed on |
 * | `holdfast/no-leaking-path` | a variable that is disposed on some paths, and not after an early `return`, a `throw` or a branch |
 * | `holdfast/no-overwritten-handle` | a variable or a field that is assigned or emptied while it still holds a handle |
 * | `holdfast/no-undisposed-field` | a field with such a result that no method disposes |
 * | `holdfast/no-stale-value` | a field that keeps the value of a handle, which is outdated after the next reload |
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
import { FileFindings, type Finding, RULES } from "./lint/findings.ts";
import { type LintSettings, Names } from "./lint/names.ts";
import { SourceFile } from "./lint/source_file.ts";

export type { LintSettings } from "./lint/names.ts";

/** State that all rules of a plugin share. */
interface Shared {
  /** The findings of each file: the first rule makes them, the others reuse them. */
  readonly files: WeakMap<Deno.lint.Program, FileFindings>;
  readonly names: Names;
}

function ruleOf(name: Finding["rule"], { files, names }: Shared): Deno.lint.Rule {
  return {
    create(context) {
      const { sourceCode } = context;
      if (!names.isIn(sourceCode.text)) return {};
      const file = new SourceFile(sourceCode);
      const known = files.get(sourceCode.ast);
      const findings = known ?? new FileFindings(file, names);
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
 * Makes a plugin that knows the names of your project. A plugin sees one file at a time: use this when
 * the type of a variable is written in another file. Write a module of your own, and add its path to
 * `lint.plugins` in `deno.json`. Linting costs O(length of the file), and next to nothing for a file
 * that names no manager, no type of the library and nothing from the settings.
 *
 * ```ts
 * // lint_plugin.ts
 * import { pluginWith } from "@holdfast/resources/lint";
 *
 * export default pluginWith({
 *   managers: ["assets", "AssetManager"],
 *   openers: { openTexture: "handle", "cache.fetch": "task" },
 * });
 * ```
 *
 * @example
 * ```ts
 * import { pluginWith } from "@holdfast/resources/lint";
 * import { assertEquals } from "@std/assert";
 *
 * const plugin = pluginWith({ managers: ["assets"], openers: { openTexture: "handle" } });
 * const source = `import { assets, openTexture } from "./game.ts";
 *   assets.load("hero.png", Texture);
 *   openTexture("map.png");`;
 * assertEquals(Deno.lint.runPlugin(plugin, "title.ts", source).length, 2);
 * ```
 */
export function pluginWith(settings: LintSettings): Deno.lint.Plugin {
  const shared: Shared = { files: new WeakMap(), names: new Names(settings) };
  return {
    name: "holdfast",
    rules: Object.fromEntries(RULES.map((name) => [name, ruleOf(name, shared)])),
  };
}

/**
 * The plugin, for `lint.plugins` in `deno.json`.
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
const plugin: Deno.lint.Plugin = pluginWith({});
export default plugin;
