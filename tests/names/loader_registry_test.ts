import { assertEquals, assertThrows } from "@std/assert";
import { type Loader, LoaderNotFoundError } from "../../mod.ts";
import { EventHub } from "../../src/contract/events.ts";
import { LoaderRegistry, registerLoader } from "../../src/names/loader_registry.ts";

function loader(name: string, ...extensions: string[]): Loader<unknown> {
  return { name, extensions, load: () => name };
}

Deno.test("LoaderRegistry finds the loader of the longest extension, in any case, and the stem before it", () => {
  const registry = new LoaderRegistry();
  registry.register(loader("gz", ".gz"));
  registry.register(loader("tar", ".tar.gz", ".TGZ"));
  const found = (key: string) => {
    const result = registry.find(key);
    return result && [result.name, registry.stemOf(key)];
  };
  assertEquals(found("a.tar.gz"), ["tar", "a"]);
  assertEquals(found("dir.gz/A.B.Tar.GZ"), ["tar", "A.B"]);
  assertEquals(found("x.gz"), ["gz", "x"]);
  assertEquals(found("x.tgz"), ["tar", "x"]);
  assertEquals(found("a.tar"), undefined);
  assertEquals(found("dir.gz/plain"), undefined);
  assertEquals([found(".gz"), found("dir/.gz")], [undefined, undefined]);
  assertEquals(found("gz"), undefined);
  assertEquals(found("İ.gz"), ["gz", "İ"]); // which is longer in lower case
  assertEquals(registry.extensions, [".gz", ".tar.gz", ".tgz"]);
});

Deno.test("LoaderRegistry.find() is fast for a name of any number of dots", () => {
  const registry = new LoaderRegistry();
  registry.register(loader("tar", ".tar.gz", ".gz"));
  const dots = ".".repeat(4_000_000); // takes hours if each dot begins an extension
  assertEquals(registry.find(`a${dots}b`), undefined);
  assertEquals(registry.stemOf(`a${dots}tar.gz`)?.length, 4_000_000);
  assertEquals(registry.find("a.".repeat(2_000_000) + "gz")?.name, "tar");
});

Deno.test("LoaderRegistry.register() returns what it takes over", () => {
  const registry = new LoaderRegistry();
  const first = loader("first", ".png", ".jpg");
  assertEquals(registry.register(first), []);
  assertEquals(registry.register(first), []);
  assertEquals(registry.register(loader("second", ".PNG", ".gif")), [
    { extension: ".png", previous: "first" },
  ]);
});

Deno.test("registerLoader() warns once about each loader that is replaced, unless it is replaceable", () => {
  const [loaders, events, warnings] = [new LoaderRegistry(), new EventHub(), [] as string[]];
  using _warnings = events.on("warning", ({ message }) => warnings.push(message));
  const register = (each: Loader<unknown>, ...replaceable: string[]) =>
    registerLoader(each, { loaders, events, replaceable });
  register(loader("a", ".png", ".jpg"));
  register(loader("b", ".gif"));
  register(loader("b", ".GIF"), "b");
  register(loader("c", ".png", ".gif", ".JPG", ".bmp"));
  assertEquals(warnings, [
    'Loader "c" replaces "a" for ".png", ".jpg"',
    'Loader "c" replaces "b" for ".gif"',
  ]);
});

Deno.test("LoaderRegistry.register() refuses an invalid loader", () => {
  const registry = new LoaderRegistry();
  const bad: [unknown, string][] = [
    [{ name: "x", extensions: [".x"] }, 'Cannot register loader "x": it has neither'],
    [undefined, "it has neither"],
    [loader("x"), "it names no extension"],
    [loader("x", "png"), '"png" is not an extension'],
    [loader("x", "."), '"." is not an extension'],
    [loader("x", ".a/b"), '".a/b" is not an extension'],
    [loader("x", ".a."), '".a." is not an extension'],
    [loader("x", "\x1b[2J"), '"\\u001b[2J" is not an extension'],
    [loader("x\n", ".x", "x"), 'Cannot register loader "x\\n": "x" is not an extension'],
    [{ name: "x", extensions: ".png", load() {} }, "it names no extension"],
    [{ ...loader("x", ".x"), variants: "data" }, "its variants are not an array of names"],
    [{ ...loader("x", ".x"), variants: [""] }, `"" can't name a variant, use a word without "#"`],
    [{ ...loader("x", ".x"), variants: ["2x", "a#b"] }, `"a#b" can't name a variant`],
    [{ ...loader("x", ".x"), variants: [undefined] }, `"undefined" can't name a variant`],
  ];
  for (const [value, message] of bad) {
    assertThrows(() => registry.register(value as Loader<unknown>), TypeError, message);
  }
});

Deno.test("LoaderRegistry.find() searches the longest extension first, and in it the variant or the parts", () => {
  const registry = new LoaderRegistry();
  registry.register({ ...loader("png", ".png"), variants: ["data", "mask"] });
  registry.register(loader("pixels", ".PNG?Pixels"));
  registry.register({ ...loader("any", ".any"), variants: true });
  registry.register(loader("atlas", ".atlas.png"));
  registry.register(loader("region", ".sheet#", ".png?pixels#"));
  const found = (key: string) => registry.find(key)?.name;
  assertEquals(found("a.png"), "png");
  assertEquals(found("a.Png?data"), "png");
  assertEquals(found("a.png?Pixels"), "pixels");
  assertEquals(found("a.any?what/ever.png"), "any");
  assertEquals(found("a.atlas.png"), "atlas");
  assertEquals(found("a.sheet#run/1.png"), "region");
  assertEquals(found("a.png?pixels#1"), "region");
  assertEquals(found("a.sheet"), undefined);
  assertEquals(found("a.png#1"), undefined);
  assertEquals(found("x/y?data.png"), undefined);
  assertEquals([registry.stemOf("x/a.sheet"), registry.stemOf("a.pixels")], ["a", undefined]);
  const refused: [key: string, problem: string][] = [
    [
      "a.png?dat",
      'its loader "png" has no variant "dat", did you mean "data": it has "data", "mask"',
    ],
    [
      "a.png?pixels",
      'its loader "png" has no variant "pixels", did you mean "Pixels": it has "data", "mask"',
    ],
    ["a.atlas.png?data", 'its loader "atlas" has no variants: in a name, "?" begins a variant'],
    ["a.sheet?2x#run", 'its loader "region" has no variants'],
  ];
  for (const [key, problem] of refused) {
    assertThrows(() => registry.find(key), LoaderNotFoundError, problem);
  }
});
