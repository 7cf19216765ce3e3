import type { Handle, Loader } from "@holdfast/resources";
import { Sound } from "./sound.ts";
import { Texture } from "./texture.ts";

/** The content of a `.level.json` file. Names are relative to the file. */
export interface LevelMap {
  readonly title: string;
  readonly backdrop: string;
  /** Eight blocks of 32 × 32 pixels, four in a row. */
  readonly tiles: string;
  readonly music: string;
  /** Rows of blocks from the top. Each digit is a block, and a dot is air. */
  readonly ground: readonly string[];
  /** The actors, from the back to the front. */
  readonly actors: readonly ActorMap[];
}

/** An actor in a {@linkcode LevelMap}. */
export interface ActorMap {
  readonly sprite: string;
  readonly at: readonly [x: number, y: number];
  /** How far it moves back and forth, in pixels. */
  readonly sway?: readonly [dx: number, dy: number];
  /** The common sound that plays when the hero touches it. */
  readonly touch?: "coin" | "hit";
}

/** An {@linkcode ActorMap} with its sprite loaded. */
export interface Actor extends Omit<ActorMap, "sprite"> {
  readonly sprite: Handle<Texture>;
}

/**
 * A level with everything that it needs. It owns its handles, which are disposed when it is
 * unloaded.
 */
export class Level {
  readonly title: string;
  readonly backdrop: Handle<Texture>;
  readonly tiles: Handle<Texture>;
  readonly music: Handle<Sound>;
  readonly ground: readonly string[];
  readonly actors: readonly Actor[];

  constructor(level: Pick<Level, keyof Level>) {
    this.title = level.title;
    this.backdrop = level.backdrop;
    this.tiles = level.tiles;
    this.music = level.music;
    this.ground = level.ground;
    this.actors = level.actors;
  }
}

/**
 * Loads `.level.json`. It takes precedence over the built-in `.json`, because its extension is
 * longer. Files that the map names are loaded through the context, so they stay as long as the
 * level. If one of them fails, the others are released. `loadAsync` loads all of them at the same
 * time.
 */
export const levelLoader: Loader<Level> = {
  name: "level",
  extensions: [".level.json"],
  load(bytes, context) {
    const map = parseMap(bytes);
    return new Level({
      ...map,
      backdrop: context.load(map.backdrop, Texture),
      tiles: context.load(map.tiles, Texture),
      music: context.load(map.music, Sound),
      actors: cast(map, map.actors.map(({ sprite }) => context.load(sprite, Texture))),
    });
  },
  async loadAsync(bytes, context) {
    const map = parseMap(bytes);
    const { sprites, ...parts } = await context.loadAll({
      backdrop: [map.backdrop, Texture],
      tiles: [map.tiles, Texture],
      music: [map.music, Sound],
      sprites: [map.actors.map(({ sprite }) => sprite), Texture],
    });
    return new Level({ ...map, ...parts, actors: cast(map, sprites) });
  },
};

function parseMap(bytes: Uint8Array<ArrayBuffer>): LevelMap {
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Gives each actor of a map its sprite. */
function cast({ actors }: LevelMap, sprites: readonly Handle<Texture>[]): Actor[] {
  return actors.map((actor, index) => ({ ...actor, sprite: sprites[index]! }));
}
