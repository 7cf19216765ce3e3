/**
 * Plays the demo as somebody watches it, and takes a picture of the page in the last scene:
 *
 * ```sh
 * deno task -q std run -A docs/make_inspect_picture.ts
 * ```
 *
 * @module
 */
import { launch } from "../tests/_chromium.ts";

const PROJECT = new URL("../", import.meta.url);

const demo = new Deno.Command(Deno.execPath(), {
  args: ["task", "-q", "demo", "--inspect"],
  cwd: PROJECT,
  env: { NO_COLOR: "1" },
  stdout: "piped",
}).spawn();
const output = demo.stdout.pipeThrough(new TextDecoderStream());
await using browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
let printed = "";
for await (const text of output) {
  printed += text;
  const [url] = /http:\/\/127\S*\/(?=\n)/.exec(printed) ?? [];
  if (url === undefined) continue;
  await page.goto(url);
  // The last scene shows for a while what all of them have left.
  await page.locator("#summary").filter({ hasText: "50 resources" }).waitFor();
  await page.screenshot({ path: new URL("inspect.png", import.meta.url).pathname });
  break;
}
demo.kill();
await demo.status;
