/** Counts the loads and reloads that run, withdrawn ones included. */
export class UnderWay {
  #count = 0;
  /** Resolves when none runs any more, once somebody waits for that. */
  #quiet: PromiseWithResolvers<void> | undefined;

  /** Whether anything is under way. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** One begins. It calls {@linkcode UnderWay.end} once, whatever comes of it. */
  begin(): void {
    this.#count++;
  }

  end(): void {
    if (--this.#count > 0) return;
    this.#quiet?.resolve();
    this.#quiet = undefined;
  }

  /** Waits until everything has really ended. */
  async quiet(): Promise<void> {
    if (this.any) await (this.#quiet ??= Promise.withResolvers()).promise;
  }
}
