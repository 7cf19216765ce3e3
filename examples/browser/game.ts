/// <reference lib="dom" />
import {
  type Handle,
  HttpSource,
  imageLoader,
  isWithdrawn,
  type LoadProgress,
  ResourceManager,
  type ResourceScope,
} from "@holdfast/resources";
import { Level, levelLoader } from "./level.ts";
import { Stage } from "./stage.ts";

/** In bytes of decoded pictures: enough for two places, but not for all three. */
const BUDGET = 1_500_000;

export type Place = "forest" | "caves" | "lair";

/** Where the hero is. */
interface Scene {
  readonly scope: ResourceScope;
  readonly level: Handle<Level>;
}

/** Three places, loaded over HTTP when they are entered. To be disposed when it is over. */
export class Game implements Disposable {
  readonly mgr: ResourceManager;
  readonly stage: Stage;
  readonly #shared: ResourceScope;
  #scene: Scene | undefined;
  /** What is being loaded for the next scene. */
  #coming: ResourceScope | undefined;
  #frame = 0;

  private constructor(mgr: ResourceManager, shared: ResourceScope, stage: Stage) {
    this.mgr = mgr;
    this.#shared = shared;
    this.stage = stage;
  }

  /** Loads what all places share, from the files below `base`, and starts to draw. */
  static async start(canvas: HTMLCanvasElement, base: URL): Promise<Game> {
    const mgr = new ResourceManager({
      source: new HttpSource(base, { watch: ".changes" }),
      loaders: [imageLoader, levelLoader],
      maxBytes: BUDGET,
    });
    mgr.watch(); // until the manager is disposed: a picture that is saved is seen at once
    const shared = mgr.scope("game");
    const props = await shared.loadAll({
      hero: ["common/hero.png", ImageBitmap],
      coin: ["common/coin.png", ImageBitmap],
    });
    const game = new Game(mgr, shared, new Stage(canvas, props));
    game.#loop();
    return game;
  }

  /**
   * Goes to another place, as soon as all of it is there. What it shares with the last one stays live
   * meanwhile. Resolves to its level, or to `undefined` if somebody went elsewhere before.
   */
  async enter(
    place: Place,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<Level | undefined> {
    this.#coming?.dispose(); // nobody waits for that any more: it is withdrawn
    const scope = this.#coming = this.mgr.scope(place);
    try {
      const { level } = await scope.loadAll(
        { level: [`${place}/${place}.level.json`, Level] },
        { onProgress },
      );
      this.#coming = undefined;
      this.#scene?.scope.dispose();
      this.#scene = { scope, level };
      this.stage.enter(performance.now());
      return level.value;
    } catch (error) {
      scope.dispose();
      if (isWithdrawn(error)) return undefined;
      throw error;
    }
  }

  #loop(): void {
    this.#frame = requestAnimationFrame((now) => {
      if (this.#scene !== undefined) this.stage.draw(this.#scene.level.value, now);
      this.#loop();
    });
  }

  [Symbol.dispose](): void {
    cancelAnimationFrame(this.#frame);
    this.#coming?.dispose();
    this.#scene?.scope.dispose();
    this.#shared.dispose();
    this.mgr[Symbol.dispose]();
  }
}
