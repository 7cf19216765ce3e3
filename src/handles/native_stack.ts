/**
 * `DisposableStack`. A bundler keeps an unused class that extends a global, because the global may be
 * missing. It removes an unused class that extends this.
 *
 * @internal
 */
export const NativeStack: typeof DisposableStack = /* @__PURE__ */ nativeStack();

function nativeStack(): typeof DisposableStack {
  return DisposableStack;
}
