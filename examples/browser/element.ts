/// <reference lib="dom" />

/** The element of the page that has this `id`. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new ReferenceError(`Cannot find "#${id}": the page has no such element`);
  }
  return found;
}
