import type { AsyncLoadContext, Handle, Loader } from "@holdfast/resources";
import type { ActorMap, LevelMap } from "../tour/level.ts";

/** An {@linkcode ActorMap} with its picture loaded. */
export interface Actor extends Omit<ActorMap, "sprite"> {
  readonly sprite: Handle<ImageBitmap>;
}

/** A place with its pictures. It owns their handles, which are disposed when it is unloaded. */
export class Level {
  readonly title: string;
  readonly ground: readonly string[];
  readonly backdrop: Handle<ImageBitmap>;
  readonly tiles: Handle<ImageBitmap>;
  readonly actors: readonly Actor[];

  constructor({ title, ground, backdrop, tiles, actors }: Level) {
    this.title = title;
    this.ground = ground;
    this.backdrop = backdrop;
    this.tiles = tiles;
    this.actors = actors;
  }
}

/** Loads `.level.json`, and then all pictures that it names at the same time. */
export const levelLoader: Loader<Level> = {
  name: "level",
  extensions: [".level.json"],
  async loadAsync(bytes, context) {
    const map: LevelMap = JSON.parse(new TextDecoder().decode(bytes));
    const [pictures, actors] = await Promise.all([
      context.loadAll({ backdrop: [map.backdrop, ImageBitmap], tiles: [map.tiles, ImageBitmap] }),
      Promise.all(map.actors.map((actor) => cast(actor, context))),
    ]);
    return new Level({ ...map, ...pictures, actors });
  },
};

async function cast(actor: ActorMap, context: AsyncLoadContext): Promise<Actor> {
  return { ...actor, sprite: await context.loadAsync(actor.sprite, ImageBitmap) };
}
