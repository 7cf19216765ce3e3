import { type Handle, type Leak, ResourceManager } from "@holdfast/resources";
import { type Level, levelLoader } from "./level.ts";
import { soundLoader, surfaceLoader, textureLoader } from "./loaders.ts";
import { Sound, Texture } from "./native.ts";
import { Sdl } from "./sdl.ts";
import { WorldSource } from "./world_source.ts";

const ASSETS = new URL("../assets/", import.meta.url);
const WIDTH = 256;
const HEIGHT = 192;
/** The budget in bytes of native memory. Above it, idle resources are evicted. */
const BUDGET = 48 * 2 ** 20;
const FOLDERS = ["forest", "caves", "lair"];
/** The length of a scene, in frames. */
const FRAMES = 3;
/** How far the camera moves in each frame, in pixels. */
const STEP = 120;
const HERO = { x: 96, y: 68 };

/** The game: SDL, a manager, and the resources that all scenes share. */
export class Game implements Disposable {
  readonly sdl: Sdl;
  readonly mgr: ResourceManager;
  /** The leaks that were reported. */
  readonly leaks: Leak[] = [];
  readonly #hero: Handle<Texture>;
  readonly #owned: DisposableStack;

  /** Starts SDL, and loads the resources that all scenes share. */
  constructor() {
    using owned = new DisposableStack();
    // SDL comes first, so it is disposed last, after the manager has freed everything in SDL.
    const sdl = owned.use(new Sdl(WIDTH, HEIGHT));
    this.mgr = owned.use(
      new ResourceManager({
        source: new WorldSource(ASSETS),
        loaders: [surfaceLoader(sdl), textureLoader(sdl), soundLoader(sdl), levelLoader(sdl)],
        maxBytes: BUDGET,
        leaks: { onLeak: (leak) => this.leaks.push(leak) },
      }),
    );
    this.sdl = sdl;
    this.#hero = owned.use(this.mgr.load("common/hero.png", Texture));
    for (const name of ["coin", "hit"]) owned.use(this.mgr.load(`common/${name}.wav`, Sound));
    this.#owned = owned.move();
  }

  /** Plays a level. */
  play(level: Level): void {
    this.sdl.play(level.music.value);
    for (let frame = 0; frame < FRAMES; frame++) this.#drawFrame(level, frame * STEP);
  }

  #drawFrame({ backdrop, ground, actors }: Level, camera: number): void {
    this.sdl.draw(backdrop.value, 0, 0);
    this.sdl.draw(ground, -camera, 0);
    for (const { sprite, at: [x, y], touch } of actors) {
      this.sdl.draw(sprite.value, x - camera, y);
      if (touch && Math.abs(x - camera - HERO.x) < STEP / 2) this.#hear(`common/${touch}.wav`);
    }
    this.sdl.draw(this.#hero.value, HERO.x, HERO.y);
    this.sdl.show();
  }

  #hear(name: string): void {
    using sound = this.mgr.load(name, Sound);
    this.sdl.play(sound.value);
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

/** The key of the level of scene `number`. Each scene has its own key. */
export function levelOf(number: number): string {
  const folder = FOLDERS[number % FOLDERS.length];
  return `${folder}~${number}/${folder}.level.json`;
}
