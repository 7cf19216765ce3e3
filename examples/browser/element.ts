/// <reference lib="dom" />

/** The element with this `id`. Throws if the page has none. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new ReferenceError(`Cannot find "#${id}": the page has no such element`);
  }
  return found;
}
