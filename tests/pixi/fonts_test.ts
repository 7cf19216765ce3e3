import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ResourceLoadError } from "@holdfast/resources";
import type { PixiDecoder } from "@holdfast/resources/pixi";
import { Bitmaps } from "./_bitmaps.ts";
import { managerOf, PIXI, png } from "./_pixi.ts";

/** A font of "A" and "B", 8 × 8 pixels each. */
function text(page: string, advance = 9): string {
  return `info face="8bit Sans" size=8
common lineHeight=10 base=8 scaleW=16 scaleH=8 pages=1
page id=0 file="${page}"
chars count=2
char id=65 x=0 y=0 width=8 height=8 xoffset=0 yoffset=0 xadvance=${advance} page=0
char id=66 x=8 y=0 width=8 height=8 xoffset=0 yoffset=0 xadvance=${advance} page=0
kernings count=1
kerning first=65 second=66 amount=-1
`;
}

const XML = `<?xml version="1.0"?>
<font>
  <info face="Sans" size="8"/>
  <common lineHeight="10" base="8" scaleW="16" scaleH="8" pages="1"/>
  <pages><page id="0" file="ui &amp; more.png"/></pages>
  <chars count="1">
    <char id="65" letter="A" x="0" y="0" width="8" height="8" xoffset="0" yoffset="0" xadvance="9" page="0"/>
  </chars>
  <distanceField fieldType="msdf" distanceRange="4"/>
</font>`;

Deno.test("a font holds its pages, is found by its key, and is unloaded with its glyphs and pages", async () => {
  using bitmaps = new Bitmaps();
  const { mgr } = managerOf({ "ui/a.fnt": text("0.png"), "ui/0.png": png(16, 8) });
  await using _mgr = mgr;
  let glyph: PIXI.Texture;
  {
    using font = await mgr.loadAsync("ui/a.fnt", PIXI.BitmapFont);
    using page = await mgr.loadAsync("ui/0.png");
    glyph = font.value.chars["B"]!.texture!;
    assertStrictEquals(glyph.source, page.value.source);
    assertEquals([glyph.frame.x, font.value.chars["B"]!.kerning["A"]], [8, -1]);
    assertEquals(font.value.fontFamily, "ui/a.fnt");
    const style = new PIXI.TextStyle({ fontFamily: "ui/a.fnt", fontSize: 8 });
    assertStrictEquals(PIXI.BitmapFontManager.getFont("AB", style), font.value);
    assertEquals(mgr.holders("ui/0.png").length, 2);
  }
  assertEquals([mgr.size, glyph.destroyed, PIXI.Cache.has("ui/a.fnt-bitmap")], [0, true, false]);
  assertEquals([bitmaps.made, bitmaps.closed], [1, 1]);
});

Deno.test("a font may have several pages, in any order", async () => {
  const pages = 'page id=1 file="b.png"\npage id=0 file="a.png"';
  const two = text("a.png")
    .replace('page id=0 file="a.png"', pages)
    .replace("id=66 x=8", "id=66 x=0")
    .replace(/(id=66.*)page=0/, "$1page=1");
  const { mgr } = managerOf({ "ab.fnt": two, "a.png": png(16, 8), "b.png": png(8, 8) });
  await using _mgr = mgr;
  {
    using font = await mgr.loadAsync("ab.fnt", PIXI.BitmapFont);
    const labels = ["A", "B"].map((char) => font.value.chars[char]!.texture!.source.label);
    assertEquals(labels, ["a.png", "b.png"]);
  }
  assertEquals(mgr.size, 0);
});

Deno.test("a font may be XML, and the pixels of a distance field are interpolated", async () => {
  const { mgr } = managerOf({ "a.fnt": XML, "ui & more.png": png(16, 8) }, {
    scaleMode: "nearest",
  });
  await using _mgr = mgr;
  using font = await mgr.loadAsync("a.fnt", PIXI.BitmapFont);
  assertEquals(font.value.distanceField, { type: "msdf", range: 4 });
  assertEquals(font.value.chars["A"]!.texture!.source.scaleMode, "linear");
});

Deno.test("a file that is not a readable bitmap font is refused", async () => {
  const message = "it is not a bitmap font as text or XML";
  for (const file of ["BMF\x03", "", "{}"]) {
    await using mgr = managerOf({ "a.fnt": file }).mgr;
    await assertRejects(() => mgr.loadAsync("a.fnt"), ResourceLoadError, message);
  }
});

Deno.test("a font with a missing page fails, and leaves nothing in memory", async () => {
  using bitmaps = new Bitmaps();
  await using mgr = managerOf({ "a.fnt": text("none.png") }).mgr;
  await assertRejects(() => mgr.loadAsync("a.fnt"), ResourceLoadError, "none.png");
  assertEquals([mgr.size, bitmaps.made, PIXI.Cache.has("a.fnt-bitmap")], [0, 0, false]);
});

Deno.test("a font that is reloaded is the same font with other glyphs", async () => {
  const { source, mgr } = managerOf({ "a.fnt": text("a.png"), "a.png": png(16, 8) });
  await using _mgr = mgr;
  using font = await mgr.loadAsync("a.fnt", PIXI.BitmapFont);
  const { value } = font;
  const glyph = value.chars["A"]!.texture!;
  const widthOf = () =>
    PIXI.BitmapFontManager.measureText(
      "AB",
      new PIXI.TextStyle({ fontFamily: "a.fnt", fontSize: 8 }),
    )
      .width;
  const before = widthOf();
  source.set("a.fnt", text("a.png", 20));
  await mgr.reloadAsync("a.fnt");
  assertStrictEquals(font.value, value);
  assertEquals([value.chars["A"]!.xAdvance, glyph.destroyed], [20, false]); // a text may show it
  assert(widthOf() > before, "the layouts are not those of before");
});

Deno.test("two managers may have fonts with one key: when the last one is unloaded, the other is found", async () => {
  const files = { "a.fnt": text("a.png"), "a.png": png(16, 8) };
  await using first = managerOf(files).mgr;
  await using second = managerOf(files).mgr;
  using one = await first.loadAsync("a.fnt", PIXI.BitmapFont);
  const found = () => PIXI.Cache.get("a.fnt-bitmap");
  {
    using two = await second.loadAsync("a.fnt", PIXI.BitmapFont);
    assertStrictEquals(found(), two.value);
  }
  assertStrictEquals(found(), one.value);
  one[Symbol.dispose]();
  assert(!PIXI.Cache.has("a.fnt-bitmap"));
});

Deno.test("a font that is unloaded while its reload waits for a page is no longer found", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const decoder: PixiDecoder = {
    async loadAsync(bytes, { key }) {
      if (key === "b.png") {
        begin();
        await gate;
      }
      return await createImageBitmap(new Blob([bytes]));
    },
  };
  const files = { "a.fnt": text("a.png"), "a.png": png(16, 8), "b.png": png(16, 8) };
  const { source, mgr } = managerOf(files, { decoder });
  await using _mgr = mgr;
  const font = await mgr.loadAsync("a.fnt");
  source.set("a.fnt", text("b.png"));
  const reload = mgr.reloadAsync("a.fnt").catch((error) => error);
  await begun;
  font[Symbol.dispose]();
  open();
  assert(await reload instanceof Error);
  assertEquals([PIXI.Cache.has("a.fnt-bitmap"), mgr.size], [false, 0]);
});
