import type { Trace } from "@holdfast/resources/trace";
import { dim } from "@std/fmt/colors";

/** Writes what happened to a page in a temporary file, if that is allowed, and says where it is. */
export async function writeTracePage(trace: Trace): Promise<void> {
  try {
    const file = await Deno.makeTempFile({ prefix: "holdfast-", suffix: ".html" });
    await Deno.writeTextFile(file, trace.toHTML());
    console.log(`What happened when, for your browser: ${file}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    console.log(dim("With --allow-write=/tmp, a page would show what happened when."));
  }
}
