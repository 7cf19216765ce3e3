import type { Trace } from "@holdfast/resources/trace";
import { dim } from "@std/fmt/colors";

/** A page in a temporary file that shows what happened, if the file may be written. */
export class TracePage {
  readonly #file: string | undefined;

  private constructor(file: string | undefined) {
    this.#file = file;
  }

  /** Makes an empty file, and prints its path. */
  static async make(): Promise<TracePage> {
    try {
      const file = await Deno.makeTempFile({ prefix: "holdfast-", suffix: ".html" });
      console.log(`Everything that happens, as a page for your browser:\n${file}`);
      return new TracePage(file);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      console.log(dim("With --allow-write=/tmp, a page would show what happens when."));
      return new TracePage(undefined);
    }
  }

  async write(trace: Trace): Promise<void> {
    if (this.#file !== undefined) await Deno.writeTextFile(this.#file, trace.toHTML());
  }
}
