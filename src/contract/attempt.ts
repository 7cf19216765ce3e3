/**
 * Returns what `look` returns, or `undefined` if it throws: a file may be missing, and a program may
 * throw any value. Even `instanceof` throws for a revoked proxy.
 */
export function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
