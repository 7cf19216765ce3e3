import { Container, Sprite, type Texture, TilingSprite } from "pixi.js";
import type { Level } from "./level.ts";

/** Blocks are squares of so many pixels. */
const BLOCK = 32;
/** So high is a place, in pixels. */
const HEIGHT = 192;
/** Where the hero stands. */
const HERO = { x: 64, y: 68 };

/** What a place looks like. Who destroys it destroys its sprites, and leaves the textures alone. */
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
