/**
 * Plays the demo, opens the page of its trace in Chromium, and takes the README's pictures of it:
 *
 * ```sh
 * deno task -q std run -A docs/make_trace_picture.ts
 * ```
 *
 * @module
 */
/// <reference lib="dom" />
import { launch } from "../tests/_chromium.ts";
import { frame, open } from "../tests/trace/_open_page.ts";

const PROJECT = new URL("../", import.meta.url);

/** Plays the demo, and returns the page that it wrote. */
async function playDemo(): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "demo"],
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
  });
  const output = new TextDecoder().decode((await command.output()).stdout);
  const [, file = ""] = /^What happened when, for your browser: (.*)$/m.exec(output) ?? [];
  const page = await Deno.readTextFile(file);
  await Deno.remove(file);
  return page.replaceAll(PROJECT.href, "file:///emberfall/");
}

const html = await playDemo();
await using browser = await launch();
for (const dark of [false, true]) {
  await using opened = await open(browser, html, { dark, width: 1280, height: 760 });
  const { page } = opened;
  await page.keyboard.press("l"); // the leak, from where its handle was opened,
  await page.keyboard.press("0"); // in the midst of all of the time
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await frame(page);
  const path = new URL(`trace-${dark ? "dark" : "light"}.png`, import.meta.url);
  await Deno.writeFile(path, await page.screenshot());
}
