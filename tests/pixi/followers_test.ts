import { assertEquals } from "@std/assert";
import { collectGarbage } from "@holdfast/resources/testing";
import { letFollow } from "../../src/pixi/followers.ts";
import type { Texture } from "../../src/pixi/pixi.ts";
import { managerOf, PIXI, png } from "./_pixi.ts";

/** A texture that can be followed. */
function followed(): PIXI.Texture {
  const texture = new PIXI.Texture();
  letFollow(texture as unknown as Texture);
  return texture;
}

Deno.test("all kinds of views follow the texture that they show, until they show another", () => {
  const texture = followed();
  const sprites = [
    new PIXI.Sprite(texture),
    new PIXI.TilingSprite({ texture }),
    new PIXI.NineSliceSprite({ texture }),
    new PIXI.Mesh({ geometry: new PIXI.MeshGeometry({}), texture }),
  ];
  const before = sprites.map((sprite) => sprite._didViewChangeTick);
  const change = () => sprites.map((sprite, index) => sprite._didViewChangeTick - before[index]!);
  texture.update();
  assertEquals(change(), [1, 1, 1, 1]);
  sprites[0]!.texture = PIXI.Texture.WHITE;
  sprites[0]!._didViewChangeTick = before[0]!;
  texture.update();
  assertEquals(change(), [0, 2, 2, 2]);
});

Deno.test("listeners of the game are still called", () => {
  const texture = followed();
  const log: string[] = [];
  const note = () => log.push("updated");
  texture.on("update", note);
  texture.update();
  texture.off("update", note);
  texture.update();
  assertEquals(log, ["updated"]);
});

Deno.test("a texture does not keep destroyed or dropped sprites in memory", async () => {
  const { mgr } = managerOf({ "a.png": png(1, 1) });
  await using _mgr = mgr;
  using a = await mgr.loadAsync("a.png");
  const sprites: WeakRef<PIXI.Sprite>[] = [];
  (() => {
    for (let count = 0; count < 50; count++) {
      const sprite = new PIXI.Sprite(a.value);
      if (count % 2 === 0) sprite.destroy();
      sprites.push(new WeakRef(sprite));
    }
  })();
  await collectGarbage();
  assertEquals(sprites.filter((each) => each.deref() !== undefined).length, 0);
});
