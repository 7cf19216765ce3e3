import type { Handle, LoadContext, Loader } from "@holdfast/resources";
import type { ActorMap, LevelMap } from "../tour/level.ts";
import { Sound, Surface, Texture } from "./native.ts";
import type { Sdl } from "./sdl.ts";

/** The side of a block in pixels. The tiles have four blocks in a row. */
const BLOCK = 32;

/** An {@linkcode ActorMap} with its sprite loaded. */
export interface Actor extends Omit<ActorMap, "sprite"> {
  readonly sprite: Handle<Texture>;
}

/**
 * A level with everything that it needs: handles of its files, and a ground that was drawn for it.
 */
export class Level {
  readonly backdrop: Handle<Texture>;
  readonly ground: Texture;
  readonly music: Handle<Sound>;
  readonly actors: readonly Actor[];

  constructor({ backdrop, ground, music, actors }: Level) {
    this.backdrop = backdrop;
    this.ground = ground;
    this.music = music;
    this.actors = actors;
  }
}

/**
 * Loads `.level.json`. The context owns everything that the level needs: it is freed right after
 * the level, or at once if the load fails.
 */
export function levelLoader(sdl: Sdl): Loader<Level> {
  return {
    name: "level",
    extensions: [".level.json"],
    load(bytes, context) {
      const map: LevelMap = JSON.parse(new TextDecoder().decode(bytes));
      return new Level({
        backdrop: context.load(map.backdrop, Texture),
        ground: context.adopt(drawGround(sdl, map, context), (ground) => sdl.free(ground)),
        music: context.load(map.music, Sound),
        actors: map.actors.map((actor) => ({
          ...actor,
          sprite: context.load(actor.sprite, Texture),
        })),
      });
    },
    byteLength: ({ ground }) => ground.byteLength,
  };
}

/** Draws the blocks of a level to one texture, so that each frame draws only that. */
function drawGround(sdl: Sdl, { ground, tiles }: LevelMap, context: LoadContext): Texture {
  const blocks = context.load(`${tiles}.surface`, Surface);
  using drawing = new DisposableStack();
  const [width, height] = [ground[0]!.length * BLOCK, ground.length * BLOCK];
  const canvas = drawing.adopt(sdl.blankSurface(width, height), (canvas) => sdl.free(canvas));
  ground.forEach((row, y) => {
    [...row].forEach((block, x) => {
      if (block === ".") return;
      const [column, line] = [Number(block) % 4, Number(block) >> 2];
      const part = { x: column * BLOCK, y: line * BLOCK, width: BLOCK, height: BLOCK };
      sdl.blit(blocks.value, part, canvas, { x: x * BLOCK, y: y * BLOCK });
    });
  });
  return sdl.makeTexture(canvas);
}
