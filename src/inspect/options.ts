/**
 * Options for `serveInspector` and `postInspector`.
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
   * How many events are kept for pages that open later. Each takes 22 bytes of memory, and each
   * load about 140 bytes more. A page holds up to twice as many events.
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
   * Whether a page has buttons that act on the manager: unload idle resources, trim to half the
   * bytes, reload the selected resource, and collect garbage (if the program can). By default a
   * page can only look.
   *
   * @default {false}
   */
  control?: boolean;
}
