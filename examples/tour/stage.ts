import type { Handle, ResourceManager, ResourceScope } from "@holdfast/resources";
import { bold, cyan } from "@std/fmt/colors";
import type { Actor, Level } from "./level.ts";
import { Sound } from "./sound.ts";
import { type Part, Texture } from "./texture.ts";

/** The key of the screen, which is a resource like any other. */
export const SCREEN = "screen";
const WIDTH = 256;
const HEIGHT = 192;
export const SCREEN_BYTES: number = WIDTH * HEIGHT * 4;

/** The side of a block, in pixels. */
const BLOCK = 32;
/** The place of the hero on the screen. */
const HERO = { x: 96, y: 68 };
/** How many frames an actor takes to go to one side and back. */
const SWAY = 48;

/** A stage for all scenes, without output: a screen in memory, and sounds that are only counted. */
export class Stage {
  readonly mgr: ResourceManager;
  readonly screen: Handle<Texture>;
  /** How many frames were shown. */
  frames = 0;
  /** How many seconds of sound were played. */
  seconds = 0;
  #checksum = 0;
  readonly #hero: Handle<Texture>;
  /** Shows text in a box. */
  readonly say: (title: string, text: string) => void;

  /** Loads the resources that every scene needs into `game`, which outlives all scenes. */
  constructor(mgr: ResourceManager, game: ResourceScope, say: Stage["say"] = print) {
    this.say = say;
    const screen = Texture.blank(WIDTH, HEIGHT);
    this.mgr = mgr;
    this.screen = game.use(mgr.add(SCREEN, screen, { byteLength: screen.byteLength }));
    this.#hero = game.load("common/hero.png", Texture);
    game.load("common/coin.png", Texture);
    game.load("common/heart.png", Texture);
    game.load("common/coin.wav", Sound);
    game.load("common/hit.wav", Sound);
  }

  /** Shows the frame: adds the pixels of the screen to the checksum. */
  show(): void {
    this.#checksum = this.screen.value.checksum(this.#checksum);
    this.frames++;
  }

  /** Plays a sound. */
  hear(sound: Sound): void {
    this.seconds += sound.seconds;
  }

  /** Returns the checksum of all frames since the last call. */
  takeChecksum(): string {
    const sum = this.#checksum;
    this.#checksum = 0;
    return sum.toString(16).padStart(8, "0");
  }

  /**
   * Draws one frame of a level. The hero walks to the right; `onTouch` gets each actor that he
   * touches.
   */
  drawLevel(level: Level, frame: number, onTouch: (actor: Actor) => void): void {
    const screen = this.screen.value;
    const camera = frame * 2;
    screen.draw(level.backdrop.value, 0, 0);
    this.#drawGround(level, camera);
    const touched: Actor[] = [];
    for (const actor of level.actors) {
      const { x, y } = positionOf(actor, frame);
      const sprite = actor.sprite.value;
      screen.draw(sprite, x - camera, y);
      const middle = x - camera + (sprite.width >> 1);
      if (actor.touch && middle >= HERO.x && middle < HERO.x + 64) touched.push(actor);
    }
    screen.draw(this.#hero.value, HERO.x, HERO.y - (frame >> 2) % 2);
    for (const actor of touched) onTouch(actor);
  }

  /** Draws a spark where the hero touches something. */
  drawSpark(spark: Texture): void {
    this.screen.value.draw(spark, HERO.x + 40, HERO.y);
  }

  #drawGround({ ground, tiles }: Level, camera: number): void {
    ground.forEach((row, y) => {
      [...row].forEach((block, x) => {
        if (block === ".") return;
        this.screen.value.draw(tiles.value, x * BLOCK - camera, y * BLOCK, partOf(Number(block)));
      });
    });
  }
}

function print(title: string, text: string): void {
  console.log(cyan([bold(title), ...text.trimEnd().split("\n")].join("\n  ")));
}

/** The part of the tiles that is block `number`. */
function partOf(number: number): Part {
  return { x: (number % 4) * BLOCK, y: (number >> 2) * BLOCK, width: BLOCK, height: BLOCK };
}

/** The position of an actor, in whole pixels, so that a frame looks the same on every machine. */
function positionOf({ at, sway: [dx, dy] = [0, 0] }: Actor, frame: number): Pick<Part, "x" | "y"> {
  const phase = frame % SWAY;
  const way = phase <= SWAY / 2 ? phase : SWAY - phase;
  return {
    x: at[0] + Math.trunc(dx * way * 2 / SWAY),
    y: at[1] + Math.trunc(dy * way * 2 / SWAY),
  };
}
