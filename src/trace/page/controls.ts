/// <reference lib="dom" />
import { byId, make } from "./dom.ts";
import { nameOf } from "./row_list.ts";
import { EVERYTHING, type Order, scopeOf } from "./selection.ts";
import type { View } from "./view.ts";

/** The factor by which a button zooms. */
const ZOOM = 2;

/** The search, the filters and the buttons at the top. */
export class Controls {
  readonly #view: View;
  readonly #query = byId<HTMLInputElement>("query");
  readonly #order = byId<HTMLSelectElement>("order");
  readonly #type = byId<HTMLSelectElement>("type");
  readonly #scope = byId<HTMLSelectElement>("scope");
  readonly #directory = byId<HTMLSelectElement>("directory");
  readonly #leaking = byId<HTMLInputElement>("leaking");
  readonly #grouped = byId<HTMLInputElement>("grouped");

  constructor(view: View) {
    this.#view = view;
    this.#query.addEventListener("input", () => this.#read());
    const choices = [this.#order, this.#type, this.#scope, this.#directory];
    for (const control of [...choices, this.#leaking, this.#grouped]) {
      control.addEventListener("change", () => this.#read());
    }
    this.#onPress("in", () => view.viewport.zoom(1 / ZOOM));
    this.#onPress("out", () => view.viewport.zoom(ZOOM));
    this.#onPress("fit", () => view.viewport.fit());
    this.#onPress("next-leak", () => view.stepLeak(1));
    this.#onPress("clear", () => this.clear());
    const help = byId<HTMLDialogElement>("help");
    byId("help-button").addEventListener("click", () => help.showModal());
    const toggle = byId("filter-button");
    toggle.addEventListener("click", () => {
      const isOpen = byId("filters").classList.toggle("open");
      toggle.ariaExpanded = String(isOpen);
    });
    this.show();
  }

  /** Removes all filters; the order and the folded directories stay. */
  clear(): void {
    const { order, grouped, folded } = this.#view.filter;
    this.#view.list.scrollTop = 0;
    this.#view.arrange({ ...EVERYTHING, order, grouped, folded });
    this.show();
  }

  /** Shows the filter of the view and the possible choices in the controls. */
  show(): void {
    const { filter, model } = this.#view;
    fillChoices(this.#type, "All types", [...new Set(model.types)].sort());
    const scopes = [...new Set(model.leaks.map(scopeOf))].filter((name) => name !== "").sort();
    fillChoices(this.#scope, "All scopes", scopes);
    byId("scope-field").hidden = scopes.length === 0;
    const directories = [...model.directories.keys()].filter((path) => path !== "").sort();
    fillChoices(this.#directory, "All directories", directories);
    this.#query.value = filter.query;
    this.#order.value = filter.order;
    this.#type.value = filter.type;
    this.#scope.value = filter.scope;
    this.#directory.value = filter.directory;
    this.#leaking.checked = filter.leaking;
    this.#grouped.checked = filter.grouped;
  }

  #read(): void {
    this.#view.list.scrollTop = 0;
    this.#view.arrange({
      query: this.#query.value,
      order: this.#order.value as Order,
      type: this.#type.value,
      scope: this.#scope.value,
      directory: this.#directory.value,
      leaking: this.#leaking.checked,
      grouped: this.#grouped.checked,
    });
  }

  #onPress(id: string, action: () => void): void {
    byId(id).addEventListener("click", () => {
      action();
      this.#view.schedule();
    });
  }
}

/** Fills a list of choices if they have changed. The first one, `all`, stands for no filter. */
function fillChoices(select: HTMLSelectElement, all: string, choices: readonly string[]): void {
  const [none, ...before] = Array.from(select.options, ({ value }) => value);
  if (none === "" && before.join("\n") === choices.join("\n")) return;
  const options = choices.map((choice) => {
    const option = make("option", "", nameOf(choice));
    option.value = choice;
    return option;
  });
  const first = make("option", "", all);
  first.value = "";
  select.replaceChildren(first, ...options);
}
