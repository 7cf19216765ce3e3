import type { ImageWorkers } from "../../src/webgpu.ts";
import type { Pacing } from "../../mod.ts";
import { Game, type Tally } from "./game.ts";
import type { FrameCost, Meter } from "./meter.ts";
import type { World } from "./world.ts";

const FRAME = 1000 / 60;
/** The upload budget of a frame, in bytes: a picture of 1 024² pixels. */
const MAX_UPLOAD = 2 ** 22;

/** Options for playing the script. */
export interface PlayOptions {
  readonly world: World;
  readonly images: ImageWorkers;
  readonly device: GPUDevice | undefined;
  readonly meter: Meter;
  readonly pacing: Pacing;
  /** How many frames the script has. */
  readonly frames: number;
  /** The time budget of `pump` in a frame, in ms. */
  readonly maxMs: number;
  /**
   * Whether there are 60 frames a second. Otherwise each frame waits until all its work is done.
   */
  readonly isTimed: boolean;
}

/** The result of playing the script. */
export interface Outcome {
  readonly frames: readonly FrameCost[];
  readonly tally: Tally;
  /** The most pieces of work in one pump. */
  readonly mostPieces: number;
  /** Everything that is left at the end, after all references were released. */
  readonly left: { readonly resources: number; readonly bytes: number; readonly queued: number };
}

/** Plays the script once. */
export async function play(options: PlayOptions): Promise<Outcome> {
  const { meter } = options;
  await options.world.edit("textures/hud.png"); // the play before may have left it broken
  const game = new Game(options);
  meter.restart();
  const frames = new Frames(game, options);
  for (let frame = 0; frame < options.frames; frame++) {
    await frames.play(() => game.step(frame));
    while (!options.isTimed && !game.isQuiet) await frames.play();
  }
  const costs = meter.frames;
  meter.restart();
  game.end();
  while (!game.isQuiet) await frames.play();
  const { size: resources, bytes } = game.mgr;
  const { queued } = game;
  await game.mgr[Symbol.asyncDispose]();
  return {
    frames: costs,
    tally: game.tally,
    mostPieces: frames.mostPieces,
    left: { resources, bytes, queued },
  };
}

/** Plays frames one after the other. */
class Frames {
  mostPieces = 0;
  readonly #game: Game;
  readonly #options: PlayOptions;
  #due = performance.now();

  constructor(game: Game, options: PlayOptions) {
    this.#game = game;
    this.#options = options;
  }

  async play(step?: () => void): Promise<void> {
    const { meter, pacing, maxMs, isTimed } = this.#options;
    meter.begin();
    step?.();
    if (pacing === "pumped") {
      const before = meter.pieces;
      // The pump gets the time that the game's own calls have left.
      const left = Math.max(0, maxMs - meter.spent);
      this.#game.mgr.pump({ maxMs: left, maxUploadBytes: MAX_UPLOAD });
      this.mostPieces = Math.max(this.mostPieces, meter.pieces - before);
    }
    this.#game.draw();
    meter.called();
    // After a late frame, the next one does not come sooner.
    this.#due = Math.max(this.#due + FRAME, performance.now());
    await meter.idle(isTimed ? this.#due : 0);
  }
}
