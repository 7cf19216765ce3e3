import type { LoadProgress } from "@holdfast/resources";
import { format as formatBytes } from "@std/fmt/bytes";

const WIDTH = 32;
/** Wide enough to paint over what was written before. */
const LINE = WIDTH + 46;

/**
 * Shows how far a load is, with all that it turns out to need: in a terminal with a bar, which is
 * written over again and again; elsewhere with a line for each quarter. To be disposed when the load
 * is over.
 */
export class ProgressBar implements Disposable {
  readonly #terminal = Deno.stdout.isTerminal();
  /** How many quarters are told of. */
  #quarters = -1;
  /** How far the bar is. It waits, and does not go back, when a loader asks for more. */
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
