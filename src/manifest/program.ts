import { messageOf, plural } from "../contract/errors.ts";
import { cannot, quote } from "../contract/printable.ts";
import { keyOf } from "../sources/real_path.ts";
import { resolveLink } from "../sources/runtime_files.ts";
import { changesOf, describeChanges } from "./changes.ts";
import { filesOf, isOwn, isSameModule, moduleOf } from "./module.ts";
import { scan } from "./scan.ts";

const USAGE = `Writes a module with the name, the size and the hash of each file in a directory.

Usage: deno run -R -W jsr:@holdfast/resources/manifest [--check] DIRECTORY MODULE

  DIRECTORY  the directory of the assets, such as ./assets
  MODULE     the module to write, such as assets.ts
  --check    write nothing; exit with 1 if the module is not up to date
  --help     print this
`;

/** What the arguments ask for. */
interface Job {
  readonly directory: string;
  readonly file: string;
  readonly check: boolean;
}

/** Runs the program, and returns its exit code: 1 for a failure, 2 for wrong arguments. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  const job = jobOf(args);
  if (typeof job === "string") {
    console.error(`${job}\n\n${USAGE}`);
    return 2;
  }
  try {
    return await run(job);
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

/** Parses the arguments. Returns a string if something is wrong with them. */
function jobOf(args: readonly string[]): Job | string {
  const unknown = args.find((arg) => arg.startsWith("-") && arg !== "--check");
  if (unknown !== undefined) return `${quote(unknown)} is not an option`;
  const [directory, file, ...others] = args.filter((arg) => arg !== "--check");
  if (!directory || !file || others.length > 0) return "A directory and a module are needed";
  if (!/\.m?ts$/.test(file)) return `The module has to end with ".ts" or ".mts": ${quote(file)}`;
  return { directory, file, check: args.includes("--check") };
}

async function run({ directory, file, check }: Job): Promise<number> {
  const own = ownKey(directory, file);
  const manifest = await scan(directory, {
    filter: (name) => name !== own,
    onSkip: (name, reason) => console.warn(`Left out ${quote(name)}: ${reason}`),
  });
  const command = commandOf(directory, file);
  const code = moduleOf(manifest, { command });
  const before = readIfExists(file);
  const files = new Map(Object.entries(manifest.files));
  if (before !== undefined && isSameModule(before, code)) {
    console.log(`${file} is up to date: ${plural(files.size, "file")}`);
    return 0;
  }
  if (before !== undefined && !isOwn(before)) {
    const problem = "it was not written by this program, choose another module or delete it first";
    console.error(cannot("write", file, problem));
    return 2;
  }
  const changes = describeChanges(changesOf(filesOf(before ?? ""), files));
  if (check) {
    const state = before === undefined
      ? "does not exist, write it"
      : "is not up to date, write it again";
    console.error([`${file} ${state}: ${command}`, ...changes].join("\n"));
    return 1;
  }
  write(file, code);
  console.log([`Wrote ${file}: ${plural(files.size, "file")}`, ...changes].join("\n"));
  return 0;
}

/** The name of the module if it is among the assets: its own hash, inside it, could never be right. */
function ownKey(directory: string, file: string): string | undefined {
  const [root, path] = [resolveLink(directory), resolveLink(file)];
  return root === undefined || path === undefined ? undefined : keyOf(root, path);
}

function commandOf(...paths: string[]): string {
  const words = paths.map((path) => /[^\w./\\:-]/.test(path) ? quote(path) : path);
  return `deno run -R -W jsr:@holdfast/resources/manifest ${words.join(" ")}`;
}

function readIfExists(file: string): string | undefined {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(cannot("read", file, messageOf(error)));
  }
}

function write(file: string, code: string): void {
  try {
    Deno.writeTextFileSync(file, code);
  } catch (error) {
    throw new Error(cannot("write", file, messageOf(error)));
  }
}
