import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ResourceLoadError, ResourceNotFoundError } from "@holdfast/resources";
import { Bitmaps } from "./_bitmaps.ts";
import { managerOf, PIXI, png, sheet } from "./_pixi.ts";

const FRAMES = { "run-1": [0, 0, 16, 8], "run-2": [16, 0, 16, 8] } as const;
const ANIMATIONS = { animations: { run: ["run-1", "run-2"] } };

/** A sheet of two frames of 16 × 8, side by side in an image. */
function hero() {
  return managerOf({
    "chars/hero.sheet.json": sheet("hero.png", FRAMES, ANIMATIONS),
    "chars/hero.png": png(32, 8),
  });
}

Deno.test("a frame keeps its sheet loaded, and the sheet its image, until the last handle is released", async () => {
  using bitmaps = new Bitmaps();
  const { mgr } = hero();
  await using _mgr = mgr;
  let texture: PIXI.Texture;
  {
    using frame = await mgr.loadAsync("chars/hero.sheet.json#run-2", PIXI.Texture);
    using image = await mgr.loadAsync("chars/hero.png");
    texture = frame.value;
    assertEquals([texture.width, texture.height, texture.frame.x], [16, 8, 16]);
    assertStrictEquals(texture.source, image.value.source);
    assertEquals(mgr.holders("chars/hero.png").length, 2);
  }
  assertEquals([mgr.size, texture.destroyed], [0, true]);
  assertEquals([bitmaps.made, bitmaps.closed], [1, 1]);
});

Deno.test("a sheet has its animations", async () => {
  await using mgr = hero().mgr;
  using sheet = await mgr.loadAsync("chars/hero.sheet.json", PIXI.Spritesheet);
  const { run } = sheet.value.animations;
  assertEquals(run!.map(({ label }) => label), ["run-1", "run-2"]);
  assertStrictEquals(run![0], sheet.value.textures["run-1"]);
});

Deno.test("a frame that does not exist is an error that names the nearest", async () => {
  await using mgr = hero().mgr;
  await assertRejects(
    () => mgr.loadAsync("chars/hero.sheet.json#run-3"),
    ResourceNotFoundError,
    '"chars/hero.sheet.json" has no part "run-3", did you mean "run-1"',
  );
  await assertRejects(() => mgr.loadAsync("chars/hero.sheet.json#toString"), ResourceNotFoundError);
  assertEquals(mgr.size, 0);
});

Deno.test("a frame that exceeds its image is refused, and nothing stays in memory", async () => {
  using bitmaps = new Bitmaps();
  for (
    const [frame, shown] of [
      [[24, 0, 16, 8], "16 × 8 at 24, 0"],
      [[0, 1, 16, 8], "16 × 8 at 0, 1"],
      [[-1, 0, 1, 1], "1 × 1 at -1, 0"],
      [[0, 0, -8, 8], "-8 × 8 at 0, 0"],
      [[0, 0, undefined as unknown as number, 8], "undefined × 8 at 0, 0"],
    ] as const
  ) {
    const files = { "a.sheet.json": sheet("a.png", { run: frame }), "a.png": png(32, 8) };
    await using mgr = managerOf(files).mgr;
    await assertRejects(
      () => mgr.loadAsync("a.sheet.json"),
      ResourceLoadError,
      `Cannot load "a.sheet.json": its frame "run", ${shown}, leaves its image "a.png" of 32 × 8 pixels`,
    );
    assertEquals(mgr.size, 0);
  }
  assertEquals(bitmaps.made, bitmaps.closed);
});

Deno.test("a frame without a place is refused, and a sheet without animations is not", async () => {
  for (const frame of [{}, null]) {
    const data = { frames: { a: frame }, meta: { image: "a.png" }, animations: null };
    const files = { "a.sheet.json": JSON.stringify(data), "a.png": png(32, 8) };
    await using mgr = managerOf(files).mgr;
    const message =
      'its frame "a", undefined × undefined at undefined, undefined, leaves its image';
    await assertRejects(() => mgr.loadAsync("a.sheet.json"), ResourceLoadError, message);
  }
  const files = {
    "a.sheet.json": sheet("a.png", FRAMES, { animations: null }),
    "a.png": png(32, 8),
  };
  await using mgr = managerOf(files).mgr;
  using a = await mgr.loadAsync("a.sheet.json", PIXI.Spritesheet);
  assertEquals(a.value.animations, {});
});

Deno.test("a trimmed frame has its size from before, and the name of a frame may have any character but #", async () => {
  const frame = { x: 4, y: 0, w: 8, h: 4 };
  const sizes = { spriteSourceSize: { x: 1, y: 2, w: 8, h: 4 }, sourceSize: { w: 16, h: 12 } };
  const name = "run/../größe?1 2.png";
  const frames = { [name]: { frame, trimmed: true, ...sizes }, "a#b": { frame } };
  const related = { image: "a.png", related_multi_packs: ["b.sheet.json"] };
  const { source, mgr } = managerOf({
    "a.sheet.json": JSON.stringify({ frames, meta: related }),
    "a.png": png(32, 8),
  });
  await using _mgr = mgr;
  using trimmed = await mgr.loadAsync(`a.sheet.json#${name}`, PIXI.Texture);
  const { value } = trimmed;
  assertEquals([value.width, value.height, value.trim!.x, value.trim!.y], [16, 12, 1, 2]);
  await assertRejects(() => mgr.loadAsync("a.sheet.json#a#b"), Error, "a part has no parts");
  using whole = await mgr.loadAsync("a.sheet.json", PIXI.Spritesheet);
  assertEquals(whole.value.textures["a#b"]!.width, 8);
  const plain = { [name]: { frame: { x: 0, y: 0, w: 2, h: 2 } } };
  source.set("a.sheet.json", JSON.stringify({ frames: plain, meta: { image: "a.png" } }));
  await mgr.reloadAsync("a.sheet.json").catch(() => {});
  assertEquals([value.width, value.trim ?? undefined], [2, undefined]); // no longer trimmed
});

Deno.test("a rotated frame has its width in the image as its height", async () => {
  const frame = { x: 0, y: 0, w: 8, h: 32 };
  const data = { frames: { a: { frame, rotated: true } }, meta: { image: "a.png", scale: 1 } };
  const files = { "a.sheet.json": JSON.stringify(data), "a.png": png(32, 8) };
  await using mgr = managerOf(files).mgr;
  using a = await mgr.loadAsync("a.sheet.json#a", PIXI.Texture);
  assertEquals([a.value.width, a.value.height, a.value.rotate], [8, 32, 2]);
});

Deno.test("the error for a file that is not a sheet says how to export one", async () => {
  const wrong = 'it has no "frames" by name or no "meta.image": export it as "PixiJS"';
  for (const text of ["[]", "{}", "null", '{ "frames": [], "meta": { "image": "a.png" } }']) {
    await using mgr = managerOf({ "a.sheet.json": text }).mgr;
    await assertRejects(() => mgr.loadAsync("a.sheet.json"), ResourceLoadError, wrong);
  }
  const animations = { animations: { run: ["run-9"] } };
  await using mgr = managerOf({ "a.sheet.json": sheet("a.png", FRAMES, animations) }).mgr;
  await assertRejects(
    () => mgr.loadAsync("a.sheet.json"),
    ResourceLoadError,
    'its animations name "run-9", which is not in "frames"',
  );
});

Deno.test("a variant of a sheet uses that variant of its image, and its scale is the image's resolution", async () => {
  const data = sheet("a.png", FRAMES, { meta: { image: "a.png", scale: "2" } });
  const { mgr } = managerOf({ "a.sheet.json": data, "a.png": png(32, 8) }, {
    variants: { pixels: { scaleMode: "nearest" } },
  });
  await using _mgr = mgr;
  using frame = await mgr.loadAsync("a.sheet.json?pixels#run-1", PIXI.Texture);
  using image = await mgr.loadAsync("a.png?pixels", PIXI.Texture);
  assertEquals([frame.value.width, frame.value.source.scaleMode], [8, "nearest"]);
  assertEquals([image.value.width, image.value.height], [16, 4]);
  assert(!mgr.has("a.png"));
});

Deno.test("an image and its sheet that change one after the other never leave a dead texture", async () => {
  const { source, mgr } = hero();
  await using _mgr = mgr;
  const errors: (string | undefined)[] = [];
  using _errors = mgr.on("error", ({ key }) => errors.push(key));
  using first = await mgr.loadAsync("chars/hero.sheet.json#run-1", PIXI.Texture);
  using second = await mgr.loadAsync("chars/hero.sheet.json#run-2", PIXI.Texture);
  const shown = second.value;
  const sprite = new PIXI.Sprite(shown);
  const alive = () => [first.value, shown].every(({ source }) => source?.resource?.width > 0);

  source.set("chars/hero.png", png(16, 16)); // "run-2" is not in it any more
  await mgr.reloadAsync("chars/hero.png").catch(() => {});
  assertEquals(errors, ["chars/hero.sheet.json"]);
  assertEquals([alive(), shown.source.width], [true, 16]);

  source.set("chars/hero.sheet.json", sheet("hero.png", { "run-2": [0, 8, 16, 4] }));
  await mgr.reloadAsync("chars/hero.sheet.json").catch(() => {});
  assertEquals(errors.splice(1), ["chars/hero.sheet.json#run-1"]); // it no longer exists
  assertStrictEquals(second.value, shown); // in place: the sprite follows
  assertEquals([alive(), shown.height, shown.uvs.y0, sprite.height], [true, 4, 0.5, 4]);

  source.set("chars/hero.sheet.json", sheet("hero.png", { "run-1": [0, 0, 4, 4] }));
  await mgr.reloadAsync("chars/hero.sheet.json").catch(() => {});
  assertEquals([first.value.width, alive()], [4, true]); // it is back, as the same texture
});

Deno.test("animations have the same frames after a reload, in their new order", async () => {
  const { source, mgr } = hero();
  await using _mgr = mgr;
  using sheetOf = await mgr.loadAsync("chars/hero.sheet.json", PIXI.Spritesheet);
  const { value } = sheetOf;
  const [first, second] = value.animations.run!;
  const animations = { animations: { run: ["run-2", "run-3", "run-1"] } };
  const frames = { ...FRAMES, "run-3": [0, 0, 8, 8] } as const;
  source.set("chars/hero.sheet.json", sheet("hero.png", frames, animations));
  await mgr.reloadAsync("chars/hero.sheet.json");
  assertStrictEquals(sheetOf.value, value);
  const { run } = value.animations;
  assertStrictEquals(run![0], second);
  assertStrictEquals(run![2], first);
  assertEquals([run![1]!.label, run![1]!.width, run!.length], ["run-3", 8, 3]);
});

Deno.test("a sheet that names another image shows it in the same frames", async () => {
  using bitmaps = new Bitmaps();
  const { source, mgr } = hero();
  await using _mgr = mgr;
  using frame = await mgr.loadAsync("chars/hero.sheet.json#run-1", PIXI.Texture);
  const shown = frame.value;
  source.set("chars/other.png", png(64, 64));
  source.set("chars/hero.sheet.json", sheet("other.png", { "run-1": [0, 0, 16, 32] }));
  await mgr.reloadAsync("chars/hero.sheet.json");
  assertStrictEquals(frame.value, shown);
  assertEquals([shown.width, shown.uvs.x1, shown.source.destroyed], [16, 0.25, false]);
  assertEquals([mgr.has("chars/hero.png"), bitmaps.made, bitmaps.closed], [false, 2, 1]);
});
