import type { AsyncLoadContext, Handle, Loader } from "@holdfast/resources";
import { Spritesheet, Texture } from "pixi.js";
import type { ActorMap, LevelMap } from "../tour/level.ts";

/** An {@linkcode ActorMap} with its picture loaded. */
export interface Actor extends Omit<ActorMap, "sprite"> {
  readonly texture: Handle<Texture>;
}

/** A place with its pictures. It owns their handles, which are disposed when it is unloaded. */
export class Level {
  constructor(
    readonly ground: readonly string[],
    readonly backdrop: Handle<Texture>,
    readonly tiles: Handle<Spritesheet>,
    readonly actors: readonly Actor[],
  ) {}
}

/** Loads `.level.json`, and then all pictures that it names at the same time. */
export const levelLoader: Loader<Level, ".level.json"> = {
  name: "level",
  extensions: [".level.json"],
  async loadAsync(bytes, context) {
    const map: LevelMap = JSON.parse(new TextDecoder().decode(bytes));
    const [backdrop, tiles, actors] = await Promise.all([
      context.loadAsync(map.backdrop, Texture),
      context.loadAsync("./tiles.sheet.json", Spritesheet),
      Promise.all(map.actors.map((actor) => cast(actor, context))),
    ]);
    return new Level(map.ground, backdrop, tiles, actors);
  },
};

async function cast(actor: ActorMap, context: AsyncLoadContext): Promise<Actor> {
  return { ...actor, texture: await context.loadAsync(actor.sprite, Texture) };
}
