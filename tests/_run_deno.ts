/** How a process ended, and all that it wrote. */
export interface Run {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly output: string;
}

/** Runs Deno in the root of the project, without colours. */
export async function runDeno(...args: string[]): Promise<Run> {
  const cwd = new URL("../", import.meta.url);
  const command = new Deno.Command(Deno.execPath(), { args, cwd, env: { NO_COLOR: "1" } });
  const { code, signal, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, signal, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
