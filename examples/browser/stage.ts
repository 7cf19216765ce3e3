/// <reference lib="dom" />
import type { Handle } from "@holdfast/resources";
import type { Actor, Level } from "./level.ts";

/** The pictures that every place needs. */
export interface Props {
  readonly hero: Handle<ImageBitmap>;
  readonly coin: Handle<ImageBitmap>;
}

/** The side of a block in pixels. The tiles have four blocks in a row. */
const BLOCK = 32;
const HERO = { y: 68, width: 64 };
/** The speed of the hero, in pixels a second. */
const SPEED = 72;
/** After this time without a key, the hero walks by himself, in ms. */
const PATIENCE = 4000;
/** How long a new place takes to appear, in ms. */
const FADE = 250;
/** How long an actor takes to go to one side and back, in ms. */
const SWAY = 2400;

/** Draws a level, and lets the hero walk in it. */
export class Stage {
  /** The direction that the player wants: left, none, or right. */
  direction: -1 | 0 | 1 = 0;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #props: Props;
  readonly #calm: MediaQueryList = matchMedia("(prefers-reduced-motion: reduce)");
  /** The coins that the hero has found in this place. */
  readonly #found = new Set<Actor>();
  #coins = 0;
  #x = 0;
  #facing: -1 | 1 = 1;
  #entered = 0;
  #steered = 0;
  #last = 0;

  constructor(canvas: HTMLCanvasElement, props: Props) {
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("Cannot draw: the browser has no 2D canvas");
    this.#canvas = canvas;
    this.#context = context;
    this.#props = props;
  }

  /** Starts at the left of a new place. */
  enter(now: number): void {
    this.#found.clear();
    this.#x = 24;
    this.#facing = 1;
    this.#entered = now;
    this.#steered = now;
  }

  /** Draws the level at the time `now`, in ms. */
  draw(level: Level, now: number): void {
    const seconds = Math.min(now - this.#last, 100) / 1000;
    this.#last = now;
    const width = level.ground[0]!.length * BLOCK;
    const walks = this.#walk(seconds, now, width - HERO.width);
    const room = width - this.#canvas.width;
    const camera = Math.round(Math.min(Math.max(this.#x - this.#canvas.width / 3, 0), room));
    this.#context.imageSmoothingEnabled = false;
    this.#drawBackdrop(level.backdrop.value, camera);
    this.#drawGround(level, camera);
    for (const actor of level.actors) this.#drawActor(actor, camera, now);
    this.#drawHero(camera, walks ? Math.floor(now / 120) % 2 : 0);
    this.#drawScore();
    this.#fade(now);
  }

  /** Moves the hero. Returns whether he walks. */
  #walk(seconds: number, now: number, end: number): boolean {
    if (this.direction !== 0) {
      this.#steered = now;
      this.#facing = this.direction;
    }
    const wanders = now - this.#steered > PATIENCE && !this.#calm.matches;
    if (this.direction === 0 && !wanders) return false;
    this.#x = Math.min(Math.max(this.#x + this.#facing * SPEED * seconds, 0), end);
    if (wanders && (this.#x === 0 || this.#x === end)) this.#facing = this.#facing === 1 ? -1 : 1;
    return true;
  }

  /** Draws backdrops side by side. Every second one is mirrored, to hide the seams. */
  #drawBackdrop(backdrop: ImageBitmap, camera: number): void {
    const context = this.#context;
    const start = -Math.round(camera / 4);
    for (let tile = 0; start + tile * backdrop.width < this.#canvas.width; tile++) {
      const mirrored = tile % 2 === 1;
      context.save();
      context.translate(start + (tile + (mirrored ? 1 : 0)) * backdrop.width, 0);
      context.scale(mirrored ? -1 : 1, 1);
      context.drawImage(backdrop, 0, 0);
      context.restore();
    }
  }

  #drawGround({ ground, tiles: { value: tiles } }: Level, camera: number): void {
    ground.forEach((row, line) => {
      for (let column = 0; column < row.length; column++) {
        const x = column * BLOCK - camera;
        if (row[column] === "." || x <= -BLOCK || x >= this.#canvas.width) continue;
        const block = Number(row[column]);
        const [left, top] = [(block % 4) * BLOCK, (block >> 2) * BLOCK];
        this.#context.drawImage(tiles, left, top, BLOCK, BLOCK, x, line * BLOCK, BLOCK, BLOCK);
      }
    });
  }

  #drawActor(actor: Actor, camera: number, now: number): void {
    if (this.#found.has(actor)) return;
    const { at: [x, y], sway: [dx, dy] = [0, 0], touch, sprite: { value: sprite } } = actor;
    const phase = this.#calm.matches ? 0 : Math.sin(now / SWAY * 2 * Math.PI);
    const left = Math.round(x + dx * phase);
    this.#context.drawImage(sprite, left - camera, Math.round(y + dy * phase));
    if (touch === "coin" && Math.abs(left + sprite.width / 2 - this.#x - HERO.width / 2) < 20) {
      this.#found.add(actor);
      this.#coins++;
    }
  }

  #drawHero(camera: number, bob: number): void {
    const context = this.#context;
    context.save();
    context.translate(Math.round(this.#x) - camera + HERO.width / 2, HERO.y - bob);
    context.scale(this.#facing, 1);
    context.drawImage(this.#props.hero.value, -HERO.width / 2, 0);
    context.restore();
  }

  #drawScore(): void {
    const context = this.#context;
    context.drawImage(this.#props.coin.value, 4, 4, 24, 24);
    context.font = "bold 14px ui-monospace, monospace";
    context.lineWidth = 3;
    context.strokeStyle = "#1a0f0a";
    context.fillStyle = "#ffe08a";
    context.strokeText(String(this.#coins), 30, 21);
    context.fillText(String(this.#coins), 30, 21);
  }

  #fade(now: number): void {
    const left = 1 - (now - this.#entered) / FADE;
    if (left <= 0 || this.#calm.matches) return;
    this.#context.fillStyle = `rgb(13 10 9 / ${left})`;
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }
}
