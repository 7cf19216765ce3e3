import type { Handle, ResourceManager, ResourceScope } from "@holdfast/resources";
import { Texture } from "@holdfast/resources/webgpu";
import type { Scene } from "./scenes.ts";

/** The scene that is on, with the textures that it needs. */
export class Show implements Disposable {
  readonly #mgr: ResourceManager;
  #scope: ResourceScope | undefined = undefined;
  #textures: ReadonlyMap<string, Handle<Texture>> = new Map();

  constructor(mgr: ResourceManager) {
    this.#mgr = mgr;
  }

  /** Loads what the next scene needs, and then leaves the last: what both need is not read again. */
  change(scene: Scene): void {
    using scope = this.#mgr.scope(scene.name);
    const keys = new Set(scene.paint(0).map(({ texture }) => texture));
    this.#textures = new Map([...keys].map((key) => [key, scope.load(key, Texture)]));
    this.#scope?.dispose();
    this.#scope = scope.move();
  }

  /** What is behind a key now: after a reload it is another one. */
  textureOf(key: string): Texture {
    return this.#textures.get(key)!.value;
  }

  [Symbol.dispose](): void {
    this.#scope?.dispose();
  }
}
