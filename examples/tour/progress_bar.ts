import type { LoadProgress } from "@holdfast/resources";
import { format as formatBytes } from "@std/fmt/bytes";

const WIDTH = 32;
/** Wide enough to overwrite the text before. */
const LINE = WIDTH + 46;

/**
 * Shows the progress of a load, including resources that it asks for later: in a terminal as a bar
 * that is updated in place, elsewhere as a line for each quarter. Dispose it when the load is over.
 */
export class ProgressBar implements Disposable {
  readonly #terminal = Deno.stdout.isTerminal();
  /** How many quarters were printed. */
  #quarters = -1;
  /** The length of the bar, from 0 to 1. It never shrinks, even if a loader asks for more. */
  #share = 0;

  show({ done, total, bytes = 0, totalBytes }: LoadProgress): void {
    const share = this.#share = Math.max(this.#share, total === 0 ? 1 : done / total);
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    const size = formatBytes(bytes) + (totalBytes ? ` of ${formatBytes(totalBytes)}` : "");
    const what = `${percent}  ${done} of ${total} files, ${size}`;
    if (this.#terminal) {
      const bar = "█".repeat(Math.floor(share * WIDTH)).padEnd(WIDTH, "░");
      write(`\r${`${bar} ${what}`.padEnd(LINE)}`);
    } else if (Math.floor(share * 4) > this.#quarters) {
      this.#quarters = Math.floor(share * 4);
      console.log(what);
    }
  }

  /** Ends the line. */
  [Symbol.dispose](): void {
    if (this.#terminal) write("\n");
  }
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
