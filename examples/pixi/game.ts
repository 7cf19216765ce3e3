import { isWithdrawn, ResourceManager, type ResourceScope, type Source } from "@holdfast/resources";
import { type PixiLoaders, pixiLoaders } from "@holdfast/resources/pixi";
import type { Container, Texture } from "pixi.js";
import * as PIXI from "pixi.js";
import { type Level, levelLoader } from "./level.ts";
import { Scene } from "./scene.ts";

/** In bytes of textures: enough for two places, but not for all three. */
const BUDGET = 1_500_000;

export type Place = "forest" | "caves" | "lair";

/** Three places, loaded when they are entered. To be disposed when it is over. */
export class Game implements Disposable {
  readonly mgr: ResourceManager<readonly [...PixiLoaders<typeof PIXI>, typeof levelLoader]>;
  readonly #stage: Container;
  /** What all places share. */
  readonly #shared: ResourceScope;
  #hero: Texture | undefined;
  #scene: ResourceScope | undefined;
  /** What is being loaded for the next place. */
  #coming: ResourceScope | undefined;

  constructor(stage: Container, source: Source) {
    this.#stage = stage;
    this.mgr = new ResourceManager({
      source,
      loaders: [...pixiLoaders(PIXI, { scaleMode: "nearest" }), levelLoader],
      maxBytes: BUDGET,
    });
    this.#shared = this.mgr.scope("game");
  }

  /** Goes to another place as soon as all of it is there. What both need stays in memory meanwhile. */
  async enter(place: Place): Promise<void> {
    this.#coming?.dispose(); // nobody waits for that any more: it is withdrawn
    const scope = this.#coming = this.mgr.scope(place);
    try {
      this.#hero ??= (await this.#shared.loadAsync("common/hero.png", PIXI.Texture)).value;
      const level = await scope.loadAsync(`${place}/${place}.level.json`);
      this.#show(scope, level.value, this.#hero);
    } catch (error) {
      scope.dispose();
      if (!isWithdrawn(error)) throw error;
    }
  }

  #show(scope: ResourceScope, level: Level, hero: Texture): void {
    // A scope disposes in reverse order: first what shows the textures, then the textures.
    const scene = scope.adopt(new Scene(level, hero), (scene) => scene.destroy({ children: true }));
    this.#stage.addChild(scene);
    this.#coming = undefined;
    this.#scene?.dispose();
    this.#scene = scope;
  }

  [Symbol.dispose](): void {
    this.#coming?.dispose();
    this.#scene?.dispose();
    this.#shared.dispose();
    this.mgr[Symbol.dispose]();
  }
}
