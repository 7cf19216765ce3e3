/** Variants of one file, and loads without a type, from loading to unloading. */
import {
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  Json,
  type Loader,
  LoaderNotFoundError,
  MemorySource,
  ResourceExistsError,
  ResourceLoadError,
  ResourceManager,
  type ResourceManagerOptions,
  ResourceNotFoundError,
  ResourcePathError,
  ResourceTypeError,
  Text,
} from "../mod.ts";
import { GatedSource } from "../src/testing.ts";
import { FakeClock } from "./_fake_clock.ts";
import { follow, Other } from "./_thing.ts";
import { turns } from "./_turns.ts";

class Picture {
  constructor(readonly key: string, readonly text: string) {}
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A manager of pictures with the variants `data` and `2x`, and a log of its loader. */
function pictures(files: Record<string, string>, options: ResourceManagerOptions = {}) {
  const log: string[] = [];
  const events: string[] = [];
  const errors: string[] = [];
  const clock = new FakeClock();
  const source = new MemorySource(files);
  const pictureLoader: Loader<Picture, ".pic"> = {
    name: "picture",
    extensions: [".pic"],
    variants: ["data", "2x"],
    load(bytes, { key, path, variant, part }) {
      log.push(`+${path} ${variant}${part}`.trimEnd());
      if (decode(bytes) === `no ${variant}`) throw new Error(`no ${variant}`);
      return new Picture(key, decode(bytes));
    },
    unload: ({ key }) => void log.push(`-${key}`),
  };
  const mgr = new ResourceManager({ source, clock, loaders: [pictureLoader], ...options });
  follow(mgr, events);
  mgr.on("error", ({ key, error }) => errors.push(`${key}: ${(error as Error).message}`));
  return {
    mgr,
    source,
    log,
    take: () => ({ log: log.splice(0), events: events.splice(0), errors: errors.splice(0) }),
    async change(files: Record<string, string>) {
      for (const [key, text] of Object.entries(files)) source.set(key, text);
      clock.advance(50);
      await turns();
    },
    [Symbol.dispose]: () => mgr[Symbol.dispose](),
  };
}

Deno.test("the variants of a file are resources of their own, which the source reads by its path", () => {
  using s = pictures({ "a/hero.pic": "12345" });
  using plain = s.mgr.load("a/hero.pic", Picture);
  using data = s.mgr.load("a/./hero.pic?data", Picture);
  using again = s.mgr.load("a/hero.pic?data", Picture);
  assertEquals([plain.key, data.key], ["a/hero.pic", "a/hero.pic?data"]);
  assertNotStrictEquals(plain.value as unknown, data.value);
  assertStrictEquals(again.value, data.value);
  assertEquals(s.log, ["+a/hero.pic", "+a/hero.pic data"]);
  const { resources, bytes, misses } = s.mgr.cacheStats();
  assertEquals([Object.keys(resources), bytes, misses], [
    ["a/hero.pic", "a/hero.pic?data"],
    10,
    2,
  ]);
});

Deno.test("a change of a file reloads each of its variants once", async () => {
  using s = pictures({ "hero.pic": "1", "other.pic": "1" });
  using large = s.mgr.load("hero.pic?2x", Picture);
  using plain = s.mgr.load("hero.pic", Picture);
  using data = s.mgr.load("hero.pic?data", Picture);
  using other = s.mgr.load("other.pic?data", Picture);
  using _watcher = s.mgr.watch();
  s.take();
  await s.change({ "hero.pic": "2" });
  assertEquals(
    [plain, large, data, other].map(({ value, version }) => [value.text, version]),
    [["2", 2], ["2", 2], ["2", 2], ["1", 1]],
  );
  assertEquals(s.take(), {
    log: [
      "+hero.pic",
      "+hero.pic 2x",
      "+hero.pic data",
      "-hero.pic?data",
      "-hero.pic?2x",
      "-hero.pic",
    ],
    events: ["reload hero.pic 2", "reload hero.pic?2x 2", "reload hero.pic?data 2"],
    errors: [],
  });
});

Deno.test("a variant that can't be reloaded keeps its value, and the others are reloaded", async () => {
  using s = pictures({ "hero.pic": "1" });
  using plain = s.mgr.load("hero.pic", Picture);
  using data = s.mgr.load("hero.pic?data", Picture);
  using _watcher = s.mgr.watch();
  s.take();
  await s.change({ "hero.pic": "no data" });
  assertEquals([plain.value.text, data.value.text, data.version], ["no data", "1", 1]);
  assertEquals(s.take(), {
    log: ["+hero.pic", "+hero.pic data", "-hero.pic"],
    events: ["reload hero.pic 2"],
    errors: ['hero.pic?data: Cannot load "hero.pic?data": no data'],
  });
  await s.change({ "hero.pic": "3" });
  assertEquals([plain.version, data.value.text, data.version], [3, "3", 2]);
  assertEquals(s.take().errors, []);
});

Deno.test("a variant that lands after a change of its file is read again", async () => {
  const source = new GatedSource({ "hero.pic": "old" });
  const clock = new FakeClock();
  const changes: ((key: string) => void)[] = [];
  const watched = Object.assign(source, {
    watch(onChange: (key: string) => void) {
      changes.push(onChange);
      return { [Symbol.dispose]() {} };
    },
  });
  const loader: Loader<string, ".pic"> = {
    name: "picture",
    extensions: [".pic"],
    variants: ["data"],
    load: (bytes, { key }) => `${key}: ${decode(bytes)}`,
  };
  using mgr = new ResourceManager({ source: watched, loaders: [loader], clock });
  using _watcher = mgr.watch();
  const [plain, data] = [mgr.loadAsync("hero.pic"), mgr.loadAsync("hero.pic?data")];
  await turns();
  for (const onChange of changes) onChange("hero.pic");
  source.openAll();
  await turns();
  using both = { plain: await plain, data: await data, [Symbol.dispose]() {} };
  using _plain = both.plain;
  using _data = both.data;
  assertEquals(source.reads, ["hero.pic", "hero.pic"]);
  clock.advance(50);
  await turns();
  assertEquals([both.plain.version, both.data.version], [2, 2]);
  assertEquals(source.reads.length, 4);
});

Deno.test("an unknown variant is refused before anything is read, and the message names the known ones", () => {
  using s = pictures({ "hero.pic": "1", "a.txt": "A" });
  const refused = (name: string, message: string) => {
    const error = assertThrows(() => s.mgr.load(name), LoaderNotFoundError);
    assertEquals([error.key, error.message], [name, `Cannot load "${name}": ${message}`]);
  };
  refused(
    "hero.pic?dat",
    'its loader "picture" has no variant "dat", did you mean "data": it has "data", "2x"',
  );
  refused(
    "hero.pic?normal",
    'its loader "picture" has no variant "normal", it has "data", "2x"',
  );
  refused(
    "hero.pic?Data",
    'its loader "picture" has no variant "Data", did you mean "data": it has "data", "2x"',
  );
  refused(
    "hero.pic?data?2x",
    'its loader "picture" has no variant "data?2x", it has "data", "2x"',
  );
  refused(
    "a.txt?v=12",
    'its loader "text" has no variants: in a name, "?" begins a variant and "#" a part',
  );
  assertEquals([s.log, s.mgr.size], [[], 0]);
  assertThrows(() => s.mgr.load("hero.pic?"), ResourcePathError, 'write one after "?"');
  assertThrows(() => s.mgr.load("?data"), ResourcePathError, "it is empty");
  assertThrows(() => s.mgr.load("hero.pic?da\0ta"), ResourcePathError, "NUL");
  const missing = assertThrows(() => s.mgr.load("villain.pic?data"), ResourceNotFoundError);
  assertEquals([missing.key, (missing.cause as ResourceNotFoundError).key], [
    "villain.pic?data",
    "villain.pic",
  ]);
});

Deno.test("a loader for a variant of an extension takes precedence over one that has the variant", () => {
  using s = pictures({ "hero.pic": "12", "a.big.pic": "1" });
  s.mgr.registerLoader({
    name: "length",
    extensions: [".pic?data", ".PIC?length"],
    load: (bytes: Uint8Array) => new Number(bytes.length),
  });
  using data = s.mgr.load("hero.pic?data", Number);
  using length = s.mgr.load("a.big.pic?length", Number);
  using large = s.mgr.load("hero.pic?2x", Picture);
  assertEquals([Number(data.value), Number(length.value), large.value.text], [2, 1, "12"]);
  s.mgr.registerLoader({ name: "words", extensions: [".txt?words"], load: () => new Number(1) });
  assertThrows(
    () => s.mgr.load("a.txt?word"),
    LoaderNotFoundError,
    'its loader "text" has no variant "word", did you mean "words"',
  );
  s.mgr.registerLoader({ name: "word", extensions: [".txt#"], make: () => new Number(1) });
  assertThrows(() => s.mgr.load("a.txt?words#1"), LoaderNotFoundError, '"word" has no variants');
  assertThrows(() => s.mgr.load("a.txt?v=1"), LoaderNotFoundError, '"text" has no variants: in a');
  assertThrows(
    () => s.mgr.load("hero.pic?Length"),
    LoaderNotFoundError,
    'has no variant "Length", did you mean "length": it has "data", "2x"',
  );
});

Deno.test("a loader with variants: true accepts any variant, and its context has the variant", () => {
  const seen: unknown[] = [];
  const loader: Loader<string, ".any"> = {
    name: "any",
    extensions: [".any"],
    variants: true,
    load(_bytes, { key, path, variant, part }) {
      seen.push([key, path, variant, part]);
      return variant;
    },
  };
  using mgr = new ResourceManager({
    source: new MemorySource({ "a/b.any": "" }),
    loaders: [loader],
  });
  const names = ["a/b.any", "a/b.any?2x", "a/b.any?a/b.c", "a/b.any?../x y=1&z?"];
  assertEquals(names.map((name) => mgr.with(name, Text, String)), [
    "",
    "2x",
    "a/b.c",
    "../x y=1&z?",
  ]);
  assertEquals(seen, [
    ["a/b.any", "a/b.any", "", ""],
    ["a/b.any?2x", "a/b.any", "2x", ""],
    ["a/b.any?a/b.c", "a/b.any", "a/b.c", ""],
    ["a/b.any?../x y=1&z?", "a/b.any", "../x y=1&z?", ""],
  ]);
});

Deno.test("every method of a manager accepts the name of a variant", async () => {
  using s = pictures({ "hero.pic": "1" }, { idle: "keep" });
  const { mgr } = s;
  const name = "hero.pic?data";
  assertEquals([mgr.has(name), mgr.peek(name), mgr.get(name)], [false, undefined, undefined]);
  assertEquals(mgr.with(name, Picture, ({ key }) => key), name);
  assertEquals([mgr.has(name), mgr.has("hero.pic")], [true, false]);
  using got = mgr.get(name, Picture)!;
  mgr.acquire(name);
  assertEquals(mgr.holders(name).map(({ handles, manual }) => [handles, manual]), [[1, 1]]);
  assertEquals(mgr.holders("hero.pic"), []);
  mgr.release(name);
  mgr.reload(name);
  await mgr.reloadAsync([name]);
  assertEquals(got.version, 3);
  assertThrows(() => mgr.add(name, new Picture("", "")), ResourceExistsError, `"${name}"`);
  using _replaced = mgr.add(name, new Picture("own", ""), { replace: true });
  assertEquals([got.value.key, got.version], ["own", 4]);
  assertEquals([mgr.unload(name), mgr.unload(name, { force: true })], [false, true]);
  assertEquals([mgr.has(name), mgr.size], [false, 0]);
});

Deno.test("short names lead to variants, also after their files have moved", () => {
  using s = pictures({
    ...{ "chars/hero.pic": "chars", "hero.pic": "root" },
    ...{ "chars/a.txt": "", "mobs/b.txt": "" }, // A directory exists as long as it has a file.
  }, { idle: "keep" });
  const { mgr, source } = s;
  const keyOf = (name: string) => mgr.with(name, Picture, ({ key }) => key);
  assertEquals([keyOf("hero.pic?data"), mgr.size], ["hero.pic?data", 1]);
  mgr.indexDirectory("chars");
  for (const name of ["hero?data", "hero.pic?data", "chars/hero.pic?data"]) {
    assertEquals([name, keyOf(name), keyOf(name)], [
      name,
      "chars/hero.pic?data",
      "chars/hero.pic?data",
    ]);
  }
  assertEquals([keyOf("./hero.pic?data"), mgr.size], ["hero.pic?data", 2]);
  assertEquals(Object.keys(mgr.cacheStats().resources).sort(), [
    "chars/hero.pic?data",
    "hero.pic?data",
  ]);
  source.set("mobs/hero.pic", "mobs");
  mgr.indexDirectory("mobs");
  for (const name of ["hero?data", "hero.pic?data", "hero?2x"]) {
    assertThrows(
      () => keyOf(name),
      ResourcePathError,
      `Cannot use "${name}" as a name: it is ambig`,
    );
  }
  source.delete("chars/hero.pic");
  mgr.indexDirectory("chars");
  assertEquals(["hero?data", "hero.pic?data"].map(keyOf), [
    "mobs/hero.pic?data",
    "mobs/hero.pic?data",
  ]);
  source.delete("mobs/hero.pic");
  mgr.indexDirectory("mobs");
  assertEquals([keyOf("hero.pic?data"), mgr.size], ["hero.pic?data", 3]);
  assertThrows(() => keyOf("hero?data"), LoaderNotFoundError, "without extension");
  assertEquals(mgr.unloadUnused(), 3);
});

Deno.test("a file whose own name has a ? or a # is not indexed, and a warning says why", () => {
  const source = new MemorySource({ "a.txt": "A", "b?.txt": "B", "c#1.txt": "C" });
  using mgr = new ResourceManager({ source });
  const warnings: string[] = [];
  mgr.on("warning", ({ message }) => warnings.push(message));
  assertEquals(mgr.indexDirectory(), 2);
  assertEquals(warnings, [
    `Cannot index "b?.txt": a name can't have "?" or "#" in its path`,
    `Cannot index "c#1.txt": a name can't have "?" or "#" in its path`,
  ]);
});

Deno.test("a load without a type finds what was loaded with one, and the reverse", async () => {
  using s = pictures({ "hero.pic": "1" });
  using typed = s.mgr.load("hero.pic", Picture);
  using untyped = s.mgr.load("hero.pic");
  using later = await s.mgr.loadAsync("hero.pic", { priority: "high" });
  using got = s.mgr.get("hero.pic")!;
  assertStrictEquals(untyped.value as unknown, typed.value);
  assertStrictEquals(later.value as unknown, got.value);
  assertEquals(s.mgr.with("hero.pic", (value) => value === typed.value), true);
  using first = s.mgr.load("hero.pic?data");
  using second = s.mgr.load("hero.pic?data", Picture);
  assertStrictEquals(second.value, first.value as unknown);
  const { hits, misses } = s.mgr.cacheStats();
  assertEquals([hits, misses], [5, 2]);
  assertEquals(s.log, ["+hero.pic", "+hero.pic data"]);
});

Deno.test("a value that was loaded without a type is checked by the next load that has one", async () => {
  using s = pictures({ "hero.pic": "1" });
  using _untyped = s.mgr.load("hero.pic");
  const message = 'Cannot use "hero.pic" as "Other": its value is of type "Picture"';
  assertEquals(
    assertThrows(() => s.mgr.load("hero.pic", Other), ResourceTypeError).message,
    message,
  );
  assertThrows(() => s.mgr.get("hero.pic", Other), ResourceTypeError);
  assertThrows(() => s.mgr.with("hero.pic", Other, () => {}), ResourceTypeError);
  await assertRejects(() => s.mgr.loadAsync("hero.pic", Other), ResourceTypeError);
  assertEquals([s.mgr.cacheStats().resources["hero.pic"]?.refCount, s.mgr.size], [1, 1]);
});

Deno.test("a reload may change the class of a value that was loaded without a type, but not after a check", async () => {
  const values: unknown[] = [new Picture("", "1"), "two", new Picture("", "3"), new Other()];
  const loader: Loader<unknown, ".x"> = {
    name: "x",
    extensions: [".x"],
    make: () => values.shift(),
  };
  using mgr = new ResourceManager({ source: new MemorySource(), loaders: [loader], idle: "keep" });
  const unloads: string[] = [];
  mgr.on("unload", ({ type }) => unloads.push(type));
  mgr.on("error", () => {});
  const typeNow = () => mgr.cacheStats().resources["a.x"]?.type;
  using a = mgr.load("a.x");
  assertEquals(typeNow(), "Picture");
  mgr.reload("a.x");
  assertEquals([a.value, a.version, typeNow()], ["two", 2, "string"]);
  await mgr.reloadAsync("a.x");
  using typed = mgr.load("a.x", Picture);
  assertEquals([typed.value.text, typeNow()], ["3", "Picture"]);
  assertThrows(() => mgr.reload("a.x"), ResourceTypeError, '"Other"');
  assertEquals([a.version, typed.value.text], [3, "3"]);
  assertEquals(mgr.unload("a.x", { force: true }), true);
  assertEquals(unloads, ["Picture"]);
});

Deno.test("null is a value, with a type and without one; undefined is not", async () => {
  const source = new MemorySource({ "a.json": "null", "b.json": "null" });
  const nothing: Loader<undefined, ".none"> = { name: "none", extensions: [".none"], load() {} };
  source.set("a.none", "");
  using mgr = new ResourceManager({ source, loaders: [nothing] });
  using a = mgr.load("a.json");
  using typed = mgr.load("a.json", Json);
  using b = await mgr.loadAsync("b.json");
  using got = mgr.get("b.json");
  assertEquals([a.value, typed.value, b.value, got?.value], [null, null, null, null]);
  assertEquals(mgr.with("a.json", (value) => value), null);
  assertEquals(mgr.cacheStats().resources["b.json"]?.type, "null");
  assertThrows(() => mgr.load("a.none"), ResourceTypeError, "its value is undefined");
  await assertRejects(() => mgr.loadAsync("a.none"), ResourceTypeError, "its value is undefined");
  assertEquals(mgr.size, 2);
});

Deno.test("an added value is found without a type, under any name", () => {
  using s = pictures({});
  using added = s.mgr.add("noise", [1, 2]);
  using found = s.mgr.load("noise");
  using part = s.mgr.add("sheet.pic?data#a/b", "part");
  using same = s.mgr.load("./sheet.pic?data#a/b", Text);
  assertStrictEquals(found.value, added.value as unknown);
  assertEquals([same.value, part.key], ["part", "sheet.pic?data#a/b"]);
  assertThrows(() => s.mgr.load("noise", Text), ResourceTypeError);
  assertThrows(() => s.mgr.reload("noise"), ResourceLoadError, "it was added");
});

Deno.test("bundles of names have handles by name, each name once", async () => {
  using s = pictures({ "a.pic": "A", "b.pic": "B", "c.txt": "C" });
  using list = await s.mgr.loadAll(["a.pic?data", "c.txt", "a.pic?data"]);
  assertEquals(Object.keys(list), ["a.pic?data", "c.txt"]);
  using named = await s.mgr.loadAll({ a: "./a.pic?data", b: ["b.pic", Picture], c: "c.txt" });
  assertInstanceOf(named.a.value, Picture);
  assertEquals([named.b.value.text, named.c.value], ["B", "C"]);
  assertEquals(s.mgr.size, 3);
  const error = await assertRejects(() => s.mgr.loadAll(["a.pic?nope", "d.txt#x"]), AggregateError);
  assertEquals(error.errors.map((each) => each.name), [
    "LoaderNotFoundError",
    "LoaderNotFoundError",
  ]);
});

Deno.test("a load without a type is held by a scope and found by its weak handle", async () => {
  using s = pictures({ "hero.pic": "1" });
  let weak;
  {
    using scene = s.mgr.scope("title");
    weak = scene.load("hero.pic?data").weak();
    await scene.loadAsync("hero.pic");
    const { a } = await scene.loadAll({ a: "hero.pic?2x" });
    assertInstanceOf(a.value, Picture);
    assertEquals(s.mgr.holders("hero.pic?data").map(({ label }) => label), ["title"]);
    using again = weak.upgrade();
    assertInstanceOf(again?.value, Picture);
  }
  assertEquals([weak.upgrade(), s.mgr.size], [undefined, 0]);
});

Deno.test("a loader that computes its members fails the load when one of them throws", async () => {
  const loader = {
    name: "moody",
    extensions: [".pic"],
    load: (): unknown => 1,
    fails: "",
    get variants(): readonly string[] {
      if (this.fails !== "") throw new Error(this.fails);
      return ["data"];
    },
  };
  using mgr = new ResourceManager({ source: new MemorySource({ "a.pic": "" }), loaders: [loader] });
  loader.fails = "not today";
  const message = 'Cannot load "a.pic?data": not today';
  assertThrows(() => mgr.load("a.pic?data"), ResourceLoadError, message);
  await assertRejects(() => mgr.loadAsync("a.pic?data"), ResourceLoadError, message);
  assertEquals([mgr.size, mgr.find("*")], [0, ["a.pic"]]);
  loader.fails = "";
  using data = mgr.load("a.pic?data");
  assertEquals(data.value, 1);
});
