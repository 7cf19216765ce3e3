/** The rooms of the source: a file imports only from its own room and from rooms further left. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { filesBelow } from "./_files_below.ts";

/**
 * From left to right. Rooms of one rank stand side by side, and import nothing from each other.
 * At the root of `src/` are the two public classes, what makes the parts of a manager, and the entry
 * points on the far right.
 */
const ROOMS: readonly (readonly string[])[] = [
  ["contract"],
  ["names", "compression"],
  ["sources", "loaders", "leaks"],
  ["cache"],
  ["report"],
  ["handles"],
  ["load"],
  ["reload"],
  ["scope.ts", "assembly.ts"],
  ["manager.ts"],
  ["plan", "worker"],
  ["lint", "manifest", "pixi", "sound", "testing", "three", "trace", "webgpu", "zip"],
  ["dev"],
  ["inspect"],
  [
    "dev.ts",
    "inspect.ts",
    "lint.ts",
    "manifest.ts",
    "pixi.ts",
    "plan.ts",
    "sound.ts",
    "testing.ts",
    "three.ts",
    "trace.ts",
    "webgpu.ts",
    "worker.ts",
    "zip.ts",
  ],
];
/** Only these rooms know where bytes come from and what they become. */
const SIDE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  sources: ["contract", "names"],
  loaders: ["contract", "names"],
  sound: ["contract"],
  zip: ["contract", "names", "compression"],
  worker: ["contract", "names"],
};
/** All that the library may depend on. */
const DEPENDENCIES = /^@std\/(path|fmt)(\/|$)/;
/** What single files may also depend on; the main entry point imports none of these files. */
const OWN_DEPENDENCIES: Readonly<Record<string, RegExp>> = {
  "testing/garbage.ts": /^node:(v8|vm)$/,
  "compression/inflate.ts": /^fflate$/,
};
const MAX_FUNCTION_LINES = 40;
const MAX_CODE_LINES = 300;

const root = new URL("../", import.meta.url);
const src = new URL("src/", root);
const files = filesBelow(src).filter((file) => file.endsWith(".ts"));

function sourceOf(file: string): string {
  return Deno.readTextFileSync(new URL(file, src));
}

/** A file without its doc comments. */
function codeOf(file: string): string {
  return sourceOf(file).replaceAll(/\/\*\*.*?\*\//gs, "");
}

/** The modules from which a file imports or re-exports values or types. */
function importsOf(code: string): { to: string; isType: boolean }[] {
  return [...code.matchAll(/^(?:import|export)\b( type\b)?[^;]*?from "([^"]+)";$/gm)]
    .map(([, type, to]) => ({ to: to!, isType: type !== undefined }));
}

/** The files of `src/` that a file imports. */
function localImports(file: string, types: boolean): string[] {
  return importsOf(codeOf(file)).filter(({ to, isType }) =>
    to.startsWith(".") && (types || !isType)
  )
    .map(({ to }) => new URL(to, new URL(file, src)).href.slice(src.href.length));
}

/** The room that a file is in, or the file itself at the root. */
function roomOf(file: string): string {
  return file.split("/")[0]!;
}

function rankOf(room: string): number {
  return ROOMS.findIndex((rooms) => rooms.includes(room));
}

/** The arrows of the picture in the documentation, each from one group of rooms to another. */
function arrowsOf(picture: string): [from: string[], to: string[]][] {
  const labels = new Map(
    [...picture.matchAll(/(\w+)\["(.*?)"\]/g)].map(([, id, label]) => [id!, label!]),
  );
  const roomsOf = (id: string) => (labels.get(id) ?? id).split(", ");
  return picture.replaceAll(/\[".*?"\]/g, "").split("\n").flatMap((line) => {
    const nodes = line.trim().split(" --> ");
    return nodes.slice(1).map((to, index) =>
      [roomsOf(nodes[index]!), roomsOf(to)] as [string[], string[]]
    );
  });
}

/** Throws unless files of the room `from` may import from the room `to`. */
function assertMayImport(from: string, to: string): void {
  if (from === to) return;
  assert(rankOf(to) !== -1, `${to} is not a room`);
  assert(rankOf(to) < rankOf(from), `${from} imports ${to}, which is not to its left`);
  const allowed = SIDE_ROOMS[from];
  assert(allowed?.includes(to) !== false, `${from} imports ${to}, which is not ${allowed}`);
}

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

Deno.test("every file of src/ is in a room, and every room has files", () => {
  assertEquals(new Set(files.map(roomOf)), new Set(ROOMS.flat()));
  const { exports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const entries = Object.values<string>(exports).map((file) => file.replace("./src/", ""));
  const others = files.filter((file) => !file.includes("/") && !entries.includes(file));
  assertEquals(others, ["assembly.ts", "manager.ts", "scope.ts"]);
});

Deno.test("a file imports only from rooms to its left", () => {
  let imports = 0;
  for (const file of files) {
    for (const target of localImports(file, true)) {
      assert(files.includes(target), `${file} imports ${target}, which is not in src/`);
      try {
        assertMayImport(roomOf(file), roomOf(target));
      } catch (cause) {
        throw new Error(`${file} → ${target}: ${(cause as Error).message}`);
      }
      imports++;
    }
  }
  assert(imports > 300, `only ${imports} imports were found`);
});

Deno.test("the check refuses imports to the right and to the side, and reads each form of import", () => {
  assertThrows(() => assertMayImport("cache", "load"), Error, "not to its left");
  assertThrows(() => assertMayImport("leaks", "sources"), Error, "not to its left");
  assertThrows(() => assertMayImport("trace", "webgpu"), Error, "not to its left");
  assertThrows(() => assertMayImport("handles", "elsewhere.ts"), Error, "is not a room");
  assertMayImport("load", "cache");
  const code = 'import { a } from "./a.ts";\nimport type { b } from "./b.ts";\n' +
    'export {\n  c,\n} from "./c.ts";\nexport type { D } from "./d.ts";\n';
  assertEquals(importsOf(code), [
    { to: "./a.ts", isType: false },
    { to: "./b.ts", isType: true },
    { to: "./c.ts", isType: false },
    { to: "./d.ts", isType: true },
  ]);
});

Deno.test("the picture in docs/design.md shows every room, with arrows to the left", () => {
  const page = Deno.readTextFileSync(new URL("docs/design.md", root));
  const arrows = arrowsOf(/```mermaid\nflowchart RL\n(.*?)```/s.exec(page)![1]!);
  assertEquals(new Set(arrows.flat(2)), new Set(ROOMS.slice(0, -1).flat()));
  for (const [from, to] of arrows) {
    for (const target of to) assert(from.every((room) => rankOf(target) < rankOf(room)), target);
  }
});

Deno.test("no two files import values from each other, directly or through others", () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    assert(!path.includes(file), `a circle: ${[...path, file].join(" → ")}`);
    if (done.has(file)) return;
    for (const target of localImports(file, false)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

Deno.test("a file imports nothing from outside but its dependencies", () => {
  for (const file of files) {
    for (const { to } of importsOf(codeOf(file)).filter(({ to }) => !to.startsWith("."))) {
      const allowed = DEPENDENCIES.test(to) || OWN_DEPENDENCIES[file]?.test(to);
      assert(allowed, `${file} imports ${to}`);
    }
  }
});

Deno.test("mod.ts has named re-exports and no logic", () => {
  const code = Deno.readTextFileSync(new URL("mod.ts", root)).replaceAll(/\/\*\*.*?\*\//gs, "");
  const statements = code.split(";").map((each) => each.trim()).filter(Boolean);
  assert(statements.length > 10);
  for (const statement of statements) assert(/^export (type )?\{/.test(statement), statement);
});

Deno.test("files and functions of src/ stay small", () => {
  for (const file of files) {
    const code = codeOf(file).split("\n")
      .filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
    assert(code.length <= MAX_CODE_LINES, `${file} has ${code.length} lines of code`);
    assertEquals(Deno.lint.runPlugin(SMALL_FUNCTIONS, file, sourceOf(file)), []);
  }
});

Deno.test("no file of src/ has a using statement: browsers that lack it have DisposableStack", () => {
  for (const file of files) assert(!/^\s*(await )?using \w/m.test(codeOf(file)), file);
});

Deno.test("no class of the main entry has a computed member or a static block: bundlers keep those", () => {
  const entries =
    /^(dev|inspect|lint|manifest|pixi|plan|sound|testing|three|trace|webgpu|worker|zip)\b/;
  const main = files.filter((file) => !entries.test(file));
  assert(main.length > 40);
  for (const file of main) {
    assert(!/^\s*(static|override|get|\*|async)*\s*\[Symbol\.for\(/m.test(codeOf(file)), file);
    assert(!/^\s*static \{/m.test(codeOf(file)), file);
  }
});
