import type { ResourceManager } from "@holdfast/resources";
import { type Inspector, serveInspector } from "@holdfast/resources/inspect";

/** How long a scene stays as it is for somebody who watches, in ms. */
const SCENE = 1500;
/** How often it is looked whether somebody watches, in ms. */
const LOOK = 100;

/** Shows the game in a browser while it is played, with the argument `--inspect`. */
export class Live implements AsyncDisposable {
  readonly #panel: Inspector | undefined;

  constructor(mgr: ResourceManager, isWanted: boolean) {
    if (isWanted) this.#panel = serveInspector(mgr, { title: "Emberfall, live", control: true });
  }

  /** Resolves when somebody has opened the page. */
  async opened(): Promise<void> {
    while (this.#panel?.pages === 0) await wait(LOOK);
  }

  /** Resolves when everybody has closed it. */
  async closed(): Promise<void> {
    if (this.#panel) console.log("The page shows the last state. Close it to end.");
    while (this.#panel && this.#panel.pages > 0) await wait(LOOK);
  }

  /** Leaves time to look at a scene. */
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
