/** A value of which V8 has a pointer, and all else is in SDL's memory. */
export interface Native {
  readonly kind: "surface" | "texture" | "sound";
  readonly pointer: Deno.PointerObject;
  /** Its bytes in native memory. */
  readonly byteLength: number;
}

/** A picture that is drawn on, cut up and looked at. */
export class Surface implements Native {
  readonly kind = "surface";

  constructor(
    readonly pointer: Deno.PointerObject,
    readonly width: number,
    readonly height: number,
    readonly byteLength: number,
  ) {}
}

/** A picture that is drawn. It belongs to the renderer that it was made for. */
export class Texture implements Native {
  readonly kind = "texture";

  constructor(
    readonly pointer: Deno.PointerObject,
    readonly width: number,
    readonly height: number,
    readonly byteLength: number,
  ) {}
}

/** A sound in the format of the loudspeaker. */
export class Sound implements Native {
  readonly kind = "sound";

  constructor(readonly pointer: Deno.PointerObject, readonly byteLength: number) {}
}

/**
 * What was taken of SDL and not given back. SDL does not look: to free one thing twice kills the
 * process, or frees what somebody else has at that address by then. So this throws before.
 */
export class Ledger {
  readonly #open = new Set<Native>();
  #bytes = 0;
  #taken = 0;

  /** Bytes that are open. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many were ever taken. */
  get taken(): number {
    return this.#taken;
  }

  /** How many were freed. */
  get freed(): number {
    return this.#taken - this.#open.size;
  }

  /** How many of a kind are open. */
  count(kind: Native["kind"]): number {
    let count = 0;
    for (const native of this.#open) if (native.kind === kind) count++;
    return count;
  }

  /** Notes what SDL has just given. */
  take<N extends Native>(native: N): N {
    this.#open.add(native);
    this.#bytes += native.byteLength;
    this.#taken++;
    return native;
  }

  /** Notes what is about to be freed. */
  free(native: Native): void {
    if (!this.#open.delete(native)) {
      throw new RangeError(`Cannot free a ${native.kind}: it was freed before`);
    }
    this.#bytes -= native.byteLength;
  }
}
