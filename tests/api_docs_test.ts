/** Nothing is missing in the documentation of the API. Its examples run as tests: see `_doc_blocks.ts`. */
import { assert, assertEquals } from "@std/assert";
import { outputOf, WITH_STD } from "./_run_deno.ts";

const root = new URL("../", import.meta.url);
const ENTRIES: string[] = Object.values(
  JSON.parse(Deno.readTextFileSync(new URL("deno.json", root))).exports,
);
/** The words that say what a number counts or measures. */
const UNIT =
  /bytes?|size|seconds|pixels|how (many|often)|handles|references?|loads|resources|idle|version|1, then|group|track|status code|number of the port|constant of three/i;

interface Documented {
  name: string;
  accessibility?: string;
  jsDoc?: { doc?: string; tags?: { kind: string; doc?: string; value?: string }[] };
  optional?: boolean;
  tsType?: { repr?: string };
}
interface Declaration extends Documented {
  kind: string;
  def?: { methods?: Documented[]; properties?: Documented[] };
}

interface Exported {
  name: string;
  declarations: Declaration[];
}

/** All that the entry points export, as `deno doc` sees it. */
async function exports(): Promise<Declaration[]> {
  const output = await outputOf([...WITH_STD, "doc", "--json", ...ENTRIES]);
  const { nodes } = JSON.parse(output);
  return Object.values<{ symbols: Exported[] }>(nodes).flatMap(({ symbols }) => symbols)
    .flatMap(({ name, declarations }) => declarations.map((each) => ({ ...each, name })))
    .filter(({ kind }) => kind !== "reference"); // what two entry points export is documented once
}

function example({ jsDoc }: Documented): string {
  return jsDoc?.tags?.filter(({ kind }) => kind === "example").map(({ doc }) => doc).join() ?? "";
}

interface Method extends Documented {
  method: Documented;
  of: Declaration;
}

/** The methods and getters of exported classes, by their full names, each overload by itself. */
function methods(): Method[] {
  return exported.filter(({ kind }) => kind === "class").flatMap((of) =>
    (of.def?.methods ?? []).filter(({ accessibility }) => accessibility !== "private")
      .filter(({ name, jsDoc }, index, all) =>
        // The signature of the implementation, which follows the overloads, is not public.
        jsDoc !== undefined || all.findIndex((each) => each.name === name) === index
      )
      .map((method) => ({ ...method, name: `${of.name}.${method.name}`, method, of }))
  );
}

/** Fails with the names of those for which `holds` is false. */
function assertAll(all: Documented[], holds: (each: Documented) => boolean): void {
  assert(all.length > 10);
  assertEquals(all.filter((each) => !holds(each)).map(({ name }) => name), []);
}

const exported = await exports();

Deno.test("every exported symbol is described, and has an example of its own", () => {
  assertAll(exported, ({ jsDoc }) => jsDoc?.doc !== undefined);
  assertAll(exported, (each) => /```ts\n.*\bassert/s.test(example(each)) || isPrinter(each));
});

/** It only prints, so there is nothing to assert. */
function isPrinter({ name }: Documented): boolean {
  return name === "logEvents";
}

Deno.test("every method of an exported class is in an example", () => {
  const all = methods();
  const shown = all.filter(({ method, of }) =>
    example(method) !== "" || example(of).includes(`.${method.name}`)
  );
  const bare = new Set(all.map(({ name }) => name)).difference(
    new Set(shown.map(({ name }) => name)), // one of its overloads is enough
  );
  assertEquals([...bare], []);
});

Deno.test("every function and every method says what it costs", () => {
  const functions = exported.filter(({ kind }) => kind === "function");
  assertAll(
    [...functions, ...methods()],
    ({ jsDoc }) => /O\(|\b[Cc]osts?\b/.test(jsDoc?.doc ?? ""),
  );
});

Deno.test("every number says what it counts or measures", () => {
  const numbers = exported.flatMap(({ name, def }) =>
    (def?.properties ?? [])
      .filter(({ tsType }) => tsType?.repr === "number")
      .map((each) => ({ ...each, name: `${name}.${each.name}` }))
  );
  assertAll(numbers, ({ jsDoc }) => UNIT.test(jsDoc?.doc ?? ""));
});

Deno.test("every option has a default, which `deno doc` does not cut at its first brace", () => {
  const options = exported
    .filter(({ kind, name }) => kind === "interface" && name.endsWith("Options"))
    .flatMap(({ name, def }) =>
      [...def?.properties ?? [], ...def?.methods ?? []]
        .filter(({ optional }) => optional)
        .map((each) => ({ ...each, name: `${name}.${each.name}` }))
    );
  assertAll(options, ({ jsDoc }) => {
    const { value } = jsDoc?.tags?.find(({ kind }) => kind === "default") ?? {};
    return value !== undefined && value.split("{").length === value.split("}").length;
  });
});

Deno.test("the first five exports include those that every user needs", () => {
  // The page of the package on JSR lists five symbols, in the order of the exports.
  const first = exported.slice(0, 5).map(({ name }) => name);
  for (const name of ["ResourceManager", "Handle", "ResourceScope"]) {
    assert(first.includes(name), `${name} is not among ${first.join(", ")}`);
  }
});
