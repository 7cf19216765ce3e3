/** For each mistake in a program, the compiler says in a short message what is wrong, and where. */
import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { ResourceManager } from "../mod.ts";
import { runDeno } from "./_run_deno.ts";

/** The mistake, the program, and the first line of the message. */
type Misuse = readonly [mistake: string, program: string, message: string];

const BEFORE = `import {
  type Handle, Json, json, keep, type Loader, type Manifest, MemorySource, ResourceManager, Text,
} from "${new URL("../mod.ts", import.meta.url)}";
export class Thing { readonly text = ""; }
export class Other { readonly size = 1; }
export class ThingLoader {
  readonly name = "thing";
  readonly extensions = [".thing"];
  load(): Thing { return new Thing(); }
}
export interface Level { width: number }
export declare function draw(thing: Thing): void;
export declare const mgr: ResourceManager;
declare const manifest: Manifest<"hero.png" | "1.png">;
export const listed = new ResourceManager({ manifest });
export type Used = [Handle<Other>, Loader<Thing>, typeof Json, typeof json, typeof keep];
export const used = [MemorySource, Text];
`;

const MISUSES: readonly Misuse[] = [
  [
    "a loader without extensions",
    "new ResourceManager({ loaders: [{ name: 'x', load: () => 1 }] });",
    "Property 'extensions' is missing in type '{ name: string; load: () => number; }' but required in type 'Loader<unknown, string>'.",
  ],
  [
    "extensions that are one string",
    "new ResourceManager({ loaders: [{ name: 'x', extensions: '.x', load: () => 1 }] });",
    "Type 'string' is not assignable to type 'readonly string[]'.",
  ],
  [
    "one wrong item in extensions",
    "new ResourceManager({ loaders: [{ name: 'x', extensions: ['.x', 5], load: () => 1 }] });",
    "Type 'number' is not assignable to type 'string'.",
  ],
  [
    "a loader that takes text instead of bytes",
    "new ResourceManager({ loaders: [{ name: 'x', extensions: ['.x'], load: (text: string) => text }] });",
    "Type '(text: string) => string' is not assignable to type '(bytes: Uint8Array<ArrayBuffer>, context: LoadContext) => unknown'.",
  ],
  [
    "a loadAsync that does not return a promise",
    "new ResourceManager({ loaders: [{ name: 'x', extensions: ['.x'], loadAsync: () => 1 }] });",
    "Type '() => number' is not assignable to type '(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext) => Promise<unknown>'.",
  ],
  [
    "the class of a loader, and not a loader",
    "new ResourceManager({ loaders: [ThingLoader] });",
    "Property 'extensions' is missing in type 'typeof ThingLoader' but required in type 'Loader<unknown, string>'.",
  ],
  [
    "a loader that is not in an array",
    "new ResourceManager({ loaders: { name: 'x', extensions: ['.x'], load: () => 1 } });",
    "Object literal may only specify known properties, and 'name' does not exist in type 'Loaders'.",
  ],
  [
    "an unload of another type",
    "const l: Loader<Thing> = { name: 'x', extensions: [], unload: (other: Other) => void other };",
    "Type '(other: Other) => undefined' is not assignable to type '(value: Thing) => void | Promise<void>'.",
  ],
  [
    "a wrong option name",
    "new ResourceManager({ maxByte: 1 });",
    "Object literal may only specify known properties, but 'maxByte' does not exist in type 'ResourceManagerOptions<Loaders, string>'. Did you mean to write 'maxBytes'?",
  ],
  [
    "a wrong name in a group of options",
    "new ResourceManager({ leaks: { stack: true } });",
    "Object literal may only specify known properties, but 'stack' does not exist in type 'LeakOptions'. Did you mean to write 'stacks'?",
  ],
  [
    "a wrong option of a load",
    "mgr.loadAsync('a.txt', Text, { prio: 'high' });",
    "Object literal may only specify known properties, and 'prio' does not exist in type 'LoadOptions'.",
  ],
  [
    "an idle policy that does not exist",
    "new ResourceManager({ idle: 'always' });",
    `Type '"always"' is not assignable to type 'IdlePolicy | undefined'.`,
  ],
  [
    "a priority that does not exist",
    "mgr.loadAsync('a.txt', Text, { priority: 'urgent' });",
    `Type '"urgent"' is not assignable to type 'LoadPriority | undefined'.`,
  ],
  [
    "a source that is a number",
    "new ResourceManager({ source: 5 });",
    "Type 'number' is not assignable to type 'string | Source | URL | undefined'.",
  ],
  [
    "a source that reads text",
    "new ResourceManager({ source: { read: () => 'text' } });",
    "Type '() => string' is not assignable to type '(key: string) => Uint8Array<ArrayBuffer>'.",
  ],
  [
    "Array as a type: it says nothing about the items, and the value is an array",
    "mgr.load('a.json', Array).value.width;",
    "Property 'width' does not exist on type 'any[]'. Did you mean 'with'?",
  ],
  [
    "a value as a type",
    "mgr.load('a', new Thing());",
    "Argument of type 'Thing' is not assignable to parameter of type 'ResourceType<unknown>'.",
  ],
  [
    "the name of a type as a type",
    "mgr.load('a.txt', 'Text');",
    "Argument of type 'string' is not assignable to parameter of type 'ResourceType<unknown>'.",
  ],
  [
    "an interface as a type",
    "mgr.load('a.json', Level);",
    "'Level' only refers to a type, but is being used as a value here.",
  ],
  [
    "Json called as if it were json",
    "mgr.load('a.json', Json({}));",
    "This expression is not callable.",
  ],
  [
    "a missing type, where no loader implies it",
    "mgr.load('a.thing').value.text;",
    "Object is of type 'unknown'.",
  ],
  [
    "options in the place of a type",
    "mgr.load('a.txt', { priority: 'high' });",
    "Object literal may only specify known properties, and 'priority' does not exist in type 'ResourceType<unknown>'.",
  ],
  [
    "the value of a promise used without await",
    "mgr.loadAsync('a.txt', Text).value;",
    "Property 'value' does not exist on type 'LoadTask<string>'.",
  ],
  [
    "a bundle used without await",
    "mgr.loadAll({ a: ['a.txt', Text] }).a;",
    "Property 'a' does not exist on type 'Promise<{ readonly a: Handle<string>; } & Disposable>'.",
  ],
  [
    "using on a promise",
    "using bundle = mgr.loadAll({ a: ['a.txt', Text] });",
    "The initializer of a 'using' declaration must be either an object with a '[Symbol.dispose]()' method, or be 'null' or 'undefined'.",
  ],
  [
    "using on a value",
    "using thing = mgr.load('a', Thing).value;",
    "The initializer of a 'using' declaration must be either an object with a '[Symbol.dispose]()' method, or be 'null' or 'undefined'.",
  ],
  [
    "a name that is not a string",
    "mgr.load(5, Text);",
    "Argument of type 'number' is not assignable to parameter of type 'string'.",
  ],
  [
    "a URL as a name",
    "mgr.load(new URL('https://example.com/a.txt'), Text);",
    "Argument of type 'URL' is not assignable to parameter of type 'string'.",
  ],
  [
    "a name that is not in the manifest",
    "listed.load('villain.png');",
    `Argument of type '"villain.png"' is not assignable to parameter of type '"hero.png" | "1.png"'.`,
  ],
  [
    "a handle used as its value",
    "draw(mgr.load('a', Thing));",
    "Argument of type 'Handle<Thing>' is not assignable to parameter of type 'Thing'.",
  ],
  [
    "a member of the value, read from the handle",
    "mgr.load('a', Thing).text;",
    "Property 'text' does not exist on type 'Handle<Thing>'.",
  ],
  [
    "a handle of another type",
    "const other: Handle<Other> = mgr.load('a', Thing);",
    "Type 'Handle<Thing>' is not assignable to type 'Handle<Other>'.",
  ],
  [
    "what get() may not find",
    "mgr.get('a', Thing).value;",
    "Object is possibly 'undefined'.",
  ],
  [
    "a value kept instead of its handle",
    "keep(mgr.load('a', Thing).value);",
    "Argument of type 'Thing' is not assignable to parameter of type 'Disposable'.",
  ],
  [
    "a type in a bundle without its name",
    "mgr.loadAll({ a: [Text] });",
    "Type 'TypeToken<string>' is not assignable to type 'string | readonly string[]'.",
  ],
  [
    "a list of names in a bundle without a type",
    "mgr.loadAll({ a: ['a.txt', 'b.txt', 'c.txt'] });",
    "Type '[string, string, string]' is not assignable to type 'string | readonly [name: string | readonly string[], type: ResourceType<unknown>]'.",
  ],
  [
    "an event that does not exist",
    "mgr.on('loaded', () => {});",
    `Argument of type '"loaded"' is not assignable to parameter of type 'keyof ResourceEvents'.`,
  ],
];

/** An error as the compiler prints it: its message, up to the line of code that follows. */
interface Complaint {
  readonly line: number;
  readonly message: readonly string[];
}

/** The errors of the compiler, by line, without the hints that follow an error. */
function complaintsIn(output: string, file: string): Complaint[] {
  return output.split(/^(?=TS\d+ \[ERROR\]: (?! ))/m).filter((text) => text.startsWith("TS")).map(
    (text) => {
      const [, line] = text.slice(text.indexOf(file) + file.length).match(/^:(\d+)/)!;
      const [first, ...rest] = text.split("\n");
      const more = rest.slice(0, rest.findIndex((each) => !each.startsWith("  ")));
      return { line: Number(line), message: [first!.replace(/^TS\d+ \[ERROR\]: /, ""), ...more] };
    },
  );
}

Deno.test("the compiler says what is wrong with each mistake, in the first line of a short message", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const file = `${folder}/misuse.ts`;
    const programs = MISUSES.map(([, program], i) =>
      `export function misuse${i}() { ${program} }\n`
    );
    Deno.writeTextFileSync(file, BEFORE + programs.join(""));
    const config = fileURLToPath(new URL("../deno.json", import.meta.url));
    const { code, output } = await runDeno("check", "-q", "--config", config, file);
    assertEquals(code, 1, output);
    const complaints = complaintsIn(output, "misuse.ts");
    const first = BEFORE.split("\n").length;
    for (const [i, [mistake, , wanted]] of MISUSES.entries()) {
      const found = complaints.filter(({ line }) => line === first + i);
      assertEquals(found.length, 1, `${mistake}: one error\n${output}`);
      const lines = found[0]!.message;
      // For a method with several signatures, the compiler first lists the overloads.
      const reason = lines.map((each) => each.trim())
        .find((each) => !/^(No o|O)verload /.test(each));
      assertEquals(reason, wanted, mistake);
      assertLess(lines.length, 6, mistake);
      assertLess(lines.join("\n").length, 420, mistake);
    }
    assertEquals(complaints.length, MISUSES.length, output);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a loader that cannot load is refused when it is registered, because its type allows it", () => {
  const loader = { name: "x", extensions: [".x"] };
  assertThrows(
    () => new ResourceManager({ loaders: [loader] }),
    TypeError,
    'Cannot register loader "x": it has neither load nor loadAsync, nor make',
  );
});
