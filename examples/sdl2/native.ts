/** A value in SDL's memory. V8 has only a pointer to it. */
export interface Native {
  readonly kind: "surface" | "texture" | "sound";
  readonly pointer: Deno.PointerObject;
  /** Its bytes in native memory. */
  readonly byteLength: number;
}

/** A picture whose pixels can be read, copied and drawn on. */
export class Surface implements Native {
  readonly kind = "surface";

  constructor(
    readonly pointer: Deno.PointerObject,
    readonly width: number,
    readonly height: number,
    readonly byteLength: number,
  ) {}
}

/** A picture for drawing. It belongs to the renderer that it was made for. */
export class Texture implements Native {
  readonly kind = "texture";

  constructor(
    readonly pointer: Deno.PointerObject,
    readonly width: number,
    readonly height: number,
    readonly byteLength: number,
  ) {}
}

/** A sound in the format of the audio device. */
export class Sound implements Native {
  readonly kind = "sound";

  constructor(readonly pointer: Deno.PointerObject, readonly byteLength: number) {}
}

/**
 * The values that were taken from SDL and not freed. SDL does not check: freeing a value twice
 * kills the process, or frees another value at the same address. The ledger throws instead.
 */
export class Ledger {
  readonly #open = new Set<Native>();
  #bytes = 0;
  #taken = 0;

  /** The bytes of values that are not freed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many values were taken. */
  get taken(): number {
    return this.#taken;
  }

  /** How many values were freed. */
  get freed(): number {
    return this.#taken - this.#open.size;
  }

  /** How many values of a kind are not freed. */
  count(kind: Native["kind"]): number {
    let count = 0;
    for (const native of this.#open) if (native.kind === kind) count++;
    return count;
  }

  /** Adds a value that SDL has just made. */
  take<N extends Native>(native: N): N {
    this.#open.add(native);
    this.#bytes += native.byteLength;
    this.#taken++;
    return native;
  }

  /** Removes a value that is about to be freed. Throws if it was freed before. */
  free(native: Native): void {
    if (!this.#open.delete(native)) {
      throw new RangeError(`Cannot free a ${native.kind}: it was freed before`);
    }
    this.#bytes -= native.byteLength;
  }
}
