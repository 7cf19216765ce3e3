import { assertEquals, assertThrows } from "@std/assert";
import { type Handle, ResourceManager } from "@holdfast/resources";
import { pixiLoaders } from "@holdfast/resources/pixi";
import { PIXI } from "./_pixi.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

function same<A, B>(_same: Same<A, B>): void {}

/** Never called: only the compiler checks it. */
export function compiles(): void {
  const known = new ResourceManager({ loaders: pixiLoaders(PIXI, { scaleMode: "nearest" }) });
  const hero = known.load("hero.png");
  same<typeof hero, Handle<PIXI.Texture>>(true);
  const tiled = known.load("walls/1.webp?tiled");
  same<typeof tiled, Handle<PIXI.Texture>>(true);
  const sheet = known.load("hero.sheet.json");
  same<typeof sheet, Handle<PIXI.Spritesheet>>(true);
  const frame = known.load("hero.sheet.json#run-1");
  same<typeof frame, Handle<PIXI.Texture>>(true);
  const font = known.load("ui.fnt");
  same<typeof font, Handle<PIXI.BitmapFont>>(true);
  const more = new ResourceManager({ loaders: [...pixiLoaders(PIXI), maps] });
  const both = [more.load("1.map"), more.load("hero.jpg")] as const;
  same<typeof both, readonly [Handle<string>, Handle<PIXI.Texture>]>(true);
  // @ts-expect-error Not a namespace of PixiJS 8.
  pixiLoaders({ VERSION: "8.0.0" });
  // @ts-expect-error Not a way to scale.
  pixiLoaders(PIXI, { scaleMode: "smooth" });
}

const maps = { name: "map", extensions: [".map"], load: () => "" } as const;

Deno.test("a namespace of another version is refused", () => {
  assertThrows(
    () => pixiLoaders({ ...PIXI, VERSION: "7.4.2" }),
    TypeError,
    "Cannot create pixiLoaders: they need PixiJS 8, this is version 7.4.2",
  );
  const { VERSION: _, ...unknown } = PIXI;
  assertThrows(
    () => pixiLoaders(unknown as unknown as typeof PIXI),
    TypeError,
    "they need PixiJS 8, this is version undefined",
  );
});

Deno.test("a value that is not a namespace is refused too", () => {
  for (const nothing of [undefined, null, {}]) {
    const message = "they need PixiJS 8, this is version undefined without Texture";
    assertThrows(() => pixiLoaders(nothing as never), TypeError, message);
  }
});

Deno.test("a namespace that lacks something is refused, and the error says what", () => {
  const { Spritesheet: _, Cache: __, ...others } = PIXI;
  assertThrows(
    () => pixiLoaders(others as unknown as typeof PIXI),
    TypeError,
    `they need PixiJS 8, this is version ${PIXI.VERSION} without Spritesheet, Cache`,
  );
});

Deno.test("the names of PixiNamespace are enough, so that a bundler may leave out the rest", () => {
  const { VERSION, Texture, ImageSource, Spritesheet, BitmapFont, BitmapFontManager, Cache } = PIXI;
  const { bitmapFontTextParser, bitmapFontXMLStringParser } = PIXI;
  const classes = {
    VERSION,
    Texture,
    ImageSource,
    Spritesheet,
    BitmapFont,
    BitmapFontManager,
    Cache,
  };
  const loaders = pixiLoaders({ ...classes, bitmapFontTextParser, bitmapFontXMLStringParser });
  assertEquals(loaders.map(({ name }) => name), ["texture", "sheet", "frame", "font"]);
});
