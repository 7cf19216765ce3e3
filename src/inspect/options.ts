/**
 * How to inspect a manager.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { type InspectorOptions, serveInspector } from "@holdfast/resources/inspect";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager();
 * const options: InspectorOptions = { title: "Emberfall", maxEvents: 50_000, control: true };
 * await using panel = serveInspector(mgr, { ...options, onListen() {} });
 * assertEquals(panel.pages, 0); // nobody has opened it yet
 * ```
 */
export interface InspectorOptions {
  /**
   * How many events are kept for pages that come later. Each takes 22 bytes of memory, and each load
   * some 140 bytes more. A page holds up to twice as many.
   *
   * @default {200_000}
   */
  maxEvents?: number;
  /**
   * The title of the page.
   *
   * @default {"Holdfast, live"}
   */
  title?: string;
  /**
   * Whether a page has buttons that change something: unload what is idle, trim to half, reload the
   * selected resource, and collect garbage where the program can. Without it, a page can only look.
   *
   * @default {false}
   */
  control?: boolean;
}
