/** In place of `Date.now()`: a time that stands still until it is moved. */
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
