import type { Handle, ResourceManager, ResourceScope } from "@holdfast/resources";
import { Texture } from "@holdfast/resources/webgpu";
import type { Scene } from "./scenes.ts";

/** The current scene and its textures. */
export class Show implements Disposable {
  readonly #mgr: ResourceManager;
  #scope: ResourceScope | undefined = undefined;
  #textures: ReadonlyMap<string, Handle<Texture>> = new Map();

  constructor(mgr: ResourceManager) {
    this.#mgr = mgr;
  }

  /**
   * Loads the next scene, then releases the last one, so that shared textures are not read again.
   */
  change(scene: Scene): void {
    using scope = this.#mgr.scope(scene.name);
    const keys = new Set(scene.paint(0).map(({ texture }) => texture));
    this.#textures = new Map([...keys].map((key) => [key, scope.load(key, Texture)]));
    this.#scope?.dispose();
    this.#scope = scope.move();
  }

  /** The current texture of a key. A reload replaces it. */
  textureOf(key: string): Texture {
    return this.#textures.get(key)!.value;
  }

  [Symbol.dispose](): void {
    this.#scope?.dispose();
  }
}
