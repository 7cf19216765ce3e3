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

/** The budget in bytes of decoded pictures: enough for two places, but not for all three. */
const BUDGET = 1_500_000;

export type Place = "forest" | "caves" | "lair";

/** The place in which the hero is. */
interface Scene {
  readonly scope: ResourceScope;
  readonly level: Handle<Level>;
}

/** A game with three places, which are loaded over HTTP when the hero enters them. */
export class Game implements Disposable {
  readonly mgr: ResourceManager;
  readonly stage: Stage;
  readonly #shared: ResourceScope;
  #scene: Scene | undefined;
  /** The scope that loads the next scene. */
  #coming: ResourceScope | undefined;
  #frame = 0;

  private constructor(mgr: ResourceManager, shared: ResourceScope, stage: Stage) {
    this.mgr = mgr;
    this.#shared = shared;
    this.stage = stage;
  }

  /** Loads the resources that all places share, from the files below `base`, and starts to draw. */
  static async start(canvas: HTMLCanvasElement, base: URL): Promise<Game> {
    const mgr = new ResourceManager({
      source: new HttpSource(base, { watch: ".changes" }),
      loaders: [imageLoader, levelLoader],
      maxBytes: BUDGET,
    });
    mgr.watch(); // a saved picture is shown at once, until the manager is disposed
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
   * Goes to another place when all of it is loaded. Resources that it shares with the last place
   * stay live in the meantime. Resolves to its level, or to `undefined` if the player chose another
   * place before.
   */
  async enter(
    place: Place,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<Level | undefined> {
    this.#coming?.dispose(); // withdraws loads that are no longer needed
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
