/** A real browser for tests: Chromium, without a screen. */
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { PATIENCE, withPatience } from "./_patience.ts";

/** Where Chromium may be: the path in the environment, or where packages install it. */
const PATHS = [
  Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
/** Renders in software, and sends no requests of its own. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Compiled code would count as heap that is never freed, so nothing is compiled. */
const INTERPRET = "--js-flags=--no-opt,--no-maglev,--no-sparkplug";

const executablePath = PATHS.find(isFile);
const problem =
  "Chromium is not installed: apt-get install -y chromium, or set CHROMIUM to its path";
/** Whether tests in a browser are skipped: only where Chromium is missing, and never in CI. */
export const isMissing: boolean = executablePath === undefined && Deno.env.get("CI") !== "true";
if (isMissing) console.warn(`Tests in a browser are skipped: ${problem}`);

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** WebGL without a GPU, for {@linkcode testInChromium}. */
export const WEBGL: readonly string[] = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

/** Registers a test that gets an empty page in a browser of its own. */
export function testInChromium(
  name: string,
  run: (page: Page) => Promise<void>,
  flags: readonly string[] = [],
): void {
  Deno.test({
    name,
    ignore: isMissing,
    async fn() {
      await using browser = await launch(INTERPRET, ...flags);
      const page = await browser.newPage({
        viewport: { width: 900, height: 700 },
        reducedMotion: "reduce",
      });
      page.setDefaultTimeout(PATIENCE);
      const errors: string[] = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(String(error)));
      // Without a limit, a page that waits for ever would stop all other tests.
      const late = () => new Error(`The page is not done within ${PATIENCE / 1000} s`);
      await withPatience(run(page), late);
      if (errors.length > 0) throw new Error(`The page reports ${errors.join("\n")}`);
    },
  });
}

/** Collects all garbage of a page. */
export async function collectGarbageOf(session: CDPSession): Promise<void> {
  for (let round = 0; round < 3; round++) await session.send("HeapProfiler.collectGarbage");
}

/** Collects all garbage of a page, and returns the bytes that are left. */
export async function heapOf(session: CDPSession): Promise<number> {
  await collectGarbageOf(session);
  const { usedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
  return usedSize + backingStorageSize;
}

/** Starts Chromium without a window. */
export async function launch(...flags: string[]): Promise<Browser> {
  if (executablePath === undefined) throw new Error(problem);
  return await chromium.launch({ executablePath, args: [...FLAGS, ...flags], timeout: PATIENCE });
}
