/** A real browser for tests: Chromium, without a screen. */
import { type Browser, chromium, type Page } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Compiled code would count as heap that does not come back, so nothing is compiled. */
const INTERPRET = "--js-flags=--no-opt,--no-maglev,--no-sparkplug";
const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  INTERPRET,
];

const executablePath = PATHS.find(isFile);
const problem = "Chromium is not here: apt-get install -y chromium";
/** In CI nothing is skipped. */
const ignore = executablePath === undefined && Deno.env.get("CI") !== "true";
if (ignore) console.warn(`Tests in a browser are skipped: ${problem}`);

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Registers a test that gets an empty page, of a browser of its own. */
export function testInChromium(name: string, run: (page: Page) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      await using browser = await launch();
      const page = await browser.newPage({
        viewport: { width: 900, height: 700 },
        reducedMotion: "reduce",
      });
      const errors: string[] = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(String(error)));
      await run(page);
      if (errors.length > 0) throw new Error(`The page reports ${errors.join("\n")}`);
    },
  });
}

async function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(problem);
  return await chromium.launch({ executablePath, args: ARGS });
}
