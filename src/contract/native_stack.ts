/**
 * The `DisposableStack` of the runtime. A bundler keeps every class that extends a global name which
 * it does not know, used or not, and all that it refers to; of this module it knows what it does.
 */
export const DisposableStack: typeof globalThis.DisposableStack =
  /* @__PURE__ */ (() => globalThis.DisposableStack)();
