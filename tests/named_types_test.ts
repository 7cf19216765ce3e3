/** Types from names: what must compile, and what must not. A missing expected error fails the check. */
import { assertEquals } from "@std/assert";
import {
  type AsyncLoadContext,
  type bytesLoader,
  type Handle,
  imageLoader,
  Json,
  type jsonLoader,
  type JsonValue,
  type LoadContext,
  type Loader,
  type Loaders,
  type LoadTask,
  MemorySource,
  ResourceManager,
  type ResourceScope,
  Text,
  type textLoader,
  type TypeToken,
  type ValueNamed,
} from "../mod.ts";
import { same } from "./_same_type.ts";
import { type Thing, ThingLoader } from "./_thing.ts";

class Texture {
  readonly width = 1;
}

class Sheet {
  readonly regions: Record<string, Region> = { idle: new Region() };
}

class Region {
  readonly x = 1;
}

class Pixels {
  readonly data = 1;
}

class Level {
  readonly rows = 1;
}

const textures: Loader<Texture, ".png" | ".jpg"> = {
  name: "texture",
  extensions: [".png", ".jpg"],
  load: () => new Texture(),
};
const untyped: Loader<Level> = { name: "u", extensions: [".level"], load: () => new Level() };
const sheets = {
  name: "sheet",
  extensions: [".sheet", ".Atlas.JSON"],
  load: (bytes) => {
    same<typeof bytes, Uint8Array<ArrayBuffer>>(true);
    return new Sheet();
  },
} as const satisfies Loader<Sheet>;

class LevelLoader implements Loader<Level> {
  readonly name = "level";
  readonly extensions = [".map"] as const;
  load = () => new Level();
}

const mgr = new ResourceManager({
  source: new MemorySource(),
  loaders: [
    new LevelLoader(),
    textures,
    sheets,
    new ThingLoader(),
    untyped,
    imageLoader,
    {
      name: "region",
      extensions: [".sheet#"],
      make: (context) => context.load(context.path, Sheet).value.regions[context.part],
      parts: (sheet: Sheet) => Object.keys(sheet.regions),
    },
    {
      name: "pixels",
      extensions: [".png?Pixels", ".raw.bin"],
      load: (bytes) => bytes.length > 0 ? new Pixels() : new Pixels(),
      unload: (pixels) => void pixels,
    },
    { name: "noise", extensions: [".noise"], makeAsync: () => Promise.resolve(new Float32Array()) },
    { name: "level", extensions: [".jpg"], load: () => new Level() }, // replaces textures for .jpg
  ],
});
const manifest = {
  version: 1,
  files: { "hero.png": 1, "tile/1.png": 1, "tile/2.png": 1, "intro.txt": 1 },
} as const;
type Names = keyof typeof manifest.files;
declare const listed: ResourceManager<readonly [typeof textures], Names>;
declare const plain: ResourceManager;
declare const name: string;
declare const index: number;
declare const context: LoadContext;
declare const asyncContext: AsyncLoadContext;

/** Never called: checked by the compiler only. */
export function compiles(): void {
  same<ValueNamed<[typeof textures], "a.png">, Texture>(true);
  const byExtension = mgr.load("chars/hero.sheet");
  same<typeof byExtension, Handle<Sheet>>(true);
  const inAnyCase = mgr.load("chars/hero.ATLAS.json");
  same<typeof inAnyCase, Handle<Sheet>>(true);
  const lastWins = mgr.load("hero.jpg");
  same<typeof lastWins, Handle<Level>>(true);
  const image = mgr.load("hero.webp");
  same<typeof image, Handle<ImageBitmap>>(true);
  const longest = mgr.load("a.raw.bin");
  same<typeof longest, Handle<Pixels>>(true);
  const shorter = mgr.load("a.b.bin");
  same<typeof shorter, Handle<Uint8Array<ArrayBuffer>>>(true);
  const variant = mgr.load("hero.PNG?Pixels");
  same<typeof variant, Handle<Pixels>>(true);
  const part = mgr.load("a.sheet#run/1.png");
  same<typeof part, Handle<Region>>(true);
  const partOfVariant = mgr.load("a.sheet?2x#run");
  same<typeof partOfVariant, Handle<Region>>(true);
  const made = mgr.load("clouds.noise");
  same<typeof made, Handle<Float32Array<ArrayBuffer>>>(true);
  const template = mgr.load(`level/${index}.txt`);
  same<typeof template, Handle<string>>(true);
  const templatePart = mgr.load(`${name}.sheet#run/${index}`);
  same<typeof templatePart, Handle<Region>>(true);
  const either = mgr.load(index > 0 ? "a.txt" : "b.sheet");
  same<typeof either, Handle<string | Sheet>>(true);
  for (const unknown of ["a.thing", "b.level", "hero", ".sheet", "dir.sheet/a"] as const) {
    const handle = mgr.load(unknown);
    same<typeof handle, Handle<unknown>>(true);
  }
  const ofClass = mgr.load("a.map");
  same<typeof ofClass, Handle<Level>>(true);
  const variable = mgr.load(name);
  same<typeof variable, Handle<unknown>>(true);
}

/** Never called: checked by the compiler only. */
export function compilesEverywhere(): void {
  const task = mgr.loadAsync("a.txt", { priority: "low" });
  same<typeof task, LoadTask<string>>(true);
  const found = mgr.get("a.json");
  same<typeof found, Handle<JsonValue> | undefined>(true);
  const length = mgr.with("a.txt", (text) => text.length);
  same<typeof length, number>(true);
  const scope = mgr.scope("level");
  const inScope = scope.load("a.sheet");
  same<typeof inScope, Handle<Sheet>>(true);
  const moved = scope.move().loadAsync("a.txt");
  same<typeof moved, LoadTask<string>>(true);
  const bundle = mgr.loadAll({ hero: "a.sheet", text: ["x", Text], map: "1.json" });
  same<Awaited<typeof bundle>["hero"], Handle<Sheet>>(true);
  same<Awaited<typeof bundle>["text"], Handle<string>>(true);
  same<Awaited<typeof bundle>["map"], Handle<JsonValue>>(true);
  const list = scope.loadAll(["a.sheet", "1.json"]);
  same<Awaited<typeof list>["a.sheet"], Handle<Sheet>>(true);
  same<Awaited<typeof list>["1.json"], Handle<JsonValue>>(true);
  const partial = mgr.loadAll(["a.sheet"], { partial: true });
  same<Awaited<typeof partial>["a.sheet"], Handle<Sheet> | undefined>(true);
  const globbed = mgr.loadAll(mgr.find("*.sheet"));
  same<Awaited<typeof globbed>["a.sheet"], Handle<unknown>>(true);
  const dependency = context.load("a.txt");
  same<typeof dependency, Handle<unknown>>(true);
  const checked = context.load("a.txt", Text);
  same<typeof checked, Handle<string>>(true);
  const later = asyncContext.loadAsync("a.txt");
  same<typeof later, LoadTask<unknown>>(true);
  const needed = asyncContext.loadAll({ map: [name, Sheet], any: name, text: "a.txt" });
  same<Awaited<typeof needed>["map"], Handle<Sheet>>(true);
  same<Awaited<typeof needed>["any"], Handle<unknown>>(true);
  same<Awaited<typeof needed>["text"], Handle<string>>(true);
  const some = asyncContext.loadAll({ map: [name, Sheet] }, { partial: true });
  same<Awaited<typeof some>["map"], Handle<Sheet> | undefined>(true);
  same<Awaited<typeof some>["errors"], Readonly<Record<string, unknown>>>(true);
  const withType = mgr.load("a.sheet", Json);
  same<typeof withType, Handle<JsonValue>>(true);
  const saved = byKey(mgr.load("a.sheet"));
  same<typeof saved, string>(true);
}

function byKey(handle: Handle<unknown>): string {
  return handle.toJSON();
}

/** The type of a plain object, as an interface and as a token. */
interface Plain {
  readonly width: number;
}
const Plain: TypeToken<Plain> = {
  name: "Plain",
  [Symbol.hasInstance]: (value): value is Plain => typeof Object(value).width === "number",
};

/** Never called: plain objects, typed by the loader, by what it returns, or by a token. */
export function compilesForPlainObjects(): void {
  const parse = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
  const typed: Loader<Plain, ".typed"> = { name: "typed", extensions: [".typed"], load: parse };
  const returned = {
    name: "returned",
    extensions: [".returned"],
    load: (bytes): Plain => parse(bytes),
  } as const satisfies Loader<Plain>;
  const lost = { name: "lost", extensions: [".lost"], load: parse } as const satisfies Loader<
    Plain
  >;
  const known = new ResourceManager({ loaders: [typed, returned, lost] });
  const byLoader = known.load("a.typed");
  same<typeof byLoader, Handle<Plain>>(true);
  const byResult = known.load("a.returned");
  same<typeof byResult, Handle<Plain>>(true);
  const byNothing = known.load("a.lost"); // `any` gives no type
  same<typeof byNothing, Handle<unknown>>(true);
  const byToken = known.load("a.lost", Plain);
  same<typeof byToken, Handle<Plain>>(true);
  const inContext = context.load(name, Plain);
  same<typeof inContext, Handle<Plain>>(true);
}

/** Never called: managers whose type does not name their loaders, and what can be assigned to them. */
export function compilesPlainly(): void {
  const handle = plain.load("a.png");
  same<typeof handle, Handle<unknown>>(true);
  const builtIn = new ResourceManager({ source: "." }).load("a.txt");
  same<typeof builtIn, Handle<string>>(true);
  const none = new ResourceManager({ loaders: [] });
  const text = none.load("a.txt");
  same<typeof text, Handle<string>>(true);
  const array = [textures, sheets, untyped];
  const inArray = new ResourceManager({ loaders: array });
  const inSet = new ResourceManager({ loaders: new Set([textures]) });
  const ofArray = inArray.load("a.atlas.json");
  same<typeof ofArray, Handle<Sheet>>(true);
  const ofSet = inSet.load("a.png");
  same<typeof ofSet, Handle<Texture>>(true);
  const notInArray = inArray.load("a.level");
  same<typeof notInArray, Handle<unknown>>(true);
  const isRich = listed.size > 0;
  const either = new ResourceManager({ loaders: isRich ? [textures, sheets] : [textures] });
  const inBoth = either.load("a.png");
  same<typeof inBoth, Handle<Texture>>(true);
  const inOne = either.load("a.sheet");
  same<typeof inOne, Handle<unknown>>(true);
  const some: Loaders = [textures];
  void some;
  const managers: ResourceManager[] = [mgr, listed, none, inArray, inSet];
  const scopes: ResourceScope[] = [mgr.scope(), listed.scope()];
  const loader: Loader<unknown> = textures;
  void [managers, scopes, loader];
  type BuiltIn = [typeof textLoader, typeof jsonLoader, typeof bytesLoader];
  type Extensions = BuiltIn[number]["extensions"][number];
  // Each extension of a built-in loader has a type in a manager that was given others.
  type Typed = { [E in Extensions]: unknown extends ValueNamed<[], `a${E}`> ? E : never };
  same<Typed[Extensions], never>(true);
  same<ValueNamed<[], "a.wgsl">, string>(true);
  same<ValueNamed<[], "a.dat">, Uint8Array<ArrayBuffer>>(true);
}

/** Never called: names of a manifest. */
export function checksNames(): void {
  const hero = listed.load("hero.png");
  same<typeof hero, Handle<Texture>>(true);
  const variant = listed.loadAsync("hero.png?data");
  same<typeof variant, LoadTask<Texture>>(true);
  const tile = listed.scope().load(`tile/${index}.png`);
  same<typeof tile, Handle<Texture>>(true);
  const part = listed.load(`tile/${index}.png?data`);
  same<typeof part, Handle<Texture>>(true);
  // @ts-expect-error no file of the manifest fits that
  listed.load(`tiles/${index}.png?data#x`);
  const found = listed.find("tile/*");
  same<typeof found, Names[]>(true);
  const bundle = listed.loadAll({ hero: "hero.png", other: ["made.png", Text] });
  same<Awaited<typeof bundle>["hero"], Handle<Texture>>(true);
  const all = listed.loadAll(found);
  same<Awaited<typeof all>["hero.png"], Handle<Texture> | undefined>(true);
  listed.load("made.png", Texture); // with a type, any name is accepted
  // @ts-expect-error no file of the manifest has that name
  listed.load("villain.png");
  // @ts-expect-error no file of the manifest fits that
  listed.get(`tiles/${index}.png`);
  const variable = listed.loadAsync(name); // such as a name that is read from a level
  same<typeof variable, LoadTask<unknown>>(true);
  // @ts-expect-error no file of the manifest has that name
  listed.with("villain.png?data", () => {});
  // @ts-expect-error no file of the manifest has that name
  listed.loadAll({ hero: "villain.png" });
  // @ts-expect-error no file of the manifest has that name
  listed.scope().loadAll(["villain.png"]);
}

/** Never called: each line is an error, for the reason in its comment. */
export function refuses(): void {
  // @ts-expect-error a texture has no rows
  mgr.load("hero.png?Pixels").value.rows;
  // @ts-expect-error a value of type unknown has no members
  mgr.load("a.thing").value.text;
  // @ts-expect-error a handle of one type is not a handle of another
  const thing: Handle<Thing> = mgr.load("a.sheet");
  // @ts-expect-error a bundle consists of names, or pairs of a name and a type
  mgr.loadAll({ a: 5 });
  // @ts-expect-error there is no such option
  mgr.loadAsync("a.txt", { prio: "high" });
  // @ts-expect-error a loader has only the extensions of its type
  const loader: Loader<Texture, ".png"> = { name: "x", extensions: [".jpg"], load: () => 1 };
  // @ts-expect-error variants are a list, or true
  const variants: Loader<Texture> = { name: "x", extensions: [".x"], variants: "data" };
  void [thing, loader, variants];
}

Deno.test("types from names compile and refuse as written above", () => {
  assertEquals(mgr.size, 0);
  mgr[Symbol.dispose]();
});
