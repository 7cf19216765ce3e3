/** Holdfast, used in different ways. */
import { type Handle, keep, type LeakOptions, ResourceManager } from "../../../mod.ts";
import { Sprite } from "../../_sprites.ts";
import { type CacheOptions, Contender } from "../contender.ts";

const BYTES = new Uint8Array(64);

/** A load and a disposal, without `using`. */
export class Holdfast extends Contender {
  protected readonly manager: ResourceManager;

  constructor({ idle, maxEntries }: CacheOptions, leaks: LeakOptions = {}) {
    super();
    this.manager = new ResourceManager({
      source: { read: () => BYTES },
      loaders: [{
        name: "sprite",
        extensions: [".png"],
        load: (_bytes, { key }) => this.make(key),
        unload: () => void this.gone++,
      }],
      idle: idle ? "keep" : "unload",
      leaks: { onLeak: () => void this.leaks++, ...leaks },
      ...(maxEntries !== undefined && { maxBytes: maxEntries * BYTES.length }),
    });
  }

  visit(name: string): number {
    const handle = this.manager.load(name, Sprite);
    const { id } = handle.value;
    handle[Symbol.dispose]();
    return id;
  }

  take(name: string): Handle<Sprite> {
    return this.manager.load(name, Sprite);
  }

  release(handle: Handle<Sprite>): void {
    handle[Symbol.dispose]();
  }
}

/** In strict mode, in which kept handles are marked with `keep`. */
export class HoldfastStrict extends Holdfast {
  constructor(options: CacheOptions) {
    super(options, { strict: true });
  }

  override take(name: string): Handle<Sprite> {
    return keep(super.take(name));
  }
}

/** A `using` block for each visit. */
export class HoldfastUsing extends Holdfast {
  override visit(name: string): number {
    using handle = this.manager.load(name, Sprite);
    return handle.value.id;
  }
}

/** A callback that receives the value. */
export class HoldfastWith extends Holdfast {
  override visit(name: string): number {
    return this.manager.with(name, Sprite, ({ id }) => id);
  }
}

/** One scope for 64 visits. */
export class HoldfastScope extends Holdfast {
  override visitAll(names: readonly string[]): number {
    let sum = 0;
    for (let start = 0; start < names.length; start += 64) {
      sum += this.#visitSome(names, start, Math.min(start + 64, names.length));
    }
    return sum;
  }

  #visitSome(names: readonly string[], start: number, end: number): number {
    using scope = this.manager.scope("frame");
    let sum = 0;
    for (let i = start; i < end; i++) sum += scope.load(names[i]!, Sprite).value.id;
    return sum;
  }
}

/** One scope for all references that are taken together, as for a scene. */
export class HoldfastScenes extends Holdfast {
  override takeAll(names: readonly string[]): Disposable {
    const scope = this.manager.scope("scene");
    for (let i = 0; i < names.length; i++) scope.load(names[i]!, Sprite);
    return scope;
  }

  override releaseAll(scope: Disposable): void {
    scope[Symbol.dispose]();
  }
}

/** Keeps its handles, for the ways that start from a handle. */
abstract class HoldfastKept extends Holdfast {
  readonly kept: Map<string, Handle<Sprite>> = new Map();

  override take(name: string): Handle<Sprite> {
    const handle = super.take(name);
    this.kept.set(name, handle);
    return handle;
  }
}

/** Clones a kept handle. */
export class HoldfastClone extends HoldfastKept {
  override visitAll(names: readonly string[]): number {
    const kept = this.kept.get(names[0]!)!;
    let sum = 0;
    for (let i = 0; i < names.length; i++) {
      const handle = kept.clone();
      sum += handle.value.id;
      handle[Symbol.dispose]();
    }
    return sum;
  }
}

/** Upgrades a kept weak handle, which needs no look-up of the name. */
export class HoldfastUpgrade extends HoldfastKept {
  override visitAll(names: readonly string[]): number {
    const weak = this.kept.get(names[0]!)!.weak();
    let sum = 0;
    for (let i = 0; i < names.length; i++) {
      const handle = weak.upgrade()!;
      sum += handle.value.id;
      handle[Symbol.dispose]();
    }
    return sum;
  }
}

/** Only reads the value of a kept handle. */
export class HoldfastValue extends HoldfastKept {
  override visitAll(names: readonly string[]): number {
    const kept = this.kept.get(names[0]!)!;
    let sum = 0;
    for (let i = 0; i < names.length; i++) sum += kept.value.id;
    return sum;
  }
}

/** Leak detection as usually written: each handle is registered, and unregistered when disposed. */
export class HoldfastRegistered extends Holdfast {
  readonly #registry = new FinalizationRegistry<string>(() => void this.leaks++);

  constructor(options: CacheOptions) {
    super(options, { detect: false });
  }

  override visit(name: string): number {
    const handle = this.take(name);
    const { id } = handle.value;
    this.release(handle);
    return id;
  }

  override take(name: string): Handle<Sprite> {
    const handle = super.take(name);
    this.#registry.register(handle, handle.key, handle);
    return handle;
  }

  override release(handle: Handle<Sprite>): void {
    this.#registry.unregister(handle);
    super.release(handle);
  }
}

class Nothing {
  [Symbol.dispose](): void {}
}

/** The cost of `using` itself, without a cache. */
export class EmptyUsing extends Contender {
  readonly #nothing = new Nothing();
  readonly #sprite = this.make("sprites/sprite-7.png");

  override visit(): number {
    using _nothing = this.#nothing;
    return this.#sprite.id;
  }

  override take(): undefined {}

  override release(): void {}
}
