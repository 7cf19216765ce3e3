/** Counts the loads and reloads that run, withdrawn ones included. */
export class UnderWay {
  #count = 0;
  /** Resolves when nothing runs any more. Created when somebody waits for that. */
  #quiet: PromiseWithResolvers<void> | undefined;

  /** Whether anything is under way. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** Counts one that begins. It calls {@linkcode UnderWay.end} once, even if it fails. */
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
