/** The layers of the source: a file imports only from lower ranks. */
import { assert, assertEquals } from "@std/assert";

/** From the lowest to the highest. `_` marks what is not exported. */
const RANKS: readonly (readonly string[])[] = [
  ["_colors.ts"],
  [
    "_plural.ts",
    "_slot_map.ts",
    "_strict_watch.ts",
    "_table.ts",
    "_telemetry.ts",
    "idle_policy.ts",
    "keep.ts",
  ],
  ["sources/_linked_keys.ts", "sources/_real_path.ts"],
  ["errors.ts", "_failures.ts", "stats.ts", "events.ts", "clock.ts", "handle.ts", "_idle_list.ts"],
  ["load_task.ts", "source.ts", "_names.ts", "_leak_detector.ts", "sources/_survey.ts"],
  [
    "sources/_file_watch.ts",
    "loader.ts",
    "_pending_load.ts",
    "_read_queue.ts",
    "loaders/_json_position.ts",
  ],
  ["_resource_type.ts", "_loader_registry.ts", "loaders/text.ts"],
  ["_indexing.ts", "loaders/bytes.ts", "loaders/image.ts", "loaders/json.ts"],
  ["_entry.ts", "_load_failure.ts", "bundle.ts", "sources/file.ts", "sources/http.ts"],
  [
    "sources/memory.ts",
    "_load_context.ts",
    "_resource_handle.ts",
    "_budget.ts",
    "_flight.ts",
    "scope.ts",
    "leaks.ts",
    "_entry_table.ts",
    "snapshot.ts",
    "_dependents.ts",
    "_observers.ts",
  ],
  ["_cache.ts", "_reload_plan.ts"],
  ["_loading.ts", "_lending.ts", "_cache_stats.ts", "_managers.ts"],
  ["_flights.ts", "manager_options.ts"],
  ["_watcher.ts"],
  ["manager.ts"],
  // Entry points beside the main one.
  ["webgpu/texture.ts", "webgpu/texture_options.ts", "webgpu/_lost_device.ts", "webgpu/_passes.ts"],
  ["webgpu/_image_header.ts", "webgpu/_inflate.ts"],
  ["webgpu/_png_chunks.ts", "webgpu/_png_filters.ts"],
  ["webgpu/_png_samples.ts"],
  ["webgpu/_png.ts"],
  ["webgpu/_bitmap.ts", "webgpu/_uploader.ts"],
  ["webgpu/_texture_maker.ts"],
  ["webgpu.ts"],
  ["lint/_syntax.ts"],
  ["lint/_bindings.ts"],
  ["lint/_kinds.ts"],
  ["lint/_flow.ts"],
  ["lint/_fix.ts", "lint/_openers.ts"],
  ["lint/_findings.ts"],
  ["lint.ts"],
  ["testing/leak_error.ts", "testing/garbage.ts", "testing/gated_source.ts"],
  ["testing/_inspect.ts"],
  ["testing/assert_no_leaks.ts", "testing/track_managers.ts"],
  ["testing.ts"],
  // What records a manager, and the page that draws it: a program of its own, bundled into _page.ts.
  ["trace/_kind.ts"],
  ["trace/_event_log.ts", "trace/_page.ts", "trace/page/build.ts", "trace/page/canvas.ts"],
  ["trace/page/dom.ts", "trace/page/search.ts", "trace/page/stream_reader.ts"],
  ["trace/page/text.ts", "trace/page/theme.ts", "trace/page/viewport.ts", "trace/_recorder.ts"],
  ["trace/chrome_trace.ts", "trace/_page_data.ts"],
  ["trace.ts", "trace/page/model.ts"],
  ["trace/page/columns.ts", "trace/page/selection.ts"],
  ["trace/page/charts.ts", "trace/page/details.ts", "trace/page/row_painter.ts"],
  ["trace/page/row_list.ts", "trace/page/tooltip.ts"],
  ["trace/page/view.ts"],
  ["trace/page/gestures.ts", "trace/page/keys.ts"],
  ["trace/page/main.ts"],
];
/** What is tested in a browser, all together. */
const PAGE = /^\/\/\/ <reference lib="dom" \/>/;
/** Files that have types and nothing to run. */
const CONTRACTS = [
  ...["idle_policy.ts", "handle.ts", "load_task.ts", "loader.ts"],
  "trace/_kind.ts",
  "webgpu/texture_options.ts",
];
/** All that the library may depend on, */
const DEPENDENCIES = /^@std\/(path|fmt)(\/|$)/;
/** and what single files of other entry points than the main one may besides. */
const OWN_DEPENDENCIES: Readonly<Record<string, RegExp>> = {
  "testing/garbage.ts": /^node:(v8|vm)$/,
  "webgpu/_inflate.ts": /^fflate$/,
};
const MAX_FUNCTION_LINES = 40;
const MAX_CODE_LINES = 300;

/** Finds functions that are too long. */
const SMALL_FUNCTIONS: Deno.lint.Plugin = {
  name: "small",
  rules: {
    functions: {
      create(context) {
        const check = (node: Deno.lint.Node) => {
          const lines = context.sourceCode.getText(node).split("\n").length;
          if (lines > MAX_FUNCTION_LINES) context.report({ node, message: `${lines} lines` });
        };
        return {
          FunctionDeclaration: check,
          FunctionExpression: check,
          ArrowFunctionExpression: check,
          MethodDefinition: check,
        };
      },
    },
  },
};

const root = new URL("../", import.meta.url);

function filesBelow(directory: URL, prefix = ""): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(new URL(`${name}/`, directory), `${prefix}${name}/`) : [prefix + name]
  ).sort();
}

function sourceOf(file: string): string {
  return Deno.readTextFileSync(new URL(`src/${file}`, root));
}

/** A file without its doc comments. */
function codeOf(file: string): string {
  return sourceOf(file).replaceAll(/\/\*\*.*?\*\//gs, "");
}

function importsOf(file: string): string[] {
  return [...codeOf(file).matchAll(/^(?:import|export|\}) .*?from "([^"]+)";$/gms)].map((
    [, to],
  ) => to!);
}

function rankOf(file: string): number {
  return RANKS.findIndex((rank) => rank.includes(file));
}

Deno.test("every file of src/ has a rank, and every rank's files exist", () => {
  const files = filesBelow(new URL("src/", root)).filter((file) => file.endsWith(".ts"));
  assertEquals(files, RANKS.flat().sort());
});

Deno.test("a file imports only from lower ranks, and nothing from outside but its dependencies", () => {
  for (const file of RANKS.flat()) {
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith(".")) {
        const allowed = DEPENDENCIES.test(specifier) || OWN_DEPENDENCIES[file]?.test(specifier);
        assert(allowed, `${file} imports ${specifier}`);
        continue;
      }
      const target = new URL(specifier, new URL(`src/${file}`, root)).href
        .slice(new URL("src/", root).href.length);
      assert(rankOf(target) !== -1, `${file} imports ${target}, which is not in src/`);
      assert(rankOf(target) < rankOf(file), `${file} imports ${target}, which is not below it`);
    }
  }
});

Deno.test("every file of src/ that does something has a test of its name", () => {
  const tests = filesBelow(new URL("tests/", root));
  for (const file of RANKS.flat().filter((each) => !CONTRACTS.includes(each))) {
    const name = PAGE.test(sourceOf(file)) ? "trace/page_test.ts" : file.replace(".ts", "_test.ts");
    assert(tests.includes(name) || file === "_leak_detector.ts", `${file} has no ${name}`);
  }
  assert(tests.includes("gc_test.ts"), "_leak_detector.ts is tested by the real collector");
});

Deno.test("mod.ts exports no internal name and has no logic", () => {
  const code = Deno.readTextFileSync(new URL("mod.ts", root)).replaceAll(/\/\*\*.*?\*\//gs, "");
  const statements = code.split(";").map((each) => each.trim()).filter(Boolean);
  for (const statement of statements) assert(/^export /.test(statement), statement);
  assert(!/export \*/.test(code), "re-exports are named");
  assert(!/from "[^"]*\/_/.test(code), "nothing comes from a file that is not exported");
});

Deno.test("files and functions of src/ stay small", () => {
  for (const file of RANKS.flat()) {
    const code = codeOf(file).split("\n")
      .filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
    assert(code.length <= MAX_CODE_LINES, `${file} has ${code.length} lines of code`);
    assertEquals(Deno.lint.runPlugin(SMALL_FUNCTIONS, file, sourceOf(file)), []);
  }
});

Deno.test("no file of src/ has a using statement: browsers that lack it have DisposableStack", () => {
  for (const file of RANKS.flat()) {
    assert(!/^\s*(await )?using \w/m.test(codeOf(file)), file);
  }
});

/** How the map shows the ranks, the highest first: what is below an entry point's folder goes with it. */
function mapOfRanks(): string[][] {
  const entries = RANKS.flat().map((file) => file.replace(".ts", "/"))
    .filter((folder) => RANKS.flat().some((file) => file.startsWith(folder)));
  return RANKS.map((rank) =>
    rank.filter((file) => !entries.some((folder) => file.startsWith(folder))).flatMap((file) => {
      const folder = file.replace(".ts", "/");
      return entries.includes(folder) ? [file, folder] : [file];
    }).sort()
  ).filter((rank) => rank.length > 0).reverse();
}

Deno.test("the README's map of the source has a row for each rank, and the files that are in it", () => {
  const readme = Deno.readTextFileSync(new URL("README.md", root));
  const [, map = ""] = readme.split("## Map of the source");
  const rows = [...map.split("\n## ")[0]!.matchAll(/^\| (`[^|]*`) +\|/gm)];
  const names = rows.map(([, files]) =>
    [...files!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)
  );
  assertEquals(names.map((row) => row.sort()), mapOfRanks());
});
