/** Hot reload over HTTP, as every runtime must be able to do it. Bundled, and run in each. */
import { HttpSource, ResourceManager, Text } from "@holdfast/resources";

/** Loads a text, asks the server to change it, and returns the old and the new text. */
export async function watch(url: string): Promise<string[]> {
  const mgr = new ResourceManager({ source: new HttpSource(url, { watch: ".changes" }) });
  mgr.watch();
  const sign = await mgr.loadAsync("sign.txt", Text);
  const before = sign.value;
  const reloaded = new Promise((resolve) => mgr.on("reload", resolve));
  await fetch(new URL("change", url), { mode: "no-cors" }); // pages of other ports may not read the answer
  await reloaded;
  const found = [before, sign.value];
  sign[Symbol.dispose]();
  await mgr[Symbol.asyncDispose]();
  return found;
}
