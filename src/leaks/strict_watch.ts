/** A handle that has to be adopted: by `using`, a `DisposableStack`, a scope or `keep`. */
export interface Adoptable {
  readonly adopted: boolean;
}

/** Runs something when the current task has ended, its microtasks included. */
const afterTask: (run: () => void) => unknown =
  (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate ??
    ((run) => setTimeout(run, 0));

/** Looks, at the end of each task, which of its handles nobody has adopted. */
export class StrictWatch<H extends Adoptable> {
  #fresh: H[] = [];
  readonly #report: (handle: H) => void;

  constructor(report: (handle: H) => void) {
    this.#report = report;
  }

  /** Watches over a new handle until the task ends. */
  add(handle: H): void {
    if (this.#fresh.push(handle) > 1) return;
    afterTask(() => {
      for (const each of this.#fresh.splice(0)) if (!each.adopted) this.#report(each);
    });
  }
}
