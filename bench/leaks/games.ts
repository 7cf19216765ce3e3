/** Plays the first scene of each example, with what was planted. */
import { FileSource, ResourceManager } from "@holdfast/resources";
import { Container } from "pixi.js";
import type * as pixi from "../../examples/pixi/game.ts";
import type * as sdl2 from "../../examples/sdl2/game.ts";
import { Level } from "../../examples/sdl2/level.ts";
import type * as three from "../../examples/three/world.ts";
import { levelLoader } from "../../examples/tour/level.ts";
import type * as demo from "../../examples/tour/scenes.ts";
import { soundLoader } from "../../examples/tour/sound.ts";
import { Stage } from "../../examples/tour/stage.ts";
import { textureLoader } from "../../examples/tour/texture.ts";

const ASSETS = new URL("../../examples/assets/", import.meta.url);

/** A game after its first scene. It keeps running until it is disposed. */
export interface Game extends Disposable {
  readonly mgr: { settled(): Promise<void> };
}

function playDemo({ playLevel }: typeof demo): Game {
  using starting = new DisposableStack();
  const loaders = [textureLoader, soundLoader, levelLoader];
  const mgr = starting.use(new ResourceManager({ source: new FileSource(ASSETS), loaders }));
  const stage = new Stage(mgr, starting.use(mgr.scope("game")), () => {});
  using scene = mgr.scope("forest");
  playLevel(stage, scene);
  const owned = starting.move();
  return { mgr, [Symbol.dispose]: () => owned.dispose() };
}

function playSdl2({ Game, levelOf }: typeof sdl2): Game {
  using starting = new DisposableStack();
  const game = starting.use(new Game());
  using scene = game.mgr.scope("forest");
  game.play(scene.load(levelOf(0), Level).value);
  starting.move();
  return game;
}

async function playThree({ World }: typeof three): Promise<Game> {
  const world = await World.make(new FileSource(ASSETS));
  await world.enter("forest");
  return world;
}

async function playPixi({ Game }: typeof pixi): Promise<Game> {
  const game = new Game(new Container(), new FileSource(ASSETS));
  await game.enter("forest");
  return game;
}

/** Plays a module of an example with a planted leak or twin. */
export async function play(example: string, module: object): Promise<Game> {
  switch (example) {
    case "demo":
      return playDemo(module as typeof demo);
    case "SDL2":
      return playSdl2(module as typeof sdl2);
    case "three.js":
      return await playThree(module as typeof three);
    case "PixiJS":
      return await playPixi(module as typeof pixi);
    default:
      throw new RangeError(`Cannot play "${example}": there is no such example`);
  }
}
