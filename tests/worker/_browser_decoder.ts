/** The workers' module for the test in a browser. */
import { serveDecoder } from "@holdfast/resources/worker";

serveDecoder(async (bytes, { key, signal }) => {
  if (key === "stuck.data") {
    self.postMessage("begun"); // the module's own message, not one of the library
    return await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal)));
  }
  if (key === "throws.data") throw new RangeError("thrown in the worker");
  if (key === "timer.data") setTimeout(() => Promise.reject(new TypeError("in a timer")));
  if (key === "close.data") self.close();
  if (key.startsWith("bitmap")) return await createImageBitmap(new ImageData(2, 3));
  if (key === "function.data") return () => 1;
  return key.startsWith("a")
    ? { bytes, isWorker: "importScripts" in globalThis }
    : new Promise(() => {});
});
