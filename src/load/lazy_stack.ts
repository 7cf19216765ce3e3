/** The native stack that all stacks share which were disposed before they needed one. */
const ENDED: DisposableStack = /* @__PURE__ */ endedStack();

function endedStack(): DisposableStack {
  const stack = new DisposableStack();
  stack.dispose();
  return stack;
}

class Lazy implements Omit<DisposableStack, typeof Symbol.toStringTag> {
  #native: DisposableStack | undefined;

  get #stack(): DisposableStack {
    return this.#native ??= new DisposableStack();
  }

  get disposed(): boolean {
    return this.#native !== undefined && this.#native.disposed;
  }

  use<T extends Disposable | null | undefined>(value: T): T {
    return this.#stack.use(value);
  }

  adopt<T>(value: T, onDispose: (value: T) => void): T {
    return this.#stack.adopt(value, onDispose);
  }

  defer(onDispose: () => void): void {
    this.#stack.defer(onDispose);
  }

  move(): DisposableStack {
    return this.#stack.move();
  }

  dispose(): void {
    if (this.#native === undefined) this.#native = ENDED;
    else this.#native.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * A `DisposableStack` that creates the native one when something is put into it. Most loaders do
 * not use their context, and creating a native stack takes as long as finding the loader.
 */
export const LazyStack: typeof DisposableStack = /* @__PURE__ */ lazyStack();

function lazyStack(): typeof DisposableStack {
  Object.setPrototypeOf(Lazy.prototype, DisposableStack.prototype); // for `instanceof`
  return Lazy as unknown as typeof DisposableStack;
}
