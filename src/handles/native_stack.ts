/**
 * `DisposableStack`. A bundler keeps a class that extends a global, whether or not it is used: the global
 * may be missing. It leaves out what extends this.
 *
 * @internal
 */
export const NativeStack: typeof DisposableStack = /* @__PURE__ */ nativeStack();

function nativeStack(): typeof DisposableStack {
  return DisposableStack;
}
