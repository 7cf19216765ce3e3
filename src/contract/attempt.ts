/** Looks at what may not be there, or may not be looked at. */

/**
 * What `look` gives, or undefined if it throws: a file may be gone, and anything can be thrown, even a
 * revoked proxy, which does not say what it is an instance of.
 */
export function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
