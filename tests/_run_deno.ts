import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);

/** The arguments before a subcommand of Deno that needs `@std`, or the stand-ins for it. */
export const WITH_STD: readonly string[] = [
  ...["run", "-q", "-A", fileURLToPath(new URL("tests/stand_ins/std.ts", root))],
];

/** How a process ended, and all that it wrote. */
export interface Run {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly output: string;
}

export interface RunOptions {
  /** The root of the project by default. */
  readonly cwd?: string | URL;
  /** Variables beside those of this process; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs Deno in the root of the project, without colours. */
export async function runDeno(...args: string[]): Promise<Run> {
  return await runDenoWith(args);
}

/** Runs Deno without colours. */
export async function runDenoWith(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const { code, signal, stdout, stderr } = await commandOf(args, options).output();
  return { code, signal, output: textOf(stdout) + textOf(stderr) };
}

/** Runs Deno, and returns what it wrote to its standard output. Throws unless it exits with 0. */
export async function outputOf(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { success, stdout, stderr } = await commandOf(args, options).output();
  if (!success) throw new Error(`deno ${args.join(" ")} fails:\n${textOf(stderr)}`);
  return textOf(stdout);
}

function commandOf(args: readonly string[], { cwd = root, env = {} }: RunOptions): Deno.Command {
  const own = { ...Deno.env.toObject(), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env };
  const set = Object.entries(own).filter((each): each is [string, string] => each[1] !== undefined);
  const options = { args: [...args], cwd, env: Object.fromEntries(set), clearEnv: true };
  return new Deno.Command(Deno.execPath(), options);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
