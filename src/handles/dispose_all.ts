/** Disposes all items, in reverse order, even if some throw. */
export function disposeAll(items: readonly Disposable[]): void {
  const failures: unknown[] = [];
  for (const item of [...items].reverse()) {
    try {
      item[Symbol.dispose]();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw chainOf(failures);
}

/** Chains errors, in the order in which they were thrown, as a `DisposableStack` does. */
export function chainOf(errors: readonly unknown[]): unknown {
  return errors.reduce((suppressed, error) => new SuppressedError(error, suppressed));
}
