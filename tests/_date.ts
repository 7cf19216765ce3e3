/** Replaces `Date.now()` by a time that changes only when a test sets it. */
export class StillDate implements Disposable {
  now = 1_700_000_000_000;
  readonly #real = Date.now;

  constructor() {
    Date.now = () => this.now;
  }

  [Symbol.dispose](): void {
    Date.now = this.#real;
  }
}
