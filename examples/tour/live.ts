import type { ResourceManager } from "@holdfast/resources";
import { type Inspector, serveInspector } from "@holdfast/resources/inspect";

/** How long each scene stays for the viewer, in ms. */
const SCENE = 1500;
/** How often the number of open pages is checked, in ms. */
const LOOK = 100;

/** Shows the game in a browser while it runs, with the argument `--inspect`. */
export class Live implements AsyncDisposable {
  readonly #panel: Inspector | undefined;

  constructor(mgr: ResourceManager, isWanted: boolean) {
    if (isWanted) this.#panel = serveInspector(mgr, { title: "Emberfall, live", control: true });
  }

  /** Resolves when the page is open. */
  async opened(): Promise<void> {
    while (this.#panel?.pages === 0) await wait(LOOK);
  }

  /** Resolves when all pages are closed. */
  async closed(): Promise<void> {
    if (this.#panel) console.log("The page shows the last state. Close it to end.");
    while (this.#panel && this.#panel.pages > 0) await wait(LOOK);
  }

  /** Waits, so that the viewer can look at a scene. */
  async pause(): Promise<void> {
    if (this.#panel) await wait(SCENE);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#panel?.[Symbol.asyncDispose]();
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
