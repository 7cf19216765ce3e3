import { Container, Sprite, type Texture, TilingSprite } from "pixi.js";
import type { Level } from "./level.ts";

/** The side of a block, in pixels. */
const BLOCK = 32;
/** The height of a place, in pixels. */
const HEIGHT = 192;
/** The place of the hero. */
const HERO = { x: 64, y: 68 };

/** The sprites of a place. Destroying it destroys the sprites, but not their textures. */
export class Scene extends Container {
  readonly hero: Sprite;

  constructor({ ground, backdrop, tiles, actors }: Level, hero: Texture) {
    super();
    const width = ground[0]!.length * BLOCK;
    this.addChild(new TilingSprite({ texture: backdrop.value, width, height: HEIGHT }));
    for (const [y, row] of ground.entries()) {
      for (const [x, block] of [...row].entries()) {
        const texture = tiles.value.textures[`block-${block}`]; // a dot is air
        if (texture) this.addChild(new Sprite({ texture, x: x * BLOCK, y: y * BLOCK }));
      }
    }
    for (const { texture, at: [x, y] } of actors) {
      this.addChild(new Sprite({ texture: texture.value, x, y }));
    }
    this.hero = this.addChild(new Sprite({ texture: hero, ...HERO }));
  }
}
