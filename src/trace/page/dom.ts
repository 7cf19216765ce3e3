/// <reference lib="dom" />

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

/** Makes an element. Strings become text, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** Whether keys belong to this element, because it takes text or a choice. */
export function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

/** How many lines of a long list are added at once. */
const PAGE = 100;

/**
 * Fills `list` with a line for each item: first a hundred, then a hundred more at each press of the
 * button below. Returns an element that holds both. If the list is inside another element, that is
 * the `holder`.
 */
export function fillPaged<T>(
  list: HTMLElement,
  items: readonly T[],
  line: (item: T) => Node,
  holder: HTMLElement = list,
): Node {
  const box = make("div", "", holder);
  let shown = 0;
  const more = make("button", "more");
  const show = () => {
    list.append(...items.slice(shown, shown + PAGE).map(line));
    shown = Math.min(items.length, shown + PAGE);
    const left = items.length - shown;
    more.textContent = `Show ${Math.min(left, PAGE)} more of ${left}`;
    if (left === 0) more.remove();
  };
  more.addEventListener("click", show);
  if (items.length > PAGE) box.append(more);
  show();
  return box;
}

/** A list of facts, each a name and a value. */
export function factList(facts: readonly (readonly [string, string])[]): Node {
  return make(
    "dl",
    "",
    ...facts.map(([name, value]) => make("div", "", make("dt", "", name), make("dd", "", value))),
  );
}
