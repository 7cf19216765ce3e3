/** Runs each measurement of a program in a process of its own. */

/** In how many processes a measurement may run until it keeps its limits. */
const PROCESSES = 4;

/** The exit code of a process whose measurement passes a limit. An error has another. */
const OVER_LIMIT = 2;

/** Prints figures. Returns whether they are within their limits. */
type Measurement = () => boolean | Promise<boolean>;

/**
 * Runs each measurement in a process of its own, because V8 decides what to inline by the calls before,
 * and the allocator what to keep. Runs it again in another if it passes a limit: V8 compiles the same
 * program differently in each. Exits with 1 if it passes a limit in all of them, or throws in one.
 *
 * `module` is the program that calls this. With the name of a measurement as its argument, it runs only
 * that one, once.
 */
export async function measureEach(
  module: string,
  measurements: Readonly<Record<string, Measurement>>,
): Promise<void> {
  const [chosen] = Deno.args;
  if (chosen !== undefined) {
    if (!await measurements[chosen]!()) Deno.exitCode = OVER_LIMIT;
    return;
  }
  for (const name of Object.keys(measurements)) {
    if (!await isWithinLimits(module, name)) Deno.exitCode = 1;
  }
}

async function isWithinLimits(module: string, name: string): Promise<boolean> {
  const args = ["run", "-q", "-A", module, name];
  for (let i = 0; i < PROCESSES; i++) {
    const child = new Deno.Command(Deno.execPath(), { args, stdout: "inherit", stderr: "inherit" });
    const { code } = await child.output();
    if (code !== OVER_LIMIT) return code === 0;
  }
  return false;
}
