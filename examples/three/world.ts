import type { Handle, ResourceScope, Source } from "@holdfast/resources";
import { isWithdrawn, ResourceManager } from "@holdfast/resources";
import { threeLoaders } from "@holdfast/resources/three";
// @ts-types="@types/three"
import * as THREE from "three";

export type Place = "forest" | "caves" | "lair";
type Texture = InstanceType<typeof THREE.Texture>;

/** The sprites of a place, with their positions and sizes. */
type Props = Readonly<Record<string, readonly [x: number, y: number, size: number]>>;

const PROPS: Readonly<Record<Place, Props>> = {
  forest: { tree: [-0.7, 0, 1.2], owl: [-0.35, 0.5, 0.4], slime: [0.6, -0.45, 0.5] },
  caves: { crystal: [-0.7, -0.3, 0.6], bat: [0.2, 0.5, 0.4], golem: [0.7, -0.2, 0.8] },
  lair: { pillar: [-0.8, 0, 1], dragon: [0.5, 0, 1.2] },
};
/** The budget in bytes of GPU memory: enough for two places, but not for all three. */
const BUDGET = 900_000;

/** A world of three places, as a scene of three.js without a renderer. */
export class World implements Disposable {
  readonly scene: InstanceType<typeof THREE.Scene> = new THREE.Scene();
  readonly mgr;
  readonly #sprites = new THREE.Group();
  /** The resources that all places share. */
  readonly #shared: ResourceScope;
  #place: ResourceScope | undefined;
  /** The scope that loads the next place. */
  #coming: ResourceScope | undefined;

  private constructor(source: Source) {
    this.mgr = new ResourceManager({
      source,
      loaders: threeLoaders(THREE, { texture: { magFilter: THREE.NearestFilter } }),
      maxBytes: BUDGET,
    });
    this.#shared = this.mgr.scope("shared");
    this.scene.add(this.#sprites);
  }

  /** Makes a world with a hero in it. */
  static async make(source: Source): Promise<World> {
    const world = new World(source);
    const { hero } = await world.#shared.loadAll({ hero: ["common/hero.png", THREE.Texture] });
    const sprite = spriteOf(hero, [0, -0.45, 0.6]);
    sprite.renderOrder = 1; // in front of the place
    world.scene.add(sprite);
    return world;
  }

  /**
   * Goes to a place when all of it is loaded. Resources that both places have are not read again.
   */
  async enter(place: Place): Promise<void> {
    this.#coming?.dispose(); // withdraws loads that are no longer needed
    const scope = this.#coming = this.mgr.scope(place);
    const names = ["backdrop", ...Object.keys(PROPS[place])];
    const files = names.map((name) => [name, [`${place}/${name}.png`, THREE.Texture]] as const);
    try {
      this.#show(place, await scope.loadAll(Object.fromEntries(files)));
    } catch (error) {
      scope.dispose();
      if (!isWithdrawn(error)) throw error;
    }
  }

  #show(place: Place, textures: Readonly<Record<string, Handle<Texture>>>): void {
    this.#clear();
    this.#place?.dispose(); // its textures become idle, and stay while there is room
    [this.#place, this.#coming] = [this.#coming, undefined];
    this.#sprites.add(spriteOf(textures.backdrop!, [0, 0, 2]));
    for (const [name, where] of Object.entries(PROPS[place])) {
      this.#sprites.add(spriteOf(textures[name]!, where));
    }
  }

  #clear(): void {
    for (const sprite of this.#sprites.children) {
      (sprite as InstanceType<typeof THREE.Sprite>).material.dispose(); // the manager owns the texture
    }
    this.#sprites.clear();
  }

  [Symbol.dispose](): void {
    this.#clear();
    this.#coming?.dispose();
    this.#place?.dispose();
    this.#shared.dispose();
    this.mgr[Symbol.dispose]();
  }
}

/** A sprite with the texture of a handle. A reload changes the texture in place. */
function spriteOf({ value: map }: Handle<Texture>, [x, y, size]: Props[string]) {
  const sprite = new THREE.Sprite(new THREE.SpriteMaterial({ map, depthTest: false }));
  sprite.position.set(x, y, 0);
  const { width, height } = map.image as ImageBitmap;
  sprite.scale.set(size * width / height, size, 1);
  return sprite;
}
