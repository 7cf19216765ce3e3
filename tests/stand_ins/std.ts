/**
 * Runs a deno subcommand, with `@std` from this folder where JSR cannot be reached.
 *
 * The folder has the layout of a registry, so the `jsr:` specifiers of `deno.json` stay as they are.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** This folder, as a registry. */
const registry = new URL("./", import.meta.url);

/** Whether `@std` is there without this folder: not if a task that was started so runs this again. */
async function reachable(): Promise<boolean> {
  if (Deno.env.get("JSR_URL") === registry.href) return false;
  try {
    await import("@std/assert");
    return true;
  } catch {
    return false;
  }
}

async function run(env: Record<string, string>): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), { args: Deno.args, env }).spawn().status;
  return code;
}

/** What is published may not use unpublished files of the same folder, so it gets a copy elsewhere. */
async function runWithCopy(): Promise<number> {
  const copy = await mkdtemp(join(tmpdir(), "stand-ins-"));
  try {
    await cp(fileURLToPath(new URL("@std", registry)), join(copy, "@std"), { recursive: true });
    return await run({ JSR_URL: pathToFileURL(`${copy}/`).href });
  } finally {
    await rm(copy, { recursive: true });
  }
}

if (await reachable()) Deno.exit(await run({}));
if (Deno.args[0] === "publish") Deno.exit(await runWithCopy());
Deno.exit(await run({ JSR_URL: registry.href }));
