import { isWithdrawn, ResourceManager, type ResourceScope, type Source } from "@holdfast/resources";
import { type PixiLoaders, pixiLoaders } from "@holdfast/resources/pixi";
import type { Container, Texture } from "pixi.js";
import * as PIXI from "pixi.js";
import { type Level, levelLoader } from "./level.ts";
import { Scene } from "./scene.ts";

/** The budget in bytes of textures: enough for two places, but not for all three. */
const BUDGET = 1_500_000;

export type Place = "forest" | "caves" | "lair";

/** A game with three places, which are loaded when the hero enters them. */
export class Game implements Disposable {
  readonly mgr: ResourceManager<readonly [...PixiLoaders<typeof PIXI>, typeof levelLoader]>;
  readonly #stage: Container;
  /** The resources that all places share. */
  readonly #shared: ResourceScope;
  #hero: Texture | undefined;
  #scene: ResourceScope | undefined;
  /** The scope that loads the next place. */
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

  /** Goes to another place when all of it is loaded. Resources that both need stay in memory. */
  async enter(place: Place): Promise<void> {
    this.#coming?.dispose(); // withdraws loads that are no longer needed
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
    // A scope disposes in reverse order: first the sprites, then their textures.
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
