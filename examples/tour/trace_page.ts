import type { Trace } from "@holdfast/resources/trace";
import { dim } from "@std/fmt/colors";

/** A page in a temporary file, if that may be written. It draws what happened. */
export class TracePage {
  readonly #file: string | undefined;

  private constructor(file: string | undefined) {
    this.#file = file;
  }

  /** Makes the file, still empty, and says where it is. */
  static async make(): Promise<TracePage> {
    try {
      const file = await Deno.makeTempFile({ prefix: "holdfast-", suffix: ".html" });
      console.log(`All that happens now, as a page for your browser:\n${file}`);
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
